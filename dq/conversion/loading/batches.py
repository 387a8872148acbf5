"""Cuts a load into files: parents first, siblings together, never two rows of one customer in one file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from dq.conversion.loading.operations import Operations
from dq.standards.targets import Target, parent_field

Work = Literal["insert", "update"]


@dataclass(frozen=True)
class Batch:
    """One file of a load.

    Attributes:
        name: Its file name without ending; names sort in the order of loading.
        thing: The object.
        work: insert or update.
        rows: What is in it, in the order of the file.
    """

    name: str
    thing: str
    work: Work
    rows: pd.DataFrame


def batches(target: Target, plans: Mapping[str, Operations], most: int | None) -> Iterator[Batch]:
    """Yield the files of a load in the order in which they have to go in.

    Within an object parents of the same object come before their children. Rows are sorted by parent, so that two
    batches seldom wait for one lock; a record that is there in several rows (input rows, not golden ones) gets them
    in different files, since the last one wins only between batches.

    Args:
        target: What is loaded into.
        plans: Of `plan_load`, parents first.
        most: Rows of a file at most, None: as many as there are.
    """
    for place, (thing, plan) in enumerate(plans.items(), start=1):
        works: tuple[tuple[Work, pd.DataFrame], ...] = (("insert", plan.inserts), ("update", plan.updates))
        for work, rows in works:
            if not len(rows):
                continue
            depths = generations(target, thing, rows) if work == "insert" else pd.Series(0, index=rows.index)
            turns = rows.groupby("golden_id").cumcount().where(rows["golden_id"].notna(), 0)
            ordered = rows.assign(_generation=depths, _turn=turns).sort_values(
                ["_generation", "_turn", "parent_row_id", "row_id"], na_position="first", ignore_index=True
            )
            number = 0
            for _, group in ordered.groupby(["_generation", "_turn"], sort=True):
                step = most or len(group)
                for start in range(0, len(group), step):
                    number += 1
                    part = group.iloc[start : start + step].drop(columns=["_generation", "_turn"])
                    yield Batch(f"{place:02d}-{thing}.{work}.{number:04d}", thing, work, part.reset_index(drop=True))


def generations(target: Target, thing: str, rows: pd.DataFrame) -> pd.Series:
    """Return how many parents of the same object stand above each row within these rows.

    Args:
        target: Its target.
        thing: The object.
        rows: `row_id`, `parent_row_id`.
    """
    field = parent_field(target, thing)
    level = pd.Series(0, index=rows.index)
    if field is None or target.in_force(thing)[field].refers_to != thing:
        return level
    above = dict(zip(rows["row_id"], rows["parent_row_id"], strict=True))
    known: dict[str, int] = {}
    for row in above:
        line = [row]
        while (parent := above.get(line[-1])) in above and parent not in line and line[-1] not in known:
            line.append(str(parent))
        depth = known.get(line[-1], 0)
        for step, name in enumerate(reversed(line)):
            known.setdefault(name, depth + step)
    return rows["row_id"].map(known).astype("int64")
