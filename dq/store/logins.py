"""Attempts to sign in, counted so that guessing is slow."""

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from dq.store.schema import LOGINS


def refusals_since(connection: Connection, name: str, origin: str, since: str) -> tuple[int, int]:
    """Return how many attempts failed for a login since its last success, and how many from a place."""
    last = select(func.max(LOGINS.c.at)).where(LOGINS.c.user_name == name, LOGINS.c.result == "in")
    success = connection.execute(last).scalar() or ""
    by_name = _count(connection, LOGINS.c.user_name == name, max(since, success))
    return by_name, _count(connection, LOGINS.c.origin == origin, since)


def _count(connection: Connection, whose: ColumnElement[bool], since: str) -> int:
    query = select(func.count()).select_from(LOGINS).where(whose, LOGINS.c.result == "refused", LOGINS.c.at > since)
    return int(connection.execute(query).scalar_one())
