"""The steps that put records together: clusters get golden ids, golden records get their values."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import bounds_of, join_parts, paths_of
from dq.engine.parts import write_part
from dq.matching import customers_of
from dq.model import OVERRIDES
from dq.pipeline.previewing import preview
from dq.pipeline.relating import relate
from dq.pipeline.run import Run
from dq.survivorship import SurvivePolicy, inherit_golden_ids, survive
from dq.tables.people_files import read_crosswalk, read_people_csv
from dq.text.order import places_among
from dq.text.tokens import arrow_text

MERGE_ROWS = 40_000
"""Records of a part: choosing holds values, keys and provenance of all columns at once, 2 GB for 100,000 records."""
_NAMES = ("source", "source_key", "part", "record_id")
"""Columns of the crosswalk that a record brings along."""
_NAMES_SCHEMA = pa.schema(dict.fromkeys(_NAMES, pa.large_string()))
_RECORDS = "SELECT r.*, x.golden_id, x.cluster_size, x.household_id FROM records r JOIN crosswalk x USING (record_id)"
POINTS = """
    WITH holders AS (
        SELECT p.kind, p.value, count(DISTINCT x.golden_id) AS customers
        FROM contact_points p JOIN crosswalk x USING (record_id)
        WHERE p.kind IN ('email', 'phone', 'mobile') AND p.value IS NOT NULL GROUP BY ALL HAVING customers > 1
    )
    SELECT p.*, x.golden_id, coalesce(h.customers, 1) AS customers
    FROM contact_points p JOIN crosswalk x USING (record_id)
    LEFT JOIN holders h ON h.kind = p.kind AND h.value = p.value
"""
"""The query that gives contact points their golden id and how many customers have the same e-mail or phone."""


def identify(run: Run, clusters: pd.DataFrame, homes: pd.DataFrame) -> None:
    """Give every cluster its golden id and its household; keeps the parts `crosswalk` (one row per record)."""
    previous = None
    if run.plan.previous is not None:
        previous = read_crosswalk(run.plan.previous)
    ids = inherit_golden_ids(clusters, previous, run.plan.settings.key)
    cluster_ids, record_ids = (arrow_text(clusters[name]) for name in ("cluster_id", "record_id"))
    customers, heads = customers_of(clusters)
    cluster_ids = cluster_ids.take(pa.array(heads))
    given = pa.table(
        {
            "golden_id": _looked_up(cluster_ids, ids["cluster_id"], ids["golden_id"]).take(pa.array(customers)),
            "cluster_size": pa.array(clusters["cluster_size"]),
            "household_id": _looked_up(cluster_ids, homes["cluster_id"], homes["household_id"]).take(
                pa.array(customers)
            ),
        }
    )
    files = paths_of(run.parts("verified"), "records")
    ends = np.cumsum([pq.read_metadata(file).num_rows for file in files])

    def written(number: int) -> dict[str, Path]:
        names = pq.read_table(files[number], columns=list(_NAMES)).cast(_NAMES_SCHEMA)
        start = int(ends[number]) - len(names)
        rows = given.slice(start, len(names))
        assert names["record_id"].combine_chunks().equals(record_ids.slice(start, len(names)))
        path = run.engine.work / "identity" / f"part-{number:05d}.parquet"
        write_part(path, pa.table(dict(zip((*_NAMES, *given.column_names), (*names, *rows), strict=True))))
        return {"crosswalk": path}

    with ThreadPoolExecutor(run.engine.workers) as threads:
        run.keep_parts("crosswalk", list(threads.map(written, range(len(files)))))


def _looked_up(wanted: pa.Array, names: pd.Series, values: pd.Series) -> pa.Array:
    """Return the value that stands beside each wanted name, null where the name is not listed."""
    return arrow_text(values).take(places_among(arrow_text(names), wanted))


def merge(run: Run) -> None:
    """Choose the golden values; keeps the parts `golden` (golden, its contact points, provenance) and its relations."""
    tables = {
        "records": paths_of(run.parts("verified"), "records"),
        "contact_points": paths_of(run.parts("verified"), "contact_points"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
    }
    engine = run.engine
    records = engine.sql(
        _RECORDS,
        tables,
        ("golden_id", "record_id"),
        stage="merge",
        table="records",
        key="golden_id",
        rows=MERGE_ROWS,
    )
    bounds = bounds_of(records, "records", "golden_id")
    points = engine.sql(
        POINTS,
        tables,
        ("golden_id", "contact_point_id"),
        stage="merge",
        table="contact_points",
        key="golden_id",
        bounds=bounds,
    )
    policy = survive_policy(run)
    say_unknown_overrides(run, policy.overrides)
    joined = join_parts(records, points, relate(run, bounds))
    golden = engine.map(survive, joined, policy, stage="golden")
    run.keep_parts("golden", golden)
    preview(run, joined, golden, policy)


def say_unknown_overrides(run: Run, overrides: pd.DataFrame) -> None:
    """Say how many pinned values belong to no record of this run: the others hold, these wait."""
    if overrides.empty:
        return
    crosswalk = {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}
    known = run.engine.frame("SELECT record_id FROM crosswalk", crosswalk)["record_id"]
    unknown = int((~overrides["record_id"].isin(known)).sum())
    if unknown:
        run.listener.say(f"{unknown:,} of {len(overrides):,} overrides name a record that is not in this run")


def overrides_of(run: Run) -> pd.DataFrame:
    """Return the values that people pinned, in the order of their file."""
    columns = tuple(OVERRIDES.columns)
    if run.plan.overrides is None:
        return pd.DataFrame(columns=list(columns), dtype="str")
    return read_people_csv(run.plan.overrides, columns)


def survive_policy(run: Run) -> SurvivePolicy:
    """Return what choosing golden values depends on."""
    trust = {name: policy.trust for name, policy in run.standards.sources.items() if policy.trust is not None}
    return SurvivePolicy(run.standards.survivorship, trust, overrides_of(run))
