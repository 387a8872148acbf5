"""The files of a finished run as DuckDB reads them: Parquet as it is, what is CSV with every cell as text."""

import csv
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from dq.engine.conditions import quoted

AS_TEXT: Final = ("crosswalk", "parked", "brought_back")
"""Tables that a run has as CSV."""
FOR_PEOPLE: Final = ("parked", "brought_back")
"""Of them those that people open: a cell may have one `'` in front that is not its own (CONTRACTS 5)."""


def source_of(folder: Path, table: str) -> str:
    """Return what a query reads a table of a run from, with `file_row_number`; empty where the run has no such table.

    Args:
        folder: Folder of the run.
        table: Name of a table, one of our own words.
    """
    path = folder / f"{table}.parquet"
    if path.is_file():
        return f"read_parquet('{_literal(path)}', file_row_number = true)"
    text = folder / f"{table}.csv"
    if table not in AS_TEXT or not text.is_file():
        return ""
    read = f"read_csv('{_literal(text)}', header = true, all_varchar = true, delim = ',', quote = '\"')"
    cells = "*"
    if table in FOR_PEOPLE:
        names = [quoted(name) for name in header_of(folder, table)]
        cells = ", ".join(f"regexp_replace({name}, '^''', '') AS {name}" for name in names)
    return f"(SELECT {cells}, row_number() OVER () AS file_row_number FROM {read})"  # noqa: S608 (own names)


def header_of(folder: Path, table: str) -> tuple[str, ...]:
    """Return the columns of a file from its first bytes: DuckDB's DESCRIBE plans a query for each."""
    path = folder / f"{table}.parquet"
    if path.is_file():
        return tuple(pq.read_schema(path).names)
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file), []))


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
