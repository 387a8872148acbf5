"""Parts: frames that belong together, kept as Parquet files. Reads and writes them; decides nothing."""

import secrets
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.model import Frames

Parts = list[dict[str, Path]]
"""One mapping of table name to Parquet file per part, in part order."""
Reads = Mapping[str, Sequence[str]]
"""Tables that are read and their columns as patterns, `!` before those that are not: `("*", "!*_raw")`."""


def to_arrow(rows: pd.DataFrame) -> pa.Table:
    """Return the frame as Arrow with one string type, so that parts of one table always have one schema.

    A column without any value is text: pandas keeps such columns as `object`, which Arrow would type as null.
    """
    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
    fields = [
        pa.field(field.name, pa.large_string())
        if pa.types.is_string(field.type) or pa.types.is_null(field.type) or pa.types.is_string_view(field.type)
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


ROW_GROUP = 65_536
"""Rows that a reader of a part can leave out together: block keys are read rule by rule."""


_DICTIONARY = 128 * 1024
"""Bytes of a column's distinct texts from which on they are written as they come: looking each up in more than fits
near the processor takes longer than writing it, and the file gets no smaller (a megabyte is Arrow's own choice)."""


def write_part(path: Path, table: pa.Table) -> None:
    """Write a Parquet file so that it is either whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    # Keys, hashes and places hardly repeat: looking for a dictionary of them, or packing them, takes longer than
    # writing them.
    packed = {field.name: "none" if field.type in (pa.int32(), pa.int64()) else "zstd" for field in table.schema}
    repeated = [name for name, method in packed.items() if method != "none"]
    pq.write_table(
        table,
        unfinished,
        row_group_size=ROW_GROUP,
        compression=packed,
        compression_level=dict.fromkeys(repeated, 1),
        use_dictionary=repeated or False,
        dictionary_pagesize_limit=_DICTIONARY,
    )
    unfinished.replace(path)


def read_part(part: Mapping[str, Path], tables: Reads | Sequence[str] | None = None) -> Frames:
    """Read the tables of one part (default: all of them, whole) into frames with a fresh index."""
    if not isinstance(tables, Mapping):
        return {
            name: to_frame(pq.read_table(part[name])) for name in (part if tables is None else tables) if name in part
        }
    return {
        name: to_frame(pq.read_table(part[name], columns=columns_of(part[name], patterns)))
        for name, patterns in tables.items()
        if name in part
    }


def read_column(files: Sequence[Path], name: str) -> pa.ChunkedArray:
    """Read one column of all parts of a table."""
    tables = []
    for path in files:
        with pq.ParquetFile(path) as file:
            tables.append(file.read([name], use_threads=False))
    return pa.concat_tables(tables)[name]


def columns_of(path: Path, patterns: Sequence[str]) -> list[str]:
    """Return the columns of a file that patterns ask for (see `Reads`)."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    refused = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return [name for name in pq.read_schema(path).names if _fits(name, wanted) and not _fits(name, refused)]


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table as pandas; text columns have the dtype `str`, also where every cell is missing."""
    rows: pd.DataFrame = table.to_pandas()
    empty = [
        field.name
        for field in table.schema
        if (pa.types.is_large_string(field.type) or pa.types.is_string(field.type)) and rows[field.name].dtype != "str"
    ]
    return rows.astype(dict.fromkeys(empty, "str")) if empty else rows


def rows_where(files: Sequence[Path], column: str, value: int, columns: Sequence[str]) -> pa.Table:
    """Return the rows of files in which a column of whole numbers has a value; each file is sorted by that column.

    Row groups without the value are not read.
    """
    found = []
    for path in files:
        with pq.ParquetFile(path) as file:
            groups = [group for group in range(file.num_row_groups) if _may_hold(file.metadata, group, column, value)]
            rows = file.read_row_groups(groups, columns=[column, *columns], use_threads=False)
        numbers = rows[column].to_numpy()
        start, end = (int(np.searchsorted(numbers, value, side=side)) for side in ("left", "right"))
        found.append(rows.slice(start, end - start).select(list(columns)))
    return pa.concat_tables(found)


def _may_hold(metadata: pq.FileMetaData, group: int, column: str, value: int) -> bool:
    of = metadata.row_group(group).column(metadata.schema.names.index(column)).statistics
    return of is None or not of.has_min_max or bool(of.min <= value <= of.max)


def paths_of(parts: Parts, table: str) -> list[Path]:
    """Return the files of one table over all parts, in part order."""
    return [part[table] for part in parts if table in part]


def join_parts(*groups: Parts) -> Parts:
    """Put tables of equally cut parts together; a table of a later group replaces one of the same name."""
    lengths = {len(group) for group in groups}
    if len(lengths) != 1:
        raise ValueError(f"parts are cut differently: {sorted(lengths)}")
    return [{name: path for part in column for name, path in part.items()} for column in zip(*groups, strict=True)]


def bounds_of(parts: Parts, table: str, key: str) -> list[str]:
    """Return the last value of `key` in each part but the last: where equally cut tables must be cut."""
    return [str(pq.read_table(path, columns=[key])[key][-1].as_py()) for path in paths_of(parts, table)[:-1]]


def rows_of(parts: Parts, table: str) -> int:
    """Count the rows of one table without reading them."""
    return sum(pq.read_metadata(path).num_rows for path in paths_of(parts, table))


def starts_of(parts: Parts) -> list[dict[str, int]]:
    """Return, for each part, how many rows of each table stand in the parts before it."""
    starts: list[dict[str, int]] = []
    total: dict[str, int] = {}
    for part in parts:
        starts.append({table: total.get(table, 0) for table in part})
        total |= {table: total.get(table, 0) + pq.read_metadata(path).num_rows for table, path in part.items()}
    return starts
