"""Sums over the counts of runs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from dq.store.cases import Departments
from dq.store.schema import METRICS, RUNS


def share_without_failure(
    connection: Connection, metric: Mapping[str, str], departments: Departments
) -> dict[str, tuple[int, int]]:
    """Return units tested and failed per run.

    Args:
        metric: Values of `view`, `rule_id`, `dimension`, `source`, `department`, `segment`. An empty source, department
            or (view `test`) rule and dimension sums over all; an empty dimension of view `record` and an empty segment
            are the rows that are not cut by it.
        departments: Departments that are summed over, None for all.
    """
    columns = METRICS.c
    conditions = [columns.view == metric["view"], columns.tested_count >= 0, columns.segment == metric["segment"]]
    for name in ("source", "department", "rule_id", "dimension"):
        is_total = name == "dimension" and metric["view"] == "record"
        if metric[name] or is_total:
            conditions.append(columns[name] == metric[name])
    if departments is not None:
        conditions.append(columns.department.in_(sorted(departments)))
    query = select(columns.run_id, func.sum(columns.tested_count), func.sum(columns.failed_count)).where(*conditions)
    found = connection.execute(query.group_by(columns.run_id))
    return {str(row[0]): (int(row[1]), int(row[2])) for row in found}


def run_before(connection: Connection, finished_at: str, run_id: str) -> dict[str, Any] | None:
    """Return the run that was finished last before a moment; of several at once the one with the smaller id."""
    place = tuple_(RUNS.c.finished_at, RUNS.c.run_id)
    query = select(RUNS).where(place < tuple_(finished_at, run_id))  # type: ignore[arg-type]
    found = connection.execute(query.order_by(RUNS.c.finished_at.desc(), RUNS.c.run_id.desc()).limit(1)).mappings()
    row = found.first()
    return dict(row) if row is not None else None
