"""The detail records of a synthetic ZIP+4 file, block by block of ZIPs, in the order of the file. Writes nothing."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dq.sample.chance import Chance, Indexes
from dq.sample.reference import SampleReference
from dq.sample.usps.buildings import FirmWords, make_buildings, make_firms
from dq.sample.usps.deliveries import make_boxes, make_general_delivery, make_military, make_routes, make_unique
from dq.sample.usps.layout import Grid, Layout, number_cells, render
from dq.sample.usps.places import Places
from dq.sample.usps.ranges import TEXTS, Ranges
from dq.sample.usps.streets import StreetWords, make_street_ranges, make_streets

BLOCK_RECORDS: Final = 100_000
"""Records made at a time: small enough for memory, large enough for NumPy. Part of what a seed means."""
RECORDS_PER_STREET: Final = 7.5
"""Records that come of a street with its buildings and firms, on average."""
STREET_SHARE: Final = 0.85  # of a ZIP's records; boxes fill what is left
FEWEST_BOX_RECORDS: Final = 2
RURAL_RATE, RURAL_SHARE = 0.3, 0.25
"""ZIPs with rural routes, and the largest share of their records that these have."""
FIRST_PLUS4, PLUS4_COUNT = 2001, 7900
"""Streets get their +4 above those of most boxes and below those of the post office."""
STREAM: Final = 4
"""Names the random numbers of this file among those of a seed."""


def detail_blocks(seed: int, places: Places, reference: SampleReference) -> Iterator[Ranges]:
    """Yield the records of all ZIPs in ascending order; each block depends on seed and places alone."""
    streets, firms = StreetWords.of(reference), FirmWords.of(reference)
    for number, rows in enumerate(_blocks(places)):
        yield _block(Chance(seed, STREAM, 1, number), places, rows, streets, firms)


def _blocks(places: Places) -> Iterator[Indexes]:
    number = (np.cumsum(places.quota) - 1) // BLOCK_RECORDS
    for block in np.unique(number):
        yield np.flatnonzero(number == block)


def _block(chance: Chance, places: Places, rows: Indexes, streets: StreetWords, firms: FirmWords) -> Ranges:
    quota, kind = places.quota[rows], places.zip_class[rows]
    has_mail = (kind != b"U") & (quota > 0)
    is_standard = (kind == b"") & (quota > 0)
    rural = is_standard & chance.happens(RURAL_RATE, len(rows))
    routes = np.where(rural, chance.integers(0, (quota * RURAL_SHARE).astype(np.int64) + 1, len(rows)), 0)
    most = np.where(is_standard, np.maximum(quota - 1 - routes - FEWEST_BOX_RECORDS, 0), 0)
    wanted = np.ceil(most * STREET_SHARE / RECORDS_PER_STREET).astype(np.int64)
    on_streets = _on_streets(chance, places, rows, wanted, streets, firms)
    on_streets = on_streets[_rank(on_streets["place"]) < most[np.searchsorted(rows, on_streets["place"])]]
    used = np.bincount(np.searchsorted(rows, on_streets["place"]), minlength=len(rows))
    left = np.where(has_mail, quota - 1 - routes - used, 0)
    parts = [
        on_streets,
        make_general_delivery(rows[has_mail]),
        make_routes(chance, rows, routes),
        make_military(chance, rows, np.where(kind == b"M", left, 0)),
        make_boxes(chance, rows, np.where(kind == b"M", 0, left)),
        make_unique(rows[kind == b"U"], firms.first, firms.second),
    ]
    ranges = np.concatenate(parts)
    ranges = ranges[np.argsort(ranges["place"], kind="stable")]
    _give_plus4(ranges)
    return ranges


def _on_streets(
    chance: Chance, places: Places, rows: Indexes, counts: Indexes, words: StreetWords, firms: FirmWords
) -> Ranges:
    streets = make_streets(chance, places, rows, counts, words)
    sides = make_street_ranges(chance, streets)
    buildings = make_buildings(chance, sides, firms)
    ranges = np.concatenate([sides, buildings, make_firms(chance, sides, buildings, firms)])
    ranges["carrier_route"] = np.strings.add(b"C", number_cells(1 + ranges["street_no"] % 60, 3))
    # Within a ZIP by street, house number and unit; a street's own range stands before what is inside it.
    return ranges[np.lexsort([ranges["unit_from"], ranges["number_low"], ranges["street_no"], ranges["place"]])]


def _rank(owner: Indexes) -> Indexes:
    """Return the place of each record within its ZIP; `owner` is sorted."""
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else np.array([], dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(owner)])
    return np.arange(len(owner), dtype=np.int64) - np.repeat(starts, lengths)


def _give_plus4(ranges: Ranges) -> None:
    """Give +4 to records that have none of their own; `plus4_high` held how far the range goes."""
    own = FIRST_PLUS4 + _rank(ranges["place"]) % PLUS4_COUNT
    ranges["plus4_low"] = np.where(ranges["plus4_low"] == 0, own, ranges["plus4_low"])
    ranges["plus4_high"] += ranges["plus4_low"]


def render_details(ranges: Ranges, places: Places, layout: Layout, first_number: int) -> Grid:
    """Return the records as bytes.

    Args:
        ranges: Records of one block.
        places: Their ZIPs.
        layout: Layout of detail records.
        first_number: Number of the first record in the whole file, for the update key.
    """
    count, place = len(ranges), ranges["place"]
    number = first_number + np.arange(count, dtype=np.int64)
    closed = ranges["is_undelivered"]
    columns = {name: ranges[name] for name, _ in TEXTS}
    return render(
        layout,
        {
            **columns,
            "code": b"D",
            "zip5": places.zip5[place],
            "update_key": np.strings.add(b"V1", number_cells(number, 8)),
            "action": b"A",
            "plus4_low": np.where(closed, b"00ND", number_cells(ranges["plus4_low"], 4)),
            "plus4_high": np.where(closed, b"00ND", number_cells(ranges["plus4_high"], 4)),
            "finance_no": places.finance_no[place],
            "state": places.state[place],
            "county_fips": places.county_fips[place],
            "congressional_district": places.district[place],
            "last_line_key": places.key[place],
        },
        count,
    )
