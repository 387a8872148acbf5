"""Records and contact points with every column of the model, from the few that a test names."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa

from dq.model import CONTACT_POINTS, RECORDS, Table

Row = Mapping[str, object]


def records_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Return records; `cluster_size` is counted."""
    records = _complete(rows, RECORDS, ("golden_id", "household_id", "flags"))
    records["cluster_size"] = records.groupby("golden_id")["record_id"].transform("size")
    return records


def points_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Return contact points."""
    return _complete(rows, CONTACT_POINTS, ("golden_id", "flags"))


def _complete(rows: Sequence[Row], table: Table, more: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    text = [name for name, kind in table.columns.items() if pa.types.is_large_string(kind)]
    for column in (*table.columns, *more):
        if column not in frame:
            frame[column] = pd.Series([None] * len(frame), dtype="str" if column in (*text, *more) else "object")
        elif column in (*text, *more):
            frame[column] = frame[column].astype("str")
    return frame
