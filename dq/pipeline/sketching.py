"""A sample of a table that does not depend on the order of its rows: the rows with the smallest hashes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dq.engine import LocalEngine, Parts, paths_of, read_part
from dq.model import Frames
from dq.tables.reading import POSITION_COLUMNS, RawTable
from dq.tables.recognition import TableSample

SAMPLE_ROWS = 20_000
"""Enough that a rate of 90 % is known to half a percent; few enough for 10,000 columns to fit."""
SAMPLE_CELLS = 20_000_000
"""A very wide table gets fewer sampled rows."""
COUNTED_AT_ONCE = 8
"""Columns whose distinct values are counted by one query: 500 at once took more than 2 GB on 20 rows."""
_HASH = "#hash"


@dataclass(frozen=True)
class SketchPolicy:
    """How many rows to keep."""

    rows: int


def sketch_part(frames: Frames, policy: SketchPolicy) -> Frames:
    """Return the `rows` rows of a part with the smallest hash of all cells, and filled cells per column."""
    rows = frames["rows"]
    cells = rows.drop(columns=list(POSITION_COLUMNS))
    hashes = pd.util.hash_pandas_object(cells.fillna(""), index=False).to_numpy()
    size = min(policy.rows, len(hashes))
    smallest = np.argpartition(hashes, size - 1)[:size] if size else np.empty(0, dtype=int)
    sample = cells.iloc[smallest].assign(**{_HASH: hashes[smallest].astype("uint64")})
    filled = cells.notna().sum()
    counts = pd.DataFrame({"header": filled.index.astype("str"), "filled": filled.to_numpy(dtype="int64")})
    return {"sample": sample.reset_index(drop=True), "counts": counts}


def sketch_table(engine: LocalEngine, table: RawTable, parts: Parts, stage: str) -> TableSample:
    """Sample a raw table and count its cells.

    Distinct values are counted over all rows for the columns that could be a key: filled throughout and distinct in
    (nearly) all of the sample.
    """
    rows = max(1_000, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, len(table.headers))))
    sketches = engine.map(sketch_part, parts, SketchPolicy(rows), stage=stage)
    frames = [read_part(part) for part in sketches]
    counts = pd.concat([frame["counts"] for frame in frames]).groupby("header")["filled"].sum()
    sample = pd.concat([frame["sample"] for frame in frames], ignore_index=True)
    # Equal hashes are equal rows in practice; the cells break a tie, so that the sample is the same in any row order.
    sample = sample.sort_values([_HASH, *table.headers[:5]], ignore_index=True).head(rows).drop(columns=_HASH)
    distinct = {header: int(sample[header].nunique()) for header in table.headers}
    likely = [
        header
        for header in table.headers
        if counts.get(header, 0) >= 0.95 * table.row_count and distinct[header] >= 0.9 * len(sample)
    ]
    return TableSample(
        table=table.table,
        headers=table.headers,
        rows=sample[list(table.headers)],
        row_count=table.row_count,
        # A sample that is the whole table has been counted already.
        distinct={header: distinct[header] for header in likely}
        if table.row_count <= len(sample)
        else _distinct(engine, parts, likely),
        filled={header: int(counts.get(header, 0)) for header in table.headers},
    )


def _distinct(engine: LocalEngine, parts: Parts, headers: list[str]) -> dict[str, int]:
    """Count distinct values over all rows, a few columns at a time: each takes DuckDB megabytes of its own."""
    found: dict[str, int] = {}
    for start in range(0, len(headers), COUNTED_AT_ONCE):
        some = headers[start : start + COUNTED_AT_ONCE]
        quoted = ['"' + header.replace('"', '""') + '"' for header in some]
        counted = ", ".join(f"count(DISTINCT {name}) AS c{place}" for place, name in enumerate(quoted))
        answer = engine.frame(f"SELECT {counted} FROM rows", {"rows": paths_of(parts, "rows")})  # noqa: S608 (quoted)
        found |= {header: int(answer[f"c{place}"].iloc[0]) for place, header in enumerate(some)}
    return found
