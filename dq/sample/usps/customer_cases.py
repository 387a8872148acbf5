"""The cases of customer addresses that are as the file has them, or lack their unit: one function each."""

from typing import Final

import numpy as np
import pandas as pd

from dq.sample.chance import Chance, Flags
from dq.sample.usps.customers import Around, Case, Drawn, draw

NO_UNIT: Final = "999"  # no floor and no building has so many


def street_range(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a house number inside a range wider than one number."""
    return without_inside(around, draw(chance, around, ranged_streets(around, is_single=False), 2 * count)).head(count)


def street_single(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a house number with a record of its own."""
    return without_inside(around, draw(chance, around, ranged_streets(around, is_single=True), 2 * count)).head(count)


def unit_in_range(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a unit inside a range of units."""
    ranges = around.block.ranges
    drawn = draw(chance, around, _buildings(around) & (ranges["unit_from"] > 0), count)
    rows = drawn["row"].to_numpy(dtype=np.int64)
    low, high = ranges["unit_from"][rows], ranges["unit_to"][rows]
    step = np.where(ranges["unit_parity"][rows] == b"B", 1, 2)
    numbers = low + step * chance.integers(0, (high - low) // step + 1, len(rows))
    cells = [
        _unit(cell.decode(), number) for cell, number in zip(ranges["unit_low"][rows], numbers.tolist(), strict=True)
    ]
    return drawn.assign(unit=drawn["unit_type"] + " " + pd.Series(cells, index=drawn.index, dtype=object))


def _unit(low: str, number: int) -> str:
    """Return a unit in the style of the lower bound of its range: 103 of 00000101, C of A, 2C of 2A."""
    return str(number) if low.isdigit() else f"{low[:-1]}{chr(ord('A') + number - 1)}"


def unit_missing(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a building with units and leave the unit out."""
    ranges = around.block.ranges
    return draw(chance, around, _buildings(around) & (ranges["unit_from"] == 0) & around.block.has_units, count)


def unit_wrong(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a building with units and give one that it does not have."""
    return unit_missing(chance, around, count).assign(unit=f"APT {NO_UNIT}")


def building_default(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a building whose units are not listed."""
    ranges = around.block.ranges
    return draw(chance, around, _buildings(around) & (ranges["unit_from"] == 0) & ~around.block.has_units, count)


def firm(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a firm; its name stands on the line above."""
    block = around.block
    where = pd.DataFrame({name: block.ranges[name] for name in ("place", "street_no", "number_low")})
    is_firm = block.of_type(b"F")
    is_only = (where.assign(firm=is_firm).groupby([*where])["firm"].transform("sum") == 1).to_numpy()
    drawn = draw(chance, around, is_firm & is_only & (block.ranges["unit_from"] == 0) & ~block.has_units, count)
    return drawn.assign(line2=drawn["building"])


def po_box(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a post office box; one with a significant zero is written with it."""
    drawn = draw(chance, around, around.block.of_type(b"P"), count)
    is_zero = around.block.ranges["style"][drawn["row"].to_numpy(dtype=np.int64)] == 1
    return drawn.assign(number_text=drawn["number_text"].where(~is_zero, "0" + drawn["number_text"]))


def box_out_of_range(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a box number far above the last one."""
    drawn = draw(chance, around, around.block.of_type(b"P"), count)
    return drawn.assign(number_text=(drawn["number"] + 50_000).astype(str), expected_zip4="")


def rural_box(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a box of a rural route."""
    ranges = around.block.ranges
    return draw(chance, around, around.block.of_type(b"R") & (ranges["number_low"] > 0), count)


def rural_default(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a box that only the record of the whole route holds."""
    ranges = around.block.ranges
    drawn = draw(chance, around, around.block.of_type(b"R") & (ranges["number_low"] == 0), count)
    return drawn.assign(number_text="9000")


def general_delivery(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw general delivery."""
    return draw(chance, around, around.block.of_type(b"G"), count)


def military(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a box of a military post office."""
    block = around.block
    is_military = block.places.zip_class[block.ranges["place"]] == b"M"
    return draw(chance, around, block.of_type(b"S") & is_military, count)


def no_delivery(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a number where nothing is delivered."""
    block = around.block
    flags = block.of_type(b"S") & block.ranges["is_undelivered"] & (block.ranges["lacs"] == b"")
    return without_inside(around, draw(chance, around, flags, 2 * count)).head(count)


def ranged_streets(around: Around, is_single: bool) -> Flags:
    ranges = around.block.ranges
    flags: Flags = around.block.is_plain & ((ranges["number_low"] == ranges["number_high"]) == is_single)
    return flags


def _buildings(around: Around) -> Flags:
    """Return records of buildings without firms: whose +4 is meant stays clear."""
    flags: Flags = around.block.of_type(b"H") & ~around.block.has_firm
    return flags


def without_inside(around: Around, drawn: Drawn) -> Drawn:
    """Leave out numbers at which a building or firm stands: these have records of their own."""
    streets = around.block.ranges["street_no"][drawn["row"].to_numpy(dtype=np.int64)].tolist()
    keys = zip(streets, drawn["number"].tolist(), strict=True)
    return drawn[np.array([key not in around.block.inside for key in keys], dtype=bool)]


CASES: Final[dict[str, Case]] = {
    case.__name__: case
    for case in (
        *(street_range, street_single, unit_in_range, unit_missing, unit_wrong, building_default, firm),
        *(po_box, box_out_of_range, rural_box, rural_default, general_delivery, military, no_delivery),
    )
}
"""The functions of `sample/usps_cases` by name; those with something wrong are in `customer_faults`."""
