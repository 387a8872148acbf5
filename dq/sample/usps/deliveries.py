"""Records of a synthetic ZIP+4 file without a street: boxes, rural routes, general delivery, military mail."""

from typing import Final

import numpy as np

from dq.sample.chance import Chance, Indexes
from dq.sample.usps.layout import Bytes, number_cells
from dq.sample.usps.ranges import Ranges, blank_ranges, write_numbers

BOXES_OF_A_RECORD: Final = 40
"""A record holds up to so many boxes."""
ZERO_EVERY: Final = 12
"""Every so many ZIPs the first boxes have a significant leading zero, which the file writes as a hyphen."""
GAP_RATE: Final = 0.15  # box records after which some numbers are not given out
SINGLE_PLUS4_RATE: Final = 0.2  # box records with one +4 for all boxes
ROUTE_LACS_RATE: Final = 0.2  # rural boxes that have street addresses by now


def make_boxes(chance: Chance, rows: Indexes, counts: Indexes) -> Ranges:
    """Return `counts[i]` ranges of post office boxes for the ZIP `rows[i]`, in ascending order from box 1."""
    owner = np.repeat(rows, counts)
    count = len(owner)
    ranges = blank_ranges(count)
    ranges["place"], ranges["record_type"], ranges["street"], ranges["parity"] = owner, b"P", b"PO BOX", b"B"
    first = np.cumsum(counts) - counts
    rank = np.arange(count) - np.repeat(first, counts)
    size = chance.integers(2, BOXES_OF_A_RECORD, count)
    gap = chance.integers(5, 30, count) * chance.happens(GAP_RATE, count)
    is_zero = (rank == 0) & (owner % ZERO_EVERY == 0)
    size[is_zero] = 9
    until = np.cumsum(size + gap)
    before = np.repeat((until - size - gap)[first[counts > 0]], counts[counts > 0])
    ranges["number_low"] = until - size - gap - before + 1
    ranges["number_high"] = ranges["number_low"] + size - 1
    write_numbers(ranges)
    for bound in ("low", "high"):
        hyphened = np.strings.add(b"-", np.strings.lstrip(ranges[bound], b"0"))
        ranges[bound] = np.where(is_zero, hyphened, ranges[bound])
    ranges["style"] = is_zero
    has_one = chance.happens(SINGLE_PLUS4_RATE, count) | (ranges["number_high"] > 9997)
    ranges["plus4_low"] = np.where(has_one, 1 + rank % 9000, ranges["number_low"])
    ranges["plus4_high"] = np.where(has_one, 0, size - 1)
    ranges["carrier_route"] = np.strings.add(b"B", number_cells(1 + rank // 5 % 990, 3))
    return ranges


def make_routes(chance: Chance, rows: Indexes, counts: Indexes) -> Ranges:
    """Return `counts[i]` records of rural routes and highway contracts for the ZIP `rows[i]`: defaults, then boxes."""
    owner = np.repeat(rows, counts)
    count = len(owner)
    ranges = blank_ranges(count)
    rank = np.arange(count) - np.repeat(np.cumsum(counts) - counts, counts)
    route, part = 1 + rank // 4, rank % 4
    is_contract = owner % 5 == 0
    digits = np.strings.lstrip(number_cells(route, 3), b"0")
    ranges["place"], ranges["record_type"] = owner, b"R"
    ranges["street"] = np.where(is_contract, np.strings.add(b"HC ", digits), np.strings.add(b"RR ", digits))
    ranges["carrier_route"] = np.strings.add(np.where(is_contract, b"H", b"R"), number_cells(route % 1000, 3))
    has_boxes = part > 0
    ranges["number_low"] = np.where(has_boxes, 100 * (part - 1) + 1, 0)
    ranges["number_high"] = np.where(has_boxes, 100 * (part - 1) + chance.integers(20, 99, count), 0)
    ranges["parity"] = np.where(has_boxes, b"B", b"")
    ranges["lacs"] = np.where(has_boxes & chance.happens(ROUTE_LACS_RATE, count), b"L", b"")
    write_numbers(ranges)
    return ranges


def make_general_delivery(rows: Indexes) -> Ranges:
    """Return one record of general delivery per ZIP."""
    ranges = blank_ranges(len(rows))
    ranges["place"], ranges["record_type"], ranges["street"] = rows, b"G", b"GENERAL DELIVERY"
    ranges["carrier_route"] = b"G000"
    ranges["plus4_low"] = 9999
    return ranges


def make_military(chance: Chance, rows: Indexes, counts: Indexes) -> Ranges:
    """Return `counts[i]` ranges of boxes at military post offices: `PSC 3` and `UNIT 2050` stand as the street."""
    owner = np.repeat(rows, counts)
    count = len(owner)
    ranges = blank_ranges(count)
    rank = np.arange(count) - np.repeat(np.cumsum(counts) - counts, counts)
    number = np.strings.lstrip(number_cells(1 + rank // 4, 4), b"0")
    unit = number_cells(2000 + 10 * (rank // 4), 4)
    is_unit = rank // 4 % 2 == 1
    ranges["place"], ranges["record_type"], ranges["parity"] = owner, b"S", b"B"
    ranges["street"] = np.where(is_unit, np.strings.add(b"UNIT ", unit), np.strings.add(b"PSC ", number))
    ranges["number_low"] = 1000 * (rank % 4) + 1
    ranges["number_high"] = 1000 * (rank % 4) + chance.integers(50, 999, count)
    ranges["carrier_route"] = b"C000"
    write_numbers(ranges)
    return ranges


def make_unique(rows: Indexes, first: Bytes, words: Bytes) -> Ranges:
    """Return the two records of a ZIP that belongs to one firm: its street address and the firm with all its +4."""
    streets = blank_ranges(len(rows))
    streets["place"], streets["record_type"], streets["carrier_route"] = rows, b"S", b"C000"
    streets["street"], streets["suffix"], streets["parity"] = b"CORPORATE", b"DR", b"O"
    streets["number_low"] = streets["number_high"] = 1
    streets["plus4_low"] = 1
    write_numbers(streets)
    firms = streets.copy()
    firms["record_type"] = b"F"
    name = np.strings.add(np.strings.add(first[rows % len(first)], b" "), words[rows % len(words)])
    firms["building"] = name
    firms["plus4_low"], firms["plus4_high"] = 2, 997
    return np.concatenate([streets, firms])
