"""Gives repeated keys their numbers, sorts everything by record and cuts it into parts (CONTRACTS 1 and 3)."""

from dq.engine import LocalEngine, Parts, bounds_of, join_parts, paths_of
from dq.model import Frames
from dq.pipeline.attaching import attached_cells
from dq.tables.identity import number_points

_PLACE = "source || CASE WHEN source_table <> '' THEN '/' || source_table ELSE '' END || ':'"
_FINALS = f"""
    WITH known AS (
        SELECT source_table, row, record_id, source_key, content, row_hash, {_PLACE} AS place,
               record_id <> {_PLACE} || source_key AS is_split
        FROM records
    ), mains AS (
        SELECT source_table, row, place,
               row_number() OVER (PARTITION BY record_id ORDER BY content, row_hash, row) AS number
        FROM known WHERE NOT is_split
    ), named AS (
        SELECT k.*, CASE WHEN m.number > 1 THEN k.source_key || '~' || m.number ELSE k.source_key END AS key
        FROM known k JOIN mains m ON m.place = k.place AND m.row = k.row
    ), joined AS (
        SELECT *, place || key || CASE WHEN is_split THEN '#organization' ELSE '' END AS new_id FROM named
    ), numbered AS (
        -- A key that itself ends in #organization may meet the second record of another row: it is told apart too.
        SELECT *, row_number() OVER (PARTITION BY new_id ORDER BY is_split, content, row_hash, row) AS again FROM joined
    )
    SELECT source_table, row, record_id, key AS final_key, is_split,
           CASE WHEN again = 1 THEN new_id ELSE new_id || '~' || again END AS final_id
    FROM numbered
"""  # noqa: S608 (expressions are ours)
_JOIN = "LEFT JOIN finals f ON f.source_table = t.source_table AND f.row = t.row AND f.record_id = t"
_RECORDS = f"""
    SELECT t.* REPLACE (f.final_id AS record_id, f.final_key AS source_key),
           CASE WHEN f.is_split THEN 'organization' ELSE '' END AS part, a.* EXCLUDE (owner_id)
    FROM records t {_JOIN}.record_id LEFT JOIN attached_cells a ON a.owner_id = f.final_id
"""  # noqa: S608
# What hangs on a party that is not there goes to the rejects whole (`dq.pipeline.attaching`).
_POINTS = f"""
    SELECT t.* REPLACE (coalesce(f.final_id, t.record_id) AS record_id) FROM contact_points t {_JOIN}.record_id
    WHERE coalesce(f.final_id, t.record_id) IN (SELECT final_id FROM finals)
"""  # noqa: S608
_CHANGES = f"""
    SELECT t.* REPLACE (coalesce(f.final_id, t.record_id) AS record_id) FROM changes t {_JOIN}.record_id
    WHERE coalesce(f.final_id, t.record_id) IN (SELECT final_id FROM finals)
"""  # noqa: S608
_RELATIONS = f"""
    SELECT DISTINCT coalesce(f.final_id, t.from_record_id) AS from_record_id, t.type,
           coalesce(g.final_id, t.to_record_id) AS to_record_id, t.source
    FROM relations t {_JOIN}.from_record_id
    LEFT JOIN finals g ON g.source_table = t.source_table AND g.row = t.row AND g.record_id = t.to_record_id
"""  # noqa: S608


def number_and_cut(engine: LocalEngine, mapped: Parts) -> tuple[Parts, Parts]:
    """Number, sort and cut what mapping gave.

    Args:
        engine: Where it runs.
        mapped: Parts of all sources and tables with `records`, `contact_points`, `relations`, `changes`.

    Returns:
        Parts with `records`, `contact_points` and `changes`, cut at the same record ids, and the parts of `relations`.
    """
    files = {name: paths_of(mapped, name) for name in ("records", "contact_points", "relations", "changes")}
    finals = engine.sql(
        _FINALS, {"records": files["records"]}, ("source_table", "row", "record_id"), stage="number", table="finals"
    )
    cells = attached_cells(engine, mapped)
    tables = {**files, "finals": paths_of(finals, "finals"), "attached_cells": paths_of(cells, "attached_cells")}
    records = engine.sql(_RECORDS, tables, ("record_id",), stage="cut", table="records", key="record_id")
    bounds = bounds_of(records, "records", "record_id")
    order: tuple[str, ...] = (
        "record_id",
        "kind",
        "role",
        "row",
        "order",
        "value_raw",
        "address_line1_raw",
        "value",
        "address_line1",
    )
    points = engine.sql(_POINTS, tables, order, stage="cut", table="contact_points", key="record_id", bounds=bounds)
    order = ("record_id", "column", "before", "after", "reason")
    changes = engine.sql(_CHANGES, tables, order, stage="cut", table="changes", key="record_id", bounds=bounds)
    order = ("from_record_id", "type", "to_record_id", "source")
    relations = engine.sql(_RELATIONS, tables, order, stage="cut", table="relations")
    return engine.map(number_part, join_parts(records, points, changes), None, stage="mapped"), relations


def number_part(frames: Frames, policy: None) -> Frames:
    """Number the contact points of each record anew: points of several tables have come together."""
    del policy
    return {**frames, "contact_points": number_points(frames["contact_points"])}
