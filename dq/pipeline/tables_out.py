"""Writes the tables of a finished run: one file per table, sorted, whole."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import Parts, paths_of
from dq.model import EXTRA, GOLDEN, Table
from dq.tables.writing import write_csv_for_people, write_parquet


def stream(parts: Parts, table: str) -> Iterator[pa.Table]:
    """Yield the parts of a table one by one, as they are sorted."""
    for path in paths_of(parts, table):
        yield pq.read_table(path)


def extras_of(parts: Parts, table: str) -> dict[str, pa.DataType]:
    """Return the extra columns of all parts, sorted; parts of different sources carry different ones."""
    names = {name for path in paths_of(parts, table) for name in pq.read_schema(path).names if name.startswith(EXTRA)}
    return {name: pa.large_string() for name in sorted(names)}


def write_table(parts: Parts, table: Table, folder: Path, extras: Mapping[str, pa.DataType] | None = None) -> int:
    """Write the parts of a table as `<table>.parquet`; return the number of rows."""
    extras = extras_of(parts, table.name) if table.has_extras and extras is None else extras
    return write_parquet(stream(parts, table.name), folder / f"{table.name}.parquet", table, extras or {})


def write_golden_csv(folder: Path, source_of_extra: Mapping[str, str]) -> None:
    """Write `golden.csv` for people from `golden.parquet`.

    Extra columns stand under their own header, prefixed by the source's name where the header would equal another one
    without case (CONTRACTS 4).
    """
    file = pq.ParquetFile(folder / "golden.parquet")
    names = file.schema_arrow.names
    taken = {name.casefold() for name in names if not name.startswith(EXTRA)}
    headers: dict[str, str] = {}
    for name in names:
        if not name.startswith(EXTRA):
            continue
        header = name.removeprefix(EXTRA)
        if header.casefold() in taken:
            header = f"{source_of_extra.get(name, 'source')}.{header}"
        taken.add(header.casefold())
        headers[name] = header
    columns = [name for name in names if name in GOLDEN.columns or name in headers]
    batches = (pa.Table.from_batches([batch]) for batch in file.iter_batches(100_000))
    write_csv_for_people(batches, folder / "golden.csv", columns, headers)


def frames_of(paths: Sequence[Path]) -> Iterator[pd.DataFrame]:
    """Yield small tables as frames."""
    for path in paths:
        yield pq.read_table(path).to_pandas()
