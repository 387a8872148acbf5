"""What hangs on customers and moves with them: cases, opportunities, notes; whose new parent each one gets."""

from collections.abc import Collection
from typing import Any, Final

import pandas as pd

from dq.model import TEXT

CHILD_COLUMNS: Final = ("object", "id", "source", "parent_key", "parent_id")
"""A relationship file: what it is, its id, the customer it hangs on as source and key, or the child it hangs on."""

CHILDREN: Final = ("object", "id", "source", "parent_key", "parent_id", "golden_id", "external_id", "outcome")
"""One row per child; `external_id` is that of its customer in the load, null where there is none.

Outcomes: `carried`: its customer is one record and goes in; `moved`: its customer was merged of several records, so it
hangs on another one than before for some; `under_child`: it hangs on another child that is carried or moved;
`blocked`: its customer stays out; `parked`: policy keeps its customer out; `orphan`: nobody knows its parent; `cycle`:
it hangs on itself in the end; `unclear`: it has no id, or another of its object has the same.
"""


def place_children(children: pd.DataFrame, crosswalk: pd.DataFrame, parked: Collection[str] = ()) -> pd.DataFrame:
    """Return where every child goes.

    Args:
        children: Columns CHILD_COLUMNS, null where empty; `source` may be empty where keys are those of one source.
        crosswalk: `source`, `source_key`, `golden_id`, and `external_id`, null for customers that stay out.
        parked: Golden ids of customers that policy keeps out.

    Returns:
        Columns CHILDREN, sorted by object and id: as many rows as there are children.
    """
    known = crosswalk.drop_duplicates(["source", "source_key"])
    sizes = crosswalk.groupby("golden_id").size()
    only = known.drop_duplicates("source_key", keep=False)
    keyed = children.reset_index(drop=True)
    by_source = keyed.merge(
        known, left_on=["source", "parent_key"], right_on=["source", "source_key"], how="left", sort=False
    )
    by_key = keyed[["parent_key"]].merge(only, left_on="parent_key", right_on="source_key", how="left", sort=False)
    unnamed = keyed["source"].isna()
    found = keyed[list(CHILD_COLUMNS)].astype(TEXT)
    for column in ("golden_id", "external_id"):
        found[column] = by_source[column].where(~unnamed, by_key[column]).astype(TEXT)
    found["outcome"] = "orphan"
    inside = found["external_id"].notna()
    found.loc[found["golden_id"].notna() & ~inside, "outcome"] = "blocked"
    found.loc[found["golden_id"].isin(list(parked)) & ~inside, "outcome"] = "parked"
    found.loc[inside, "outcome"] = "carried"
    found.loc[inside & found["golden_id"].map(sizes).gt(1).fillna(False).astype(bool), "outcome"] = "moved"
    found = _under_children(found)
    found.loc[found["id"].isna() | found.duplicated(["object", "id"], keep=False), "outcome"] = "unclear"
    return found[list(CHILDREN)].astype(TEXT).sort_values(["object", "id"], ignore_index=True)


def _under_children(found: pd.DataFrame) -> pd.DataFrame:
    """Follow children that hang on children up to a customer, or round in a circle."""
    outcome = dict(zip(found["id"], found["outcome"], strict=True))
    above: dict[str, Any] = dict(zip(found["id"], found["parent_id"], strict=True))
    external = dict(zip(found["id"], found["external_id"], strict=True))
    golden = dict(zip(found["id"], found["golden_id"], strict=True))
    hanging = found["parent_key"].isna() & found["parent_id"].notna()
    said: dict[str, str] = {}
    tops: dict[str, Any] = {}
    for child in found.loc[hanging, "id"]:
        line, place = [child], above[child]
        while place in above and place not in line and pd.notna(above[place]) and outcome[place] == "orphan":
            line.append(place)
            place = above[place]
        tops[child] = place
        if place in line:
            said[child] = "cycle"
        else:
            top = outcome.get(place, "orphan")
            said[child] = "under_child" if top in ("carried", "moved") else top
    found = found.copy()
    ids = found.loc[hanging, "id"]
    found.loc[hanging, "outcome"] = ids.map(said)
    top = ids.map(tops)
    found.loc[hanging, "external_id"] = top.map(external).astype(TEXT)
    found.loc[hanging, "golden_id"] = top.map(golden).astype(TEXT)
    return found
