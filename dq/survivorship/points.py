"""Golden contact points: every distinct way to reach a customer, once, with the consent that holds."""

import json

import numpy as np
import pandas as pd

from dq.model import ADDRESS_COLUMNS, CONTACT_ROLES, GOLDEN_CONTACT_POINTS, PROVENANCE

CHANNELS = {
    "do_not_mail": ("address",),
    "do_not_email": ("email",),
    "do_not_call": ("phone", "mobile"),
    "do_not_text": ("mobile",),
}
"""Which kinds of contact points a do-not column speaks for."""


def golden_points(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Merge equal contact points of each golden record.

    Two points are equal when kind and standard value are; the one with the most telling role, then the smallest id,
    stands for them. Its consent is the latest explicit act among them, or opt_out where one act has no date.

    Args:
        points: Contact points with `golden_id`, sorted by `golden_id`, `contact_point_id`.

    Returns:
        Golden contact points, and one provenance row per point that several source points were merged into.
    """
    rank = {role: position for position, role in enumerate(CONTACT_ROLES)}
    order = points.assign(_rank=points["role"].map(rank).fillna(len(rank)))
    order = order.sort_values(["golden_id", "_rank", "contact_point_id"], ignore_index=True)
    same = order[["golden_id", "kind", "value", "extension", *ADDRESS_COLUMNS]].fillna("")
    group, _ = pd.factorize(pd.MultiIndex.from_frame(same))
    is_first = ~pd.Series(group).duplicated()
    survivors = order.loc[is_first].reset_index(drop=True)
    consent, consent_at = _held_consent(order, group)
    survivors["consent"], survivors["consent_at"] = consent, consent_at
    merges = _merges(order, group, survivors)
    wanted = list(GOLDEN_CONTACT_POINTS.columns)
    return survivors.reindex(columns=wanted).sort_values(["golden_id", "contact_point_id"], ignore_index=True), merges


def _held_consent(
    order: pd.DataFrame, group: "np.ndarray[tuple[int], np.dtype[np.intp]]"
) -> tuple[pd.Series, pd.Series]:
    """Return consent and its date per group of equal points, in group order."""
    size = int(group.max()) + 1 if len(group) else 0
    acts = pd.DataFrame({"group": group, "consent": order["consent"], "at": order["consent_at"]})
    acts = acts.loc[acts["consent"].isin(["opt_in", "opt_out"])]
    held = latest_or_restrictive(acts)
    every = pd.RangeIndex(size)
    return (
        held["consent"].reindex(every).fillna("unknown").astype("str").reset_index(drop=True),
        held["at"].reindex(every).astype("str").reset_index(drop=True),
    )


def latest_or_restrictive(acts: pd.DataFrame) -> pd.DataFrame:
    """Return the act that holds per `group`: the latest, or an opt_out where any act lacks its date.

    Args:
        acts: Columns `group`, `consent` (opt_in or opt_out), `at` (ISO text or missing).

    Returns:
        `consent`, `at`, indexed by group.
    """
    undated = acts["at"].isna().groupby(acts["group"]).transform("any") if len(acts) else acts["at"].isna()
    refuses = acts["consent"].eq("opt_out")
    # Where a date is missing nobody knows which act was last: the refusal holds. Ties in time end the same way.
    ordered = acts.assign(_undated=undated & refuses, _refuses=refuses).sort_values(
        ["group", "_undated", "at", "_refuses"], na_position="first"
    )
    return ordered.drop_duplicates("group", keep="last").set_index("group")[["consent", "at"]]


def _merges(
    order: pd.DataFrame, group: "np.ndarray[tuple[int], np.dtype[np.intp]]", survivors: pd.DataFrame
) -> pd.DataFrame:
    several = np.bincount(group, minlength=len(survivors))[group] > 1 if len(group) else np.zeros(0, dtype=bool)
    members: dict[int, list[str]] = {}
    for number, point_id in zip(group[several].tolist(), order["contact_point_id"].to_numpy()[several], strict=True):
        members.setdefault(number, []).append(point_id)
    rows = survivors.iloc[sorted(members)]
    value = rows["value"].where(rows["kind"] != "address", rows["address_line1"])
    return pd.DataFrame(
        {
            "golden_id": rows["golden_id"],
            "contact_point_id": rows["contact_point_id"],
            "column": rows["kind"],
            "value": value,
            "record_id": rows["record_id"],
            "rule": "same_value",
            "alternates": [
                json.dumps([{"contact_point_ids": sorted(members[number])}], separators=(",", ":"))
                for number in sorted(members)
            ],
        },
        columns=list(PROVENANCE.columns),
    ).astype("str")


def most_restrictive(golden: pd.DataFrame, records: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Fill the do-not columns: what consent per channel says, else what any record said without naming a point.

    Consent is per contact point; a channel is closed for the customer only where the act that holds over all points of
    the channel is a refusal.
    """
    filled = golden.copy()
    for column, kinds in CHANNELS.items():
        acts = points.loc[points["kind"].isin(kinds) & points["consent"].isin(["opt_in", "opt_out"])]
        held = latest_or_restrictive(
            pd.DataFrame({"group": acts["golden_id"], "consent": acts["consent"], "at": acts["consent_at"]})
        )
        by_points = golden["golden_id"].map(held["consent"].eq("opt_out"))
        said = records.loc[records[column].notna(), ["golden_id", column]]
        by_records = golden["golden_id"].map(said.groupby("golden_id")[column].agg(lambda acts: any(acts)))
        filled[column] = by_points.where(by_points.notna(), by_records).astype("boolean")
    return filled
