"""Appendix E as whole numbers: ranges and values of columns as (pattern, interval), so that containing is comparing.

A range becomes the pattern of what is fixed in it, with a hole where it ranges, and an interval. A value becomes one
key per hole it could fill. A range contains a value where a key of the value has its pattern, interval and parity.
`dq.address.range_match.containment.contains` says the same, one at a time; a test holds the two against each other.
"""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.address.range_match.containment import LONGEST, is_number, is_word, runs_of

Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

WHOLE: Final = "\x00"
"""Pattern of a range without ends: the default of a route, or general delivery. Every value has it."""
_DIGITS: Final = "\x01"
_LETTER: Final = "\x02"
_EXACT: Final = "\x03"
NOTHING: Final = -1
"""Code of a range that contains nothing."""
_PARITIES: Final = {"O": 1, "E": 2}
_PLAIN: Final = rf"[0-9]{{1,{LONGEST}}}"


class Patterns(dict[str, int]):
    """Pattern → code, given out as they come; codes mean nothing beyond one set of ranges and values."""

    def __missing__(self, pattern: str) -> int:
        return self.setdefault(pattern, len(self))


class RangeKeys(NamedTuple):
    """Ranges by position: code of the pattern (`NOTHING` where invalid), ends of the interval, parity (0 both)."""

    pattern: Integers
    low: Integers
    high: Integers
    parity: Integers


class ValueKeys(NamedTuple):
    """Keys of values, several each, sorted by `place` (the value's position): pattern code, place on its scale."""

    place: Integers
    pattern: Integers
    value: Integers


def range_keys(lows: pd.Series, highs: pd.Series, parities: pd.Series, patterns: Patterns) -> RangeKeys:
    """Encode ranges; one without ends has the pattern `WHOLE`.

    Numbers stand doubled, so that a number with a trailing letter fits between two of them.
    """
    pattern = np.full(len(lows), NOTHING, dtype=np.int64)
    low, high = np.zeros_like(pattern), np.zeros_like(pattern)
    parity = np.array(parities.map(_PARITIES).fillna(0), dtype=np.int64)
    is_plain = _matches(lows, _PLAIN) & _matches(highs, _PLAIN)
    pattern[is_plain] = patterns[_DIGITS]
    low[is_plain] = 2 * lows[is_plain].astype("int64").to_numpy()
    high[is_plain] = 2 * highs[is_plain].astype("int64").to_numpy()
    is_whole = (lows.isna() & highs.isna()).to_numpy()
    pattern[is_whole] = patterns[WHOLE]
    parity[is_whole] = 0
    others = np.flatnonzero(~is_plain & ~is_whole & lows.notna().to_numpy() & highs.notna().to_numpy())
    known: dict[tuple[str, str], tuple[str, int, int] | None] = {}
    for at, ends in zip(others, zip(lows.iloc[others], highs.iloc[others], strict=True), strict=True):
        if ends not in known:
            known[ends] = _range_key(*ends)
        key = known[ends]
        if key:
            pattern[at], low[at], high[at] = patterns[key[0]], key[1], key[2]
            parity[at] *= _DIGITS in key[0]
    return RangeKeys(pattern, low, high, parity)


def value_keys(values: pd.Series, patterns: Patterns) -> ValueKeys:
    """Encode values; a null has only the key of a range without ends."""
    whole = np.zeros(len(values), dtype=np.int64)
    places, codes, numbers = [np.arange(len(values), dtype=np.int64)], [whole + patterns[WHOLE]], [whole]
    is_plain = _matches(values, _PLAIN)
    places.append(np.flatnonzero(is_plain).astype(np.int64))
    codes.append(np.full(int(is_plain.sum()), patterns[_DIGITS], dtype=np.int64))
    numbers.append(np.asarray(2 * values[is_plain].astype("int64"), dtype=np.int64))
    others = np.flatnonzero(~is_plain & values.notna().to_numpy())
    known: dict[str, tuple[tuple[str, int], ...]] = {}
    found: list[tuple[int, int, int]] = []
    for at, value in zip(others.tolist(), values.iloc[others], strict=True):
        if value not in known:
            known[value] = _value_keys(value)
        found.extend((at, patterns[pattern], number) for pattern, number in known[value])
    columns = np.array(found, dtype=np.int64).reshape(-1, 3).T
    place, pattern, number = (
        np.concatenate([*given, column]).astype(np.int64)
        for given, column in zip((places, codes, numbers), columns, strict=True)
    )
    order = np.argsort(place, kind="stable")
    return ValueKeys(place[order], pattern[order], number[order])


def fits(value: Integers, low: Integers, high: Integers, parity: Integers) -> Flags:
    """Return where values of one pattern lie in intervals and have their parity, position by position."""
    is_odd = value >> 1 & 1
    inside: Flags = (low <= value) & (value <= high) & ((parity == 0) | (is_odd == (parity == 1)))
    return inside


def contains_all(values: pd.Series, lows: pd.Series, highs: pd.Series, parities: pd.Series) -> pd.Series:
    """Return, row by row, whether a range contains a value; false where the value or an end is null.

    Returns:
        Index of `values`, boolean.
    """
    patterns = Patterns()
    ranges, keys = range_keys(lows, highs, parities, patterns), value_keys(values, patterns)
    has_ends = (lows.notna() & highs.notna()).to_numpy()
    at = keys.place
    hit = fits(keys.value, ranges.low[at], ranges.high[at], ranges.parity[at])
    hit &= (keys.pattern == ranges.pattern[at]) & has_ends[at]
    contained = np.zeros(len(values), dtype=bool)
    contained[at[hit]] = True
    return pd.Series(contained, index=values.index)


def _matches(texts: pd.Series, pattern: str) -> Flags:
    matched: Flags = texts.str.fullmatch(pattern).fillna(False).to_numpy(dtype=bool)
    return matched


def _range_key(low_text: str, high_text: str) -> tuple[str, int, int] | None:
    """Return pattern and interval of a range, None where its ends make none."""
    lows, highs = runs_of(low_text), runs_of(high_text)
    if not lows or len(lows) != len(highs):
        return None
    if lows == highs:
        return (_DIGITS, 2 * int(lows[0]), 2 * int(lows[0])) if is_plain(lows) else (_EXACT + "".join(lows), 0, 0)
    ranging = [at for at, ends in enumerate(zip(lows, highs, strict=True)) if ends[0] != ends[1]]
    at = ranging[0]
    low, high = lows[at], highs[at]
    if len(ranging) > 1:
        return None
    if is_number(low) and is_number(high):
        return _with_hole(lows, at, _DIGITS), 2 * int(low), 2 * int(high)
    if is_word(low) and is_word(high) and low[:-1] == high[:-1] and len(low) == len(high):
        return _with_hole(lows, at, low[:-1] + _LETTER), 2 * ord(low[-1]), 2 * ord(high[-1])
    return None


def _value_keys(text: str) -> tuple[tuple[str, int], ...]:
    runs = runs_of(text)
    if not runs:
        return ()
    keys: list[tuple[str, int]] = [] if is_plain(runs) else [(_EXACT + "".join(runs), 0)]
    for at, run in enumerate(runs):
        if is_number(run):
            keys.append((_with_hole(runs, at, _DIGITS), 2 * int(run)))
        elif is_word(run):
            keys.append((_with_hole(runs, at, run[:-1] + _LETTER), 2 * ord(run[-1])))
    if len(runs) == 2 and is_number(runs[0]) and len(runs[1]) == 1 and is_word(runs[1]):
        keys.append((_DIGITS, 2 * int(runs[0]) + 1))
    return tuple(keys)


def is_plain(runs: tuple[str, ...]) -> bool:
    """Return whether a number is nothing but digits."""
    return len(runs) == 1 and is_number(runs[0])


def _with_hole(runs: tuple[str, ...], at: int, hole: str) -> str:
    return "".join((*runs[:at], hole, *runs[at + 1 :]))
