"""The order of fixes that unblocks most with fewest: each step is the set with most rows per fix. Knows no CRM.

A row loads once *all* it needs is done, so two fixes may do together what neither does alone; taking the best single
fix each time would never see that. The set with most rows per fix is a densest subgraph of a hypergraph, found exactly
by Dinkelbach's method with one minimum cut a round (Goldberg 1984; Picard 1976 for the closure).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Needs = Mapping[frozenset[str], int]
"""Set of fixes that rows need together → how many rows do."""


@dataclass(frozen=True)
class Step:
    """One step of the way.

    Attributes:
        fixes: Done together, in order; nearly always one.
        adds: Rows it unblocks after the steps before it.
    """

    fixes: tuple[str, ...]
    adds: int


def shortest_way(needs: Needs) -> tuple[Step, ...]:
    """Return all fixes in the order in which they pay.

    Args:
        needs: What rows need; rows that nothing unblocks stay out of it.

    >>> shortest_way({frozenset({"a"}): 3, frozenset({"a", "b"}): 1, frozenset({"c"}): 2})
    (Step(fixes=('a',), adds=3), Step(fixes=('c',), adds=2), Step(fixes=('b',), adds=1))
    """
    left = {need: count for need, count in needs.items() if need and count}
    steps: list[Step] = []
    while left:
        chosen = densest(left)
        steps.append(Step(tuple(sorted(chosen)), _gain(left, chosen)))
        shrunk: dict[frozenset[str], int] = {}
        for need, count in left.items():
            rest = need - chosen
            if rest:
                shrunk[rest] = shrunk.get(rest, 0) + count
        left = shrunk
    return tuple(steps)


def densest(needs: Needs) -> frozenset[str]:
    """Return the set of fixes with most rows per fix; of equals the smallest, then the first by name."""
    singles = sorted({fix for need in needs for fix in need})
    best = max((frozenset({fix}) for fix in singles), key=lambda one: (_gain(needs, one), [-ord(c) for c in min(one)]))
    if not _gain(needs, best):
        best = min(needs, key=lambda need: (len(need), sorted(need)))
    while True:
        density = Fraction(_gain(needs, best), len(best))
        better = _closure(needs, density)
        if not better:
            return best
        best = _densest_component(needs, better)


def _gain(needs: Needs, done: frozenset[str]) -> int:
    return sum(count for need, count in needs.items() if need <= done)


def _densest_component(needs: Needs, chosen: frozenset[str]) -> frozenset[str]:
    """Return the part of a set that hangs together and is densest: parts that share no row are steps of their own."""
    parts: list[set[str]] = []
    for need in (need for need in needs if need <= chosen):
        touching = [part for part in parts if part & need]
        parts = [part for part in parts if not part & need] + [set(need).union(*touching)]
    found = [frozenset(part) for part in parts]
    return min(found, key=lambda part: (-Fraction(_gain(needs, part), len(part)), len(part), sorted(part)))


def _closure(needs: Needs, price: Fraction) -> frozenset[str]:
    """Return the fixes of the set whose rows outweigh its fixes at a price by most; empty where no set does."""
    classes = sorted(needs, key=sorted)
    fixes = sorted({fix for need in classes for fix in need})
    start, end = len(classes) + len(fixes), len(classes) + len(fixes) + 1
    place = {fix: len(classes) + number for number, fix in enumerate(fixes)}
    network: list[dict[int, int]] = [{} for _ in range(end + 1)]
    total = 0
    for number, need in enumerate(classes):
        worth = needs[need] * price.denominator
        total += worth
        _connect(network, start, number, worth)
        for fix in need:
            _connect(network, number, place[fix], _UNBOUNDED)
    for fix in fixes:
        _connect(network, place[fix], end, price.numerator)
    if _push_all(network, start, end) == total:
        return frozenset()
    reached = _reach(network, start)
    return frozenset(fix for fix in fixes if place[fix] in reached)


_UNBOUNDED = 1 << 62
"""More than all rows together: such an edge is never cut."""


def _connect(network: list[dict[int, int]], one: int, other: int, capacity: int) -> None:
    network[one][other] = network[one].get(other, 0) + capacity
    network[other].setdefault(one, 0)


def _reach(network: list[dict[int, int]], start: int) -> dict[int, int]:
    """Return how far each node is that flow still reaches."""
    distance, waiting = {start: 0}, deque([start])
    while waiting:
        node = waiting.popleft()
        for neighbour, capacity in network[node].items():
            if capacity and neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                waiting.append(neighbour)
    return distance


def _push_all(network: list[dict[int, int]], start: int, end: int) -> int:
    """Push as much flow as fits (Edmonds and Karp 1972: along shortest paths); return how much it was."""
    pushed = 0
    while True:
        came: dict[int, int] = {start: start}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for neighbour, capacity in network[node].items():
                if capacity and neighbour not in came:
                    came[neighbour] = node
                    waiting.append(neighbour)
        if end not in came:
            return pushed
        path, node = [], end
        while node != start:
            path.append((came[node], node))
            node = came[node]
        flow = min(network[one][other] for one, other in path)
        for one, other in path:
            network[one][other] -= flow
            network[other][one] += flow
        pushed += flow
