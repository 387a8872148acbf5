"""Which segment a row belongs to: what its standardised record says in the columns that customers are counted by.

Rows of golden records belong to none, as they belong to no source: what is counted of a segment leads to its records.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from dq.model import TEXT, Frames

CODE: Final = "segment_code"
"""Column of a table that is judged: the number of the combination of values; -1 where no record is known."""
PREFIX: Final = "segment."
"""What a column of a facts table begins with that is a segment of its record."""
LONGEST: Final = 500
"""Values of a column up to which it is a segment; one with more is an identity."""
COUNTS: Final = ("rule_id", "source", "department", "segment", "evaluated", "failed")
"""One row per rule, source, department and value of a segment (`state=TX`) in which anything was judged."""
_KEYS: Final = ["rule_id", "source", "department", "segment"]
_NUMBERS: Final = ["evaluated", "failed"]


def with_segments(frames: Frames, columns: Sequence[str]) -> tuple[Frames, pd.DataFrame]:
    """Say of each record, or each row of a facts table, to which combination of segments it belongs.

    Args:
        frames: `records` that have the columns, or beside them `segments` (`record_id` and the columns, as
            standardised); or a facts table with `segment.<column>`.
        columns: The columns.

    Returns:
        The frames with `CODE` and the combinations by number, missing values as the empty text.
    """
    tables = {name: rows for name, rows in frames.items() if name != "segments"}
    if "records" not in tables:
        for name, rows in tables.items():
            named = [f"{PREFIX}{column}" for column in columns]
            if named and set(named) <= set(rows.columns):
                codes, names = _numbered(rows[named].set_axis(list(columns), axis=1))
                return tables | {name: rows.assign(**{CODE: codes})}, names
        return tables, pd.DataFrame()
    records = tables["records"]
    origin = frames.get("segments", records)
    known = [column for column in columns if column in origin]
    if not known:
        return tables, pd.DataFrame()
    codes, names = _numbered(origin[known])
    if origin is not records:
        places = pd.Index(origin["record_id"]).get_indexer(pd.Index(records["record_id"]))
        codes = np.where(places < 0, -1, codes[places])
    return tables | {"records": records.assign(**{CODE: codes})}, names


def _numbered(rows: pd.DataFrame) -> "tuple[np.ndarray[tuple[int], np.dtype[np.intp]], pd.DataFrame]":
    texts = rows.astype(TEXT).fillna("")
    codes = np.asarray(texts.groupby(list(texts.columns), sort=False).ngroup(), dtype=np.intp)
    return codes, texts.drop_duplicates(ignore_index=True)


def by_segment(counts: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return counts per rule, source, department and `CODE` as counts per value of each segment (`COUNTS`)."""
    placed = counts.loc[(counts[CODE] >= 0) & (counts["evaluated"] > 0)] if len(names) else counts.iloc[:0]
    blocks = []
    for column in names.columns if len(placed) else ():
        values = (f"{column}=" + names[column]).astype(TEXT).take(placed[CODE].to_numpy())
        blocks.append(placed.assign(segment=values.to_numpy()))
    return sum_by_segment(blocks)


def sum_by_segment(counts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up counts of several parts, sorted; a missing source or department is the empty text."""
    filled = [rows[list(COUNTS)] for rows in counts if len(rows)]
    if not filled:
        return pd.DataFrame(columns=list(COUNTS)).astype(dict.fromkeys(_KEYS, TEXT) | dict.fromkeys(_NUMBERS, "int64"))
    rows = pd.concat(filled, ignore_index=True)
    rows[_KEYS] = rows[_KEYS].astype(TEXT).fillna("")
    return rows.groupby(_KEYS, sort=True, as_index=False)[_NUMBERS].sum().astype(dict.fromkeys(_KEYS, TEXT))
