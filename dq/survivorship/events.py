"""What became of golden ids since the crosswalk published before: other systems hold them and must follow."""

from typing import Final

import pandas as pd

from dq.model import TEXT

EVENTS: Final = ("event", "golden_id", "other_golden_id", "records")
"""Columns of `golden_events`: `records` counts the records the event is about."""


def golden_events(previous: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return what happened to golden ids between two crosswalks.

    - `merged_into`: `golden_id` is gone, records of it are now under `other_golden_id`;
    - `split_from`: `golden_id` is new and holds records that were under `other_golden_id`;
    - `moved_into`: both ids stay, records went from `golden_id` to `other_golden_id`;
    - `born`: `golden_id` is new with records nobody had before;
    - `retired`: `golden_id` is gone with all its records.

    Args:
        previous: `record_id`, `golden_id` as published before.
        current: The same columns now.

    Returns:
        Columns EVENTS, sorted; an id can have several events.
    """
    old, new = set(previous["golden_id"]), set(current["golden_id"])
    moves = previous.merge(current, on="record_id", suffixes=("_old", "_new"))
    moves = moves[moves["golden_id_old"] != moves["golden_id_new"]]
    counts = moves.groupby(["golden_id_old", "golden_id_new"], as_index=False).size()
    rows: list[tuple[str, str, str | None, int]] = []
    columns = (counts[name].tolist() for name in ("golden_id_old", "golden_id_new", "size"))
    for gone, come, records in zip(*columns, strict=True):
        if gone not in new:
            rows.append(("merged_into", gone, come, records))
        if come not in old:
            rows.append(("split_from", come, gone, records))
        elif gone in new:
            rows.append(("moved_into", gone, come, records))
    told = {row[1] for row in rows}
    rows += _whole("born", current, new - old - told)
    rows += _whole("retired", previous, old - new - told)
    events = pd.DataFrame(rows, columns=list(EVENTS))
    events = events.astype({"event": TEXT, "golden_id": TEXT, "other_golden_id": TEXT, "records": "int64"})
    return events.sort_values(["event", "golden_id", "other_golden_id"], na_position="first", ignore_index=True)


def _whole(event: str, crosswalk: pd.DataFrame, golden_ids: set[str]) -> list[tuple[str, str, str | None, int]]:
    sizes = crosswalk.loc[crosswalk["golden_id"].isin(golden_ids), "golden_id"].value_counts()
    return [(event, str(golden_id), None, int(size)) for golden_id, size in sizes.items()]
