"""What a person's day is made of: the most valuable cases within reach, and what was decided."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, func, or_, select

from dq.store.cases import Case, Departments, case_of, in_departments
from dq.store.schema import CASES


def most_valuable(
    connection: Connection,
    departments: Departments,
    names: Sequence[str],
    *,
    states: Sequence[str],
    without_pools: Sequence[str],
    limit: int,
) -> list[Case]:
    """Return cases that are assigned to one of `names` or to nobody, the most valuable first.

    Args:
        departments: Whose records.
        names: The person, and those they stand in for.
        states: States of cases that are work.
        without_pools: Pools that others work.
        limit: Cases at most.
    """
    query = (
        select(CASES)
        .where(
            in_departments(departments),
            CASES.c.status.in_(list(states)),
            or_(
                CASES.c.assignee.in_(list(names)),
                and_(CASES.c.assignee == "", CASES.c.pool.not_in(list(without_pools))),
            ),
        )
        .order_by(CASES.c.priority.desc(), CASES.c.case_id)
        .limit(limit)
    )
    return [case_of(dict(row)) for row in connection.execute(query).mappings()]


def decisions_since(connection: Connection, name: str, since: str, until: str) -> dict[str, int]:
    """Return how many cases a person decided in a time, by outcome."""
    query = (
        select(CASES.c.outcome, func.count())
        .where(
            CASES.c.decided_by == name, CASES.c.decided_at >= since, CASES.c.decided_at < until, CASES.c.outcome != ""
        )
        .group_by(CASES.c.outcome)
        .order_by(CASES.c.outcome)
    )
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def cases_decided(connection: Connection, name: str, since: str, until: str, limit: int) -> list[Case]:
    """Return cases that a person decided in a time, the latest first."""
    query = (
        select(CASES)
        .where(
            CASES.c.decided_by == name, CASES.c.decided_at >= since, CASES.c.decided_at < until, CASES.c.outcome != ""
        )
        .order_by(CASES.c.decided_at.desc(), CASES.c.case_id)
        .limit(limit)
    )
    return [case_of(dict(row)) for row in connection.execute(query).mappings()]
