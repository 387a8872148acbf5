"""Hierarchies lose the weakest relation of each circle, and nothing else."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dq.survivorship.hierarchies import Edge, circle_edges

names = st.sampled_from("abcdef")
edge_lists = st.lists(st.tuples(names, names), max_size=16, unique=True)


def has_circle(edges: list[Edge]) -> bool:
    """Oracle: peel off who has nobody above; what cannot be peeled runs in a circle."""
    left = list(edges)
    while left:
        lower = {low for low, _ in left}
        kept = [(low, high) for low, high in left if high in lower]
        if len(kept) == len(left):
            return True
        left = kept
    return False


@given(edge_lists)
def test_no_circle_is_left_and_nothing_is_cut_without_need(edges: list[Edge]) -> None:
    cut = dict(circle_edges(edges))
    kept = [edge for edge in edges if edge not in cut]
    assert not has_circle(kept)
    for edge, circle in cut.items():
        assert has_circle([*kept, edge])
        steps = list(itertools.pairwise(circle))
        assert steps[0] == edge
        assert circle[0] == circle[-1]
        assert set(steps[1:]) <= set(kept)
    if not has_circle(edges):
        assert not cut


@given(edge_lists, st.permutations("abcdef"))
def test_names_do_not_matter(edges: list[Edge], other: list[str]) -> None:
    called = dict(zip("abcdef", other, strict=True))
    renamed = [(called[low], called[high]) for low, high in edges]
    expected = [(called[low], called[high]) for (low, high), _ in circle_edges(edges)]
    assert [edge for edge, _ in circle_edges(renamed)] == expected


def test_the_weakest_relation_of_a_ring_goes() -> None:
    assert [edge for edge, _ in circle_edges([("a", "b"), ("b", "c"), ("c", "a")])] == [("c", "a")]


def test_a_party_above_itself_is_cut() -> None:
    assert circle_edges([("a", "a")]) == [(("a", "a"), ["a", "a"])]


def test_long_chains_and_long_rings_end() -> None:
    chain = [(f"n{place}", f"n{place + 1}") for place in range(20_000)]
    assert circle_edges(chain) == []
    assert [edge for edge, _ in circle_edges([*chain, ("n20000", "n0")])] == [("n20000", "n0")]
