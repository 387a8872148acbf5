"""Reads and writes single rows of any table by equal values. Longer questions have modules of their own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

Row = dict[str, Any]

MOST_PARAMETERS = 500
"""Keys of one IN list: SQLite takes 32,766 parameters, and short lists are planned as look-ups."""


def add(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return its number; 0 where the table has no numbers."""
    found = connection.execute(insert(table).values(dict(values))).inserted_primary_key
    return int(found[0]) if found and isinstance(found[0], int) else 0


def add_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all name the same columns."""
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def add_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows, which all name the same columns, and return the number each got, in their order."""
    if not rows:
        return []
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [int(number) for number in connection.execute(query, [dict(row) for row in rows]).scalars()]


def remove_keys(connection: Connection, table: Table, column: str, keys: Iterable[str], **equal: Any) -> int:
    """Remove the rows with these values whose `column` is one of `keys`; return how many there were."""
    wanted = sorted(set(keys))
    count = 0
    for start in range(0, len(wanted), MOST_PARAMETERS):
        some = table.c[column].in_(wanted[start : start + MOST_PARAMETERS])
        count += connection.execute(delete(table).where(_equal(table, equal), some)).rowcount
    return count


def find(connection: Connection, table: Table, *, lock: bool = False, **equal: Any) -> Row | None:
    """Return the one row with these values, None where there is none.

    Args:
        lock: Keep others from changing it until the transaction ends (SQLite: `Store.write` does already).
    """
    query = select(table).where(_equal(table, equal)).limit(1)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(row) if row is not None else None


def find_all(
    connection: Connection, table: Table, *, order: Sequence[str] = (), limit: int | None = None, **equal: Any
) -> list[Row]:
    """Return the rows with these values.

    Args:
        order: Columns to order by, `-name` for the largest first; without any, the primary key.
    """
    query = select(table).where(_equal(table, equal)).order_by(*_order(table, order))
    return [dict(row) for row in connection.execute(query.limit(limit) if limit else query).mappings()]


def find_keys(connection: Connection, table: Table, column: str, keys: Iterable[str]) -> list[Row]:
    """Return the rows whose `column` is one of `keys`, in order of the primary key."""
    wanted = sorted(set(keys))
    found: list[Row] = []
    for start in range(0, len(wanted), MOST_PARAMETERS):
        some = wanted[start : start + MOST_PARAMETERS]
        query = select(table).where(table.c[column].in_(some)).order_by(*_order(table, ()))
        found += [dict(row) for row in connection.execute(query).mappings()]
    return found


def change(connection: Connection, table: Table, values: Mapping[str, Any], **equal: Any) -> int:
    """Change the rows with these values and return how many there were."""
    if not values:
        return 0
    return connection.execute(update(table).where(_equal(table, equal)).values(dict(values))).rowcount


def remove(connection: Connection, table: Table, **equal: Any) -> int:
    """Remove the rows with these values and return how many there were."""
    return connection.execute(delete(table).where(_equal(table, equal))).rowcount


def count(connection: Connection, table: Table, **equal: Any) -> int:
    """Return how many rows have these values."""
    return int(connection.execute(select(func.count()).select_from(table).where(_equal(table, equal))).scalar_one())


def count_by(connection: Connection, table: Table, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return how many rows there are per values of columns: the values, then the count; in order of the values."""
    named = [table.c[name] for name in columns]
    query = select(*named, func.count()).group_by(*named).order_by(*named)
    return [tuple(row) for row in connection.execute(query)]


def _equal(table: Table, equal: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(True, *(table.c[name] == value for name, value in equal.items()))


def _order(table: Table, order: Sequence[str]) -> list[Any]:
    if not order:
        keys: list[Column[Any]] = list(table.primary_key.columns)
        return keys
    return [table.c[name.removeprefix("-")].desc() if name.startswith("-") else table.c[name] for name in order]
