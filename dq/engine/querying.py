"""Answers questions about the files of a finished run, page by page. Reads only, and shows only what a scope allows."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from dq.engine.conditions import Filter, Operator, Parameter, Value, condition_of, near, quoted
from dq.engine.remembering import Remembered
from dq.engine.run_files import AS_TEXT, header_of, source_of
from dq.engine.spilling import connect
from dq.errors import NotFoundError, SettingsError

Row = dict[str, Value]

OWN_DEPARTMENT: Final = ("records", "violations", "results", "segment_results", "moved")
"""Tables that say themselves whose a row is."""
BY_RECORD: Final[Mapping[str, tuple[str, ...]]] = {
    "contact_points": ("record_id",),
    "changes": ("record_id",),
    "relations": ("from_record_id",),
    "pairs": ("record_id_l", "record_id_r"),
    "cases": ("record_id", "record_id_r"),
    "crosswalk": ("record_id",),
    "parked": ("record_id",),
    "brought_back": ("record_id",),
}
"""Tables whose rows belong to whoever sees one of these records."""
BY_CUSTOMER: Final = ("golden", "golden_contact_points", "provenance", "blockers", "load_verdicts")
"""Tables whose rows belong to whoever sees one record of the customer."""
TABLES: Final = (*OWN_DEPARTMENT, *BY_RECORD, *BY_CUSTOMER)
MOST_ROWS: Final = 1_000_000
"""Rows of one answer at most: what a workbook holds."""
MEMORY: Final = "1GB"
MOST_TOTALS: Final = 1000
"""Totals remembered per run."""
OF_RECORD: Final = "record."
"""What a column begins with that is the record's a row is about: `record.state` of a violation."""
MOST_ANSWERS: Final = 2000
"""Answers remembered per run, about 10 KB each: a finished run does not change, and people ask alike. Twenty people who
each look at a pair while the next one is fetched need some 300."""
LONGEST_ANSWER: Final = 300
"""Rows of an answer that is remembered: a page of a list, months and sources of a chart."""
SORTED_BY: Final[Mapping[str, str]] = {
    "records": "record_id",
    "contact_points": "record_id",
    "changes": "record_id",
    "relations": "from_record_id",
    "pairs": "record_id_l",
    "golden": "golden_id",
    "golden_contact_points": "golden_id",
    "provenance": "golden_id",
}
"""The column each file is sorted by: one key stands in one row group."""
ALONE: Final = 24
"""Keys up to which each is asked for by itself: DuckDB reads every column of a row group where it looks for one of
several keys, and only the key's where it looks for one (56 against 17 ms of CPU for two records of a million)."""


@dataclass(frozen=True)
class Page:
    """Part of an answer.

    Attributes:
        rows: Column → value, in order.
        total: How many rows there are in all.
        offset: How many come before these.
    """

    rows: list[Row]
    total: int
    offset: int = 0


@dataclass(frozen=True)
class Visible:
    """What somebody may see.

    Attributes:
        departments: Departments, None for all; the empty name stands for rows that no department owns.
    """

    departments: frozenset[str] | None = None


EVERYTHING: Final = Visible()


@dataclass
class RunTables:
    """The tables of one finished run. One connection is kept open; threads may share the object.

    Args:
        folder: The run's folder.
        moved: The file of it that stands for the table `moved`.
    """

    folder: Path
    moved: str = "moved"
    _connection: duckdb.DuckDBPyConnection = field(init=False, repr=False)
    _spill: "TemporaryDirectory[str]" = field(init=False, repr=False)
    _loading: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)
    _columns: dict[str, tuple[str, ...]] = field(init=False, repr=False, default_factory=dict)
    _totals: Remembered[int] = field(init=False, repr=False, default_factory=lambda: Remembered(MOST_TOTALS))
    _answers: Remembered[list[Row]] = field(init=False, repr=False, default_factory=lambda: Remembered(MOST_ANSWERS))

    def __post_init__(self) -> None:
        if not (self.folder / "records.parquet").is_file():
            raise NotFoundError(f"{self.folder.name} holds no finished run", "give the folder that --out named")
        self._connection, self._spill = connect(MEMORY)
        self._connection.execute("SET parquet_metadata_cache = true")
        for table in TABLES:
            file = self.moved if table == "moved" else table
            source = source_of(self.folder, file)
            if source:
                self._connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM {source}')  # noqa: S608 (own names)
                self._columns[table] = header_of(self.folder, file)

    def prepare(self) -> None:
        """Load now what the first question about departments would wait for: seconds for a million records."""
        self._identities()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._spill.cleanup()

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table; none where the run has no such table."""
        if table not in TABLES:
            raise NotFoundError(f"a run has no table {table!r}", "known: " + ", ".join(TABLES))
        return self._columns.get(table, ())

    def page(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        *,
        visible: Visible = EVERYTHING,
        order: str = "",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
        columns: Sequence[str] = (),
    ) -> Page:
        """Return rows of a table.

        Args:
            table: One of TABLES; a run that lacks it answers with no rows.
            filters: What holds of every row.
            visible: Whose rows.
            order: Column to order by; without one, and among equals, rows come as the file is sorted.
            descending: Largest first; nulls come last either way.
            limit: Rows at most.
            offset: Rows to leave out before.
            columns: Only these, in this order; none gives all.
        """
        known = self.columns(table)
        if not known:
            return Page([], 0, offset)
        self._need(table)
        where, values = self._where(table, filters, visible)
        chosen = ", ".join(quoted(self._known(table, name)) for name in columns or known)
        by = ""
        if order:
            way = "DESC" if descending else "ASC"
            by = f"ORDER BY {quoted(self._known(table, order))} {way} NULLS LAST, file_row_number"
        elif any(given.operator == "in" for given in filters) or (
            visible.departments is not None and table not in OWN_DEPARTMENT
        ):
            by = "ORDER BY file_row_number"  # a join with keys need not keep the order of the file
        query = f'SELECT {chosen} FROM "{table}" {where} {by} LIMIT ? OFFSET ?'  # noqa: S608 (checked names)
        most = max(0, min(limit, MOST_ROWS))
        rows = self._rows(query, [*values, most, max(0, offset)])
        if len(rows) < most and (rows or offset <= 0):  # the last page says itself how many there are
            return Page(rows, max(0, offset) + len(rows), offset)
        return Page(rows, self._total(table, where, values), offset)

    def count(self, table: str, filters: Sequence[Filter] = (), *, visible: Visible = EVERYTHING) -> int:
        """Return how many rows hold."""
        if not self.columns(table):
            return 0
        return self._total(table, *self._where(table, filters, visible))

    def distinct(
        self, table: str, column: str, filters: Sequence[Filter] = (), *, visible: Visible = EVERYTHING
    ) -> int:
        """Return how many different values of a column there are, nulls left out."""
        if not self.columns(table):
            return 0
        where, values = self._where(table, filters, visible)
        return self._total(table, where, values, f"DISTINCT {quoted(self._known(table, column))}")

    def facets(
        self,
        table: str,
        columns: Sequence[str],
        filters: Sequence[Filter] = (),
        *,
        visible: Visible = EVERYTHING,
        limit: int = 50,
    ) -> list[Row]:
        """Return how often each combination of values occurs, most frequent first, as `columns` and `count`."""
        if not self.columns(table):
            return []
        self._need(table)
        where, values = self._where(table, filters, visible)
        names = ", ".join(quoted(self._known(table, name)) for name in columns)
        query = (
            f'SELECT {names}, count(*) AS "count" FROM "{table}" {where} '  # noqa: S608 (checked names)
            f'GROUP BY {names} ORDER BY "count" DESC, {names} LIMIT ?'
        )
        return self._rows(query, [*values, limit])

    def rows_of(
        self,
        table: str,
        column: str,
        keys: Sequence[str],
        *,
        visible: Visible = EVERYTHING,
        columns: Sequence[str] = (),
    ) -> list[Row]:
        """Return the rows whose `column` is one of `keys`, as the file is sorted."""
        known = self.columns(table)
        if not keys or not known:
            return []
        self._need(table)
        names = [self._known(table, name) for name in columns or known]
        if visible.departments is None and len(keys) <= ALONE and SORTED_BY.get(table) == column:
            rows = [row for key in dict.fromkeys(keys) for row in self._rows_of_one(table, column, key, columns)]
            rows.sort(key=lambda row: int(row["file_row_number"] or 0))
            return [{name: row[name] for name in names} for row in rows]
        where, values = self._where(table, [Filter(column, "in", tuple(keys))], visible)
        chosen = ", ".join(quoted(name) for name in names)
        return self._rows(f'SELECT {chosen} FROM "{table}" {where} ORDER BY file_row_number', values)  # noqa: S608

    def _rows_of_one(self, table: str, column: str, key: str, columns: Sequence[str]) -> list[Row]:
        """Return rows of one key; whoever decides on a record has looked at all of it, and finds that remembered."""
        whole, some = (
            f'SELECT {", ".join(map(quoted, (*names, "file_row_number")))} FROM "{table}" '  # noqa: S608 (checked names)
            f"WHERE {quoted(column)} = ?"
            for names in (self._columns[table], columns)
        )
        if columns and self._answers.get(repr((whole, [key]))) is None:
            return self._rows(some, [key])
        return self._rows(whole, [key])

    def sql(self, query: str, values: Sequence[Parameter] = ()) -> list[Row]:
        """Return the answer of a query over TABLES and `identities` (record_id, golden_id, department).

        For the house itself: nothing a person typed belongs into `query`, only into `values`.
        """
        if any(name in query for name in ("identities", *AS_TEXT)):
            self._identities()
        return self._rows(query, list(values))

    def _known(self, table: str, column: str) -> str:
        if column not in self._columns[table]:
            raise SettingsError(f"{table} has no column {column!r}", "known: " + ", ".join(self._columns[table][:20]))
        return column

    def _where(self, table: str, filters: Sequence[Filter], visible: Visible) -> tuple[str, list[Parameter]]:
        parts: list[str] = []
        values: list[Parameter] = []
        for condition in filters:
            of_record = condition.column.removeprefix(OF_RECORD)
            if table != "records" and of_record != condition.column:
                column = quoted(self._known("records", of_record))
                part, given = condition_of(column, condition)
                part = f"record_id IN (SELECT record_id FROM records WHERE {part})"  # noqa: S608 (checked names)
            else:
                part, given = condition_of(quoted(self._known(table, condition.column)), condition)
            parts.append(part)
            values += given
        if visible.departments is not None:
            part, given = self._scope(table, sorted(visible.departments), filters)
            parts.append(part)
            values += given
        return ("WHERE " + " AND ".join(parts) if parts else ""), values

    def _scope(self, table: str, departments: list[str], filters: Sequence[Filter]) -> tuple[str, list[Parameter]]:
        marks = ", ".join("?" * len(departments)) or "NULL"
        owned = f"coalesce(department, '') IN ({marks})"
        if table in OWN_DEPARTMENT and table != "violations":
            return owned, list(departments)
        self._identities()
        mine = f"SELECT {{}} FROM identities WHERE {owned}"  # noqa: S608 (own names)
        customers = f"golden_id IN ({mine.format('golden_id')})"
        if table == "violations":
            # A violation of a golden record names no record: it belongs to whoever sees one of its records.
            loose = f"golden_id IN (SELECT golden_id FROM loose_customers WHERE {owned})"  # noqa: S608 (own names)
            return (
                f"((record_id IS NOT NULL AND {owned}) OR (record_id IS NULL AND {loose}))",
                [*departments, *departments],
            )
        if table in BY_CUSTOMER:
            return customers, list(departments)
        values: list[Parameter] = []
        either: list[str] = []
        for column in BY_RECORD[table]:
            only, keys = near(column, filters, is_crosswalk=table == "crosswalk")
            either.append(f"{quoted(column)} IN ({mine.format('record_id')}{only})")
            values += [*departments, *keys]
        return "(" + " OR ".join(either) + ")", values

    def _need(self, table: str) -> None:
        """Load what is text before it is first asked: it would be parsed anew by every question."""
        if table in AS_TEXT:
            self._identities()

    def _identities(self) -> None:
        """Load who is whose once: `identities` of every record, `loose_customers` that violations name without one."""
        with self._loading:
            if "identities" in self._columns:
                return
            loaded = ["identities"]
            for text in AS_TEXT:
                if text in self._columns and not (self.folder / f"{text}.parquet").is_file():
                    loaded.append(f"loaded_{text}")
                    self._connection.execute(f"CREATE TABLE loaded_{text} AS SELECT * FROM {text}")  # noqa: S608 (own names)
                    self._connection.execute(f"CREATE OR REPLACE VIEW {text} AS SELECT * FROM loaded_{text}")  # noqa: S608
            golden = "c.golden_id" if "crosswalk" in self._columns else "CAST(NULL AS VARCHAR)"
            join = "LEFT JOIN crosswalk c ON c.record_id = r.record_id" if "crosswalk" in self._columns else ""
            self._connection.execute(
                f"CREATE TABLE identities AS SELECT r.record_id, {golden} AS golden_id, r.department "  # noqa: S608
                f"FROM records r {join}"
            )
            # Customers stand in no order there: without an index each question reads a million ids (40 ms; 2 with it).
            for name in loaded:
                self._connection.execute(f"CREATE INDEX customer_of_{name} ON {name} (golden_id)")
            if "violations" in self._columns:
                self._connection.execute(
                    "CREATE TABLE loose_customers AS SELECT DISTINCT golden_id, department FROM identities "
                    "WHERE golden_id IN (SELECT golden_id FROM violations WHERE record_id IS NULL)"
                )
            self._columns["identities"] = ("record_id", "golden_id", "department")

    def _total(self, table: str, where: str, values: list[Parameter], counted: str = "*") -> int:
        asked = repr((table, where, values, counted))
        known = self._totals.get(asked)  # turning pages asks the same again
        if known is not None:
            return known
        found = self._rows(f'SELECT count({counted}) AS n FROM "{table}" {where}', values)  # noqa: S608 (checked names)
        total = int(found[0]["n"] or 0)
        self._totals.keep(asked, total)
        return total

    def _rows(self, query: str, values: Sequence[Parameter]) -> list[Row]:
        asked = repr((query, values))
        known = self._answers.get(asked)
        if known is None:
            known = self._asked(query, values)
            if len(known) <= LONGEST_ANSWER:
                self._answers.keep(asked, known)
        return [dict(row) for row in known]

    def _asked(self, query: str, values: Sequence[Parameter]) -> list[Row]:
        cursor = self._connection.cursor()
        try:
            answer = cursor.execute(query, list(values))
            names = [str(column[0]) for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        finally:
            cursor.close()


__all__ = ["EVERYTHING", "Filter", "Operator", "Page", "Parameter", "Row", "RunTables", "Value", "Visible"]
