"""Builds components again, edge by edge, where something inside speaks against them: walls and weak bridges."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dq.matching.most_records import CERTAIN

Codes = NDArray[np.int64]
Edges = tuple[Codes, Codes, NDArray[np.float64]]
"""Smaller record, larger record, match weight."""

_CLEARLY = 6.0
"""Bits by which one of two forbidden partners must fit better (64 times likelier) for a record to join it."""
_EQUALLY = 0.5
"""Who fits two strangers to half a bit may be either."""
_JUDGED = 1e8
"""Heavier edges are judgements of people, which no evidence outweighs."""
_MOST_AGAINST, _MOST_FOR = 8.0, 15.0
"""One pair counts at most so much against or for joining two groups: dirty records of one customer often look unlike
each other by themselves, and one clear link outweighs two such pairs."""


def regrouped(
    labels: Codes,
    edges: Edges,
    walls: set[tuple[int, int]],
    pairs: Edges,
    strangers: NDArray[np.bool_],
    most: int | None = None,
) -> Codes:
    """Return the components, those with a wall or a pair that looks different inside built again.

    From the heaviest edge on (ties: the smallest records) two groups are joined unless a wall stands between them or
    the pairs between them weigh less than nothing together: correlation clustering, greedily. A record that fits both
    sides of a wall about equally (a Robert Smith beside Jr and Sr) joins neither, nor does one that fits two strangers
    quite equally (a mailbox of two branches). Where customers have no more than so many records, a pair that is not
    certain joins no more. A judgement SAME joins whatever the evidence says.

    Args:
        labels: Smallest record of the component of each record.
        edges: Matched pairs and judgements.
        walls: Pairs that must not meet, smaller first.
        pairs: Every compared pair, edges or not.
        strangers: Which of them the run takes for two customers.
        most: The most records of a customer; None where nothing limits them.

    Returns:
        The smallest record of each record's cluster.
    """
    left, right, weights = edges
    against = pairs[2] < 0
    broken = {int(labels[low]) for low, high in walls if labels[low] == labels[high]}
    one, other = pairs[0][against], pairs[1][against]
    broken |= set(labels[one[labels[one] == labels[other]]].tolist())
    if most is not None:
        broken |= set(np.flatnonzero(np.bincount(labels, minlength=len(labels)) > most).tolist())
    if not broken:
        return labels
    is_broken = np.zeros(len(labels), dtype=bool)
    is_broken[list(broken)] = True
    inside = is_broken[labels]
    chosen = np.flatnonzero(inside[left])
    unsure = _ambiguous(left[chosen], right[chosen], weights[chosen], walls, _CLEARLY)
    apart = np.flatnonzero(strangers & inside[pairs[0]] & (labels[pairs[0]] == labels[pairs[1]]))
    ends = zip(pairs[0][apart].tolist(), pairs[1][apart].tolist(), strict=True)
    unsure |= _ambiguous(left[chosen], right[chosen], weights[chosen], ends, _EQUALLY)
    chosen = chosen[~unsure]
    order = chosen[np.lexsort((right[chosen], left[chosen], -weights[chosen]))]
    members = np.flatnonzero(inside)
    groups = _Groups(members.tolist(), walls, _support(pairs, inside, labels))
    for low, high, weight in zip(left[order].tolist(), right[order].tolist(), weights[order].tolist(), strict=True):
        groups.join(low, high, judged=weight > _JUDGED, most=None if weight >= CERTAIN else most)
    rebuilt = labels.copy()
    rebuilt[members] = [groups.label[node] for node in members.tolist()]
    return rebuilt


def _support(pairs: Edges, inside: NDArray[np.bool_], labels: Codes) -> dict[int, dict[int, float]]:
    """Return what each pair inside counts for joining its records."""
    left, right, weights = pairs
    chosen = np.flatnonzero(inside[left] & (labels[left] == labels[right]))
    support: dict[int, dict[int, float]] = {}
    counted = np.clip(weights[chosen], -_MOST_AGAINST, _MOST_FOR)
    for one, other, weight in zip(left[chosen].tolist(), right[chosen].tolist(), counted.tolist(), strict=True):
        support.setdefault(one, {})[other] = weight
        support.setdefault(other, {})[one] = weight
    return support


class _Groups:
    """Groups of records that grow as edges join them."""

    def __init__(
        self, members: Iterable[int], walls: set[tuple[int, int]], support: dict[int, dict[int, float]]
    ) -> None:
        self.label = {node: node for node in members}
        self._members = {node: [node] for node in self.label}
        self._support = support
        self._enemies: dict[int, set[int]] = {}
        for low, high in walls:
            if low in self.label and high in self.label:
                self._enemies.setdefault(low, set()).add(high)
                self._enemies.setdefault(high, set()).add(low)

    def join(self, one: int, other: int, *, judged: bool, most: int | None = None) -> None:
        """Join the groups of two records unless they are too many or something between them speaks against it."""
        keep, gone = sorted((self.label[one], self.label[other]))
        if most is not None and len(self._members[keep]) + len(self._members[gone]) > most and keep != gone:
            return
        if keep == gone or self._hostile(keep, gone) or not (judged or self._supported(keep, gone)):
            return
        for node in self._members.pop(gone):
            self.label[node] = keep
            self._members[keep].append(node)

    def _hostile(self, keep: int, gone: int) -> bool:
        fewer, target = self._fewer(keep, gone)
        return any(self.label.get(enemy) == target for node in fewer for enemy in self._enemies.get(node, ()))

    def _supported(self, keep: int, gone: int) -> bool:
        fewer, target = self._fewer(keep, gone)
        total = sum(
            weight
            for node in fewer
            for mate, weight in self._support.get(node, {}).items()
            if self.label[mate] == target
        )
        return round(total, 6) > 0

    def _fewer(self, keep: int, gone: int) -> tuple[list[int], int]:
        """Return the members of the smaller group and the label of the other."""
        if len(self._members[keep]) <= len(self._members[gone]):
            return self._members[keep], gone
        return self._members[gone], keep


def _ambiguous(
    left: Codes, right: Codes, weights: NDArray[np.float64], walls: Iterable[tuple[int, int]], clearly: float
) -> NDArray[np.bool_]:
    """Say which edges lead from a record to one of two that must not meet, while it fits the other as well.

    Fitting one of them clearly better takes so many bits."""
    edges: dict[int, dict[int, int]] = {}
    for place, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        edges.setdefault(one, {})[other] = place
        edges.setdefault(other, {})[one] = place
    unsure = np.zeros(len(left), dtype=bool)
    for low, high in walls:
        for between in edges.get(low, {}).keys() & edges.get(high, {}).keys():
            pair = [edges[between][low], edges[between][high]]
            if weights[pair].max() < _JUDGED and abs(weights[pair[0]] - weights[pair[1]]) < clearly:
                unsure[pair] = True
    return unsure
