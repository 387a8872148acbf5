"""Rows of one table into Parquet parts and a file of rejects, in file order and bounded memory."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dq import model
from dq.tables.reading.pieces import FILE, LINE, ROW, Batch, Reject
from dq.tables.writing import atomic

PART_ROWS: Final = 100_000
PART_BYTES: Final = 256_000_000
"""Bytes in memory at which a part is written although it has fewer rows: tables may have thousands of columns."""


@dataclass(frozen=True)
class Written:
    """What a table came to: its parts, counts and the columns that hold anything or have a name."""

    parts: tuple[Path, ...]
    headers: tuple[str, ...]
    row_count: int
    rejects: Path
    reject_count: int


class PartWriter:
    """Collects batches of one table and writes a part whenever one is full.

    Args:
        folder: Where parts and rejects go; created, and cleared of parts written before.
        source: Name of the source, for the rejects.
        headers: Column names of the table.
    """

    def __init__(self, folder: Path, source: str, headers: Sequence[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.parquet"):
            old.unlink()
        self._folder, self._source, self._headers = folder, source, tuple(headers)
        text = [(name, pa.large_string()) for name in self._headers]
        self._schema = pa.schema([*text, (ROW, pa.int64()), (LINE, pa.int64()), (FILE, pa.large_string())])
        self._waiting: list[pa.Table] = []
        self._rows_waiting = self._bytes_waiting = self._rows = 0
        self._parts: list[Path] = []
        self._filled = [False] * len(self._headers)
        self._rejects = _RejectWriter(folder / "rejects.parquet", source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._rejects.__exit__(*error)

    def add(self, batch: Batch, file: str, order: Sequence[int]) -> None:
        """Take the next batch of a file; `order` gives for each column of the table its place in the batch."""
        self._rejects.add(file, batch.rejects)
        count = batch.rows.num_rows
        if not count:
            return
        columns = [batch.rows.column(place) for place in order]
        self._filled = [
            filled or column.null_count < count for filled, column in zip(self._filled, columns, strict=True)
        ]
        rows = pa.array(np.arange(self._rows + 1, self._rows + count + 1))
        files = pa.repeat(pa.scalar(file, pa.large_string()), count)
        table = pa.Table.from_arrays([*columns, rows, batch.rows[LINE], files], schema=self._schema)
        self._rows += count
        self._waiting.append(table)
        self._rows_waiting += count
        self._bytes_waiting += table.nbytes
        while self._rows_waiting >= PART_ROWS:
            self._flush(PART_ROWS)
        if self._bytes_waiting >= PART_BYTES:
            self._flush(self._rows_waiting)

    def close(self) -> Written:
        """Write what is left and drop columns without a name that turned out to be empty."""
        if self._rows_waiting or not self._parts:
            self._flush(self._rows_waiting)
        spare = {
            name
            for number, (name, filled) in enumerate(zip(self._headers, self._filled, strict=True), 1)
            if not filled and name == f"column_{number}"
        }
        if spare and len(spare) < len(self._headers):
            for part in self._parts:
                self._write(pq.read_table(part).drop_columns(sorted(spare)), part)
            self._headers = tuple(name for name in self._headers if name not in spare)
        path, count = self._rejects.close()
        return Written(tuple(self._parts), self._headers, self._rows, path, count)

    def _flush(self, count: int) -> None:
        waiting = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        path = self._folder / f"part-{len(self._parts):05}.parquet"
        self._write(waiting.slice(0, count).combine_chunks(), path)
        self._parts.append(path)
        rest = waiting.slice(count)
        self._waiting = [rest] if rest.num_rows else []
        self._rows_waiting, self._bytes_waiting = rest.num_rows, rest.nbytes

    def _write(self, table: pa.Table, path: Path) -> None:
        with atomic(path) as temporary:
            pq.write_table(table, temporary, row_group_size=PART_ROWS, compression="zstd")


class _RejectWriter:
    """Streams rejects to their file: a hostile file may be nothing else."""

    _SCHEMA: Final = pa.schema(list(model.REJECTS.columns.items()))

    def __init__(self, path: Path, source: str) -> None:
        self._path, self._source = path, source
        self._waiting: list[tuple[object, ...]] = []
        self._stack = ExitStack()
        temporary = self._stack.enter_context(atomic(path))
        self._writer = self._stack.enter_context(pq.ParquetWriter(temporary, self._SCHEMA, compression="zstd"))
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def add(self, file: str, rejects: Sequence[Reject]) -> None:
        """Take the rejects of a batch."""
        for reject in rejects:
            self._waiting.append((self._source, file, *reject))
        self.count += len(rejects)
        if len(self._waiting) >= PART_ROWS:
            self._flush()

    def close(self) -> tuple[Path, int]:
        """Write what is left; return the file and the number of rejects."""
        self._flush()
        self._stack.close()
        return self._path, self.count

    def _flush(self) -> None:
        columns = list(zip(*self._waiting, strict=True)) or [()] * len(self._SCHEMA)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._SCHEMA, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._SCHEMA))
        self._waiting = []


def column_order(headers: Sequence[str], own: Sequence[str]) -> list[int]:
    """Return, for each column of a table, its place among a file's own columns; names are compared without case.

    >>> column_order(["id", "name"], ["NAME", "ID"])
    [1, 0]
    """
    places = {name.casefold(): place for place, name in enumerate(own)}
    return [places[name.casefold()] for name in headers]
