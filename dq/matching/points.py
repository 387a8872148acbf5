"""The contact points of some records, with the position of each one's record."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.folding import column, text_array
from dq.matching.singles import Codes, Single, single_of
from dq.model import TEXT
from dq.text.order import places_among


@dataclass(frozen=True)
class Points:
    """Contact points.

    Attributes:
        owners: Position of the record of each point, -1 where it is none of these.
        kinds: Kind of each point.
        rows: Columns of the points.
    """

    owners: Codes
    kinds: Single
    rows: pd.DataFrame

    def chosen(self, kinds: tuple[str, ...]) -> NDArray[np.int64]:
        """Return which points of some kinds have a record."""
        return np.flatnonzero(self.kinds.is_in(kinds) & (self.owners >= 0))

    def texts(self, chosen: NDArray[np.int64], name: str) -> pa.Array:
        """Return a column of chosen points."""
        return text_array(column(self.rows, name)).take(pa.array(chosen))


def points_of(records: pd.DataFrame, points: pd.DataFrame | None) -> Points:
    """Return the contact points of records."""
    if points is None or points.empty:
        nothing = pd.DataFrame({"kind": pd.Series(dtype=TEXT)})
        return Points(np.empty(0, dtype=np.int64), single_of(nothing["kind"]), nothing)
    owners = places_among(text_array(records["record_id"]), text_array(points["record_id"])).fill_null(-1).to_numpy()
    return Points(owners.astype(np.int64), single_of(points["kind"]), points)
