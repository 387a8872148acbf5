"""What a load has to do: rows to insert, fields to update, records to merge, held against what was loaded before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from dq.conversion.rows import ROW_COLUMNS, TargetRows
from dq.model import TEXT
from dq.standards.targets import Target

Loaded = Mapping[str, pd.DataFrame]
"""Object → what the target holds of ours, one row per `row_id`: `target_id` and the fields as they were sent."""

CHANGED = "changed_fields"
"""Column of an update: the fields that changed, joined by blanks."""


@dataclass(frozen=True)
class Operations:
    """What has to be done to one object.

    Attributes:
        inserts: Rows that are not there: the columns of `ROW_COLUMNS` and the fields.
        updates: Rows that are there and differ: `row_id`, `golden_id`, `record_id`, `parent_row_id`, `target_id`,
            `CHANGED` and the fields as they shall be.
        before: The same rows as `updates`, the fields as they are there.
        merges: Rows that are there twice for one customer: `row_id`, `target_id`, `into_row_id`, `into_target_id`.
        gone: Rows that are there and that this load knows nothing of: `row_id`, `target_id`. Nothing is done to them.
        parked: Rows that are there and whose customer policy keeps out by now, or all members of whose household it
            does: the same columns. Nothing is done to
            them either; what becomes of them over there is for people to say.
        unchanged: How many rows are there as they shall be.
    """

    inserts: pd.DataFrame
    updates: pd.DataFrame
    before: pd.DataFrame
    merges: pd.DataFrame
    gone: pd.DataFrame
    parked: pd.DataFrame
    unchanged: int


def plan_load(
    target: Target,
    rows: TargetRows,
    loading: Collection[str],
    loaded: Loaded,
    merged: Mapping[str, str],
) -> dict[str, Operations]:
    """Return what has to be done to each object, parents first.

    Args:
        target: What is loaded into.
        rows: Everything as it shall be.
        loading: `row_id` of the rows that would load; the others are left as they are.
        loaded: What is there already; empty on the first load.
        merged: `row_id` of customers that were merged away → the one that survives them.
    """
    plans = {}
    parked = set(rows.parked["row_id"])
    if "parent_row_id" in rows.parked.columns:  # accounts of households all of whose members are parked
        parked |= set(rows.parked["parent_row_id"].dropna())
    for thing in target.load_order():
        own = rows.objects.get(thing)
        there = loaded.get(thing)
        if own is not None or there is not None:
            once = {key for key, field in target.in_force(thing).items() if field.insert_only}
            plans[thing] = _plan(own, there, loading, merged, once, _ids(rows.objects.get(thing)), parked)
    return plans


def _ids(rows: pd.DataFrame | None) -> set[str]:
    return set() if rows is None else set(rows["row_id"])


def _plan(
    own: pd.DataFrame | None,
    there: pd.DataFrame | None,
    loading: Collection[str],
    merged: Mapping[str, str],
    once: Collection[str],
    everybody: set[str],
    parked: set[str],
) -> Operations:
    wanted = _empty() if own is None else own[own["row_id"].isin(list(loading))].sort_values("row_id")
    present = _empty() if there is None else there.drop_duplicates("row_id").sort_values("row_id")
    if "target_id" not in present.columns:
        present = present.assign(target_id=pd.Series(None, index=present.index, dtype=TEXT))
    is_there = wanted["row_id"].isin(present["row_id"])
    updates, before = _updates(wanted[is_there].drop(columns=list(once), errors="ignore"), present)
    merges = _merges(present, set(wanted["row_id"]), merged)
    known = everybody | set(merges["row_id"])
    gone = present.loc[~present["row_id"].isin(known), ["row_id", "target_id"]]
    is_parked = gone["row_id"].map(lambda row: _survivor(row, merged)).isin(parked)
    return Operations(
        inserts=wanted[~is_there].reset_index(drop=True),
        updates=updates,
        before=before,
        merges=merges,
        gone=gone[~is_parked].reset_index(drop=True),
        parked=gone[is_parked].reset_index(drop=True),
        unchanged=int(is_there.sum()) - len(updates),
    )


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in ROW_COLUMNS})


def _updates(wanted: pd.DataFrame, present: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    fields = [column for column in wanted.columns if column not in ROW_COLUMNS]
    now = wanted.set_index("row_id")
    then = present.set_index("row_id").reindex(now.index)
    differs = pd.DataFrame(index=now.index)
    for field in fields:
        # A field that was not sent before counts as empty there.
        old = then[field] if field in then.columns else pd.Series(None, index=now.index, dtype=TEXT)
        differs[field] = now[field].fillna("").ne(old.fillna(""))
    changed = pd.Series([""] * len(now), index=now.index, dtype=TEXT)
    for field in fields:
        changed = changed.where(~differs[field], changed + " " + field)
    changed = changed.str.strip()
    hit = changed.ne("")
    updates = now[hit].assign(target_id=then.loc[hit, "target_id"], **{CHANGED: changed[hit]}).reset_index()
    before = then[hit].reindex(columns=fields).reset_index().assign(target_id=updates["target_id"])
    return updates, before.assign(**{CHANGED: updates[CHANGED]})


def _merges(present: pd.DataFrame, wanted: set[str], merged: Mapping[str, str]) -> pd.DataFrame:
    """A survivor that is not there yet is inserted by this load: its id over there is not known before."""
    ids = present.set_index("row_id")["target_id"]
    last = {row: _survivor(row, merged) for row in present["row_id"] if row in merged}
    pairs = [(row, into) for row, into in last.items() if into in ids.index or into in wanted]
    return pd.DataFrame(
        {
            "row_id": [row for row, _ in pairs],
            "target_id": [ids[row] for row, _ in pairs],
            "into_row_id": [into for _, into in pairs],
            "into_target_id": [ids.get(into) for _, into in pairs],
        },
        dtype=TEXT,
    )


def _survivor(row: str, merged: Mapping[str, str]) -> str:
    """Follow merges to their end; a circle ends where it began."""
    seen = {row}
    while row in merged and merged[row] not in seen:
        row = merged[row]
        seen.add(row)
    return row
