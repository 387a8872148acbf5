"""Small vectorised text helpers of the sample: numbers as text, dates as text, functions on distinct values."""

from collections.abc import Callable
from functools import lru_cache
from itertools import repeat

import numpy as np
import pandas as pd

from dq.sample.chance import Flags, Indexes, Texts

FIRST_DAY = np.datetime64("1900-01-01")
LAST_DAY = int((np.datetime64("2026-11-01") - FIRST_DAY).astype(np.int64))
"""The day the sample's extracts were made, counted from `FIRST_DAY`; fixed, because nothing here reads the clock."""


@lru_cache(maxsize=8)
def _numbers(digits: int) -> Texts:
    return np.array([f"{number:0{digits}d}" if digits else str(number) for number in range(10_000)], dtype=object)


def number_text(numbers: Indexes) -> Texts:
    """Return numbers below 10,000 as text."""
    return _numbers(0)[numbers]


def padded_text(numbers: Indexes, digits: int) -> Texts:
    """Return numbers with leading zeros to `digits` (4 or 8)."""
    if digits == 4:
        return _numbers(4)[numbers]
    return joined(_numbers(4)[numbers // 10_000], _numbers(4)[numbers % 10_000])


@lru_cache(maxsize=1)
def _days() -> tuple[Texts, Texts]:
    iso = np.datetime_as_string(FIRST_DAY + np.arange(LAST_DAY + 1)).astype(object)
    american = np.array([f"{day[5:7]}/{day[8:10]}/{day[:4]}" for day in iso], dtype=object)
    return iso, american


def iso_day(days: Indexes) -> Texts:
    """Return days as 2021-03-05."""
    return _days()[0][days]


def american_day(days: Indexes) -> Texts:
    """Return days as 03/05/2021."""
    return _days()[1][days]


@lru_cache(maxsize=1)
def _clock() -> Texts:
    minutes = range(24 * 60)
    return np.array([f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes], dtype=object)


def clock_time(minutes: Indexes, seconds: Indexes) -> Texts:
    """Return times of day as 14:05:09."""
    return joined(_clock()[minutes], ":", _numbers(2)[seconds])


def joined(*pieces: Texts | str) -> Texts:
    """Return the pieces of each row joined without anything between; at least one piece is a column."""
    count = next(len(piece) for piece in pieces if isinstance(piece, np.ndarray))
    # One join per row: adding whole columns would build a string per row and piece.
    columns = (repeat(piece, count) if isinstance(piece, str) else piece.tolist() for piece in pieces)
    return text_column(list(map("".join, zip(*columns, strict=True))))


def text_column(cells: list[str]) -> Texts:
    """Return cells as a column."""
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def where(flags: Flags, yes: Texts | str, no: Texts | str) -> Texts:
    """Return `yes` where the flag is set, else `no`, as text cells."""
    result = np.empty(len(flags), dtype=object)
    result[:] = no
    result[flags] = yes[flags] if isinstance(yes, np.ndarray) else yes
    return result


def spaced(left: Texts | str, right: Texts) -> Texts:
    """Return `left right`, or `left` alone where `right` is empty, or `right` alone where `left` is empty."""
    both = joined(where(right != "", left, ""), where((right != "") & (np.asarray(left) != ""), " ", ""), right)
    return where(right == "", left, both)


def per_distinct(function: Callable[[str], str], values: Texts) -> Texts:
    """Return `function` of each cell, called once per distinct value."""
    codes, distinct = pd.factorize(values)
    return np.array([function(value) for value in distinct], dtype=object)[codes]


def rank_within(groups: Indexes) -> Indexes:
    """Return how many earlier rows have the same group."""
    order = np.argsort(groups, kind="stable")
    grouped = groups[order]
    starts = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]]) if len(groups) else np.array([], dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(groups)])
    ranks = np.empty(len(groups), dtype=np.int64)
    ranks[order] = np.arange(len(groups)) - np.repeat(starts, lengths)
    return ranks
