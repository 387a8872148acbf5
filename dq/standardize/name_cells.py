"""A whole name in one cell: splits it into prefix, first, middle, last and suffix. Knows no records."""

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.model import TEXT
from dq.standardize.name_case import restore_names
from dq.standardize.name_doubts import are_placeholders, is_placeholder
from dq.standardize.name_parse import FIRST, LAST, MIDDLE, PREFIX, SUFFIX, TOGETHER, parse_pattern
from dq.standardize.name_tables import NameTables
from dq.standardize.name_words import encode, letters_of
from dq.text import fold_text
from dq.text.tokens import Tokens, arrow_text, join_tokens, split_tokens

PARTS: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix")
_LABELS: Final = (PREFIX, FIRST, MIDDLE, LAST, SUFFIX)

_GLUE: Final = "\ue000"
"""Stands for a blank inside one word (`O BRIEN`) while a name is in pieces; cleaning removes it from every input."""
_DETACHED_O: Final = re.compile(r"\b([Oo])'? (\w{3,})")
_STRAY: Final = '"()[]{}<>*:;,.!?_|'


def split_names(names: pd.Series, tables: NameTables, *, is_last_first: bool = False) -> pd.DataFrame:
    """Split names of persons.

    Args:
        names: Cleaned names without notes; distinct for speed.
        tables: The reference tables.
        is_last_first: Whether a name without a comma starts with the surname.

    Returns:
        The columns of `PARTS` and `is_together` (two persons, kept whole in `last_name`), with the index of `names`.
    """
    tokens = split_tokens(_spaced(names, tables))
    codes = np.array([encode(word, tables) for word in tokens.words], dtype=np.uint8)
    labels = _labels(codes[tokens.codes] if len(tokens.codes) else codes, tokens, is_last_first)
    plain = _spellings(tokens.words, None)
    spelled = {
        PREFIX: _spellings(tokens.words, {key: form for key, (form, _) in tables.prefixes.items()}),
        SUFFIX: _spellings(tokens.words, {key: form for key, (form, _) in tables.suffixes.items()}),
    }
    parts = pd.DataFrame(
        {
            part: restore_names(join_tokens(tokens, spelled.get(label, plain), labels == label), part, tables)
            for part, label in zip(PARTS, _LABELS, strict=True)
        }
    )
    together = np.bincount(tokens.rows[labels == TOGETHER], minlength=len(names)) > 0
    whole = names.reset_index(drop=True).astype(TEXT)
    has_no_parts = _has_no_parts(whole, tables)
    together &= ~has_no_parts
    in_one_piece = together | has_no_parts | parts.isna().all(axis=1).to_numpy(dtype=bool)
    if in_one_piece.any():
        parts = pd.DataFrame({part: parts[part].where(~in_one_piece) for part in PARTS})
        kept = restore_names(whole[in_one_piece], "last_name", tables)
        parts["last_name"] = parts["last_name"].where(~in_one_piece, kept.reindex(parts.index))
    return parts.assign(is_together=together).set_axis(names.index)


def _has_no_parts(names: pd.Series, tables: NameTables) -> npt.NDArray[np.bool_]:
    """Say which names have no parts: e-mail addresses, and placeholders of several words (`DO NOT USE`)."""
    is_address = names.str.contains("@", regex=False, na=False).to_numpy(dtype=bool)
    phrases = are_placeholders(names, tables) & names.str.contains(" ", regex=False, na=False).to_numpy(dtype=bool)
    for position in np.flatnonzero(phrases):
        words = (fold_text(names.iloc[position]) or "").split()
        phrases[position] = not all(is_placeholder(word, tables) for word in words)
    return is_address | phrases


def _spaced(names: pd.Series, tables: NameTables) -> pd.Series:
    """Set commas and ampersands off as words, and hold words together that are one in spite of a blank."""
    text = arrow_text(names)
    text = pc.replace_substring_regex(text, r"([,;&+/])", r" \1 ")
    text = pc.replace_substring_regex(text, r"(\w) ?- ?(\w)", r"\1-\2")
    text = pc.replace_substring_regex(text, r"(?i)\bph\.? ?d\b\.?", "PhD")
    text = pc.replace_substring_regex(text, r"\bM\. D\.?$", "MD")
    spaced = pd.Series(text.to_pandas(), dtype="str")
    detached = spaced.str.contains(r"\b[Oo]'? \w", regex=True, na=False).to_numpy(dtype=bool)
    if detached.any():
        spaced[detached] = [_attached(name, tables) for name in spaced[detached]]
    return spaced


def _attached(name: str, tables: NameTables) -> str:
    """Hold `O BRIEN` together where O'Brien is a surname in the lists."""

    def glue(found: re.Match[str]) -> str:
        is_surname = f"o{found[2].lower()}" in tables.surnames
        return found[0].replace(" ", _GLUE) if is_surname else found[0]

    return _DETACHED_O.sub(glue, name)


def _labels(codes: npt.NDArray[np.uint8], tokens: Tokens, is_last_first: bool) -> npt.NDArray[np.uint8]:
    """Return the label of every token: each distinct pattern of codes is parsed once."""
    if not len(codes):
        return np.zeros(0, dtype=np.uint8)
    offsets = pa.array(np.concatenate(([0], np.cumsum(tokens.counts))), type=pa.int64())
    buffers = [None, offsets.buffers()[1], pa.py_buffer(codes.tobytes())]
    patterns: Any = pa.Array.from_buffers(pa.large_binary(), len(tokens.counts), buffers)
    encoded = patterns.dictionary_encode()
    parsed = [parse_pattern(pattern, is_last_first) for pattern in encoded.dictionary.to_pylist()]
    return np.frombuffer(b"".join(parsed[code] for code in encoded.indices.to_pylist()), dtype=np.uint8)


def _spellings(words: list[str], forms: dict[str, str] | None) -> Any:
    """Return how each word is written in a part: its standard form, or as typed without stray marks."""
    if forms is None:
        return pa.array([_tidy(word) for word in words], pa.large_string())
    return pa.array([forms.get(letters_of(word)) or _tidy(word) for word in words], pa.large_string())


def _tidy(word: str) -> str:
    """Return a word without marks at its ends; a period stays behind two letters or more (`Wm.`, `St.`, `J.R.`)."""
    bare = word.strip(_STRAY)
    if len(bare) > 1 and word.rstrip(_STRAY.replace(".", "")).endswith("."):
        bare += "."
    return (bare or word).replace(_GLUE, " ")
