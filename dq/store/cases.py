"""Questions about cases, answered only as far as the departments of whoever asks reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from dq.store.rows import Row, add_all, remove_keys
from dq.store.schema import CASE_DEPARTMENTS, CASES

Departments = frozenset[str] | None
"""Departments somebody sees; None for all, the empty name for what no department owns."""

FACETS: Final = (
    "status", "kind", "rule_id", "source", "department", "severity", "assignee", "pool", "column_name", "value",
    "pattern", "due_on", "returned_because", "owner", "outcome",
)  # fmt: skip
"""Columns that cases can be counted by."""


@dataclass(frozen=True)
class Case:
    """One question for a steward; see `schema.CASES` for the columns."""

    case_id: str
    kind: str
    record_id: str
    record_id_r: str
    golden_id: str
    golden_id_r: str
    contact_point_id: str
    rule_id: str
    column_name: str
    value: str
    pattern: str
    source: str
    source_r: str
    department: str
    department_r: str
    owner: str
    severity: str
    value_at_stake: float | None
    uncertainty: float
    unblocks: int
    priority: float
    evidence: str
    card_id: str
    status: str
    assignee: str
    pool: str
    due_on: str
    waived_until: str
    outcome: str
    decided_by: str
    decided_at: str
    decided_on: str
    returned_because: str
    opened_at: str
    closed_at: str
    first_run_id: str
    last_run_id: str
    version: int

    @property
    def is_pair(self) -> bool:
        """Whether it asks about two records."""
        return bool(self.record_id_r)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records it is about."""
        return tuple(name for name in (self.record_id, self.record_id_r) if name)


@dataclass(frozen=True)
class CaseFilter:
    """What cases are asked for. Conditions hold together, the values of one are alternatives, an empty one is none."""

    status: tuple[str, ...] = ("open",)
    kind: tuple[str, ...] = ()
    rule_id: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    pool: tuple[str, ...] = ()
    column_name: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    record_id: tuple[str, ...] = ()
    golden_id: tuple[str, ...] = ()
    card_id: tuple[str, ...] = ()
    due_until: str = ""
    is_returned: bool | None = None


def case_of(row: Mapping[str, Any]) -> Case:
    """Return a row of `cases` as a value."""
    return Case(**{field.name: row[field.name] for field in fields(Case)})


def find_case(connection: Connection, case_id: str, departments: Departments, *, lock: bool = False) -> Case | None:
    """Return a case, None where there is none or somebody else's department owns it."""
    query = select(CASES).where(CASES.c.case_id == case_id, in_departments(departments))
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return case_of(dict(row)) if row is not None else None


def list_cases(
    connection: Connection,
    wanted: CaseFilter,
    departments: Departments,
    *,
    order: str = "-priority",
    limit: int = 50,
    offset: int = 0,
) -> list[Case]:
    """Return cases, the most valuable first; equals in order of `case_id`.

    Args:
        order: A column, `-column` for the largest first.
    """
    column = CASES.c[order.removeprefix("-")]
    query = _chosen(select(CASES), wanted, departments).order_by(
        column.desc() if order.startswith("-") else column, CASES.c.case_id
    )
    return [case_of(dict(row)) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def count_cases(connection: Connection, wanted: CaseFilter, departments: Departments) -> int:
    """Return how many cases there are."""
    query = _chosen(select(func.count()).select_from(CASES), wanted, departments)
    return int(connection.execute(query).scalar_one())


def count_by(
    connection: Connection, column: str, wanted: CaseFilter, departments: Departments, limit: int = 50
) -> list[tuple[str, int]]:
    """Return how many cases there are per value of one of FACETS, most first."""
    assert column in FACETS
    chosen = CASES.c[column]
    counted = func.count().label("n")
    query = _chosen(select(chosen, counted), wanted, departments).group_by(chosen)
    found = connection.execute(query.order_by(counted.desc(), chosen).limit(limit))
    return [(str(row[0]), int(row[1])) for row in found]


def count_facets(
    connection: Connection, columns: Sequence[str], wanted: CaseFilter, departments: Departments, limit: int
) -> dict[str, list[tuple[str, int]]]:
    """Return how many cases there are per value of each column (FACETS), most first, in one pass over them.

    What `wanted` says of a column is left out where that column is counted, but for `status`.
    """
    said = {name: getattr(wanted, name) for name in columns if name != "status" and hasattr(wanted, name)}
    others = {name: values for name, values in said.items() if values}
    free: dict[str, Any] = dict.fromkeys(others, ())
    also = [f"{name}_r" for name in others if f"{name}_r" in CASES.c]
    names = [*columns, *also]
    counted = func.count().label("n")
    query = _chosen(select(*(CASES.c[name] for name in names), counted), replace(wanted, **free), departments)
    found: dict[str, dict[str, int]] = {name: {} for name in columns}
    for row in connection.execute(query.group_by(*(CASES.c[name] for name in names))).mappings():
        missed = [name for name, values in others.items() if not {row[name], row.get(f"{name}_r")} & set(values)]
        for name in columns:
            if not missed or missed == [name]:
                value = str(row[name])
                found[name][value] = found[name].get(value, 0) + int(row["n"])
    return {
        name: sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit] for name, counts in found.items()
    }


def keyed_cases(connection: Connection) -> dict[str, Case]:
    """Return every case by its id: what an import compares a run with."""
    return {row["case_id"]: case_of(dict(row)) for row in connection.execute(select(CASES)).mappings()}


def insert_cases(connection: Connection, cases: Sequence[Row]) -> None:
    """Add new cases; each names the same columns."""
    if cases:
        connection.execute(insert(CASES), [dict(row) for row in cases])


def keep_departments(connection: Connection, departments: Mapping[str, Sequence[str]]) -> None:
    """Say of cases which departments they have beyond the two that they name; of other cases nothing changes."""
    known = {str(case_id) for case_id in connection.execute(select(CASE_DEPARTMENTS.c.case_id)).scalars()}
    remove_keys(connection, CASE_DEPARTMENTS, "case_id", known & set(departments))
    add_all(
        connection,
        CASE_DEPARTMENTS,
        [{"case_id": case_id, "department": name} for case_id, names in departments.items() for name in names if name],
    )


def update_cases(connection: Connection, cases: Sequence[Row]) -> None:
    """Change cases by `case_id`; each names the same columns. The caller holds the versions."""
    if not cases:
        return
    names = [name for name in cases[0] if name != "case_id"]
    change = (
        update(CASES)
        .where(CASES.c.case_id == bindparam("_case_id"))
        .values({name: bindparam(f"_{name}") for name in names})
    )
    connection.execute(change, [{f"_{name}": value for name, value in row.items()} for row in cases])


def change_case(connection: Connection, case: Case, changes: Mapping[str, Any]) -> bool:
    """Change a case of the version that was read, and raise its version; False where somebody was first."""
    query = (
        update(CASES)
        .where(CASES.c.case_id == case.case_id, CASES.c.version == case.version)
        .values({**changes, "version": case.version + 1})
    )
    return connection.execute(query).rowcount == 1


def change_cases(connection: Connection, cases: Sequence[Row]) -> int:
    """Change cases of the versions that were read, and raise those; return how many were still of that version.

    Args:
        cases: `case_id`, the `version` read, and the columns to change, the same for all.
    """
    if not cases:
        return 0
    names = [name for name in cases[0] if name not in ("case_id", "version")]
    query = (
        update(CASES)
        .where(CASES.c.case_id == bindparam("_case_id"), CASES.c.version == bindparam("_version"))
        .values({**{name: bindparam(f"_{name}") for name in names}, "version": CASES.c.version + 1})
    )
    return connection.execute(query, [{f"_{name}": value for name, value in row.items()} for row in cases]).rowcount


def in_departments(departments: Departments) -> ColumnElement[bool]:
    """Return the condition that a case is about a record of these departments."""
    if departments is None:
        return and_(True)
    mine = sorted(departments)
    shared = select(CASE_DEPARTMENTS.c.case_id).where(CASE_DEPARTMENTS.c.department.in_(mine))
    # Only a case of two departments can have a third: the index that lists count by answers all others.
    third = and_(CASES.c.department != CASES.c.department_r, CASES.c.case_id.in_(shared))
    return or_(CASES.c.department.in_(mine), CASES.c.department_r.in_(mine), third)


def _chosen(query: Select[Any], wanted: CaseFilter, departments: Departments) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [in_departments(departments)]
    for field in fields(CaseFilter):
        values = getattr(wanted, field.name)
        if isinstance(values, tuple) and values:
            column = CASES.c[field.name]
            other = CASES.c.get(f"{field.name}_r")
            one = column.in_(values)
            conditions.append(one if other is None else or_(one, other.in_(values)))
    if wanted.due_until:
        conditions.append(and_(CASES.c.due_on != "", CASES.c.due_on <= wanted.due_until))
    if wanted.is_returned is not None:
        conditions.append((CASES.c.returned_because != "") == wanted.is_returned)
    return query.where(*conditions)
