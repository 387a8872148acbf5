"""How a house is used: who signs in, who decides, what is open and since when, who was looked at again."""

from typing import Any

from sqlalchemy import Connection, and_, case, func, literal, or_, select, union_all

from dq.store.cases import Departments, in_departments
from dq.store.rows import Row
from dq.store.schema import CASES, JUDGEMENTS, LOGINS, PROPOSALS, SAMPLE_ANSWERS, SAMPLE_PAIRS

UNDECIDED = ("open", "waiting", "disputed")


def logins_since(connection: Connection, since: str) -> dict[str, int]:
    """Return how often each person signed in."""
    query = select(LOGINS.c.user_name, func.count()).where(LOGINS.c.result == "in", LOGINS.c.at >= since)
    return {str(row[0]): int(row[1]) for row in connection.execute(query.group_by(LOGINS.c.user_name))}


def last_logins(connection: Connection) -> dict[str, str]:
    """Return when each person signed in last."""
    query = select(LOGINS.c.user_name, func.max(LOGINS.c.at)).where(LOGINS.c.result == "in")
    return {str(row[0]): str(row[1]) for row in connection.execute(query.group_by(LOGINS.c.user_name))}


def decided_since(connection: Connection, since: str, departments: Departments) -> list[Row]:
    """Return `by`, `department` and `n`: cases whose present decision was made since."""
    query = (
        select(CASES.c.decided_by.label("by"), CASES.c.department, func.count().label("n"))
        .where(
            in_departments(departments), CASES.c.decided_at >= since, CASES.c.decided_by != "", CASES.c.outcome != ""
        )
        .group_by(CASES.c.decided_by, CASES.c.department)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def open_by_day(connection: Connection, today: str, departments: Departments) -> list[Row]:
    """Return `department`, `assignee`, `opened_on`, `n` and `overdue` of cases that ask something."""
    opened_on = func.substr(CASES.c.opened_at, 1, 10)
    is_late = case((and_(CASES.c.due_on != "", CASES.c.due_on < today), 1), else_=0)
    query = (
        select(
            CASES.c.department,
            CASES.c.assignee,
            opened_on.label("opened_on"),
            func.count().label("n"),
            func.sum(is_late).label("overdue"),
        )
        .where(in_departments(departments), CASES.c.status.in_(UNDECIDED))
        .group_by(CASES.c.department, CASES.c.assignee, opened_on)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def answers_looked_at_again(connection: Connection, departments: Departments) -> list[Row]:
    """Return answers to pairs that more than one person answered: `left`, `right`, `by`, `answer`, `at`, `department`.

    Decisions that hold and blind answers of samples count alike; the oldest first. Pairs of which no record is of
    `departments` are left out.
    """
    of_sample = SAMPLE_PAIRS.c.sample_id == SAMPLE_ANSWERS.c.sample_id
    same = and_(of_sample, SAMPLE_PAIRS.c.number == SAMPLE_ANSWERS.c.number)
    said: Any = union_all(
        select(
            JUDGEMENTS.c.record_id_l.label("left"),
            JUDGEMENTS.c.record_id_r.label("right"),
            JUDGEMENTS.c.by,
            JUDGEMENTS.c.judgement.label("answer"),
            JUDGEMENTS.c.judged_at.label("at"),
            CASES.c.department,
            CASES.c.department_r,
        )
        .join(CASES, CASES.c.case_id == JUDGEMENTS.c.case_id)
        .where(JUDGEMENTS.c.state == "final"),
        select(
            SAMPLE_PAIRS.c.record_id_l,
            SAMPLE_PAIRS.c.record_id_r,
            SAMPLE_ANSWERS.c.by,
            SAMPLE_ANSWERS.c.answer,
            SAMPLE_ANSWERS.c.at,
            SAMPLE_PAIRS.c.department,
            SAMPLE_PAIRS.c.department_r,
        ).join(SAMPLE_PAIRS, same),
    ).cte("said")
    several = (
        select(said.c.left, said.c.right)
        .group_by(said.c.left, said.c.right)
        .having(func.count(func.distinct(said.c.by)) > 1)
        .subquery()
    )
    query = select(said).join(several, and_(several.c.left == said.c.left, several.c.right == said.c.right))
    if departments is not None:
        mine = sorted(departments)
        query = query.where(or_(said.c.department.in_(mine), said.c.department_r.in_(mine)))
    found = connection.execute(query.order_by(said.c.left, said.c.right, said.c.at)).mappings()
    return [dict(row) for row in found]


def answered_proposals(connection: Connection, departments: Departments) -> list[Row]:
    """Return `by`, `department`, `n` and `refused` of proposals that a second person answered."""
    refused = case((PROPOSALS.c.answer == "refused", literal(1)), else_=literal(0))
    query = (
        select(PROPOSALS.c.by, CASES.c.department, func.count().label("n"), func.sum(refused).label("refused"))
        .join(CASES, CASES.c.case_id == PROPOSALS.c.case_id)
        .where(in_departments(departments), PROPOSALS.c.answer.in_(("approved", "refused")))
        .group_by(PROPOSALS.c.by, CASES.c.department)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
