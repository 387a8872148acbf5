"""Extracts made of bytes, and what reading them gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from dq.standards.ingest import Ingest
from dq.tables.reading import POSITION_COLUMNS, RawTable, Source, read_source

LIMITS = Ingest(null_tokens=(), name_null_tokens=())

Row = list[str | None]


@dataclass(frozen=True)
class Reading:
    """A table as it was read: cells without positions, positions, rejects as (first, last, reason, text)."""

    table: RawTable
    rows: list[Row]
    lines: list[int]
    numbers: list[int]
    files: list[str]
    rejects: list[tuple[int, int, str, str]]


def read(
    folder: Path, content: bytes | Mapping[str, bytes], name: str = "x.csv", limits: Ingest = LIMITS
) -> list[Reading]:
    """Write a file (or a folder of files) and read it as a source."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.mkdir()
        for file, data in content.items():
            (path / file).write_bytes(data)
    return [reading(table) for table in read_source(Source("s", path), limits, folder / "out")]


def read_one(
    folder: Path, content: bytes | Mapping[str, bytes], name: str = "x.csv", limits: Ingest = LIMITS
) -> Reading:
    """Read a source that has one table."""
    (only,) = read(folder, content, name, limits)
    return only


def reading(table: RawTable) -> Reading:
    """Load the parts of a table."""
    records = [row for part in table.parts for row in pq.read_table(part).to_pylist()]
    rejects = [tuple(list(row.values())[2:]) for row in pq.read_table(table.rejects).to_pylist()]
    row, line, file = POSITION_COLUMNS
    return Reading(
        table,
        [[record[header] for header in table.headers] for record in records],
        [record[line] for record in records],
        [record[row] for record in records],
        [record[file] for record in records],
        rejects,
    )
