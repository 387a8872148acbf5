"""What happened to the cases of one card, or to one case, newest first."""

from typing import Any

from sqlalchemy import Connection, select

from dq.store.cases import Departments, in_departments
from dq.store.documents import load
from dq.store.schema import CASE_EVENTS, CASES


def events_of_card(connection: Connection, card_id: str, departments: Departments, limit: int) -> list[dict[str, Any]]:
    """Return events of the cases of a card that these departments see, newest first, each with its case's columns.

    Args:
        limit: Events at most.

    Returns:
        Per event its own columns, `before` and `after` as documents, and `kind`, `rule_id`, `department`,
        `department_r`, `record_id`, `record_id_r` of the case.
    """
    of_case = (CASES.c[name] for name in ("kind", "rule_id", "department", "department_r", "record_id", "record_id_r"))
    query = (
        select(CASE_EVENTS, *of_case)
        .join(CASES, CASES.c.case_id == CASE_EVENTS.c.case_id)
        .where(CASES.c.card_id == card_id, in_departments(departments))
        .order_by(CASE_EVENTS.c.id.desc())
        .limit(limit)
    )
    found = (dict(row) for row in connection.execute(query).mappings())
    return [{**row, "before": load(row["before"]), "after": load(row["after"])} for row in found]
