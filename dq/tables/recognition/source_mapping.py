"""The mapping of a source: what each column is taken for, why, and the flag that would change it. Frozen, printable."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import pandas as pd

from dq.tables.recognition.targets import EXTRA, IGNORE, KEY, Target, parse_target

TableRole = Literal["party", "contact_points", "lookup", "unused"]
DATE_TARGETS: Final = ("birth_on", "created_at", "updated_at", "verified_on", "valid_from", "valid_to")


@dataclass(frozen=True)
class TableSample:
    """What recognition sees of one table.

    Attributes:
        table: Name of the table, empty for a source of one table.
        headers: Headers of the source in file order, without the reader's own columns.
        rows: Sampled rows, text columns named by headers; a row-order-independent sample.
        row_count: Rows of the whole table.
        distinct: Header → distinct filled values over all rows, where it was counted.
        filled: Header → filled cells over all rows, where it was counted.
    """

    table: str
    headers: tuple[str, ...]
    rows: pd.DataFrame
    row_count: int
    distinct: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overrides:
    """What the command line says about a source; stands above its policy file and above recognition.

    Attributes:
        key: Header of the key column (`--key`), of every table that has it.
        columns: Header → target as written (`--map HEADER=target`); `table.header` limits it to one table.
        ignore: Headers left out (`--ignore`); `table.header` limits it to one table.
        country: ISO alpha-2 (`--country`).
    """

    key: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """One source column.

    Attributes:
        header: As in the source.
        target: Where its cells go.
        confidence: 0–1; 1 where a person decided.
        reason: In words.
        fix: The flag that changes the mapping, empty where it is not in doubt.
        date_order: `mdy`, `dmy` or `ymd` of a date column, else empty.
        is_decided: A person decided, in the source's file or on the command line.
    """

    header: str
    target: Target
    confidence: float
    reason: str
    fix: str = ""
    date_order: str = ""
    is_decided: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A column that holds keys of another table (or of its own): rows → one row of `table`."""

    header: str
    table: str
    meaning: Literal["account", "parent", "owner", "party"]
    reason: str


@dataclass(frozen=True)
class TableMapping:
    """How one table is read.

    Attributes:
        table: Its name, empty for a source of one table.
        role: `party` rows are records; `contact_points` rows hang on a party; `lookup` columns travel to the rows that
            refer to it; `unused` rows are counted and left.
        columns: In file order.
        key: Header that identifies a row, None where content does.
        is_key_personal: The key is hashed because it is a personal value a person chose as key.
        foreign_keys: Keys to other tables of the source.
        party_type: What every row is where the table says so, else empty.
        reason: Why the table has its role.
    """

    table: str
    role: TableRole
    columns: tuple[ColumnMapping, ...]
    key: str | None = None
    key_reason: str = ""
    is_key_personal: bool = False
    foreign_keys: tuple[ForeignKey, ...] = ()
    party_type: str = ""
    reason: str = ""

    def column(self, header: str) -> ColumnMapping:
        """Return the mapping of one header."""
        return next(column for column in self.columns if column.header == header)

    def headers_of(self, target: str) -> tuple[str, ...]:
        """Return the headers mapped to a target as written (`billing.city`), in file order."""
        wanted = parse_target(target)
        return tuple(column.header for column in self.columns if column.target == wanted)


@dataclass(frozen=True)
class MappingLine:
    """One printed row: what a column became and why."""

    table: str
    header: str
    mapped_to: str
    confidence: float
    reason: str
    fix: str


@dataclass(frozen=True)
class SourceMapping:
    """How a source is read, table by table.

    Attributes:
        country: ISO alpha-2 of rows that name none, None for unknown.
        country_reason: Why, in words for the person who reads the mapping.
        name_orders: `table/column` → `last_first` where names stand surname first without a comma.
        warnings: Sentences about the source as a whole (lost zeros, damaged numbers, columns that came or went).
        appeared: `table/header` that the source's file does not know.
        vanished: `table/header` that the source's file names and the source lacks.
    """

    source: str
    tables: tuple[TableMapping, ...]
    country: str | None = None
    country_reason: str = ""
    name_orders: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()

    def table(self, name: str) -> TableMapping:
        """Return the mapping of one table."""
        return next(table for table in self.tables if table.table == name)

    def date_orders(self) -> dict[str, str]:
        """Return `source/table/column` → order of day, month and year, as `Hints.date_orders` wants it."""
        return {
            f"{self.source}/{table.table}/{column.target.column}": column.date_order
            for table in self.tables
            for column in reversed(table.columns)  # the first choice of a column decides
            if column.date_order
        }

    def name_order_hints(self) -> dict[str, str]:
        """Return `source/table/column` → `last_first`, as `Hints.name_orders` wants it."""
        return {f"{self.source}/{place}": order for place, order in sorted(self.name_orders.items())}

    def describe(self) -> tuple[MappingLine, ...]:
        """Return one line per column, tables and columns in file order."""
        return tuple(
            MappingLine(
                table.table,
                column.header,
                _shown(column, table),
                column.confidence,
                column.reason,
                column.fix,
            )
            for table in self.tables
            for column in table.columns
        )

    def to_document(self) -> dict[str, object]:
        """Return the mapping as `standards/sources/<name>.yml` writes it; reading it back decides every column."""
        document: dict[str, object] = {}
        if self.country:
            document["country"] = self.country
        if len(self.tables) == 1 and not self.tables[0].table:
            document.update(_table_document(self.tables[0]))
        else:
            document["tables"] = {table.table: _table_document(table) for table in self.tables}
        return document


def _shown(column: ColumnMapping, table: TableMapping) -> str:
    if column.target.column == EXTRA:
        return f"extra.{column.header}"
    if column.target.column == IGNORE:
        return "(ignored)"
    foreign = next((key for key in table.foreign_keys if key.header == column.header), None)
    shown = str(column.target)
    return f"{shown} → {foreign.table}" if foreign else shown


def _table_document(table: TableMapping) -> dict[str, object]:
    document: dict[str, object] = {}
    if table.key:
        document["key"] = table.key
    if table.is_key_personal:
        document["key_is_personal"] = "true"
    kept = [column for column in table.columns if column.target.column not in {IGNORE, KEY}]
    document["columns"] = {
        column.header: "" if column.target.column == EXTRA else str(column.target) for column in kept
    }
    ignored = [column.header for column in table.columns if column.target.column == IGNORE]
    if ignored:
        document["ignore"] = ignored
    if table.foreign_keys:
        document["parent_keys"] = {key.header: key.table for key in table.foreign_keys}
    if table.table:  # of several tables each says what it is for, so that a column that vanishes does not change it
        document["role"] = table.role
    orders = {column.header: column.date_order for column in table.columns if column.date_order}
    if orders:
        document["date_orders"] = orders
    return document


def replace_column(table: TableMapping, column: ColumnMapping) -> TableMapping:
    """Return the table with one column mapped anew."""
    columns = tuple(column if old.header == column.header else old for old in table.columns)
    return replace(table, columns=columns)
