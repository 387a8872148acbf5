"""Sums over the counts of runs."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, literal, select, tuple_

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


class Counted(NamedTuple):
    """Units or records of a run that were judged, and of them those that failed.

    `group` is the source, department or segment they are counted by; `key` the rule, or (records) the dimension.
    """

    run_id: str
    group: str
    key: str
    tested: int
    failed: int


def counts(
    connection: Connection,
    run_ids: Collection[str],
    *,
    view: str,
    source: str = "",
    departments: Departments = None,
    segment: str = "",
    by: str = "",
) -> list[Counted]:
    """Return sums of the counts of runs, per rule (view `test`) or dimension (view `record`, empty for any problem).

    Args:
        run_ids: The runs; those that did not count how many units were judged lack in view `test`.
        view: `test` or `record`.
        source: One source; empty: all.
        departments: Departments that are summed over, None for all.
        segment: `state=TX`; empty: not cut. Older versions did not count units by segment: `tested` is then negative.
        by: `source`, `department`, or a column of segments (then `segment` must be empty); empty: one group.
    """
    columns = METRICS.c
    key = columns.rule_id if view == "test" else columns.dimension
    is_segmented = by not in ("", "source", "department")
    group = columns.segment if is_segmented else columns[by] if by else literal("")
    conditions = [columns.view == view, columns.run_id.in_(sorted(run_ids))]
    if is_segmented:
        conditions.append(columns.segment.startswith(f"{by}=", autoescape=True))
    else:
        conditions.append(columns.segment == segment)
    if view == "test" and not segment and not is_segmented:
        conditions.append(columns.tested_count >= 0)
    if source:
        conditions.append(columns.source == source)
    if departments is not None:
        conditions.append(columns.department.in_(sorted(departments)))
    query = select(columns.run_id, group, key, func.sum(columns.tested_count), func.sum(columns.failed_count))
    found = connection.execute(query.where(*conditions).group_by(columns.run_id, group, key))
    return [Counted(str(row[0]), str(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in found]


def judged_in(connection: Connection, run_id: str, segment: str) -> list[tuple[str, str, str, int, int]]:
    """Return rule, source, department, units judged and failed of a segment of a run, where units were counted."""
    columns = METRICS.c
    conditions = [columns.run_id == run_id, columns.view == "test", columns.segment == segment]
    query = select(columns.rule_id, columns.source, columns.department, columns.tested_count, columns.failed_count)
    found = connection.execute(query.where(*conditions, columns.tested_count >= 0).order_by(columns.id))
    return [(str(row[0]), str(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in found]


def failures(
    connection: Connection, run_ids: Collection[str], source: str, departments: Departments, segment: str
) -> list[tuple[str, str, str, int]]:
    """Return run, rule, source and how many units failed, where any did."""
    columns = METRICS.c
    conditions = [columns.view == "test", columns.run_id.in_(sorted(run_ids)), columns.segment == segment]
    conditions.append(columns.failed_count > 0)
    if source:
        conditions.append(columns.source == source)
    if departments is not None:
        conditions.append(columns.department.in_(sorted(departments)))
    place = (columns.run_id, columns.rule_id, columns.source)
    query = select(*place, func.sum(columns.failed_count)).where(*conditions).group_by(*place)
    return [(str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in connection.execute(query)]


def segment_columns(connection: Connection, run_id: str) -> list[str]:
    """Return the columns by which records of a run were counted."""
    query = select(METRICS.c.segment).where(METRICS.c.run_id == run_id, METRICS.c.view == "record").distinct()
    return sorted({str(row[0]).partition("=")[0] for row in connection.execute(query) if row[0]})


def unit_columns(connection: Connection, run_id: str) -> list[str]:
    """Return the columns by which units of a run that rules judged were counted."""
    columns = METRICS.c
    conditions = [columns.run_id == run_id, columns.view == "test", columns.tested_count >= 0, columns.segment != ""]
    query = select(columns.segment).where(*conditions).distinct()
    return sorted({str(row[0]).partition("=")[0] for row in connection.execute(query)})


def runs_until(connection: Connection, finished_at: str, run_id: str, limit: int) -> list[dict[str, Any]]:
    """Return the runs finished up to a run, that one included, the newest first; of several at once by their ids."""
    place = tuple_(RUNS.c.finished_at, RUNS.c.run_id)
    query = select(RUNS).where(place <= tuple_(finished_at, run_id))  # type: ignore[arg-type]
    ordered = query.order_by(RUNS.c.finished_at.desc(), RUNS.c.run_id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]
