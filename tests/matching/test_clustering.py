"""Clusters against a naive oracle on random graphs, with vetoes and judgements."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.matching import cluster
from dq.matching.components import connected
from tests.matching.runs import judgements_of

IDS = st.integers(0, 11)
EDGES = st.lists(st.tuples(IDS, IDS, st.integers(1, 5)).filter(lambda edge: edge[0] != edge[1]), max_size=25)
FEW = st.lists(st.tuples(IDS, IDS).filter(lambda edge: edge[0] != edge[1]), max_size=3)


def _name(place: int) -> str:
    return f"crm:{place:02d}"


def _pairs(edges: Iterable[tuple[int, int, int]], vetoes: Iterable[tuple[int, int]]) -> pd.DataFrame:
    rows = {}
    for one, other, weight in edges:
        rows[min(one, other), max(one, other)] = (float(weight), "match", None)
    for one, other in vetoes:
        rows[min(one, other), max(one, other)] = (9.0, "non_match", "other_generation")
    table = [(_name(low), _name(high), *values) for (low, high), values in sorted(rows.items())]
    columns = ["record_id_l", "record_id_r", "match_weight", "outcome", "veto"]
    return pd.DataFrame(table, columns=columns).astype({"veto": "str"})


def _oracle(size: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """Spread the smallest label until nothing changes."""
    labels = list(range(size))
    changed = True
    while changed:
        changed = False
        for one, other in edges:
            low = min(labels[one], labels[other])
            changed |= labels[one] != low or labels[other] != low
            labels[one] = labels[other] = low
    return labels


RECORDS = pd.Series([_name(place) for place in range(12)], dtype="str")


@given(st.integers(1, 60), st.data())
def test_connected_components_equal_the_oracle(size: int, data: st.DataObject) -> None:
    nodes = st.integers(0, size - 1)
    edges = data.draw(st.lists(st.tuples(nodes, nodes), max_size=80))
    left, right = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    assert connected(left, right, size).tolist() == _oracle(size, edges)


def test_a_long_chain_is_one_component() -> None:
    places = np.random.default_rng(1).permutation(20_000)
    assert connected(places[:-1], places[1:], 20_000).max() == 0


@given(EDGES)
def test_clusters_without_facts_are_components(edges: list[tuple[int, int, int]]) -> None:
    clusters = cluster(_pairs(edges, []), RECORDS, judgements_of())
    expected = _oracle(12, [(one, other) for one, other, _ in edges])
    assert clusters["cluster_id"].tolist() == [_name(label) for label in expected]
    assert clusters["cluster_size"].tolist() == [expected.count(label) for label in expected]


@given(EDGES, FEW, FEW)
def test_no_fact_ends_inside_a_cluster(
    edges: list[tuple[int, int, int]], vetoes: list[tuple[int, int]], different: list[tuple[int, int]]
) -> None:
    judgements = judgements_of(*((_name(one), _name(other), "DIFFERENT") for one, other in different))
    clusters = cluster(_pairs(edges, vetoes), RECORDS, judgements)
    of = dict(zip(clusters["record_id"], clusters["cluster_id"], strict=True))
    assert clusters["record_id"].tolist() == RECORDS.tolist()
    assert all(of[_name(one)] != of[_name(other)] for one, other in (*vetoes, *different))
    finest = _oracle(12, [(one, other) for one, other, _ in edges])
    assert all(finest[int(record[-2:])] == finest[int(label[-2:])] for record, label in of.items())


@given(EDGES, FEW, st.integers(0, 1000))
def test_clusters_do_not_depend_on_row_order(
    edges: list[tuple[int, int, int]], vetoes: list[tuple[int, int]], seed: int
) -> None:
    pairs = _pairs(edges, vetoes)
    shuffled = pairs.sample(frac=1, random_state=seed)
    again = cluster(shuffled, RECORDS.sample(frac=1, random_state=1), judgements_of())
    pd.testing.assert_frame_equal(cluster(pairs, RECORDS, judgements_of()), again)


def test_the_heaviest_edges_win_against_a_veto() -> None:
    clusters = cluster(_pairs([(0, 1, 19), (1, 2, 3)], [(0, 2)]), RECORDS[:3], judgements_of())
    assert clusters["cluster_id"].tolist() == ["crm:00", "crm:00", "crm:02"]


def test_a_record_that_fits_both_sides_of_a_veto_joins_neither() -> None:
    clusters = cluster(_pairs([(0, 1, 9), (1, 2, 8)], [(0, 2)]), RECORDS[:3], judgements_of())
    assert clusters["cluster_size"].tolist() == [1, 1, 1]


def test_same_stands_above_a_veto_of_the_machine() -> None:
    judgements = judgements_of(("crm:00", "crm:02", "SAME"))
    clusters = cluster(_pairs([], [(0, 2)]), RECORDS[:3], judgements)
    assert clusters["cluster_id"].tolist() == ["crm:00", "crm:01", "crm:00"]


def test_a_contradiction_keeps_the_different_pair_apart() -> None:
    judgements = judgements_of(
        ("crm:00", "crm:01", "SAME"), ("crm:01", "crm:02", "SAME"), ("crm:00", "crm:02", "DIFFERENT")
    )
    of = cluster(_pairs([], []), RECORDS[:3], judgements)["cluster_id"].tolist()
    assert of[0] != of[2]


@pytest.mark.parametrize(
    ("weight", "apart", "together"),
    [(7.0, -0.5, set()), (7.25, -8.0, set()), (9.0, -8.0, {"crm:00", "crm:02"})],
)
def test_who_fits_two_strangers_equally_joins_neither(weight: float, apart: float, together: set[str]) -> None:
    pairs = _pairs([(0, 2, 1), (1, 2, 1)], []).assign(match_weight=[weight, 7.0])
    strangers = _pairs([(0, 1, 1)], []).assign(match_weight=apart, outcome="non_match")
    clusters = cluster(pairs, RECORDS, judgements_of(), strangers)
    assert set(clusters.loc[clusters["cluster_size"].gt(1), "record_id"]) == together
