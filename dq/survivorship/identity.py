"""Ids that stay: a golden id is given once, then inherited through the crosswalk published before."""

import base64
import hmac

import pandas as pd


def inherit_golden_ids(clusters: pd.DataFrame, previous: pd.DataFrame | None, key: bytes) -> pd.DataFrame:
    """Give every cluster its golden id.

    A cluster inherits the id that most of its records had before; where two clusters claim one id, the one with more
    of its records gets it, then the one with the smallest record. Everybody else is born: `G` and 12 characters of the
    keyed hash of the cluster's smallest `record_id` (CONTRACTS 1).

    Args:
        clusters: One row per record: `record_id`, `cluster_id` (the smallest `record_id` of the cluster).
        previous: `record_id`, `golden_id` of the crosswalk published before; None on the first run.
        key: Secret of the home.

    Returns:
        `cluster_id`, `golden_id`, one row per cluster, sorted.
    """
    cluster_ids = clusters["cluster_id"].drop_duplicates().sort_values(ignore_index=True)
    inherited = _inherited(clusters, previous) if previous is not None and len(previous) else {}
    taken = set(inherited.values())
    # An id that somebody had before is never given to a newborn: other systems still hold it.
    known = taken | (set(previous["golden_id"]) if previous is not None else set())
    golden_ids: list[str] = []
    for cluster_id in cluster_ids:
        golden_id = inherited.get(cluster_id)
        if golden_id is None:
            golden_id = _born(cluster_id, key, known)
            known.add(golden_id)
        golden_ids.append(golden_id)
    return pd.DataFrame({"cluster_id": cluster_ids, "golden_id": pd.Series(golden_ids, dtype="str")})


def _inherited(clusters: pd.DataFrame, previous: pd.DataFrame) -> dict[str, str]:
    claims = (
        clusters.merge(previous[["record_id", "golden_id"]], on="record_id")
        .groupby(["cluster_id", "golden_id"], as_index=False)
        .size()
        .sort_values(["size", "cluster_id", "golden_id"], ascending=[False, True, True])
    )
    given: dict[str, str] = {}
    taken: set[str] = set()
    for cluster_id, golden_id in zip(claims["cluster_id"], claims["golden_id"], strict=True):
        if cluster_id not in given and golden_id not in taken:
            given[cluster_id] = golden_id
            taken.add(golden_id)
    return given


def _born(cluster_id: str, key: bytes, known: set[str]) -> str:
    for attempt in range(len(known) + 1):
        name = cluster_id if attempt == 0 else f"{cluster_id}~{attempt + 1}"
        digest = hmac.digest(key, f"golden\0{name}".encode(), "sha256")
        golden_id = "G" + base64.b32encode(digest)[:12].decode()
        if golden_id not in known:
            return golden_id
    raise AssertionError("more ids are known than attempts were made")
