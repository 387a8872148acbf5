"""Clusters: which records are one customer, from matched pairs and judgements. Never joins what a fact forbids."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.judging import Judged, judged_pairs
from dq.model import TEXT

Codes = NDArray[np.int64]
_CLEARLY = 6.0
"""Bits by which one of two forbidden partners must fit better (64 times likelier) for a record to join it."""
_FORCED = 1e9
"""Weight of a SAME judgement: before every edge of the machine."""


def cluster(pairs: pd.DataFrame, record_ids: pd.Series, judgements: pd.DataFrame) -> pd.DataFrame:
    """Put records that are one customer into one cluster.

    Connected components over matched pairs and SAME judgements. Where a component holds a vetoed pair or a DIFFERENT
    judgement, it is built again edge by edge from the heaviest (ties: the smallest record ids), and an edge that would
    bring a forbidden pair together is left out. A record that fits both sides of a forbidden pair about equally (a
    Robert Smith beside Jr and Sr) joins neither. A SAME judgement stands above a machine's veto.

    Args:
        pairs: Compared pairs (`record_id_l`, `record_id_r`, `match_weight`, `outcome`, `veto`).
        record_ids: Every record, each once.
        judgements: Rows of the table `judgements`; may be empty.

    Returns:
        `record_id`, `cluster_id` (smallest `record_id` of the cluster), `cluster_size`; sorted by `record_id`.
    """
    names = pd.Index(np.sort(record_ids.to_numpy(dtype=object)))
    judged = judged_pairs(judgements)
    left, right, weights = _edges(pairs, judged, names)
    labels = connected(left, right, len(names))
    walls = _walls(pairs, judged, names)
    labels = _rebuilt(labels, left, right, weights, walls)
    sizes = np.bincount(labels, minlength=len(names))
    return pd.DataFrame(
        {
            "record_id": pd.array(names, dtype=TEXT),
            "cluster_id": pd.array(names.take(labels), dtype=TEXT),
            "cluster_size": sizes[labels].astype(np.int64),
        }
    )


def _edges(pairs: pd.DataFrame, judged: Judged, names: pd.Index) -> tuple[Codes, Codes, NDArray[np.float64]]:
    matched = pairs[pairs["outcome"].eq("match") & pairs["veto"].isna()]
    left = np.concatenate([_places(names, matched["record_id_l"]), _places(names, judged.same_l)])
    right = np.concatenate([_places(names, matched["record_id_r"]), _places(names, judged.same_r)])
    weights = np.concatenate([matched["match_weight"].to_numpy(dtype=np.float64), np.full(len(judged.same_l), _FORCED)])
    known = (left >= 0) & (right >= 0)
    low, high = np.minimum(left, right)[known], np.maximum(left, right)[known]
    return low, high, weights[known]


def _places(names: pd.Index, record_ids: "pd.Series | NDArray[np.object_]") -> Codes:
    return names.get_indexer(pd.Index(np.asarray(record_ids, dtype=object))).astype(np.int64)


def _walls(pairs: pd.DataFrame, judged: Judged, names: pd.Index) -> set[tuple[int, int]]:
    """Return the pairs of records that must not meet, smaller first."""
    vetoed = pairs[pairs["veto"].notna()]
    left = np.concatenate([_places(names, vetoed["record_id_l"]), _places(names, judged.different_l)])
    right = np.concatenate([_places(names, vetoed["record_id_r"]), _places(names, judged.different_r)])
    same = set(zip(_places(names, judged.same_l).tolist(), _places(names, judged.same_r).tolist(), strict=True))
    walls = zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True)
    return {wall for wall in walls if wall[0] >= 0 and wall not in same}


def connected(left: Codes, right: Codes, size: int) -> Codes:
    """Return the smallest record of each record's connected component (labels spread along edges and halve paths)."""
    labels = np.arange(size, dtype=np.int64)
    while True:
        before = labels.copy()
        ends = np.minimum(labels[left], labels[right])
        # The label of an end's own label sinks too, so that whole trees join and rounds grow with the logarithm.
        for nodes in (left, right, before[left], before[right]):
            np.minimum.at(labels, nodes, ends)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def _rebuilt(
    labels: Codes, left: Codes, right: Codes, weights: NDArray[np.float64], walls: set[tuple[int, int]]
) -> Codes:
    """Build the components that hold a wall again, without the edges that would close over it."""
    broken = {int(labels[low]) for low, high in walls if labels[low] == labels[high]}
    if not broken:
        return labels
    inside = np.isin(labels, np.fromiter(broken, dtype=np.int64))
    chosen = np.flatnonzero(inside[left])
    chosen = chosen[~_ambiguous(left[chosen], right[chosen], weights[chosen], walls)]
    order = chosen[np.lexsort((right[chosen], left[chosen], -weights[chosen]))]
    members = np.flatnonzero(inside)
    groups: dict[int, list[int]] = {node: [node] for node in members.tolist()}
    label = {node: node for node in members.tolist()}
    enemies: dict[int, set[int]] = {}
    for low, high in walls:
        if inside[low] and inside[high]:
            enemies.setdefault(low, set()).add(high)
            enemies.setdefault(high, set()).add(low)
    for one, other in zip(left[order].tolist(), right[order].tolist(), strict=True):
        keep, gone = sorted((label[one], label[other]))
        if keep == gone or _hostile(groups[keep], groups[gone], label, enemies):
            continue
        for node in groups.pop(gone):
            label[node] = keep
            groups[keep].append(node)
    rebuilt = labels.copy()
    rebuilt[members] = [label[node] for node in members.tolist()]
    return rebuilt


def _ambiguous(
    left: Codes, right: Codes, weights: NDArray[np.float64], walls: set[tuple[int, int]]
) -> NDArray[np.bool_]:
    """Say which edges lead from a record to one of two that must not meet, while it fits the other as well."""
    edges: dict[int, dict[int, int]] = {}
    for place, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        edges.setdefault(one, {})[other] = place
        edges.setdefault(other, {})[one] = place
    unsure = np.zeros(len(left), dtype=bool)
    for low, high in walls:
        for between in edges.get(low, {}).keys() & edges.get(high, {}).keys():
            pair = [edges[between][low], edges[between][high]]
            if weights[pair].max() < _FORCED and abs(weights[pair[0]] - weights[pair[1]]) < _CLEARLY:
                unsure[pair] = True
    return unsure


def _hostile(one: list[int], other: list[int], label: dict[int, int], enemies: dict[int, set[int]]) -> bool:
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    target = label[more[0]]
    return any(label.get(enemy) == target for node in fewer for enemy in enemies.get(node, ()))
