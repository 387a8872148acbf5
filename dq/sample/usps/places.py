"""The ZIP codes of a synthetic ZIP+4 file: real codes and cities, invented finance numbers, classes and keys."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dq.sample.chance import Chance, Indexes, Texts
from dq.sample.reference import Table
from dq.sample.usps.layout import Bytes, number_cells, text_cells

RECORDS_PER_ZIP: Final = 250
"""So that a small file still has many ZIPs; the real product has about 1,100."""
FEWEST_ZIPS, MOST_ZIPS = 24, 40_000
ZIPS_OF_A_CITY: Final = 6
"""A large city gives so many at most, so that a small file still goes round the country."""
UNIQUE_RECORDS: Final = 2
"""Records of a ZIP that belongs to one organisation: its street address and the firm."""
FEW_ZIPS: Final = 3
BOX_ONLY_RATE, UNIQUE_RATE = 0.3, 0.2
"""Shares of cities with three or more ZIPs whose last is for boxes, or for one organisation, only."""
BOX_TOWN_RATE: Final = 0.04  # small towns without street delivery

MILITARY: Final = frozenset({"AA", "AE", "AP"})
AT_LARGE: Final = frozenset({"AK", "DE", "ND", "SD", "VT", "WY"})
"""States with one seat in the House."""
ISLAND: Final = "PR"


@dataclass(frozen=True)
class Places:
    """ZIPs in ascending order.

    Attributes:
        zip5, city, state, county: As in the file.
        zip_class: M military, P boxes only, U unique, empty otherwise.
        finance_no: One per city.
        key: City-state key of the city.
        quota: Detail records the ZIP gets; they sum to what was asked for.
        title: City in usual case.
        latitude, longitude: Position in degrees.
    """

    zip5: Bytes
    city: Bytes
    state: Bytes
    county: Bytes
    county_fips: Indexes
    district: Bytes
    finance_no: Indexes
    key: Bytes
    zip_class: Bytes
    quota: Indexes
    title: Texts
    latitude: np.ndarray
    longitude: np.ndarray

    def __len__(self) -> int:
        return len(self.zip5)


def make_places(chance: Chance, records: int, table: Table) -> Places:
    """Return the ZIPs of a file of `records` detail records."""
    known = _known(table)
    count = int(np.clip(records // RECORDS_PER_ZIP, FEWEST_ZIPS, MOST_ZIPS))
    chosen = _chosen(chance, known, count).sort_values("zip5").reset_index(drop=True)
    zip_class = _classes(chance, chosen)
    state = text_cells(chosen["state"].tolist())
    seat = chance.integers(1, 15, len(chosen))
    return Places(
        zip5=text_cells(chosen["zip5"].tolist()),
        city=text_cells(chosen["city"].tolist()),
        state=state,
        county=text_cells(chosen["county"].tolist()),
        county_fips=chosen["county_fips"].to_numpy(dtype=np.int64),
        district=np.where(np.isin(chosen["state"], [*AT_LARGE]), b"AL", number_cells(seat, 2)),
        finance_no=chosen["finance_no"].to_numpy(dtype=np.int64),
        key=_keys(chosen["place"].to_numpy(dtype=np.int64)),
        zip_class=zip_class,
        quota=_quotas(chance, zip_class, records),
        title=chosen["city"].to_numpy(dtype=object),
        latitude=chosen["latitude"].to_numpy(dtype=np.float64),
        longitude=chosen["longitude"].to_numpy(dtype=np.float64),
    )


def _keys(numbers: Indexes) -> Bytes:
    return np.strings.add(b"X", number_cells(numbers, 5))


def _known(table: Table) -> pd.DataFrame:
    """Return every ZIP with its city's number, finance number and county code."""
    zips = table("zips").drop_duplicates("zip5").reset_index(drop=True)
    zips["place"] = zips.groupby(["state", "city"], sort=True).ngroup()
    first = zips.groupby("state")["place"].transform("min")
    state = zips.groupby("state", sort=True).ngroup()
    # Two digits for the state and four for its cities, as finance numbers are built.
    zips["finance_no"] = (10 + state) * 10_000 + (zips["place"] - first) % 10_000
    counties = zips.groupby(["state", "county"], sort=True).ngroup()
    # Counties are numbered in alphabetical order by odd numbers.
    zips["county_fips"] = (2 * (counties - counties.groupby(zips["state"]).transform("min")) + 1) % 1000
    return zips


def _chosen(chance: Chance, known: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return whole cities until there are enough ZIPs, large ones more often; military and islanders always."""
    ordered = known.sort_values(["place", "zip5"])
    ordered = ordered[ordered.groupby("place").cumcount() < ZIPS_OF_A_CITY]
    sizes = ordered.groupby("place").size()
    # Weighted draw without replacement: the largest u^(1/w) come first (Efraimidis and Spirakis 2006). The largest of w
    # uniform numbers is distributed like u^(1/w), and comparing is exact on every machine.
    tickets = chance.uniform(len(sizes) * ZIPS_OF_A_CITY).reshape(len(sizes), ZIPS_OF_A_CITY)
    is_own = np.arange(ZIPS_OF_A_CITY) < sizes.to_numpy()[:, None]
    rank = pd.Series(np.where(is_own, tickets, -1.0).max(axis=1), index=sizes.index)
    state = ordered.drop_duplicates("place").set_index("place")["state"]
    for always in (state == ISLAND, state.isin(MILITARY)):
        if always.any():
            rank[rank.index == rank[state[always].index].idxmax()] = 2.0
    order = rank.sort_values(ascending=False, kind="stable").index
    wanted = sizes[order].cumsum().to_numpy() - sizes[order].to_numpy() < count
    return ordered[ordered["place"].isin(order[wanted])]


def _classes(chance: Chance, chosen: pd.DataFrame) -> Bytes:
    size = chosen.groupby("place")["zip5"].transform("size").to_numpy()
    is_last = (chosen.groupby("place").cumcount(ascending=False) == 0).to_numpy()
    is_military = chosen["state"].isin(MILITARY).to_numpy()
    draw = chance.uniform(len(chosen))
    # By rank and not by rate: a small file has one of each too.
    last = np.flatnonzero(is_last & (size >= FEW_ZIPS) & ~is_military)
    last = last[np.argsort(draw[last], kind="stable")]
    boxes, unique = (int(np.ceil(rate * len(last))) for rate in (BOX_ONLY_RATE, UNIQUE_RATE))
    classes = np.where(is_military, b"M", np.where((size < FEW_ZIPS) & (draw < BOX_TOWN_RATE), b"P", b"")).astype("S1")
    classes[last[:boxes]] = b"P"
    classes[last[boxes : boxes + unique]] = b"U"
    return classes


def _quotas(chance: Chance, zip_class: Bytes, records: int) -> Indexes:
    """Share `records` among the ZIPs; sizes differ by a factor of four."""
    weight = np.where(np.isin(zip_class, [b"P", b"M"]), 3, 10) * chance.integers(4, 17, len(zip_class))
    weight[zip_class == b"U"] = 0
    unique = np.where(zip_class == b"U", UNIQUE_RECORDS, 0)
    rest = records - int(unique.sum())
    until = np.cumsum(weight, dtype=np.int64) * rest // int(weight.sum())
    shares: Indexes = np.diff(until, prepend=0) + unique
    return shares
