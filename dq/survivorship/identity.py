"""Ids that stay: a golden id is given once, then inherited through the crosswalk published before."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.text.keyed_ids import keyed_ids, keyed_numbers, written_ids
from dq.text.order import sorted_texts
from dq.text.tokens import arrow_text


def inherit_golden_ids(clusters: pd.DataFrame, previous: pd.DataFrame | None, key: bytes) -> pd.DataFrame:
    """Give every cluster its golden id.

    A cluster inherits the id that most of its records had before; where two clusters claim one id, the one with more
    of its records gets it, then the one with the smallest record; of ids that as many of its records had, the smallest
    record's
    stays, so that a split that is taken back gives the id back. Everybody else is born: `G` and 12 characters of the
    keyed hash of the cluster's smallest `record_id` (CONTRACTS 1).

    Args:
        clusters: One row per record: `record_id`, `cluster_id` (the smallest `record_id` of the cluster).
        previous: `record_id`, `golden_id` of the crosswalk published before; None on the first run.
        key: Secret of the home.

    Returns:
        `cluster_id`, `golden_id`, one row per cluster, sorted.
    """
    record_ids, cluster_ids = (arrow_text(clusters[name]) for name in ("record_id", "cluster_id"))
    # The smallest record of a cluster is one of its records: every cluster shows there once.
    cluster_ids = sorted_texts(cluster_ids.filter(pc.equal(cluster_ids, record_ids)))
    if previous is None:
        numbers = keyed_numbers("golden", cluster_ids, key)
        ordered = np.sort(numbers)
        if (ordered[1:] != ordered[:-1]).all():
            born = pa.table({"cluster_id": cluster_ids, "golden_id": written_ids("G", numbers)})
            given: pd.DataFrame = born.to_pandas()
            return given.astype("str")
    cluster_ids = cluster_ids.to_pylist()
    inherited = _inherited(clusters, previous) if previous is not None and len(previous) else {}
    # An id that somebody had before is never given to a newborn: other systems still hold it.
    known = set(previous["golden_id"]) if previous is not None else set()
    newborn = [cluster_id for cluster_id in cluster_ids if cluster_id not in inherited]
    all_ids = inherited | dict(zip(newborn, _born(newborn, key, known), strict=True))
    golden_ids = [all_ids[cluster_id] for cluster_id in cluster_ids]
    return pd.DataFrame({"cluster_id": cluster_ids, "golden_id": golden_ids}, dtype="str")


def _inherited(clusters: pd.DataFrame, previous: pd.DataFrame) -> dict[str, str]:
    claims = (
        clusters.merge(previous[["record_id", "golden_id"]], on="record_id")
        .groupby(["cluster_id", "golden_id"], as_index=False)
        .agg(size=("record_id", "size"), smallest=("record_id", "min"))
        .sort_values(["size", "cluster_id", "smallest"], ascending=[False, True, True])
    )
    given: dict[str, str] = {}
    taken: set[str] = set()
    for cluster_id, golden_id in zip(claims["cluster_id"], claims["golden_id"], strict=True):
        if cluster_id not in given and golden_id not in taken:
            given[cluster_id] = golden_id
            taken.add(golden_id)
    return given


def _born(cluster_ids: list[str], key: bytes, known: set[str]) -> list[str]:
    """Return an id for each cluster that has none; where it is taken, that of the name with `~2`, `~3` behind it."""
    golden_ids: list[str] = keyed_ids("G", "golden", cluster_ids, key).to_pylist()
    taken = set(golden_ids)
    if len(taken) == len(golden_ids) and known.isdisjoint(taken):
        return golden_ids
    taken = set(known)
    for place, cluster_id in enumerate(cluster_ids):
        attempt = 1
        while golden_ids[place] in taken:
            attempt += 1
            golden_ids[place] = keyed_ids("G", "golden", [f"{cluster_id}~{attempt}"], key)[0].as_py()
        taken.add(golden_ids[place])
    return golden_ids
