"""Lines to the tokens of `usaddress.tokenize`, all lines in a few passes over their bytes."""

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import usaddress

Indexes = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class Tokens(NamedTuple):
    """Tokens of lines, in order.

    Attributes:
        values: The tokens, a large_string array.
        offsets: Tokens of line i are those from `offsets[i]` to before `offsets[i + 1]`.
    """

    values: pa.LargeStringArray
    offsets: Indexes


def ascii_flags(pattern: str) -> Flags:
    """Return per byte whether it is an ASCII character that Python's `re` matches with `pattern`."""
    return np.array([code < 128 and re.match(pattern, chr(code)) is not None for code in range(256)])


# usaddress cuts with \\(*\\b[^\\s,;#&()]+[.,;)\\n]* | [#&]; a byte's kinds are its roles there, one bit each.
_BODY, _WORD, _TRAIL, _OPEN, _SIGN = np.array([1, 2, 4, 8, 16], dtype=np.uint8)
_KINDS: Final = (
    ascii_flags(r"[^\s,;#&()]") * _BODY
    + ascii_flags(r"\w") * _WORD
    + ascii_flags(r"[.,;)\n]") * _TRAIL
    + ascii_flags(r"\(") * _OPEN
    + ascii_flags("[#&]") * _SIGN
).tobytes()
_BLANK: Final = ord(" ")
_NOTHING: Final = pa.scalar("", pa.large_string())
_SEPARATOR: Final = pa.scalar(" ", pa.large_string())
_ENTITY: Final = re.compile(rb"&(?:#38|amp);")


def tokenize(lines: pa.LargeStringArray) -> Tokens:
    """Return the tokens that usaddress sees in each line.

    Lines of ASCII characters are cut here. The others, and the few with an escaped ampersand, go through usaddress.

    Args:
        lines: Texts without nulls.
    """
    # A blank can neither be in a token nor change one beside it, so it may part the lines.
    parted = pc.binary_join_element_wise(lines, _NOTHING, _SEPARATOR)
    _, offsets, content = parted.buffers()
    ends = np.frombuffer(offsets, np.int64, len(lines) + 1, parted.offset * 8) + 1
    text = np.empty(ends[-1], dtype=np.uint8)
    text[0] = _BLANK
    text[1:] = np.frombuffer(content, np.uint8, len(text) - 1) if len(text) > 1 else 0
    other = _lines_for_usaddress(text, ends)
    if len(other):
        is_other = np.zeros(len(lines), dtype=np.bool_)
        is_other[other] = True
        text[1:][np.repeat(is_other, np.diff(ends))] = _BLANK
    starts, stops = _cut(text)
    tokens = Tokens(_strings(text, starts, stops), np.searchsorted(starts, ends))
    return _merge(tokens, other, lines.take(pa.array(other))) if len(other) else tokens


def _lines_for_usaddress(text: Bytes, ends: Indexes) -> Indexes:
    at = np.flatnonzero(text >= 128)
    escaped = [found.start() for found in _ENTITY.finditer(text)]  # type: ignore[call-overload]
    return np.unique(np.searchsorted(ends, np.append(at, escaped), side="right") - 1).astype(np.int64)


def _cut(text: Bytes) -> tuple[Indexes, Indexes]:
    """Return where tokens start and stop in ASCII text that starts and ends with a blank."""
    kinds = np.frombuffer(text.tobytes().translate(_KINDS), np.uint8)
    edges = _edges(kinds & _BODY)
    starts, stops = edges[0::2], edges[1::2]
    # A token starts at the first word character of its run; parentheses count only right before it.
    late = np.flatnonzero(kinds[starts] & _WORD == 0)
    if len(late):
        words = np.append(np.flatnonzero(kinds & _WORD), len(text))
        starts[late] = words[np.searchsorted(words, starts[late])]
        has_word = starts < stops
        starts, stops = starts[has_word], stops[has_word]
    opened = np.flatnonzero(kinds[starts - 1] & _OPEN)
    if len(opened):
        runs = _edges(kinds & _OPEN)[0::2]
        starts[opened] = runs[np.searchsorted(runs, starts[opened]) - 1]
    trailed = np.flatnonzero(kinds[stops] & _TRAIL)
    if len(trailed):
        runs = _edges(kinds & _TRAIL)[1::2]
        stops[trailed] = runs[np.searchsorted(runs, stops[trailed], side="right")]
    signs = np.flatnonzero(kinds & _SIGN)
    if len(signs):
        at = np.searchsorted(starts, signs)
        starts, stops = np.insert(starts, at, signs), np.insert(stops, at, signs + 1)
    return starts, stops


def _edges(bits: Bytes) -> Indexes:
    """Return where runs of a bit that is set start and stop, by turns; it is not set at either end."""
    return np.flatnonzero(bits[1:] != bits[:-1]) + 1


def _strings(text: Bytes, starts: Indexes, stops: Indexes) -> pa.LargeStringArray:
    depth = np.zeros(len(text), dtype=np.int8)
    depth[starts] += 1
    depth[stops] -= 1
    content = text[np.cumsum(depth, dtype=np.int8).view(np.bool_)]
    return large_strings(content, stops - starts)


def large_strings(content: Bytes, lengths: Indexes) -> pa.LargeStringArray:
    """Return the texts of those lengths that stand side by side in `content`."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return pa.LargeStringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(content))


def _merge(plain: Tokens, other: Indexes, lines: pa.LargeStringArray) -> Tokens:
    """Put the tokens of the lines numbered `other` where they belong."""
    lists = [usaddress.tokenize(line) for line in lines.to_pylist()]
    added = np.repeat(other, [len(tokens) for tokens in lists])
    counts = np.diff(plain.offsets)
    line_of = np.concatenate([np.repeat(np.arange(len(counts)), counts), added])
    values = pa.concat_arrays([plain.values, pa.array([t for tokens in lists for t in tokens], pa.large_string())])
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(np.bincount(line_of, minlength=len(counts)), out=offsets[1:])
    return Tokens(values.take(pa.array(line_of.argsort(kind="stable"))), offsets)
