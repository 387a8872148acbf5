"""Which tokens the model cannot tell apart, found for many tokens at once from their bytes.

This only groups tokens. What the attributes of a group are, usaddress says about one token of it (`features.py`).
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import usaddress

from dq.address.crf.features import NEXT, PREVIOUS
from dq.address.crf.model import Model
from dq.address.crf.tokenizing import Bytes, Flags, Indexes, ascii_flags, large_strings

_WORD: Final = ascii_flags(r"\w")
_DIGIT: Final = ascii_flags(r"\d")
_WORD_OR_PERIOD: Final = ascii_flags(r"[.\w]")
_VOWEL: Final = ascii_flags("[aeiouAEIOU]")
_LOWER: Final = np.frombuffer(bytes(range(256)).lower(), dtype=np.uint8)
_PERIOD, _OPEN, _ZERO = b".(0"


class Vocabulary(NamedTuple):
    """What of a token can matter to the model.

    Attributes:
        words: Words that are an attribute of the model or that usaddress looks up.
        longest: Greater lengths, and more trailing zeros, are no attribute of the model.
    """

    words: pa.LargeStringArray
    longest: int


def make_vocabulary(model: Model) -> Vocabulary:
    """Return what the model can know of a token."""
    names = [name.removeprefix(PREVIOUS).removeprefix(NEXT).partition(":") for name in model.rows]
    words = {value for feature, _, value in names if feature == "word"}
    lengths = [int(value.partition(":")[2]) for feature, _, value in names if feature == "length"]
    zeros = [len(value) for feature, _, value in names if feature == "trailing.zeros"]
    words |= usaddress.DIRECTIONS | usaddress.STREET_NAMES
    return Vocabulary(pa.array(sorted(words), pa.large_string()), max([*lengths, *zeros], default=0))


class TokenBytes:
    """Tokens as slices of their bytes, side by side."""

    def __init__(self, tokens: pa.LargeStringArray) -> None:
        _, offsets, content = tokens.buffers()
        bounds = np.frombuffer(offsets, np.int64, len(tokens) + 1, tokens.offset * 8)
        self.content: Bytes = np.frombuffer(content, np.uint8)[: bounds[-1]] if content else np.empty(0, np.uint8)
        self.starts: Indexes = bounds[:-1]
        self.stops: Indexes = bounds[1:]

    def count(self, flags: Flags, starts: Indexes, stops: Indexes) -> Indexes:
        """Return how many flagged bytes each slice holds; a slice that stops before it starts holds none or less."""
        running = np.zeros(len(flags) + 1, dtype=np.int64)
        np.cumsum(flags, out=running[1:])
        return running[stops] - running[starts]

    def last(self, flags: Flags, stops: Indexes) -> Indexes:
        """Return where the last flagged byte before each stop is, -1 for none."""
        return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))[stops - 1]


def are_plain(parts: TokenBytes) -> Flags:
    """Return which tokens `look_alikes` understands: ASCII without NUL, and not a sign alone."""
    content = parts.content
    odd = parts.count((content >= 128) | (content == 0), parts.starts, parts.stops)
    plain: Flags = (odd == 0) & (parts.count(_WORD[content], parts.starts, parts.stops) > 0)
    return plain


def look_alikes(parts: TokenBytes, vocabulary: Vocabulary) -> Indexes:
    """Return a number per token; tokens with the same number have the same attributes as far as the model knows.

    Args:
        parts: Plain tokens as `usaddress.tokenize` cuts them.
        vocabulary: What the model can know.
    """
    content, starts, stops = parts.content, parts.starts, parts.stops
    # usaddress strips what is no word character before the token and what is neither that nor a period after it.
    is_inner = _WORD_OR_PERIOD[content]
    first = starts + parts.count(content == _OPEN, starts, stops)
    after = parts.last(is_inner, stops) + 1
    is_period = content == _PERIOD
    periods = parts.count(is_period, first, after)
    length = after - first - periods
    digits = parts.count(_DIGIT[content], first, after)
    is_number = digits == length
    other_digit = parts.last(_DIGIT[content] & (content != _ZERO), after)
    zeros = parts.count(content == _ZERO, np.maximum(other_digit + 1, first), after)
    has_sign = parts.count(~is_inner, np.minimum(starts + 1, stops), stops) > 0
    vowels = parts.count(_VOWEL[content], first + 1, after)
    words = pc.index_in(_words(parts, is_period, first, after), vocabulary.words)
    most = vocabulary.longest + 1  # stands for everything longer
    return _combined(
        (words.fill_null(len(vocabulary.words)).to_numpy().astype(np.int64), len(vocabulary.words) + 1),
        (np.minimum(length, most), most + 1),
        (np.where(is_number, np.minimum(zeros, most), 0), most + 1),
        (np.where(has_sign, content[stops - 1], 0), 128),
        (is_period[after - 1], 2),
        (is_number, 2),
        (periods > 0, 2),
        (digits > 0, 2),
        (vowels > 0, 2),
    )


def _words(parts: TokenBytes, is_period: Flags, first: Indexes, after: Indexes) -> pa.LargeStringArray:
    depth = np.zeros(len(parts.content) + 1, dtype=np.int8)
    depth[first] += 1
    depth[after] -= 1
    kept = np.cumsum(depth[:-1], dtype=np.int8).view(np.bool_) & ~is_period
    return large_strings(_LOWER[parts.content[kept]], parts.count(kept, parts.starts, parts.stops))


def _combined(*columns: tuple[Indexes | Flags, int]) -> Indexes:
    """Return one number per row for columns of numbers, each below its size."""
    number = np.zeros(len(columns[0][0]), dtype=np.int64)
    for values, size in columns:
        number *= size
        number += values
    return number
