"""Chooses golden values anew, only where decisions changed something, and keeps all others as they were."""

from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.engine import Parts, bounds_of, join_parts, paths_of
from dq.engine.parts import to_arrow, to_frame, write_part
from dq.model import GOLDEN, GOLDEN_CONTACT_POINTS, PROVENANCE, TEXT, Table
from dq.pipeline.applying.base import Base
from dq.pipeline.merging import MERGE_ROWS, overrides_of, say_unknown_overrides, survive_policy
from dq.pipeline.relating import relate
from dq.pipeline.run import Run
from dq.pipeline.tables_out import extras_of, write_table
from dq.survivorship import survive

TABLES: Final = (GOLDEN, GOLDEN_CONTACT_POINTS, PROVENANCE)
_RECORDS: Final = """
    SELECT r.*, d.flags, x.golden_id, x.cluster_size, x.household_id
    FROM records r JOIN crosswalk x USING (record_id) JOIN touched t USING (golden_id)
    LEFT JOIN doubts d ON d.record_id = r.record_id AND d.contact_point_id IS NULL
"""
_POINTS: Final = """
    WITH own AS (
        SELECT p.*, x.golden_id FROM contact_points p JOIN crosswalk x USING (record_id) JOIN touched USING (golden_id)
    ), holders AS (
        SELECT p.kind, p.value, count(DISTINCT x.golden_id) AS customers
        FROM contact_points p JOIN crosswalk x USING (record_id)
        WHERE p.kind IN ('email', 'phone', 'mobile') AND p.value IN (SELECT value FROM own) GROUP BY ALL
    )
    SELECT o.*, d.flags, coalesce(h.customers, 1) AS customers
    FROM own o LEFT JOIN holders h ON h.kind = o.kind AND h.value = o.value
    LEFT JOIN doubts d ON d.contact_point_id = o.contact_point_id
"""
_SHARED_OTHERWISE: Final = """
    WITH moved AS (
        SELECT n.record_id FROM crosswalk n JOIN before b USING (record_id) WHERE n.golden_id <> b.golden_id
    ), asked AS (
        SELECT DISTINCT kind, value FROM contact_points JOIN moved USING (record_id)
        WHERE kind IN ('email', 'phone', 'mobile') AND value IS NOT NULL
    ), held AS (
        SELECT p.kind, p.value, n.golden_id, b.golden_id AS golden_id_before
        FROM contact_points p JOIN asked USING (kind, value)
        JOIN crosswalk n USING (record_id) JOIN before b USING (record_id)
    ), counts AS (
        SELECT kind, value, count(DISTINCT golden_id) AS now, count(DISTINCT golden_id_before) AS was
        FROM held GROUP BY ALL
    )
    SELECT DISTINCT golden_id FROM held JOIN counts USING (kind, value)
    WHERE (now > {above}) <> (was > {above}) OR (now > 1) <> (was > 1)
"""
"""What `survivorship.points.with_shared` looks at: whether any other customer has a value, or more than policy says."""
_REST: Final = (
    "SELECT * FROM base WHERE golden_id NOT IN (SELECT golden_id FROM replaced) UNION ALL BY NAME SELECT * FROM made"
)


def resurvive(run: Run, base: Base) -> None:
    """Choose the values of touched golden records; keeps the parts `golden`, `golden_made`, the ids `replaced`."""
    before = base.crosswalk
    crosswalk = to_frame(pq.read_table(run.parts("crosswalk")[0]["crosswalk"]))
    lost = relate(run, [])
    touched = _touched(run, base, before, crosswalk, lost)
    replaced = sorted(touched | (set(before["golden_id"]) - set(crosswalk["golden_id"])))
    for name, ids in (("touched", sorted(touched)), ("replaced", replaced)):
        path = run.engine.work / "touched" / f"{name}.parquet"
        write_part(path, to_arrow(pd.DataFrame({"golden_id": pd.Series(ids, dtype=TEXT)})))
        run.keep_parts(name, [{name: path}])
    policy = survive_policy(run)
    say_unknown_overrides(run, policy.overrides)
    if touched:
        made = run.engine.map(survive, _chosen(run, lost), policy, stage="golden_made")
        run.keep_parts("golden_made", made)
    run.listener.say(f"{len(touched):,} of {crosswalk['golden_id'].nunique():,} golden records are chosen anew")
    parts = [part for table in TABLES for part in _with_rest(run, table)]
    run.keep_parts("golden", parts)


def _touched(run: Run, base: Base, before: pd.DataFrame, crosswalk: pd.DataFrame, lost: Parts) -> set[str]:
    """Return the golden ids whose values may be others now.

    Args:
        run: The run that is made.
        base: The run it is made from.
        before: Its crosswalk.
        crosswalk: The crosswalk of now, in the same order.
        lost: Provenance of the relations that are lost now.
    """
    now = set(crosswalk["golden_id"])
    moved = (before["golden_id"] != crosswalk["golden_id"]).to_numpy(dtype=bool)
    homes = (before["household_id"].fillna("") != crosswalk["household_id"].fillna("")).to_numpy(dtype=bool)
    touched = {*before["golden_id"][moved], *crosswalk["golden_id"][moved | homes]}
    pinned = _differing(base.overrides, overrides_of(run))["record_id"]
    touched |= set(crosswalk["golden_id"][crosswalk["record_id"].isin(pinned)])
    dropped = to_frame(pq.read_table(base.folder / "provenance.parquet", filters=[("rule", "=", "relation_dropped")]))
    dropped_now = pd.concat([to_frame(pq.read_table(path)) for path in paths_of(lost, "lost_relations")])
    touched |= set(_differing(dropped, dropped_now[list(dropped.columns)])["golden_id"])
    if moved.any():
        tables = {
            "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
            "before": [run.engine.work / "touched" / "before.parquet"],
            "contact_points": paths_of(run.parts("verified"), "contact_points"),
        }
        write_part(tables["before"][0], to_arrow(before[["record_id", "golden_id"]]))
        query = _SHARED_OTHERWISE.format(above=int(run.standards.survivorship.shared_contact_above))
        touched |= set(run.engine.frame(query, tables)["golden_id"])
    return touched & now


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that stand in one of two tables only."""
    both = pd.concat([before.drop_duplicates(), after.drop_duplicates()], ignore_index=True)
    return both.drop_duplicates(keep=False)


def _chosen(run: Run, lost: Parts) -> Parts:
    """Return the records, contact points and lost relations of touched golden records, as parts."""
    tables = {name: paths_of(run.parts("verified"), name) for name in ("records", "contact_points", "doubts")}
    tables |= {name: paths_of(run.parts(name), name) for name in ("crosswalk", "touched")}
    engine = run.engine
    order, points = ("golden_id", "record_id"), ("golden_id", "contact_point_id")
    records = engine.sql(_RECORDS, tables, order, stage="merge", table="records", key="golden_id", rows=MERGE_ROWS)
    bounds = bounds_of(records, "records", "golden_id")
    contact = engine.sql(_POINTS, tables, points, stage="merge", table="contact_points", key="golden_id", bounds=bounds)
    own = engine.sql(
        "SELECT l.* FROM lost l JOIN touched USING (golden_id)",
        {"lost": paths_of(lost, "lost_relations"), "touched": tables["touched"]},
        ("golden_id", "column"),
        stage="merge",
        table="lost_relations",
        key="golden_id",
        bounds=bounds,
    )
    return join_parts(records, contact, own)


def _with_rest(run: Run, table: Table) -> Parts:
    """Return a golden table: what was made anew, and the rest as it was."""
    old = run.engine.work / "base" / f"{table.name}.parquet"
    if run.kept("parts-golden_made") is None:
        return [{table.name: old}]
    folder = run.engine.work / "made"
    folder.mkdir(exist_ok=True)
    extras = extras_of([{table.name: old}], table.name) if table.has_extras else None
    # Written as the run's own tables are: a column without any value has the type it has everywhere.
    write_table(run.parts("golden_made"), table, folder, extras)
    tables = {
        "base": [old],
        "made": [folder / f"{table.name}.parquet"],
        "replaced": paths_of(run.parts("replaced"), "replaced"),
    }
    return run.engine.sql(_REST, tables, table.sort, stage="golden", table=table.name)
