"""Features as integer codes, and pairs of records as the fewer pairs of distinct values. Compares nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.folding import numbered

Codes = NDArray[np.signedinteger]
"""Codes, places and counts. Those that are kept for all records have 32 bits (`narrow`): what is multiplied has 64."""

MISSING = -1
"""Code and level of a missing value."""


class Texts:
    """Texts without missing ones, read like an array of `str`; a text becomes an object only where one is asked for.

    Millions of Python objects take ten times the memory of their letters, and processes cannot share them.

    >>> texts = Texts(["ann", "bob", "cy"])
    >>> texts[1], texts[np.array([2, 0])].tolist(), len(texts)
    ('bob', ['cy', 'ann'], 3)
    """

    def __init__(self, texts: "Iterable[str] | pa.Array") -> None:
        arrow = texts if isinstance(texts, pa.Array) else pa.array(texts, type=pa.large_string())
        self.arrow: pa.LargeStringArray = arrow.cast(pa.large_string())

    def __len__(self) -> int:
        return len(self.arrow)

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrow.to_pylist())

    @overload
    def __getitem__(self, place: "int | np.integer") -> str: ...

    @overload
    def __getitem__(self, place: NDArray[np.integer]) -> NDArray[np.object_]: ...

    def __getitem__(self, place: "int | np.integer | NDArray[np.integer]") -> "str | NDArray[np.object_]":
        if isinstance(place, np.ndarray):
            taken: NDArray[np.object_] = self.arrow.take(pa.array(place)).to_numpy(zero_copy_only=False)
            return taken
        return str(self.arrow[int(place)].as_py())

    @cached_property
    def lengths(self) -> Codes:
        """Return the number of letters of each text."""
        counted: Codes = pc.utf8_length(self.arrow).to_numpy(zero_copy_only=False).astype(np.int32)
        return counted

    @property
    def _offsets(self) -> NDArray[np.int64]:
        return np.frombuffer(self.arrow.buffers()[1], dtype=np.int64)[self.arrow.offset :][: len(self) + 1]

    @property
    def signs(self) -> NDArray[np.uint8]:
        """Return the bytes of all texts, one after the other."""
        raw = self.arrow.buffers()[2]
        offsets = self._offsets
        return np.frombuffer(raw if raw is not None else b"", dtype=np.uint8)[offsets[0] : offsets[-1]]

    @cached_property
    def signatures(self) -> NDArray[np.uint64]:
        """Return which letters and digits each text has and how often, as bits: one edit changes two bits at most.

        Each kind of sign has a bit for at least one of it, for at least two, and so on. Signs beyond ASCII have none.
        """
        used, offsets = self.signs, self._offsets - self._offsets[0]
        kinds, most = _DIGIT_KINDS if 2 * np.count_nonzero(used - np.uint8(48) < 10) > len(used) else _LETTER_KINDS
        return _signatures(used, offsets, kinds, most)


def _kinds(groups: list[str], most: int) -> tuple[NDArray[np.int64], int]:
    """Return the kind of each byte, the last one of no group, and how many of a kind are told apart."""
    kinds = np.full(256, len(groups), dtype=np.int64)
    for place, group in enumerate(groups):
        kinds[np.frombuffer(group.encode(), dtype=np.uint8)] = place
    assert len(groups) * most <= 64, "a signature has 64 bits"
    return kinds, most


_LETTER_KINDS = _kinds([*"abcdefghijklmnopqrstuvwxyz", "01", "23", "45", "67", "89", " .-_|@"], 2)
_DIGIT_KINDS = _kinds([*"0123456789"], 6)


def _signatures(
    signs: NDArray[np.uint8], offsets: NDArray[np.int64], kinds: NDArray[np.int64], most: int
) -> NDArray[np.uint64]:
    """Return the signatures of texts that stand one after the other: all first signs at once, then all second ones."""
    kinds_told = int(kinds.max())
    bits = np.where(kinds < kinds_told, np.uint64(1) << (kinds % kinds_told * most).astype(np.uint64), np.uint64(0))
    lengths = np.diff(offsets)
    longest = int(lengths.max(initial=0))
    # NumPy sorts numbers of 16 bits in a tenth of the time that longer ones take.
    order = np.argsort((longest - lengths).astype(np.uint16 if longest < 2**16 else np.int64), kind="stable")
    starts = offsets[:-1][order]
    made = np.zeros(len(lengths), dtype=np.uint64)
    for place, count in enumerate(len(lengths) - np.cumsum(np.bincount(lengths, minlength=1))[:-1]):
        found, bit = made[:count], bits[signs[starts[:count] + place]]
        for _ in range(most - 1):
            again = found & bit
            found |= bit
            bit = again << np.uint64(1)
        found |= bit
    placed = np.empty_like(made)
    placed[order] = made
    return placed


def pieces(texts: pa.Array, separator: str) -> tuple[Codes, pa.Array]:
    """Return the pieces of all texts, parted by `separator`, and before them the place of each piece's text."""
    split = pc.split_pattern(texts, separator)
    return pc.list_parent_indices(split).to_numpy(zero_copy_only=False).astype(np.int64), split.flatten()


@dataclass(frozen=True)
class Column:
    """A column of distinct texts.

    Attributes:
        codes: Code of each record's text, MISSING where it has none.
        texts: Text of each code.
        sharers: How many different customers (by name) or records have the text.
    """

    codes: Codes
    texts: Texts
    sharers: Codes


@dataclass(frozen=True)
class Lists:
    """A column whose texts are lists: all phones of a record.

    Attributes:
        sets: The codes of whole lists; nobody asks for their texts and sharers.
        starts: Where the members of each list start in `members`; one more than there are lists.
        members: Codes of the values in each list.
        values: The distinct values, with no codes of records.
    """

    sets: Column
    starts: Codes
    members: Codes
    values: Column

    @cached_property
    def is_single(self) -> NDArray[np.bool_]:
        """Say which lists have one member only, as most have."""
        found: NDArray[np.bool_] = np.diff(self.starts) == 1
        return found


def narrow(codes: Codes) -> NDArray[np.int32]:
    """Return codes or counts in half the memory; there are fewer than two thousand million records."""
    return codes.astype(np.int32, copy=False)


def distinct(numbers: Codes) -> Codes:
    """Return each of some whole numbers once, sorted. NumPy's `unique` hashes them and takes twenty times as long.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def are_among(numbers: Codes, others: Codes) -> NDArray[np.bool_]:
    """Say which of some whole numbers are among others, likewise by sorting.

    >>> are_among(np.array([3, 1, 4]), np.array([4, 3, 3])).tolist()
    [True, False, True]
    """
    ordered = np.sort(others)
    places = np.searchsorted(ordered, numbers)
    found = places < len(ordered)
    found[found] = ordered[places[found]] == numbers[found]
    return found


def codes_of(texts: "pa.Array | list[str]") -> NDArray[np.int32]:
    """Return a code per text, MISSING where there is none, to be kept."""
    return narrow(numbered(texts)[0])


def sharers_of(codes: Codes, owners: Codes, size: int, identities: Codes | None = None) -> Codes:
    """Return how many records have each code; with `identities` (a code per record), how many different customers."""
    present = codes >= 0
    codes, owners = codes[present], owners[present]
    if identities is not None and len(codes):
        kinds = int(identities.max()) + 2
        codes = pd.unique(codes.astype(np.int64) * kinds + identities[owners] + 1) // kinds
    return narrow(np.bincount(codes, minlength=size))


def positions(codes: Codes, starts: Codes) -> tuple[Codes, Codes]:
    """Return (row, where it stands) for every member of the list of each row; missing lists give none."""
    present = np.flatnonzero(codes >= 0)
    first = starts[codes[present]]
    counts = starts[codes[present] + 1] - first
    # The first member of a list stands where the list starts, each later one behind the one before it.
    moved = first - (np.cumsum(counts) - counts)
    return np.repeat(present, counts), np.arange(counts.sum()) + np.repeat(moved, counts)


def expand(codes: Codes, starts: Codes, members: Codes) -> tuple[Codes, Codes, Codes]:
    """Return (row, place in the list, member) for every member of the list of each row; missing lists give none."""
    rows, found = positions(codes, starts)
    return rows, found - starts[codes[rows]], members[found]


@dataclass(frozen=True)
class DistinctPairs:
    """Pairs of records as pairs of distinct values.

    Attributes:
        left: Code of the smaller value of each distinct pair.
        right: Code of the larger.
        rows: Which pairs of records have a value on both sides.
        place: For each of `rows`, its distinct pair.
        size: How many pairs of records there are.
    """

    left: Codes
    right: Codes
    rows: Codes
    place: Codes
    size: int

    def spread(self, values: NDArray[np.generic], missing: float) -> NDArray[np.generic]:
        """Give each pair of records the value of its distinct pair."""
        spread = np.full(self.size, missing, dtype=values.dtype)
        spread[self.rows] = values[self.place]
        return spread


def distinct_pairs(left: Codes, right: Codes) -> DistinctPairs:
    """Return the distinct unordered pairs of codes; pairs with a missing side are left out."""
    rows = np.flatnonzero((left >= 0) & (right >= 0))
    low, high = np.minimum(left[rows], right[rows]), np.maximum(left[rows], right[rows])
    base = np.int64(high.max() + 1) if len(high) else np.int64(1)
    place, keys = pd.factorize(low * base + high)
    return DistinctPairs(keys // base, keys % base, rows, place.astype(np.int64), len(left))


def crossed(pairs: DistinctPairs, of: Lists) -> tuple[Codes, Codes, Codes]:
    """Return (distinct pair, member, member) for all members of one list against all of the other."""
    rows, _, left = expand(pairs.left, of.starts, of.members)
    places, _, right = expand(pairs.right[rows], of.starts, of.members)
    return rows[places], left[places], right


def best(rows: Codes, levels: NDArray[np.int8], weights: NDArray[np.float64], size: int) -> tuple[Codes, Codes]:
    """Return, per distinct pair, the place of its heaviest row (the higher level where they tie), and the pairs met.

    Rows that compare nothing (MISSING) are left out."""
    present = np.flatnonzero(levels != MISSING)
    rows, levels, weights = rows[present], levels[present], weights[present]
    order = np.lexsort((levels, -weights, rows))
    sorted_rows = rows[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = sorted_rows[1:] != sorted_rows[:-1]
    assert len(order) == 0 or sorted_rows[-1] < size
    return present[order[first]], sorted_rows[first]


def per_distinct(left: Codes, right: Codes, compare: Callable[[Codes, Codes], NDArray[np.int8]]) -> NDArray[np.int8]:
    """Compare each distinct pair of codes once and give every pair of rows its level, MISSING where a side is."""
    pairs = distinct_pairs(left, right)
    return pairs.spread(compare(pairs.left, pairs.right), MISSING).astype(np.int8)
