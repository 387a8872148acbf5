"""Runs stages on this machine: processes for functions, DuckDB for queries."""

import json
import multiprocessing
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from dq.engine.cutting import cut_by_bounds, cut_by_rows
from dq.engine.memory import give_back
from dq.engine.parts import Parts, Reads, bounds_of, paths_of, rows_of, starts_of, to_frame, write_part
from dq.engine.worker import Function, Kept, Shared, kept_apart, run_last_part, run_part, save_policy
from dq.errors import FULL_DISK

PART_ROWS = 100_000
"""Rows of a part: about 100 MB of customer records in pandas, so that two workers stay far below 6 GB."""

Report = Callable[[str, int, int], None]
"""Told the stage, the parts done and the parts in all."""


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


class LocalEngine:
    """The engine of one run.

    Args:
        work: Folder for parts; what is complete there is not computed again.
        workers: Processes for functions and threads for queries. The results do not depend on it.
        report: Called as parts get done, by one thread at a time: stages may run beside each other.
        part_rows: Rows of a part; only tests change it.
        memory: DuckDB's limit, beyond which it spills to `work`.
    """

    def __init__(
        self,
        work: Path,
        workers: int = 1,
        report: Report = _silent,
        part_rows: int = PART_ROWS,
        memory: str = "2GB",
    ) -> None:
        self.work = work
        self.workers = workers
        self.report = report
        self.part_rows = part_rows
        self.memory = memory
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._database: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> "LocalEngine":
        self.work.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *error: object) -> None:
        self._end_processes()
        if self._database is not None:
            self._database.close()
            self._database = None

    def map(
        self,
        function: Function,
        parts: Parts,
        policy: object,
        *,
        stage: str,
        shared: Mapping[str, Sequence[Path]] | None = None,
        reads: Reads | None = None,
        counted: bool = False,
    ) -> Parts:
        """Apply a module-level function to every part.

        Args:
            function: Takes the frames of a part and the policy, gives frames.
            parts: What it is applied to.
            policy: Frozen and picklable; loaded once per process.
            stage: Name of the folder that keeps the results.
            shared: Tables that every part needs whole, read once per process; the function must not alter them.
            reads: Tables and columns of a part that the function needs; everything unless it says so.
            counted: The index of a frame is the place of its rows in the whole table instead of in the part.

        Returns:
            Parts in the same order, holding the tables the function gave.
        """
        folder = self.work / stage
        folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            saved = save_policy(policy, self.work / "policies")
        whole: Shared = tuple((name, tuple(files)) for name, files in (shared or {}).items())
        results: Parts = []
        starts = starts_of(parts) if counted else [{} for _ in parts]
        if self._is_alone(parts):
            for index, part in enumerate(parts):
                results.append(run_part(function, part, saved, folder, index, whole, reads, starts[index]))
                self._tell(stage, index + 1, len(parts))
            return results
        pool, last = self._processes(), len(parts) - self.workers
        runs: list[Callable[..., dict[str, Path]]] = [
            run_part if index < last else run_last_part for index in range(len(parts))
        ]
        waiting: list[Future[dict[str, Path]]] = [
            pool.submit(run, function, part, saved, folder, index, whole, reads, starts[index])
            for index, (run, part) in enumerate(zip(runs, parts, strict=True))
        ]
        try:
            for index, future in enumerate(waiting):
                results.append(future.result())
                self._tell(stage, index + 1, len(parts))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            raise
        if whole:
            self._end_processes()
        return results

    @contextmanager
    def keeping(self, value: Kept, name: str) -> Iterator[Kept]:
        """Keep a large object on disk for a while, for several policies that hold it: each names the file.

        Gives the object mapped into memory; policies made of that one are small.
        """
        apart = kept_apart(value, self.work / "policies" / f"{name}-{secrets.token_hex(8)}.pickle")
        del value
        with apart as mapped:
            give_back()
            yield mapped
        self._end_processes()

    def map_groups(self, function: Function, parts: Parts, by: str, policy: object, *, stage: str) -> Parts:
        """Apply a function to parts that hold all rows of each value of the column `by`.

        Every table of the parts has that column. The first table decides where parts are cut; rows of a key that only
        other tables have go to the part their key sorts into.
        """
        names = list(parts[0])
        grouped: list[Parts] = []
        bounds: list[str] | None = None
        for name in names:
            files = paths_of(parts, name)
            table = self.sql(
                f'SELECT * FROM "{name}"',  # noqa: S608 (table names are ours)
                {name: files},
                (by, *self._columns_of(files, by)),
                stage=f"{stage}_groups",
                table=name,
                key=by,
                bounds=bounds,
            )
            if bounds is None:
                bounds = bounds_of(table, name, by)
            grouped.append(table)
        regrouped = [{k: v for part in column for k, v in part.items()} for column in zip(*grouped, strict=True)]
        return self.map(function, regrouped, policy, stage=stage)

    def sql(
        self,
        query: str,
        tables: Mapping[str, Sequence[Path]],
        order_by: Sequence[str],
        *,
        stage: str,
        table: str,
        key: str | None = None,
        bounds: Sequence[str] | None = None,
        rows: int | None = None,
    ) -> Parts:
        """Run a query over Parquet files and keep its sorted rows as parts.

        Args:
            query: One SELECT without ORDER BY. Sums are of integers only: sums of doubles depend on threads.
            tables: Name in the query → files. At least one file each.
            order_by: Columns that sort the rows uniquely.
            stage: Folder that keeps the result.
            table: Name of the resulting table.
            key: Column whose equal values stay in one part.
            bounds: Cut where another table was cut (see `bounds_of`) instead of by rows.
            rows: Rows of a part, where they are so narrow (pairs of numbers) that the usual number is too small.
        """
        folder = self.work / stage
        places = _receipt(folder, table)
        if places is None:
            with self._connection(tables) as connection:
                reader = connection.sql(_ordered(query, order_by)).to_arrow_reader(self.part_rows)
                schema = _one_string_type(reader.schema)
                batches = (batch.cast(schema) for batch in reader)
                cuts: Iterator[pa.Table]
                if bounds is not None and key is not None:
                    cuts = cut_by_bounds(batches, schema, key, bounds)
                else:
                    cuts = cut_by_rows(batches, schema, rows or self.part_rows, key)
                places = _kept(folder, table, cuts)
        return [{table: folder / place} for place in places]

    def cut(
        self,
        make: Callable[[], Iterable[pa.RecordBatch]],
        schema: pa.Schema,
        *,
        stage: str,
        table: str,
        rows: int | None = None,
    ) -> Parts:
        """Keep the rows that this process makes as parts: `sql` for what arrays answer faster than queries.

        Args:
            make: Gives the rows, sorted; not called where they are kept already.
            schema: Their columns.
            stage: Folder that keeps them.
            table: Name of the table.
            rows: Rows of a part.
        """
        folder = self.work / stage
        places = _receipt(folder, table)
        if places is None:
            places = _kept(folder, table, cut_by_rows(make(), schema, rows or self.part_rows, None))
        return [{table: folder / place} for place in places]

    def frame(self, query: str, tables: Mapping[str, Sequence[Path]], order_by: Sequence[str] = ()) -> pd.DataFrame:
        """Run a query whose result fits in memory: `sql` for answers rather than tables."""
        with self._connection(tables) as connection:
            result = connection.sql(_ordered(query, order_by)).to_arrow_table()
        return to_frame(result.cast(_one_string_type(result.schema)))

    def rest(self) -> None:
        """End the processes until they are needed again: what they keep of a stage is memory the next one may want."""
        self._end_processes()

    def warm(self, function: Function, parts: Parts) -> None:
        """Let processes start and load a function's module while this one works, where `map` is to use them."""
        if not self._is_alone(parts):
            pool = self._processes()
            for _ in range(self.workers):
                pool.submit(import_module, function.__module__)

    def _is_alone(self, parts: Parts) -> bool:
        """Tell whether this process works through the parts itself."""
        return len(parts) < 2 or self.workers < 2 or self._is_small(parts)

    def _is_small(self, parts: Parts) -> bool:
        """Tell whether all parts together are no more than one: starting processes would cost more than they save."""
        return sum(max((rows_of([part], table) for table in part), default=0) for part in parts) <= self.part_rows

    def _end_processes(self) -> None:
        """End the workers: they keep what they shared and made of it, and the next stage wants that memory."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _tell(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self.report(stage, done, total)

    def _processes(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                # spawn: a forked child would inherit DuckDB's and Arrow's threads in an undefined state.
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self.workers, mp_context=context)
            return self._pool

    @contextmanager
    def _connection(self, tables: Mapping[str, Sequence[Path]]) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection that sees the tables; what it calls them is its own."""
        with self._opened().cursor() as connection:
            for name, files in tables.items():
                listed = ", ".join(_quoted(str(path)) for path in files)
                connection.execute(
                    f'CREATE TEMP VIEW "{name}" AS SELECT * FROM read_parquet([{listed}], union_by_name = true)'  # noqa: S608
                )
            try:
                yield connection
            except (duckdb.Error, pa.ArrowException, OSError) as error:
                # DuckDB tells a full disk in words only; one kind of error for it lets the terminal answer it.
                code = next((code for code in FULL_DISK if os.strerror(code) in str(error)), None)
                if code is None:
                    raise
                raise OSError(code, os.strerror(code), str(self._spill)) from error

    @property
    def _spill(self) -> Path:
        return self.work / "spill"

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """Return the database of this engine: starting one costs more than most queries over a small file."""
        if self._database is None:
            self._spill.mkdir(parents=True, exist_ok=True)
            self._database = duckdb.connect(
                ":memory:",
                config={
                    "threads": int(self.workers),
                    "memory_limit": self.memory,
                    "temp_directory": str(self._spill),
                    "preserve_insertion_order": False,
                },
            )
        return self._database

    def _columns_of(self, files: Sequence[Path], by: str) -> list[str]:
        with self._connection({"t": files}) as connection:
            return [row[0] for row in connection.execute("DESCRIBE t").fetchall() if row[0] != by]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _receipt(folder: Path, table: str) -> list[str] | None:
    """Return the files of a table that is kept whole, None where it is not."""
    receipt = folder / f"{table}.json"
    return list(json.loads(receipt.read_text())) if receipt.exists() else None


def _kept(folder: Path, table: str, cuts: Iterable[pa.Table]) -> list[str]:
    """Write the parts of a table and say that it is whole; return its files."""
    places = []
    for index, cut in enumerate(cuts):
        places.append(f"{table}/part-{index:05d}.parquet")
        write_part(folder / places[-1], cut)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{table}.tmp"
    unfinished.write_text(json.dumps(places))
    unfinished.replace(folder / f"{table}.json")
    return places


def _ordered(query: str, order_by: Sequence[str]) -> str:
    if not order_by:
        return query
    keys = ", ".join('"' + column.replace('"', '""') + '" NULLS FIRST' for column in order_by)
    return f"SELECT * FROM ({query}) ORDER BY {keys}"  # noqa: S608 (identifiers are quoted)


def _one_string_type(schema: pa.Schema) -> pa.Schema:
    def one(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_string(kind) or pa.types.is_null(kind) or pa.types.is_string_view(kind):
            return pa.large_string()
        # DuckDB sums integers into 128 bits, which pandas does not know.
        return pa.int64() if pa.types.is_decimal(kind) and kind.scale == 0 else kind

    return pa.schema([pa.field(field.name, one(field.type)) for field in schema])
