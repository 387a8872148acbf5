"""Customer addresses drawn from a synthetic ZIP+4 file, with what a matcher ought to say of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dq.sample.chance import Chance, Flags, Indexes, Weighted
from dq.sample.reference import Table
from dq.sample.usps.neighbourhoods import Neighbourhood
from dq.sample.usps.ranges import STREET, written_numbers

ADDRESSES: Final = (
    "address_id",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip5",
    "zip4",
    "expected_outcome",
    "expected_zip5",
    "expected_zip4",
    "case",
)
"""Columns of the answer key: `expected_outcome` is one of `dq.model.ADDRESS_OUTCOMES`, `case` what was planted."""

Drawn = pd.DataFrame
"""Addresses in pieces: `row` in the block, `number`, the texts of the address, `zip4` that is expected."""
Case = Callable[[Chance, "Around", int], Drawn]
"""Draws up to so many addresses; fewer where the block has nothing to draw from."""


@dataclass(frozen=True)
class Around:
    """What cases draw from: a block, the records of it that have aliases, and further names of its cities."""

    block: Neighbourhood
    alias_rows: Indexes
    alias_names: list[str]
    unmailed: list[str]


@dataclass(frozen=True)
class CaseTable:
    """The cases of `sample/usps_cases`: how often each is drawn and what is expected."""

    weights: Weighted
    outcomes: dict[str, str]


def read_cases(table: Table) -> CaseTable:
    """Return the table of cases."""
    rows = table("sample/usps_cases")
    weights = np.array(rows["weight"].tolist(), dtype=np.int64)
    names = rows["case"].to_numpy(dtype=object)
    return CaseTable(Weighted.of(names, weights), dict(zip(rows["case"], rows["expected_outcome"], strict=True)))


def draw_addresses(chance: Chance, around: Around, count: int, table: CaseTable, cases: dict[str, Case]) -> Drawn:
    """Return `count` addresses of a block in random order; what a block has no room for becomes `street_range`.

    Returns:
        Columns ADDRESSES without `address_id`.
    """
    wanted = pd.Series(chance.words(table.weights, count)).value_counts().sort_index()
    drawn = []
    for name, number in wanted.items():
        found = cases[str(name)](chance, around, int(number))
        if len(found):
            drawn.append(found.assign(case=str(name)))
    missing = count - sum(len(found) for found in drawn)
    if missing:
        drawn.append(cases["street_range"](chance, around, missing).assign(case="street_range"))
    everything = pd.concat(drawn, ignore_index=True)
    everything["expected_outcome"] = everything["case"].map(table.outcomes)
    return _written(everything.iloc[chance.order(len(everything))].reset_index(drop=True))


def draw(chance: Chance, around: Around, flags: Flags, count: int) -> Drawn:
    """Return addresses at random numbers inside random records among those flagged, as they ought to be written."""
    rows = np.flatnonzero(flags)
    if not len(rows):
        return at_numbers(around, rows, rows)
    rows = rows[chance.integers(0, len(rows), count)]
    ranges = around.block.ranges
    low, high = ranges["number_low"][rows], ranges["number_high"][rows]
    step = np.where(ranges["parity"][rows] == b"B", 1, 2)
    return at_numbers(around, rows, low + step * chance.integers(0, (high - low) // step + 1, len(rows)))


def at_numbers(around: Around, rows: Indexes, numbers: Indexes) -> Drawn:
    """Return addresses at given numbers of given records, as they ought to be written, with the +4 of the record."""
    block = around.block
    ranges, places = block.ranges[rows], block.places
    place = ranges["place"]
    style = np.where(ranges["record_type"] == b"P", 0, ranges["style"])
    written = np.char.lstrip(written_numbers(numbers, style), b"0")
    steps = ranges["plus4_high"] - ranges["plus4_low"]
    has_one = (steps == 0) & ~ranges["is_undelivered"]
    is_even = (ranges["record_type"] == b"P") & (steps == ranges["number_high"] - ranges["number_low"])
    plus4 = ranges["plus4_low"] + np.where(is_even & ~has_one, numbers - ranges["number_low"], 0)
    drawn = pd.DataFrame({name: _texts(ranges[name]) for name in (*STREET, "record_type", "unit_type", "building")})
    zip5 = _texts(places.zip5[place])
    return drawn.assign(
        row=rows,
        number=numbers,
        number_text=_texts(written),
        unit="",
        line2="",
        city=_texts(places.city[place]),
        state=_texts(places.state[place]),
        zip5=zip5,
        zip4="",
        expected_zip5=zip5,
        expected_zip4=[f"{value:04d}" if known else "" for value, known in zip(plus4, has_one | is_even, strict=True)],
    )


def _texts(cells: np.ndarray) -> list[str]:
    return [cell.decode() for cell in cells.tolist()]


def _written(drawn: Drawn) -> Drawn:
    lines = [
        _line(*pieces) for pieces in drawn[["record_type", "number_text", *STREET, "unit"]].itertuples(index=False)
    ]
    named = drawn.assign(address_line1=lines, address_line2=drawn["line2"])
    return named[[*ADDRESSES[1:]]]


def _line(kind: str, number: str, before: str, street: str, suffix: str, behind: str, unit: str) -> str:
    if kind == "P":
        return f"{street} {number}"
    if kind == "G":
        return street
    if kind == "R" or street.startswith(("PSC ", "UNIT ")):
        return f"{street} BOX {number}"
    return " ".join(filter(None, (number, before, street, suffix, behind, unit)))
