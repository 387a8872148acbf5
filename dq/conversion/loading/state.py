"""What is in the target after a load, and what remains to be loaded."""

from collections.abc import Mapping

import pandas as pd

from dq.conversion.loading.dialect import fields_of
from dq.conversion.loading.operations import CHANGED, Loaded, Operations
from dq.model import TEXT
from dq.standards.targets import Target


def loaded_after(
    target: Target, path: str, loaded: Loaded, plans: Mapping[str, Operations], results: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return what the target holds once the answers are known: what was sent and taken, and what was there before.

    Rows merged away stay in it until their merge is reported like any other row, by the key of the one merged away.
    A field that no file of the load path can empty still holds what it held.

    Args:
        target: What was loaded into.
        path: The load path.
        loaded: What it held before.
        plans: What was sent.
        results: `Answers.results`.
    """
    taken = results[results["loaded"] == "yes"].set_index("row_id")["target_id"]
    after = {thing: rows for thing, rows in loaded.items() if thing not in plans}
    for thing, plan in plans.items():
        there = loaded.get(thing, pd.DataFrame({"row_id": pd.Series(dtype=TEXT)}))
        new = plan.inserts[plan.inserts["row_id"].isin(taken.index)]
        new = new.assign(target_id=new["row_id"].map(taken).astype(TEXT))
        changed = _as_left(target, path, plan)[plan.updates["row_id"].isin(taken.index)]
        merged = plan.merges.loc[plan.merges["row_id"].isin(taken.index), "row_id"]
        kept = there[~there["row_id"].isin([*changed["row_id"], *merged])]
        wanted = ["row_id", "parent_row_id", "target_id"]
        blocks = [block.reindex(columns=[*wanted, *fields_of(block)]) for block in (kept, new, changed) if len(block)]
        columns = {column: None for block in blocks for column in block.columns} or dict.fromkeys(wanted)
        frame = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=list(columns))
        after[thing] = frame.reindex(columns=list(columns)).astype(TEXT).sort_values("row_id", ignore_index=True)
    return after


def _as_left(target: Target, path: str, plan: Operations) -> pd.DataFrame:
    """Return the updated rows as they are there: fields that could not be emptied keep what they held."""
    way, rows = target.paths[path], plan.updates
    if way.empty != "keeps" or way.null or not len(rows):
        return rows
    changed = " " + rows[CHANGED] + " "
    kept = {}
    for field in fields_of(rows):
        if field in plan.before.columns:
            stuck = rows[field].isna() & changed.str.contains(f" {field} ", regex=False)
            kept[field] = rows[field].mask(stuck, plan.before[field])
    return rows.assign(**kept)


def remaining(plans: Mapping[str, Operations], results: pd.DataFrame) -> dict[str, Operations]:
    """Return what is not in: the same operations without the rows that were taken."""
    ids = results[results["loaded"] == "yes"].set_index("row_id")["target_id"]
    taken = set(ids.index)
    left = {}
    for thing, plan in plans.items():
        open_updates = ~plan.updates["row_id"].isin(taken)
        left[thing] = Operations(
            inserts=_without(plan.inserts, taken),
            updates=plan.updates[open_updates].reset_index(drop=True),
            before=plan.before[open_updates].reset_index(drop=True),
            merges=_without(_with_ids(plan.merges, ids), taken),
            gone=plan.gone,
            parked=plan.parked,
            unchanged=plan.unchanged,
        )
    return left


def _with_ids(merges: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Fill in the id of survivors that were inserted by this very load."""
    known = merges["into_target_id"].fillna(merges["into_row_id"].map(ids).astype(TEXT))
    return merges.assign(into_target_id=known)


def _without(rows: pd.DataFrame, taken: set[str]) -> pd.DataFrame:
    return rows[~rows["row_id"].isin(taken)].reset_index(drop=True)
