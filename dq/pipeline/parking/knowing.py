"""Gathers from the parts of a run what parking rules look at: values, dates of activity, marks of every record."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion import GOLDEN_GRAIN, RECORD_GRAIN, Grain
from dq.conversion.parking import Known
from dq.conversion.parking.judging import columns_named
from dq.engine import paths_of
from dq.engine.parts import to_frame
from dq.matching.extra_features import is_never_merged
from dq.model import EXTRA, FLAGS, IS_DECEASED, TEXT
from dq.pipeline.days import latest_day
from dq.pipeline.lists import customers_listed, read_list
from dq.pipeline.run import Run
from dq.standards.matching import NeverMerge
from dq.standards.parking import Exemption, Parking
from dq.text.distinct import map_distinct

UNUSABLE: Final = ("missing", "no_delivery", "zip_invalid")
"""Outcomes of an address that no mail reaches; a doubt about one is no reason to call a customer unreachable."""
_REACHABLE: Final = """
    SELECT DISTINCT {id} AS id FROM points
    WHERE (kind IN ('email', 'phone', 'mobile') AND value IS NOT NULL)
       OR (kind = 'address' AND coalesce(address_line1, address_line2) IS NOT NULL
           AND coalesce(address_outcome, '') NOT IN {unusable})
"""
_EMPLOYERS: Final = """
    SELECT DISTINCT {start} AS id, {end} AS employer_id FROM relations
    WHERE type = 'works_for' AND {end} IN (SELECT {id} FROM customers)
"""


def grain_of(run: Run) -> Grain:
    """Return what one customer of a run is."""
    return GOLDEN_GRAIN if run.plan.merge else RECORD_GRAIN


def crosswalk_of(run: Run) -> pd.DataFrame:
    """Return `source`, `source_key`, `record_id`, `id` of every record, by `record_id`; `id` is its customer."""
    if run.plan.merge:
        query = "SELECT source, source_key, record_id, golden_id AS id FROM crosswalk"
        return run.engine.frame(query, {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}, ("record_id",))
    query = "SELECT source, source_key, record_id, record_id AS id FROM records"
    return run.engine.frame(query, {"records": paths_of(run.parts("verified"), "records")}, ("record_id",))


def know(run: Run, policy: Parking, crosswalk: pd.DataFrame) -> Known:
    """Return what the rules of a run look at.

    Args:
        run: The run, after its customers are made.
        policy: The rules.
        crosswalk: Of `crosswalk_of`.
    """
    grain = grain_of(run)
    table, parts = ("golden", run.parts("golden")) if run.plan.merge else ("records", run.parts("verified"))
    named = tuple(name for rule in policy.rules.values() for name in rule.when.columns)
    customers = _read(paths_of(parts, table), (grain.id, IS_DECEASED, "value_amount"), named)
    customers = customers.rename(columns={grain.id: "id"}).sort_values("id", ignore_index=True)
    customers["value"] = pd.to_numeric(customers["value_amount"], errors="coerce").astype("float64")
    employers = _employers(run, grain, table, parts)
    owner = crosswalk.set_index("record_id")["id"]
    customers = _with_activity(run, policy, customers, owner, employers)
    customers["doubts"] = customers["id"].map(_shared_doubts(run, policy, owner)).astype(TEXT)
    customers["is_reachable"] = customers["id"].isin(_reachable(run, grain))
    exempt = {
        name: _exempt(run, one, customers, owner, crosswalk)
        for name, one in policy.exemptions.items()
        if any(name in rule.unless for rule in policy.rules.values())
    }
    return Known(customers, exempt, employers)


def _read(paths: Sequence[Path], fixed: tuple[str, ...], named: tuple[str, ...]) -> pd.DataFrame:
    """Read the fixed columns and those named like others; parts of different sources have different extras."""
    frames = []
    for path in paths:
        there = [name for name in pq.read_schema(path).names if not name.endswith("_raw") or name.startswith(EXTRA)]
        wanted = dict.fromkeys([*(name for name in fixed if name in there), *columns_named(there, named)])
        frames.append(to_frame(pq.read_table(path, columns=list(wanted))))
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return rows.reindex(columns=list(dict.fromkeys([*fixed, *rows.columns])))


def _employers(run: Run, grain: Grain, table: str, parts: list[dict[str, Path]]) -> pd.DataFrame:
    name = "golden_relations" if run.plan.merge else "relations"
    files = {"relations": paths_of(run.parts(name), name), "customers": paths_of(parts, table)}
    if not files["relations"]:
        return pd.DataFrame(columns=["id", "employer_id"], dtype=TEXT)
    query = _EMPLOYERS.format(start=grain.start, end=grain.end, id=grain.id)
    return run.engine.frame(query, files, ("id", "employer_id")).astype(TEXT)


def _reachable(run: Run, grain: Grain) -> pd.Series:
    table = "golden_contact_points" if run.plan.merge else "contact_points"
    paths = paths_of(run.parts("golden" if run.plan.merge else "verified"), table)
    query = _REACHABLE.format(id=grain.id, unusable=UNUSABLE)
    found: pd.Series = run.engine.frame(query, {"points": paths}, ("id",))["id"]
    return found


def _with_activity(
    run: Run, policy: Parking, customers: pd.DataFrame, owner: pd.Series, employers: pd.DataFrame
) -> pd.DataFrame:
    """Add the latest date of any record of a customer; an employer is as alive as those who work for it."""
    if not any(rule.when.inactive_months for rule in policy.rules.values()):
        return customers.assign(last_active_on=pd.Series(dtype=TEXT), has_unread_date=False)
    records = _read(paths_of(run.parts("verified"), "records"), ("record_id",), policy.activity)
    last = pd.Series(None, index=records.index, dtype=TEXT)
    unread = pd.Series(False, index=records.index)
    year = run.plan.as_of.year
    for column in (name for name in records.columns if name != "record_id"):
        values = records[column].astype(TEXT)
        days = map_distinct(values, lambda text: latest_day(text, year))
        unread |= values.notna() & days.isna()
        last = days.where(last.isna() | (days > last).fillna(False).astype(bool), last)
    ids = records["record_id"].map(owner)
    seen = pd.DataFrame({"id": ids, "last": last, "unread": unread})
    works = seen.merge(employers, on="id")[["employer_id", "last", "unread"]].rename(columns={"employer_id": "id"})
    seen = pd.concat([seen, works], ignore_index=True)
    latest = seen.dropna(subset="last").groupby("id")["last"].max()
    doubtful = set(seen.loc[seen["unread"], "id"])
    return customers.assign(
        last_active_on=customers["id"].map(latest).astype(TEXT), has_unread_date=customers["id"].isin(doubtful)
    )


def _shared_doubts(run: Run, policy: Parking, owner: pd.Series) -> pd.Series:
    """Return by customer the doubts that all of its records share, each between blanks."""
    wanted = {doubt for rule in policy.rules.values() for doubt in rule.when.doubts}
    paths = paths_of(run.parts("verified"), "records")
    if not wanted:
        return pd.Series(dtype=TEXT)
    # A run that decisions are applied to keeps its doubts in a table of their own.
    if paths and FLAGS not in pq.read_schema(paths[0]).names:
        paths = paths_of(run.parts("verified"), "doubts")
    frames = [_read([path], ("record_id", "contact_point_id", FLAGS), ()) for path in paths]
    if not frames:
        return pd.Series(dtype=TEXT)
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.loc[rows[FLAGS].notna() & rows["contact_point_id"].isna()]
    rows = rows.assign(id=rows["record_id"].map(owner), doubt=rows[FLAGS].str.split(" ")).explode("doubt")
    rows = rows.loc[rows["doubt"].isin(wanted)].drop_duplicates(["record_id", "doubt"])
    counts = rows.groupby(["id", "doubt"])["record_id"].size()
    whole = counts.loc[counts.to_numpy() == owner.value_counts().reindex(counts.index.get_level_values(0)).to_numpy()]
    shared = whole.reset_index().sort_values(["id", "doubt"])
    told: pd.Series = (" " + shared.groupby("id")["doubt"].agg(" ".join) + " ").astype(TEXT)
    return told


def _exempt(
    run: Run, one: Exemption, customers: pd.DataFrame, owner: pd.Series, crosswalk: pd.DataFrame
) -> frozenset[str]:
    """Return the customers that an exemption spares."""
    found: set[str] = set()
    if one.columns:
        records = _read(paths_of(run.parts("verified"), "records"), ("record_id",), one.columns)
        marks = tuple(NeverMerge(column=name, values=one.values) for name in records.columns if name != "record_id")
        found |= set(records.loc[is_never_merged(records, marks), "record_id"].map(owner))
    if one.value_above is not None:
        found |= set(customers.loc[customers["value"] > one.value_above, "id"])
    if one.file:
        listed = read_list(run.plan.settings.standards / one.file)
        found |= set(customers_listed(listed, crosswalk)["id"])
    return frozenset(found)
