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


_SHAREABLE = ("email", "phone", "mobile")
"""Kinds of which many customers may have one; a refusal of letters is about the person, wherever the letter goes."""


def with_shared(points: pd.DataFrame, above: int) -> pd.DataFrame:
    """Mark contact points that are nobody's own: `is_shared`.

    Args:
        points: Contact points; `customers` says how many customers have the same value, 1 where it is not there.
        above: More customers than this share it; two are enough for the mailbox of a function.
    """
    customers = points["customers"].fillna(1) if "customers" in points else pd.Series(1, index=points.index)
    is_function = points["flags"].str.contains(_FUNCTION, regex=False).fillna(False).astype(bool)
    is_shared = (customers > above) | (is_function & (customers > 1))
    return points.assign(is_shared=is_shared & points["kind"].isin(_SHAREABLE))


_FUNCTION = "email:role_account"


def golden_points(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Merge equal contact points of each golden record.

    Two points are equal when kind and standard value are; the one with the most telling role, then the smallest id,
    stands for them. Its consent is the latest explicit act among them, or opt_out where one act has no date.

    Args:
        points: Contact points with `golden_id` and `is_shared`, sorted by `golden_id`, `contact_point_id`.

    Returns:
        Golden contact points with `is_shared`, and a provenance row per point made of several source points.
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
    wanted = [*GOLDEN_CONTACT_POINTS.columns, "is_shared"]
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


def most_restrictive(
    golden: pd.DataFrame, records: pd.DataFrame, sources: pd.DataFrame, points: pd.DataFrame
) -> pd.DataFrame:
    """Fill the do-not columns: the latest explicit act of a channel, most restrictive where dates are missing.

    Consent is per contact point; a channel is closed for the customer where the act that holds over all its points is a
    refusal. A refusal on a shared point says nothing of the customer's own ones. What a record refuses without naming
    a point has no date: it holds.

    Args:
        golden: Golden records.
        records: Their records.
        sources: The contact points of those records.
        points: The golden contact points, with `is_shared`.
    """
    filled = golden.copy()
    for column, kinds in CHANNELS.items():
        acts = pd.concat(
            [_acts_on_points(points, kinds), _acts_of_records(records, sources, column, kinds)], ignore_index=True
        )
        held = latest_or_restrictive(acts)["consent"].eq("opt_out")
        allowed = records.loc[records[column].eq(False).fillna(False).astype(bool), "golden_id"]
        said = pd.concat([held, pd.Series(False, index=pd.Index(allowed.unique()).difference(held.index))])
        filled[column] = golden["golden_id"].map(said).astype("boolean")
    return filled


def _acts_on_points(points: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    of_kind = points.loc[points["kind"].isin(kinds)]
    explicit = of_kind["consent"].isin(["opt_in", "opt_out"])
    if not explicit.any():
        of_kind, explicit = of_kind.iloc[:0], explicit.iloc[:0]
    has_own = of_kind["golden_id"].isin(of_kind.loc[~of_kind["is_shared"], "golden_id"])
    is_refusal = of_kind["consent"].eq("opt_out")
    counts = explicit & ~(is_refusal & of_kind["is_shared"] & has_own)
    acts = of_kind.loc[counts]
    return pd.DataFrame({"group": acts["golden_id"], "consent": acts["consent"], "at": acts["consent_at"]})


def _acts_of_records(records: pd.DataFrame, sources: pd.DataFrame, column: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return the refusals of records that none of their own contact points explains, as acts without a date."""
    refusing = sources.loc[sources["kind"].isin(kinds) & sources["consent"].eq("opt_out"), "record_id"]
    unexplained = records[column].eq(True).fillna(False).astype(bool) & ~records["record_id"].isin(refusing)
    groups = records.loc[unexplained, "golden_id"]
    return pd.DataFrame({"group": groups, "consent": "opt_out", "at": pd.Series(index=groups.index, dtype="str")})
