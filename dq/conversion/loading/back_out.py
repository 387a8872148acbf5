"""Takes a load back: what it made is deleted, what it changed is put back, what it merged is made again."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.conversion.loading.batches import generations
from dq.conversion.loading.operations import CHANGED, Loaded, Operations
from dq.model import TEXT
from dq.standards.targets import Target, parent_field


@dataclass(frozen=True)
class BackOut:
    """The way back for one object.

    Attributes:
        deletes: Rows this load made: `row_id`, `target_id`; children come before their parents.
        restores: Rows this load changed, as updates with the fields as they were; survivors of merges included.
        unmerges: Rows this load merged away, as they were and under their old keys: to be made again.
        moves: Children of rows merged away that no restore moves back, as updates of nothing but the parent.
    """

    deletes: pd.DataFrame
    restores: pd.DataFrame
    unmerges: pd.DataFrame
    moves: pd.DataFrame


def back_out(
    target: Target, loaded: Loaded, plans: Mapping[str, Operations], results: pd.DataFrame
) -> dict[str, BackOut]:
    """Return how to take back what went in, children first.

    Only rows that the target said it took are in it: a back-out made before the answers are known is empty.

    Args:
        target: What was loaded into.
        loaded: What it held before.
        plans: What was sent.
        results: `Answers.results`.
    """
    taken = results[results["loaded"] == "yes"].set_index("row_id")["target_id"]
    lost = {row for plan in plans.values() for row in plan.merges["row_id"] if row in taken.index}
    ways = {}
    for thing in reversed([name for name in target.load_order() if name in plans]):
        plan = plans[thing]
        made = plan.inserts[plan.inserts["row_id"].isin(taken.index)]
        deletes = made.assign(target_id=made["row_id"].map(taken), _depth=generations(target, thing, made))
        deletes = deletes.sort_values(["_depth", "row_id"], ascending=[False, True])
        # A merge sets fields of its survivor, too, whatever became of the update.
        merged = plan.merges["row_id"].isin(taken.index)
        changed = plan.before["row_id"].isin([*taken.index, *plan.merges.loc[merged, "into_row_id"]])
        restores = plan.before[changed].reset_index(drop=True)
        there = loaded.get(thing, plan.merges.iloc[:0])
        ways[thing] = BackOut(
            deletes[["row_id", "target_id"]].reset_index(drop=True),
            restores,
            there[there["row_id"].isin(plan.merges.loc[merged, "row_id"])].reset_index(drop=True),
            _moves(target, thing, there, restores, lost),
        )
    return ways


def _moves(target: Target, thing: str, there: pd.DataFrame, restores: pd.DataFrame, lost: set[str]) -> pd.DataFrame:
    """Return the children that the target itself moved to a survivor and that no restore takes back."""
    field = parent_field(target, thing)
    if field is None or field not in there.columns:
        return there.iloc[:0].assign(**{CHANGED: pd.Series(dtype=TEXT)})
    changes = " " + restores[CHANGED] + " "
    known = set(restores.loc[changes.str.contains(f" {field} ", regex=False), "row_id"]) | lost
    children = there[there[field].isin(lost) & ~there["row_id"].isin(known)]
    return children.assign(**{CHANGED: field}).reset_index(drop=True)
