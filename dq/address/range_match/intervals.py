"""Which of many ranges hold a number: ranges of a street and pattern, sorted, searched by halving. Knows no address."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from dq.address.range_match.number_keys import NOTHING, Flags, Integers, RangeKeys, ValueKeys, fits

PAIRS_AT_ONCE: Final = 500_000
"""Pairs of a question and a range held at a time: about 100 MB with what is worked out of them."""
_SCALE: Final = 1 << 36
"""More than twice the largest number of ten digits, so that group and number make one sortable whole number."""


class Covering(NamedTuple):
    """A question about a street, and a range there that holds its number, both by position."""

    asked: Integers
    place: Integers


class Intervals:
    """Ranges by street and pattern.

    Args:
        streets: Number of the street of each range, 0 and up.
        keys: The ranges, by position.
    """

    def __init__(self, streets: Integers, keys: RangeKeys) -> None:
        self._patterns = int(keys.pattern.max(initial=0)) + 1
        valid = np.flatnonzero((keys.pattern != NOTHING) & (keys.low <= keys.high))
        self._groups, group = np.unique(streets[valid] * self._patterns + keys.pattern[valid], return_inverse=True)
        order = np.lexsort((keys.low[valid], group))
        self._place = valid[order]
        self._keys = RangeKeys(*(column[self._place] for column in keys))
        group = group[order].astype(np.int64)
        self._starts = group * _SCALE + self._keys.low
        # The furthest end so far: ranges left of the first that reaches a number cannot hold it.
        self._reach = np.maximum.accumulate(group * _SCALE + self._keys.high)

    def covering(self, questions: Integers, streets: Integers, values: ValueKeys) -> Iterator[Covering]:
        """Yield the ranges that hold the numbers asked about, never parting the ranges of one question.

        Args:
            questions: Who asks, ascending; equal where one question asks about several streets.
            streets: The street asked about.
            values: Keys of the numbers; `place` is the question.
        """
        if not len(self._groups):
            return
        first_key = np.searchsorted(values.place, questions, side="left")
        counts = np.searchsorted(values.place, questions, side="right") - first_key
        asked, key = _spread(first_key, counts)
        wanted = streets[asked] * self._patterns + values.pattern[key]
        group = np.minimum(np.searchsorted(self._groups, wanted), len(self._groups) - 1)
        known = (values.pattern[key] < self._patterns) & (self._groups[group] == wanted)
        asked, key = asked[known], key[known]
        sought = group[known] * _SCALE + values.value[key]
        first = np.searchsorted(self._reach, sought, side="left")
        spans = np.maximum(np.searchsorted(self._starts, sought, side="right") - first, 0)
        for begin, end in _cuts(questions[asked], spans):
            within, at = _spread(first[begin:end], spans[begin:end])
            pair = within + begin
            hit = self._fits(at, values.value[key[pair]])
            yield Covering(asked[pair[hit]], self._place[at[hit]])

    def _fits(self, at: Integers, value: Integers) -> Flags:
        return fits(value, self._keys.low[at], self._keys.high[at], self._keys.parity[at])


def _spread(first: Integers, counts: Integers) -> tuple[Integers, Integers]:
    """Return, for spans that begin at `first`, the number of the span and each place in it."""
    span = np.repeat(np.arange(len(first)), counts)
    return span, np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(len(span))


def _cuts(questions: Integers, spans: Integers) -> Iterator[tuple[int, int]]:
    """Yield slices of about `PAIRS_AT_ONCE` pairs that end where a question ends."""
    until = np.cumsum(spans)
    begin = 0
    while begin < len(questions):
        done = until[begin - 1] if begin else 0
        end = int(np.searchsorted(until, done + PAIRS_AT_ONCE, side="right"))
        end = max(end, begin + 1)
        if end < len(questions):
            end = int(np.searchsorted(questions, questions[end - 1], side="right"))
        yield begin, end
        begin = end
