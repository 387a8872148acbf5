"""The City State file of a synthetic ZIP+4 file: city names, street aliases, zone splits, other records."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dq.sample.chance import Chance, Indexes
from dq.sample.reference import Table
from dq.sample.usps.layout import Bytes, Grid, Layout, number_cells, render, text_cells
from dq.sample.usps.places import ISLAND, Places
from dq.sample.usps.ranges import STREET, Ranges
from dq.sample.usps.streets import URBANIZATIONS, urbanization_keys

ACCEPTED_RATE, UNMAILED_RATE = 0.4, 0.5
"""ZIPs with a second name for the last line, and with a name of the neighbourhood that is not for mail."""
ALIAS_RATE: Final = 0.01  # street ranges whose street has another name
SPLIT_RATE: Final = 0.02  # ZIPs that gave a carrier route to the next ZIP
OTHER_RATE: Final = 0.01  # ZIPs with records of each further type
OTHER_CODES: Final = (b"N", b"P")
"""Seasonal and box-only records: they exist, their fields are not known here, so they hold the ZIP alone."""
LONGEST_CITY: Final = 13  # letters; longer names also have a short form
ISLAND_NAMES: Final = ("LAS GLADIOLAS", "VILLA DEL MAR", "LOS OLMOS", "EL PARAISO", "MONTE BELLO", "JARDINES DEL SOL")


@dataclass(frozen=True)
class Neighbours:
    """Names near each ZIP: the nearest and the second nearest place of the state that is not its city; may be empty."""

    accepted: Bytes
    unmailed: Bytes
    accepted_key: Bytes
    unmailed_key: Bytes

    def unmailed_names(self) -> list[str]:
        """Return the names that are not for mail as text."""
        return [name.decode() for name in self.unmailed.tolist()]


def make_neighbours(chance: Chance, places: Places, table: Table) -> Neighbours:
    """Return the further names of each ZIP."""
    names = _nearest(places, table("places"))
    has = chance.happens(ACCEPTED_RATE, len(places)), chance.happens(UNMAILED_RATE, len(places))
    accepted, unmailed = (np.where(flags, cells, b"") for flags, cells in zip(has, names, strict=True))
    both = pd.factorize(np.strings.add(np.r_[places.state, places.state], np.r_[accepted, unmailed]))[0]
    keys = np.strings.add(b"N", number_cells(both.astype(np.int64), 5))
    return Neighbours(accepted, unmailed, keys[: len(places)], keys[len(places) :])


def _nearest(places: Places, known: pd.DataFrame) -> tuple[Bytes, Bytes]:
    found = [["", ""] for _ in range(len(places))]
    states = places.state.astype(str)
    latitude, longitude = known["latitude"].astype("float64"), known["longitude"].astype("float64")
    for state, group in known.groupby("state", sort=True):
        rows = np.flatnonzero(states == state)
        north, east = latitude[group.index].to_numpy(), longitude[group.index].to_numpy()
        titles = group["place"].tolist()
        for row in rows:
            far = (north - places.latitude[row]) ** 2 + (east - places.longitude[row]) ** 2
            near = [titles[place] for place in np.argsort(far, kind="stable")[:4]]
            others = [title for title in dict.fromkeys(near) if title != places.title[row]]
            found[row] = [*others, "", ""][:2]
    return text_cells([names[0] for names in found]), text_cells([names[1] for names in found])


def city_records(places: Places, neighbours: Neighbours, layout: Layout) -> Grid:
    """Return the D records: per ZIP its city, then other names, then urbanizations."""
    everyone = np.arange(len(places))
    owners = [everyone]
    parts = [_cities(places, everyone, places.city, places.key, b"P", b"Y", layout)]
    for names, keys, facility, mailing in (
        (neighbours.accepted, neighbours.accepted_key, b"S", b"Y"),
        (neighbours.unmailed, neighbours.unmailed_key, b"N", b"N"),
    ):
        rows = np.flatnonzero(names != b"")
        owners.append(rows)
        parts.append(_cities(places, rows, names[rows], keys[rows], facility, mailing, layout))
    island = np.repeat(np.flatnonzero(places.state == ISLAND.encode()), URBANIZATIONS)
    number = 1 + np.arange(len(island)) % URBANIZATIONS
    names = np.array(ISLAND_NAMES, dtype=np.bytes_)[(island * URBANIZATIONS + number) % len(ISLAND_NAMES)]
    names = np.strings.add(b"URB ", names)
    parts.append(_cities(places, island, names, urbanization_keys(island, number), b"U", b"N", layout))
    return np.concatenate(parts)[np.argsort(np.concatenate([*owners, island]), kind="stable")]


def _cities(
    places: Places, rows: Indexes, names: Bytes, keys: Bytes, facility: bytes, mailing: bytes, layout: Layout
) -> Grid:
    is_long = np.strings.str_len(names) > LONGEST_CITY
    zip_class = places.zip_class[rows]
    return render(
        layout,
        {
            "code": b"D",
            "zip5": places.zip5[rows],
            "city_state_key": keys,
            "zip_class": zip_class,
            "city": names,
            "city_short": np.where(is_long & (mailing == b"Y"), names.astype(f"S{LONGEST_CITY}"), b""),
            "facility": facility,
            "is_mailing_name": mailing,
            "last_line_key": places.key[rows],
            "last_line_city": places.city[rows],
            "has_city_delivery": np.where(zip_class == b"", b"Y", b"N"),
            "route_sort": b"D",
            "is_unique_name": np.where(zip_class == b"U", b"Y", b""),
            "finance_no": places.finance_no[rows],
            "state": places.state[rows],
            "county_fips": places.county_fips[rows],
            "county_name": places.county[rows],
        },
        len(rows),
    )


def choose_alias_rows(chance: Chance, ranges: Ranges) -> Indexes:
    """Return the rows of one street range of each street of a block that has another name."""
    rows = np.flatnonzero((ranges["record_type"] == b"S") & (ranges["suffix"] != b""))
    rows = rows[chance.happens(ALIAS_RATE, len(rows))]
    _, first = np.unique(ranges["street_no"][rows], return_index=True)
    return rows[np.sort(first)]


def alias_cells(aliases: Ranges) -> Bytes:
    """Return the other names: old highway numbers, which no generated street has."""
    return np.strings.add(b"STATE ROUTE ", number_cells(100 + aliases["street_no"] % 900, 3))


def names_of(aliases: Ranges) -> list[str]:
    """Return the other names as text."""
    return [name.decode() for name in alias_cells(aliases).tolist()]


def alias_records(chance: Chance, aliases: Ranges, places: Places, layout: Layout) -> Grid:
    """Return the A records: each stands for its whole street."""
    count = len(aliases)
    return render(
        layout,
        {
            **{name: aliases[name] for name in STREET},
            "code": b"A",
            "zip5": places.zip5[aliases["place"]],
            "alias_street": alias_cells(aliases),
            "alias_type": np.array([b"A", b"C", b"O", b"O", b"P"])[chance.integers(0, 5, count)],
            "alias_date": number_cells(20_150_101 + 10_000 * chance.integers(0, 10, count), 8),
        },
        count,
    )


def other_records(chance: Chance, places: Places, split: Layout, scheme: Layout) -> list[Grid]:
    """Return zone splits, combined ZIPs, and records of types whose fields are not known."""
    neighbours = np.flatnonzero(places.finance_no[1:] == places.finance_no[:-1])
    old = neighbours[chance.happens(SPLIT_RATE, len(neighbours))]
    route = number_cells(chance.integers(1, 60, len(old)), 3)
    moved = {
        "code": b"Z",
        "old_zip5": places.zip5[old],
        "old_carrier_route": np.strings.add(b"C", route),
        "new_zip5": places.zip5[old + 1],
        "new_carrier_route": np.strings.add(b"C", route),
        "split_date": number_cells(np.full(len(old), 20_260_401), 8),
    }
    labels = {"code": b"S", "label_zip": places.zip5[old], "combined_zip": places.zip5[old + 1]}
    parts = [render(split, moved, len(old)), render(scheme, labels, len(old))]
    for code in OTHER_CODES:
        rows = np.flatnonzero(chance.happens(OTHER_RATE, len(places)))
        parts.append(render(scheme, {"code": code, "label_zip": places.zip5[rows]}, len(rows)))
    return parts
