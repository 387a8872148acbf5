"""The contact points of some records, with the position of each one's record."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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


def further(owners: Codes, own: Mapping[str, pa.Array], texts: Mapping[str, pa.Array]) -> NDArray[np.int64]:
    """Return which points say something that the columns of their record do not: the first point mostly repeats them.

    Args:
        owners: Record of each point.
        own: Columns of the records.
        texts: The same columns of the points.

    >>> own = {"value": pa.array(["a", None])}
    >>> further(np.array([0, 0, 1]), own, {"value": pa.array(["a", "b", None])}).tolist()
    [1]
    """
    in_order = np.array_equal(owners, np.arange(max((len(column_) for column_ in own.values()), default=0)))
    same = np.ones(len(owners), dtype=bool)
    for name, column_ in texts.items():
        theirs = own[name] if in_order else own[name].take(pa.array(owners))
        neither = pc.and_(pc.is_null(column_), pc.is_null(theirs))
        same &= pc.coalesce(pc.equal(column_, theirs), neither).to_numpy(zero_copy_only=False)
    return np.flatnonzero(~same)


def points_of(records: pd.DataFrame, points: pd.DataFrame | None) -> Points:
    """Return the contact points of records."""
    if points is None or points.empty:
        nothing = pd.DataFrame({"kind": pd.Series(dtype=TEXT)})
        return Points(np.empty(0, dtype=np.int64), single_of(nothing["kind"]), nothing)
    ids = text_array(points["record_id"])
    # The points of a record lie together: its id is looked for once.
    starts = np.append(True, pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False))
    owners = places_among(text_array(records["record_id"]), ids.filter(pa.array(starts))).fill_null(-1).to_numpy()
    return Points(owners.astype(np.int64)[np.cumsum(starts) - 1], single_of(points["kind"]), points)
