"""A bought list against the customers one has: which rows are ours already, which may be, which are new."""

from typing import Final

import numpy as np
import pandas as pd

from dq.model import TEXT

LINK_OUTCOMES: Final = ("existing", "possible", "new")
LINKS: Final = ("record_id", "link", "customer_record_id", "match_weight", "customers", "repeats")
"""Columns of `link_rows`: `customers` counts the customers a row fits, `repeats` names the row it says again."""


def link_rows(
    listed: pd.Series, owned: pd.Series, pairs: pd.DataFrame, clusters: pd.DataFrame, *, one_to_one: bool = False
) -> pd.DataFrame:
    """Return what each row of the list is.

    A row is `existing` where its cluster holds a customer, `possible` where a pair with a customer waits for a
    decision, else `new`. Among several customers the one with the greatest match weight is named, then the smallest id.

    Args:
        listed: Record ids of the list's rows.
        owned: Record ids of the customers one has.
        pairs: Weighed pairs with judgements applied: `record_id_l`, `record_id_r`, `match_weight`, `outcome`.
        clusters: `record_id`, `golden_id`.
        one_to_one: A customer is one row of the list at most: its weaker rows become `possible`.

    Returns:
        Columns LINKS, one row per row of the list, sorted by `record_id`.
    """
    rows = pd.DataFrame({"record_id": listed.astype(TEXT)}).sort_values("record_id", ignore_index=True)
    golden = clusters.set_index("record_id")["golden_id"]
    rows["golden_id"] = rows["record_id"].map(golden)
    rows["repeats"] = _first_of_cluster(rows)
    customers = pd.DataFrame({"customer_record_id": owned.astype(TEXT)})
    customers["golden_id"] = customers["customer_record_id"].map(golden)
    facing = _facing(pairs, rows["record_id"], customers["customer_record_id"])
    shared = rows[["record_id", "golden_id"]].merge(customers, on="golden_id")
    existing = _strongest(shared.merge(facing, how="left", on=["record_id", "customer_record_id"]))
    # Two rows of one cluster are one customer, whichever of them was compared with the customer itself.
    waiting = facing[(facing["outcome"] == "possible_match") & ~facing["record_id"].isin(existing["record_id"])]
    possible = _strongest(waiting)
    if one_to_one:
        weaker = existing.sort_values(["match_weight", "record_id"], ascending=[False, True], na_position="last")
        weaker = weaker[weaker.duplicated("customer_record_id")]
        existing = existing[~existing["record_id"].isin(weaker["record_id"])]
        possible = pd.concat([possible, weaker], ignore_index=True)
    found = pd.concat([existing.assign(link="existing"), possible.assign(link="possible")], ignore_index=True)
    linked = rows.merge(found, how="left", on="record_id")
    linked["link"] = linked["link"].fillna("new").astype(TEXT)
    linked["customers"] = linked["customers"].fillna(0).astype("int64")
    return linked[list(LINKS)].sort_values("record_id", ignore_index=True)


def _first_of_cluster(rows: pd.DataFrame) -> pd.Series:
    """Return the smallest record id of each row's cluster, null where the row is that one."""
    first = rows.groupby("golden_id", sort=False)["record_id"].transform("min")
    return first.where(first != rows["record_id"]).astype(TEXT)


def _facing(pairs: pd.DataFrame, listed: pd.Series, owned: pd.Series) -> pd.DataFrame:
    """Return the pairs of a listed and an owned record: `record_id`, `customer_record_id`, weight, outcome."""
    is_right = pairs["record_id_r"].isin(listed) & pairs["record_id_l"].isin(owned)
    is_left = pairs["record_id_l"].isin(listed) & pairs["record_id_r"].isin(owned)
    turned = {"record_id_l": "record_id", "record_id_r": "customer_record_id"}
    straight = {"record_id_r": "record_id", "record_id_l": "customer_record_id"}
    columns = ["record_id", "customer_record_id", "match_weight", "outcome"]
    parts = [pairs[is_right].rename(columns=straight)[columns], pairs[is_left].rename(columns=turned)[columns]]
    return pd.concat(parts, ignore_index=True)


def _strongest(facing: pd.DataFrame) -> pd.DataFrame:
    """Return one pair per listed record, the strongest, and how many customers it faces."""
    counts = facing.groupby("record_id")["customer_record_id"].nunique()
    order = facing.sort_values(
        ["record_id", "match_weight", "customer_record_id"], ascending=[True, False, True], na_position="last"
    )
    best = order.drop_duplicates("record_id")[["record_id", "customer_record_id", "match_weight"]]
    return best.assign(customers=best["record_id"].map(counts).to_numpy(dtype=np.int64)).reset_index(drop=True)
