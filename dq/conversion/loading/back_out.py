"""Takes a load back: what it made is deleted, what it changed is put back, what it merged is made again."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.conversion.loading.batches import generations
from dq.conversion.loading.operations import Loaded, Operations
from dq.standards.targets import Target


@dataclass(frozen=True)
class BackOut:
    """The way back for one object.

    Attributes:
        deletes: Rows this load made: `row_id`, `target_id`; children come before their parents.
        restores: Rows this load changed, as updates with the fields as they were.
        unmerges: Rows this load merged away, as they were: to be inserted again.
    """

    deletes: pd.DataFrame
    restores: pd.DataFrame
    unmerges: pd.DataFrame


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
    ways = {}
    for thing in reversed([name for name in target.load_order() if name in plans]):
        plan = plans[thing]
        made = plan.inserts[plan.inserts["row_id"].isin(taken.index)]
        deletes = made.assign(target_id=made["row_id"].map(taken), _depth=generations(target, thing, made))
        deletes = deletes.sort_values(["_depth", "row_id"], ascending=[False, True])
        changed = plan.before["row_id"].isin(taken.index)
        merged = plan.merges.loc[plan.merges["row_id"].isin(taken.index), "row_id"]
        there = loaded.get(thing)
        unmerges = plan.merges.iloc[:0] if there is None else there[there["row_id"].isin(merged)]
        ways[thing] = BackOut(
            deletes[["row_id", "target_id"]].reset_index(drop=True),
            plan.before[changed].reset_index(drop=True),
            unmerges.reset_index(drop=True),
        )
    return ways
