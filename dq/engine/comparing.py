"""Answers questions about two finished runs at once. Reads only."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa

from dq.engine.conditions import Parameter
from dq.engine.querying import MEMORY, Row
from dq.engine.spilling import connect
from dq.errors import NotFoundError

COMPARED: Final = ("records", "violations", "results", "provenance", "golden", "load_verdicts")
TEXTS: Final = ("crosswalk", "judgements")
ROWS_AT_ONCE: Final = 50_000
"""Rows of a long answer that are in memory at a time: some tens of megabytes."""


@dataclass
class RunPair:
    """The tables of two runs in one place, as views `then_<table>` and `now_<table>`; what a run lacks is absent.

    Args:
        then: Folder of the earlier run.
        now: Folder of the later run.
    """

    then: Path
    now: Path
    tables: frozenset[str] = field(init=False)
    _connection: duckdb.DuckDBPyConnection = field(init=False, repr=False)
    _spill: "TemporaryDirectory[str]" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: set[str] = set()
        self._connection, self._spill = connect(MEMORY)
        for side, folder in (("then", self.then), ("now", self.now)):
            if not (folder / "records.parquet").is_file():
                raise NotFoundError(f"{folder.name} holds no finished run", "give the folder that --out named")
            for table in (*COMPARED, *TEXTS):
                ending = "csv" if table in TEXTS else "parquet"
                path = folder / f"{table}.{ending}"
                if path.is_file():
                    quoted = str(path).replace("'", "''")
                    read = (
                        f"read_csv('{quoted}', header = true, all_varchar = true, delim = ',', quote = '\"')"
                        if ending == "csv"
                        else f"read_parquet('{quoted}')"
                    )
                    self._connection.execute(f"CREATE VIEW {side}_{table} AS SELECT * FROM {read}")  # noqa: S608
                    found.add(f"{side}_{table}")
        self.tables = frozenset(found)

    def has(self, table: str) -> bool:
        """Say whether both runs have a table."""
        return {f"then_{table}", f"now_{table}"} <= self.tables

    def keep(self, name: str, query: str, values: Sequence[Parameter] = ()) -> None:
        """Keep the answer of a query as a table for the questions after it."""
        self._connection.execute(f"CREATE TABLE {name} AS {query}", list(values))

    def columns(self, view: str) -> tuple[str, ...]:
        """Return the columns of a view."""
        return tuple(str(row["column_name"]) for row in self.sql(f'DESCRIBE "{view}"'))

    def write(self, query: str, path: Path) -> None:
        """Write the answer of a query as Parquet; a file that is there is replaced at once."""
        # A name of its own: two people may ask for the same comparison at once.
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
        quoted = str(unfinished).replace("'", "''")
        self._connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
        unfinished.replace(path)

    def batches(self, query: str) -> Iterator[Any]:
        """Give the answer of a query as Arrow tables of some rows each, for what does not fit into memory."""
        for batch in self._connection.sql(query).to_arrow_reader(ROWS_AT_ONCE):
            yield pa.Table.from_batches([batch])

    def sql(self, query: str, values: Sequence[Parameter] = ()) -> list[Row]:
        """Return the answer of a query; nothing a person typed belongs into `query`, only into `values`."""
        answer = self._connection.execute(query, list(values))
        names = [str(column[0]) for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._spill.cleanup()
