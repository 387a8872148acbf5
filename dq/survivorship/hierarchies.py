"""Hierarchies without circles: which relations must go so that nobody stands above themselves. Reads no tables."""

from collections import deque
from collections.abc import Iterable, Sequence

Edge = tuple[str, str]
"""Who stands below, who stands above."""


def circle_edges(edges: Sequence[Edge]) -> list[tuple[Edge, list[str]]]:
    """Return the relations to cut so that no circle is left, each with a circle it would close.

    Inside every group of parties that reach each other the weakest relation goes, until no such group is left; what
    went without need, because a later cut opened its circle too, comes back, the strongest first.

    Args:
        edges: Distinct relations from the strongest to the weakest.

    Returns:
        The cut relations, strongest first, with the parties from the one below up to the one above and back again.

    >>> circle_edges([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    [(('c', 'a'), ['c', 'a', 'b', 'c'])]
    """
    rank = {edge: place for place, edge in enumerate(edges)}
    cut: set[Edge] = {edge for edge in rank if edge[0] == edge[1]}
    waiting = [[edge for edge in rank if edge not in cut]]
    while waiting:
        for inside in _knots(waiting.pop()):
            weakest = max(inside, key=rank.__getitem__)
            cut.add(weakest)
            waiting.append([edge for edge in inside if edge != weakest])
    above = _above(edge for edge in rank if edge not in cut)
    left: list[tuple[Edge, list[str]]] = []
    for low, high in sorted(cut, key=rank.__getitem__):
        way = _way(above, high, low)
        if way:
            left.append(((low, high), [low, *way]))
        else:
            above.setdefault(low, []).append(high)
    return left


def _above(edges: Iterable[Edge]) -> dict[str, list[str]]:
    above: dict[str, list[str]] = {}
    for low, high in edges:
        above.setdefault(low, []).append(high)
    return above


def _way(above: dict[str, list[str]], start: str, end: str) -> list[str]:
    """Return the shortest way up from one party to another, empty where there is none."""
    before: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        party = waiting.popleft()
        if party == end:
            way = [party]
            while (previous := before[way[-1]]) is not None:
                way.append(previous)
            return way[::-1]
        for high in above.get(party, []):
            if high not in before:
                before[high] = party
                waiting.append(high)
    return []


def _knots(edges: list[Edge]) -> list[list[Edge]]:
    """Return the relations inside each group of parties that reach each other (Kosaraju 1978)."""
    above, below = _above(edges), _above((high, low) for low, high in edges)
    group: dict[str, str] = {}
    for root in reversed(_finished(above)):
        waiting = [root]
        while waiting:
            party = waiting.pop()
            if party not in group:
                group[party] = root
                waiting += [low for low in below.get(party, []) if low not in group]
    inside: dict[str, list[Edge]] = {}
    for low, high in edges:
        if group[low] == group[high]:
            inside.setdefault(group[low], []).append((low, high))
    return list(inside.values())


def _finished(above: dict[str, list[str]]) -> list[str]:
    """Return all parties in the order in which a search upwards is done with them; without recursion."""
    done: list[str] = []
    seen: set[str] = set()
    for root in above:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(above[root]))]
        while path:
            party, rest = path[-1]
            high = next((one for one in rest if one not in seen), None)
            if high is None:
                done.append(party)
                path.pop()
            else:
                seen.add(high)
                path.append((high, iter(above.get(high, []))))
    return done
