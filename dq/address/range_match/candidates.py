"""The records of a street file that cover what addresses ask, and how specific each is. Chooses none.

One rank says what is preferred: a surer street before a doubtful one, then firm, unit range, building, street range,
default; within these a record of one number before a range of numbers, base before alternate.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from dq.address.range_match.intervals import Intervals
from dq.address.range_match.number_keys import (
    Flags,
    Integers,
    Patterns,
    ValueKeys,
    contains_all,
    range_keys,
    value_keys,
)
from dq.address.range_match.questions import PARTS, name_key
from dq.address.range_match.streets import Streets, streets_of
from dq.address.words import Words
from dq.model import TEXT

FIRM, UNIT, BUILDING, RECORD, DEFAULT, ALTERNATE, OTHER_UNIT, OTHER_FIRM = 0, 1, 10, 11, 12, 20, 30, 31
"""Kinds of candidate, the most specific first.

UNIT to UNIT + 3: the finest unit with its own type, with an interchangeable type, the outer unit likewise. ALTERNATE is
added to BUILDING, RECORD and DEFAULT. OTHER_UNIT and OTHER_FIRM cover the number and name another unit or firm: they
show that the number exists and give no +4.
"""
_KINDS: Final = 40
"""More than there are kinds of candidate, so that level, kind and finer preferences make one number."""
_DOORS: Final = frozenset({"APT", "STE", "UNIT", "RM"})
"""Types people take for one another: what is behind the door has one number."""
RANGE_COLUMNS: Final = (
    "zip5",
    *PARTS,
    "low",
    "high",
    "parity",
    "building",
    "unit_type",
    "unit_low",
    "unit_high",
    "unit_parity",
    "plus4_low",
    "plus4_high",
    "no_delivery",
    "record_type",
    "base_alternate",
    "lacs",
    "urbanization_key",
    "last_line_key",
    "source",
    "vintage",
)
"""Columns of RANGES that matching reads: all it needs to be given."""
_OWN: Final = ("kind", "number", "unit_type", "unit", "outer_unit_type", "outer_unit", "firm_key", "urbanization")
_THERE: Final = (
    "record_type",
    "low",
    "high",
    "building",
    "unit_type",
    "unit_low",
    "unit_high",
    "unit_parity",
    "base_alternate",
    "urbanization",
)
"""Columns that decide the kind of a candidate: only these are repeated per pair."""


class RangeTable(NamedTuple):
    """A range table made ready for searching.

    Attributes:
        ranges: RANGE_COLUMNS, index from 0; `urbanization` is the name behind `urbanization_key`, null where unknown.
        streets: Streets of the rows.
        intervals: The rows by street and number.
        patterns: Codes of the patterns of numbers.
    """

    ranges: pd.DataFrame
    streets: Streets
    intervals: Intervals
    patterns: Patterns

    def keys_of(self, numbers: pd.Series) -> ValueKeys:
        """Return the keys of numbers under the patterns of this table."""
        return value_keys(numbers, self.patterns)


def make_table(ranges: pd.DataFrame, words: Words, urbanizations: pd.Series | None = None) -> RangeTable:
    """Make ranges ready for searching.

    Args:
        ranges: RANGE_COLUMNS.
        words: For folding the spelling of streets.
        urbanizations: Name of each city-state key; without it urbanizations are not told apart.
    """
    rows = ranges.reset_index(drop=True)
    names = pd.Series(pd.NA, index=rows.index, dtype=TEXT)
    if urbanizations is not None:
        names = rows["urbanization_key"].map(urbanizations).astype(TEXT)
    patterns = Patterns()
    keys = range_keys(rows["low"], rows["high"], rows["parity"], patterns)
    streets = streets_of(rows, words)
    return RangeTable(rows.assign(urbanization=names), streets, Intervals(streets.of_range, keys), patterns)


def candidates(asked: pd.DataFrame, questions: pd.DataFrame, table: RangeTable) -> Iterator[pd.DataFrame]:
    """Yield the records that cover the questions, all of a question in one frame.

    Args:
        asked: `question` (position in `questions`), `street_no`, `level`.
        questions: As `ask` gives them, index from 0.
        table: The ranges.

    Yields:
        `question, place` (row of the table), `level, kind, is_explicit, rank` (smaller is preferred).
    """
    pairs = asked.sort_values(["question", "level", "street_no"], kind="stable")
    owner = pairs["question"].to_numpy(dtype=np.int64)
    street, level = pairs["street_no"].to_numpy(dtype=np.int64), pairs["level"].to_numpy(dtype=np.int64)
    asking, records = questions[list(_OWN)], table.ranges[list(_THERE)]
    for covering in table.intervals.covering(owner, street, table.keys_of(questions["number"])):
        own = asking.take(owner[covering.asked]).reset_index(drop=True)
        there = records.take(covering.place).reset_index(drop=True)
        kind, is_explicit = _kinds(own, there)
        has_other_zero = (own["kind"] == "box") & (
            own["number"].str.startswith("0") != there["low"].str.startswith("0")
        )
        rank = (level[covering.asked] * _KINDS + kind) * 4 + 2 * ~is_explicit
        rank = rank + has_other_zero.fillna(False).to_numpy(dtype=bool)
        found = pd.DataFrame(
            {
                "question": owner[covering.asked],
                "place": covering.place,
                "level": level[covering.asked],
                "kind": kind,
                "is_explicit": is_explicit,
                "rank": rank,
            }
        )
        yield found[~_is_elsewhere(own, there)].reset_index(drop=True)


def _kinds(own: pd.DataFrame, there: pd.DataFrame) -> tuple[Integers, Flags]:
    """Return the kind of each candidate, and whether it names one number (a unit record: one unit)."""
    is_firm = (there["record_type"] == "F").fillna(False).to_numpy(dtype=bool)
    has_unit = (there["unit_type"].notna() | there["unit_low"].notna()).to_numpy(dtype=bool)
    kind = np.where(there["record_type"] == "H", BUILDING, RECORD)
    kind = np.where(there["low"].isna(), DEFAULT, kind)
    kind = kind + np.where(there["base_alternate"] == "A", ALTERNATE - BUILDING, 0)
    kind = np.where(has_unit, OTHER_UNIT, kind)
    is_explicit = (there["low"] == there["high"]).fillna(False).to_numpy(dtype=bool)
    at = np.flatnonzero(has_unit)
    quality = np.full(len(own), OTHER_UNIT)
    quality[at] = _unit_quality(own.take(at), there.take(at))
    kind = np.where(quality < OTHER_UNIT, UNIT + quality, kind)
    is_one_unit = (there["unit_low"].fillna("") == there["unit_high"].fillna("")).to_numpy(dtype=bool)
    # Of two records of one firm neither is preferred.
    is_explicit = np.where(is_firm, True, np.where(has_unit, is_one_unit, is_explicit))
    return _with_firms(kind, is_firm, own, there), is_explicit


def _with_firms(kind: Integers, is_firm: Flags, own: pd.DataFrame, there: pd.DataFrame) -> Integers:
    """Give firm records their kind: the firm that is addressed, unless in another unit, else some other firm."""
    at = np.flatnonzero(is_firm)
    is_named = (own["firm_key"].take(at) == name_key(there["building"].take(at))).fillna(False).to_numpy(dtype=bool)
    is_in_other_unit = own["unit"].take(at).notna().to_numpy(dtype=bool) & (kind[at] == OTHER_UNIT)
    result = kind.copy()
    result[at] = np.where(is_named & ~is_in_other_unit, FIRM, OTHER_FIRM)
    return result


def _unit_quality(own: pd.DataFrame, there: pd.DataFrame) -> Integers:
    """Return 0 to 3 (see UNIT) where a unit record holds a unit asked about, OTHER_UNIT elsewhere."""
    quality = np.full(len(own), OTHER_UNIT)
    for step, (type_column, column) in enumerate((("outer_unit_type", "outer_unit"), ("unit_type", "unit"))):
        kinds, units = own[type_column].fillna(""), own[column]
        ends = (there["unit_low"], there["unit_high"], there["unit_parity"])
        holds = np.array(contains_all(units, *ends))
        is_joined = units.str.contains("-").fillna(False).to_numpy(dtype=bool) & ~holds
        if is_joined.any():
            plain = units[is_joined].str.replace("-", "")
            holds[is_joined] = contains_all(plain, *(end[is_joined] for end in ends)).to_numpy(dtype=bool)
        # REAR has no number: the type alone names the unit.
        theirs = there["unit_type"].fillna("")
        is_same = (kinds == theirs).to_numpy(dtype=bool)
        holds |= is_same & (kinds != "").to_numpy(dtype=bool) & (units.isna() & there["unit_low"].isna()).to_numpy()
        is_open = (kinds == "#") | (theirs == "#") | (kinds.isin(_DOORS) & theirs.isin(_DOORS))
        base = 2 * (1 - step)
        quality = np.where(holds & is_open.to_numpy(dtype=bool), base + 1, quality)
        quality = np.where(holds & is_same, base, quality)
    return quality


def _is_elsewhere(own: pd.DataFrame, there: pd.DataFrame) -> Flags:
    """Return where a record lies in another urbanization than the one the address names (Puerto Rico)."""
    differs = own["urbanization"].notna() & there["urbanization"].notna()
    differs &= own["urbanization"] != there["urbanization"]
    elsewhere: Flags = differs.fillna(False).to_numpy(dtype=bool)
    return elsewhere
