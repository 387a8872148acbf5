"""Folded forms that matching compares: no case, no accents, no punctuation. Never written to an output."""

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.arrays import ArrowStringArray

from dq.model import TEXT

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ.]")
_OTHER = re.compile(r"[^a-z0-9]+")
_OTHER_UNICODE = re.compile(r"[\W_]+")
_LONGEST = 400
"""Characters of a value that are compared: what is longer is no name and no address."""


def column(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as text, all missing where the frame has none of that name."""
    if name in rows:
        return rows[name].astype(TEXT)
    return pd.Series(pd.array([None] * len(rows), dtype=TEXT), index=rows.index)


def as_series(texts: pa.Array, index: pd.Index | None = None) -> pd.Series:
    """Return a column of text as pandas has it."""
    # Wrapped as it is: pandas would walk through the column to find that it is text.
    return pd.Series(ArrowStringArray(texts, dtype=TEXT), index=index)  # type: ignore[call-arg]  # as of pandas 3


def text_array(values: "pd.Series | pa.Array | pa.ChunkedArray | list[str] | list[str | None]") -> pa.Array:
    """Return texts as one Arrow array."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        made = values.cast(pa.large_string())
    else:
        made = pa.array(values, type=pa.large_string(), from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def numbered(values: "pd.Series | pa.Array | list[str] | list[str | None]") -> tuple[NDArray[np.int64], pa.Array]:
    """Return a code per value, -1 for a missing one, and the distinct texts in the order of their first row."""
    encoded = text_array(values).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary


def glued(*texts: "pa.Array | str", by: str = "", missing: str | None = None) -> pa.Array:
    """Put columns of text together, row by row; missing where one of them is, or `missing` in its place."""
    wide = [pa.scalar(text, pa.large_string()) if isinstance(text, str) else text for text in texts]
    nulls = {} if missing is None else {"null_handling": "replace", "null_replacement": missing}
    return pc.binary_join_element_wise(*wide, pa.scalar(by, pa.large_string()), **nulls)


def parted(texts: pa.Array, sign: str) -> tuple[pa.Array, pa.Array]:
    """Return what stands before and after the first sign of each text, none of them missing; like `str.partition`.

    >>> [part.to_pylist() for part in parted(pa.array(["ann@x.com", "ann", "@x@y"]), "@")]
    [['ann', 'ann', ''], ['x.com', '', 'x@y']]
    """
    texts = text_array(texts)
    has = pc.match_substring(texts, sign)
    if pc.all(has).as_py() is False:
        texts = pc.if_else(has, texts, glued(texts, sign))
    pieces = pc.split_pattern(texts, sign, max_splits=1).flatten()
    places = np.arange(len(texts)) * 2
    return pieces.take(pa.array(places)), pieces.take(pa.array(places + 1))


def fold(text: str) -> str:
    """Return the letters and digits of a text as lower-case words.

    >>> fold("José  O'Brien-Peña & Co.")
    'jose obrien pena and co'
    """
    text = text[:_LONGEST].casefold().replace("&", " and ")
    text = _APOSTROPHES.sub("", text)
    if text.isascii():
        return _OTHER.sub(" ", text).strip()
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _OTHER_UNICODE.sub(" ", plain.casefold()).strip()


def folded(texts: pa.Array) -> pa.Array:
    """Return `fold` of many texts, none of them missing; those of ASCII letters as one row of bytes.

    >>> folded(pa.array(["O'Brien-Peña & Co.", " A. B  c!"], type=pa.large_string())).to_pylist()
    ['obrien pena and co', 'a b c']
    """
    plain = pc.and_(pc.string_is_ascii(texts), pc.less_equal(pc.binary_length(texts), _LONGEST))
    others = [fold(text) for text in texts.filter(pc.invert(plain)).to_pylist()]
    made = _folded_ascii(pc.replace_substring(pc.if_else(plain, texts, ""), "&", " and "))
    return pc.replace_with_mask(made, pc.invert(plain), pa.array(others, type=pa.large_string())) if others else made


_BLANK = ord(" ")
_FOLDED = np.full(256, _BLANK, dtype=np.uint8)
"""Byte → folded byte, 0 for what goes without leaving a blank."""
for _sign in map(chr, range(128)):
    if _sign.isalnum():
        _FOLDED[ord(_sign)] = ord(_sign.lower())
    elif _APOSTROPHES.match(_sign):
        _FOLDED[ord(_sign)] = 0


def _folded_ascii(texts: pa.Array) -> pa.Array:
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset :][: len(texts) + 1]
    raw = texts.buffers()[2]
    signs = np.frombuffer(raw if raw is not None else b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    signs = _FOLDED[signs]
    signs, offsets = _kept(signs, offsets - offsets[0], signs != 0)
    is_blank = signs == _BLANK
    # A blank goes after another one and at the start of a text, then at the end.
    goes = np.append(False, is_blank[:-1])
    goes[offsets[:-1][offsets[:-1] < len(signs)]] = True
    signs, offsets = _kept(signs, offsets, ~(is_blank & goes))
    last = offsets[1:][np.diff(offsets) > 0] - 1
    kept = np.ones(len(signs), dtype=bool)
    kept[last] = signs[last] != _BLANK
    signs, offsets = _kept(signs, offsets, kept)
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(signs))


def _kept(
    signs: NDArray[np.uint8], offsets: NDArray[np.int64], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the signs that are kept, and where each text starts among them."""
    counts = np.zeros(len(signs) + 1, dtype=np.int64)
    np.cumsum(kept, out=counts[1:])
    return signs[kept], counts[offsets]


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"ph", "f"),
        (r"ch(?=[rl])", "k"),
        (r"gh(?=[^aeiou]|$)", ""),
        (r"sch|tch|ch|sh|tio|sio|cia", "x"),
        (r"dg", "j"),
        (r"th", "t"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"g(?=[eiy])", "j"),
        (r"v", "f"),
        (r"(?<!^)h", ""),
        (r"(?<!^)w", ""),
    )
)
_REPEATED = re.compile(r"(.)\1+")
_LATER_VOWELS = re.compile(r"(?<!^)[aeiouy]+")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Return a code that words sounding alike in American English mostly share (consonants, after Metaphone).

    >>> sound("smith") == sound("smyth"), sound("katherine") == sound("catharine"), sound("philips") == sound("fillips")
    (True, True, True)
    """
    code = word.replace(" ", "")
    for pattern, replacement in _SOUNDS:
        code = pattern.sub(replacement, code)
    code = re.sub(r"^[aeiouy]+", "a", code)
    return _REPEATED.sub(r"\1", _LATER_VOWELS.sub("", code))[:6]


_ENDING = re.compile(r"(?:ie|ee|ey|i|y)$|([ao])h?$")


def given_sound(name: str) -> str:
    """Return the sound of a given name with its ending, which parts Ann from Ana and Eric from Erica.

    >>> given_sound("ana") == given_sound("anna"), given_sound("ana") == given_sound("ann")
    (True, False)
    """
    ending = _ENDING.search(name)
    return f"{sound(name)}-{(ending.group(1) or 'i') if ending else ''}"
