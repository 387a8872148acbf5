"""High-rise and firm records of a synthetic ZIP+4 file: they stand at house numbers inside street ranges."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes
from dq.sample.reference import SampleReference
from dq.sample.usps.layout import Bytes, number_cells, text_cells
from dq.sample.usps.ranges import PLAIN, Ranges, write_numbers

BUILDING_RATE: Final = 0.09  # street ranges with a building of several units
UNIT_RANGE_SHARES: Final = (0.1, 0.2, 0.25, 0.2, 0.15, 0.1)
"""Buildings with none to five ranges of units; one without has only its default record."""
BUILDING_NAME_RATE: Final = 0.25
FIRM_RATE: Final = 0.05  # street ranges with a firm that has a +4 of its own
FIRM_IN_UNIT_RATE: Final = 0.06  # unit ranges with such a firm in one of their units
WIDE_FIRM_RATE: Final = 0.1  # firms with a range of +4
ALTERNATE_RATE: Final = 0.06  # firms with an alternate record; half of them government offices

FLOORS, RUNNING, LETTERS, MIXED, SINGLE, SIDES = range(6)
"""How units are numbered: 101-112, 9-16, A-D, 2A-2F, one unit per record, odd and even ones apart."""
STYLE_SHARES: Final = (0.37, 0.23, 0.1, 0.15, 0.1, 0.05)
UNIT_TYPES: Final = (b"APT", b"APT", b"APT", b"APT", b"STE", b"STE", b"UNIT", b"LOT", b"#")
BUILDING_ENDINGS: Final = (b" TOWERS", b" APARTMENTS", b" PLAZA", b" BUILDING", b" COURT", b" CENTER")


@dataclass(frozen=True)
class FirmWords:
    """Words of the names of firms and buildings as cells."""

    first: Bytes
    second: Bytes
    endings: Bytes

    @classmethod
    def of(cls, reference: SampleReference) -> "FirmWords":
        """Return the words of the sample's reference."""
        words = reference.words
        trades = [word.replace("&", "AND") for word in words["trade"].words]
        return cls(
            text_cells(words["adjective"].words.tolist()),
            text_cells(trades),
            text_cells(words["legal_form"].words.tolist()),
        )


def make_buildings(chance: Chance, streets: Ranges, words: FirmWords) -> Ranges:
    """Return the H records: per building a default without units, and ranges of units."""
    host = np.flatnonzero(chance.happens(BUILDING_RATE, len(streets)) & _is_open(streets))
    defaults = _at_numbers(chance, streets[host])
    defaults["record_type"] = b"H"
    first = words.first[chance.integers(0, len(words.first), len(host))]
    ending = np.array(BUILDING_ENDINGS)[chance.integers(0, len(BUILDING_ENDINGS), len(host))]
    is_named = chance.happens(BUILDING_NAME_RATE, len(host))
    defaults["building"] = np.where(is_named, np.strings.add(first, ending), b"")
    counts = chance.shares(UNIT_RANGE_SHARES, len(host))
    owner = np.repeat(np.arange(len(host)), counts)
    units = defaults[owner]
    units["building"] = b""
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    style = chance.shares(STYLE_SHARES, len(host))[owner]
    kind = chance.integers(0, len(UNIT_TYPES), len(host))[owner]
    units["unit_type"] = np.array(UNIT_TYPES)[kind]
    _write_units(units, style, number, chance.integers(4, 25, len(host))[owner])
    return np.concatenate([defaults, units])


def _is_open(streets: Ranges) -> Flags:
    is_open: Flags = ~streets["is_undelivered"] & (streets["style"] == PLAIN)
    return is_open


def _at_numbers(chance: Chance, streets: Ranges) -> Ranges:
    """Return one record per range, at a house number inside it."""
    step = np.where(streets["parity"] == b"B", 1, 2)
    places = (streets["number_high"] - streets["number_low"]) // step + 1
    number = streets["number_low"] + step * chance.integers(0, places, len(streets))
    ranges = streets.copy()
    ranges["number_low"] = ranges["number_high"] = number
    ranges["parity"] = np.where(number % 2 == 0, b"E", b"O")
    ranges["plus4_high"] = 0
    ranges["lacs"] = b""
    write_numbers(ranges)
    return ranges


def _write_units(units: Ranges, style: Indexes, number: Indexes, many: Indexes) -> None:
    """Write the `number`-th range of units of a building; `many` is how many units a floor has."""
    floor = 100 * (number + 1)
    side = 100 * (number // 2 + 1) + number % 2 + 1
    kinds = [style == FLOORS, style == RUNNING, style == LETTERS, style == SINGLE, style == SIDES]
    low = np.select(kinds, [floor + 1, many * number + 1, 4 * number + 1, floor + 1, side], 1)
    high = np.select(kinds, [floor + many, many * (number + 1), 4 * number + 4, floor + 1, side + 2 * many], 6)
    units["unit_from"], units["unit_to"] = low, high
    units["unit_low"], units["unit_high"] = (unit_cells(bound, style, number + 1) for bound in (low, high))
    has_both = (low < high) & (style != SIDES)
    units["unit_parity"] = np.where(has_both, b"B", np.where(low % 2 == 0, b"E", b"O"))


def unit_cells(bounds: Indexes, style: Indexes, floor: Indexes) -> Bytes:
    """Return units as the file has them: numbers filled with zeros, `A` and `2A` from the left."""
    letter = np.array([bytes([64 + n]) for n in range(27)])[np.clip(bounds, 0, 26)]
    digit = np.strings.lstrip(number_cells(floor, 2), b"0")
    lettered = np.where(style == MIXED, np.strings.add(digit, letter), letter)
    return np.where(np.isin(style, [LETTERS, MIXED]), lettered, number_cells(bounds, 8)).astype("S8")


def make_firms(chance: Chance, streets: Ranges, buildings: Ranges, words: FirmWords) -> Ranges:
    """Return the F records: firms at a house number or in a unit, some with a range of +4, some with an alternate."""
    hosts = streets[chance.happens(FIRM_RATE, len(streets)) & _is_open(streets)]
    in_unit = buildings[chance.happens(FIRM_IN_UNIT_RATE, len(buildings)) & (buildings["unit_from"] > 0)]
    in_unit["unit_high"] = in_unit["unit_low"]
    in_unit["unit_to"] = in_unit["unit_from"]
    firms = np.concatenate([_at_numbers(chance, hosts), in_unit])
    count = len(firms)
    firms["record_type"] = b"F"
    name = np.strings.add(
        np.strings.add(words.first[chance.integers(0, len(words.first), count)], b" "),
        words.second[chance.integers(0, len(words.second), count)],
    )
    ending = np.strings.add(b" ", words.endings[chance.integers(0, len(words.endings), count)])
    firms["building"] = np.strings.rstrip(np.strings.add(name, ending), b" ")
    firms["plus4_high"] = 3 * chance.happens(WIDE_FIRM_RATE, count)
    alternates = firms[chance.happens(ALTERNATE_RATE, count)]
    alternates["base_alternate"] = b"A"
    alternates["plus4_high"] = 0
    alternates["government"] = np.where(chance.happens(0.5, len(alternates)), b"E", b"")
    alternates["building"] = np.where(alternates["government"] == b"E", b"CITY RECORDS OFFICE", alternates["building"])
    return np.concatenate([firms, alternates])
