"""What is known of the streets of a block while addresses are drawn from them: which names are free of doubt."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dq.sample.chance import Flags, Indexes
from dq.sample.usps.places import Places
from dq.sample.usps.ranges import STREET, Ranges


@dataclass(frozen=True)
class Neighbourhood:
    """The records of a block and flags about them, one per record.

    Attributes:
        is_plain: A base record of a street with a +4, without buildings or firms of the same number inside it.
        is_alone: No other street of the post office has this name, whatever its suffix and directionals, and all ZIPs
            of the post office are in the block.
        has_units: The building has ranges of units; `has_firm` a firm stands at the number.
        names: Street names of each post office.
        last_number: The highest number of the record's street.
    """

    ranges: Ranges
    places: Places
    is_plain: Flags
    is_alone: Flags
    has_units: Flags
    has_firm: Flags
    names: dict[int, list[str]]
    last_number: Indexes
    inside: frozenset[tuple[int, int]]

    def of_type(self, record_type: bytes) -> Flags:
        """Return which records are of a type."""
        found: Flags = self.ranges["record_type"] == record_type
        return found


def look_around(ranges: Ranges, places: Places) -> Neighbourhood:
    """Return the neighbourhood of the records of a block."""
    types = ranges["record_type"]
    on_street = np.isin(types, [b"S", b"H", b"F"]) & (ranges["carrier_route"] != b"C000")
    at_number = on_street & (types != b"S")
    where = _codes(ranges["place"], ranges["street_no"], ranges["number_low"])
    is_unit = (types == b"H") & (ranges["unit_from"] > 0)
    finance = places.finance_no[ranges["place"]]
    streets = pd.DataFrame({name: ranges[name] for name in ("place", "street_no", *STREET)}).assign(finance=finance)
    streets = streets[on_street].drop_duplicates(["place", "street_no"])
    same_name = streets.groupby(["finance", "street"])["street_no"].transform("size") == 1
    alone = set(zip(streets.loc[same_name, "place"], streets.loc[same_name, "street_no"], strict=True))
    own = list(zip(ranges["place"].tolist(), ranges["street_no"].tolist(), strict=True))
    last = pd.Series(ranges["number_high"]).groupby([ranges["place"], ranges["street_no"]]).transform("max")
    return Neighbourhood(
        ranges=ranges,
        places=places,
        is_plain=(types == b"S") & on_street & ~ranges["is_undelivered"] & (ranges["lacs"] == b""),
        is_alone=np.array([key in alone for key in own], dtype=bool) & on_street & _is_whole(finance, places, ranges),
        has_units=np.isin(where, where[is_unit]),
        has_firm=np.isin(where, where[types == b"F"]),
        names={
            int(number): sorted(name.decode() for name in group.unique())
            for number, group in streets.groupby("finance")["street"]
        },
        last_number=last.to_numpy(dtype=np.int64),
        inside=frozenset(
            zip(ranges["street_no"][at_number].tolist(), ranges["number_low"][at_number].tolist(), strict=True)
        ),
    )


def _codes(*columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return one number per distinct row of the columns."""
    codes = columns[0].astype(np.int64)
    for column in columns[1:]:
        codes = codes * (int(column.max(initial=0)) + 1) + column
    return codes


def _is_whole(finance: Indexes, places: Places, ranges: Ranges) -> Flags:
    first, last = int(ranges["place"].min()), int(ranges["place"].max())
    outside = np.r_[places.finance_no[:first], places.finance_no[last + 1 :]]
    is_whole: Flags = ~np.isin(finance, outside)
    return is_whole
