"""Counts of a run by rule, source, department and segment: what trends are made of. Counts, never rates."""

from collections.abc import Sequence
from typing import Final

from dq.engine.querying import Row, RunTables

_BY_RULE: Final = """
    SELECT rule_id, any_value(dimension) AS dimension, coalesce(source, '') AS source,
           coalesce(department, '') AS department, count(*) AS failed_count
    FROM violations GROUP BY 1, 3, 4 ORDER BY 1, 3, 4
"""
_TESTED: Final = """
    SELECT rule_id, dimension, coalesce(source, '') AS source, coalesce(department, '') AS department,
           CAST(evaluated AS BIGINT) AS tested_count, CAST(failed AS BIGINT) AS failed_count
    FROM results ORDER BY 1, 3, 4
"""
_TESTED_BY_SEGMENT: Final = """
    SELECT rule_id, dimension, coalesce(source, '') AS source, coalesce(department, '') AS department, segment,
           CAST(evaluated AS BIGINT) AS tested_count, CAST(failed AS BIGINT) AS failed_count
    FROM segment_results WHERE starts_with(segment, ?) ORDER BY 1, 3, 4, 5
"""
_BY_RULE_AND_SEGMENT: Final = """
    SELECT v.rule_id, any_value(v.dimension) AS dimension, coalesce(v.source, '') AS source,
           coalesce(v.department, '') AS department, {segment} AS segment, -1 AS tested_count, count(*) AS failed_count
    FROM violations v JOIN records r USING (record_id) GROUP BY 1, 3, 4, 5 ORDER BY 1, 3, 4, 5
"""
_TROUBLED: Final = """
    SELECT coalesce(r.source, '') AS source, coalesce(r.department, '') AS department, {segment} AS segment,
           coalesce(v.dimension, '') AS dimension, count(DISTINCT r.record_id) AS failed_count
    FROM records r JOIN violations v ON v.record_id = r.record_id AND v.severity <> 'info'
    GROUP BY GROUPING SETS ((1, 2, 3), (1, 2, 3, v.dimension)) ORDER BY 1, 2, 3, 4
"""
_RECORDS: Final = """
    SELECT coalesce(source, '') AS source, coalesce(department, '') AS department, {segment} AS segment,
           count(*) AS tested_count
    FROM records r GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
LONGEST_SEGMENTS: Final = 500
"""Values of a column that are counted apart; one with more is no segment but an identity."""


def metrics_of(tables: RunTables, segments: Sequence[str]) -> list[Row]:
    """Return the rows of `metrics` of a run, without its id.

    Args:
        tables: The run.
        segments: Columns of `records` by which records without a problem are counted too, and what rules judged and
            what failed; of a run that does not say how many units were judged by segment, -1 stands for unknown.
    """
    found = _by_rule(tables)
    found += _by_record(tables, "")
    for column in segments:
        if column in tables.columns("records"):
            cut = _by_record(tables, column)
            found += cut
            if cut:
                found += _by_rule_and_segment(tables, column)
    return found


def _by_rule_and_segment(tables: RunTables, column: str) -> list[Row]:
    counted: list[Row] = []
    if tables.columns("segment_results"):
        counted = tables.sql(_TESTED_BY_SEGMENT, [f"{column}="])
    if not counted and tables.columns("violations"):  # counted by an older version, or by a column that is new
        counted = tables.sql(_BY_RULE_AND_SEGMENT.format(segment=_segment(column)))
    return [{"view": "test", **row} for row in counted]


def _by_rule(tables: RunTables) -> list[Row]:
    """Return units tested and failed per rule; where a run does not say how many were tested, -1 stands for unknown."""
    if tables.columns("results"):
        counted = tables.sql(_TESTED)
    elif tables.columns("violations"):
        counted = [{**row, "tested_count": -1} for row in tables.sql(_BY_RULE)]
    else:
        counted = []
    return [{"view": "test", "segment": "", **row} for row in counted]


def _by_record(tables: RunTables, column: str) -> list[Row]:
    """Return records and those with a problem per source, department and dimension (empty: any problem)."""
    segment = _segment(column) if column else "''"
    of = {
        (row["source"], row["department"], row["segment"]): row["tested_count"]
        for row in tables.sql(_RECORDS.format(segment=segment))
    }
    if len({place[2] for place in of}) > LONGEST_SEGMENTS:
        return []
    failed: dict[tuple[object, ...], object] = {}
    if tables.columns("violations"):
        for row in tables.sql(_TROUBLED.format(segment=segment)):
            place = (row["source"], row["department"], row["segment"])
            failed[(*place, row["dimension"])] = row["failed_count"]
    dimensions = sorted({str(place[3]) for place in failed} | {""})
    found: list[Row] = []
    for place, tested in of.items():
        for dimension in dimensions:
            count = failed.get((*place, dimension), 0)
            names = {"source": place[0], "department": place[1], "segment": place[2], "dimension": dimension}
            found.append({"view": "record", "rule_id": "", **names, "tested_count": tested, "failed_count": count})  # type: ignore[dict-item]
    return found


def _segment(column: str) -> str:
    quoted, name = column.replace('"', '""'), column.replace("'", "''")
    return f"""'{name}=' || coalesce(CAST(r."{quoted}" AS VARCHAR), '')"""
