"""Golden ids are given once and stay with most of their records."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.survivorship import inherit_golden_ids

KEY = b"a key of sixteen bytes"


def clusters_of(**members: str) -> pd.DataFrame:
    rows = [(record, cluster) for cluster, records in members.items() for record in records.split()]
    first = {cluster: min(records.split()) for cluster, records in members.items()}
    return pd.DataFrame([(record, first[cluster]) for record, cluster in rows], columns=["record_id", "cluster_id"])


def crosswalk_of(clusters: pd.DataFrame, ids: pd.DataFrame) -> pd.DataFrame:
    return clusters.merge(ids, on="cluster_id")[["record_id", "golden_id"]]


def given_ids(clusters: pd.DataFrame, previous: pd.DataFrame | None = None) -> dict[str, str]:
    ids = inherit_golden_ids(clusters, previous, KEY)
    return dict(zip(ids["cluster_id"], ids["golden_id"], strict=True))


def test_an_id_has_its_documented_form_and_depends_on_the_key() -> None:
    clusters = clusters_of(x="a b")
    (golden_id,) = given_ids(clusters).values()
    assert golden_id.startswith("G")
    assert len(golden_id) == 13
    assert inherit_golden_ids(clusters, None, b"another key of bytes")["golden_id"].tolist() != [golden_id]


def test_growth_and_a_new_smallest_record_keep_the_id() -> None:
    before = clusters_of(x="b c")
    previous = crosswalk_of(before, inherit_golden_ids(before, None, KEY))
    assert given_ids(clusters_of(x="a b c d"), previous) == {"a": given_ids(before)["b"]}


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    before = clusters_of(x="a b c")
    previous = crosswalk_of(before, inherit_golden_ids(before, None, KEY))
    after = given_ids(clusters_of(x="a", y="b c"), previous)
    assert after["b"] == given_ids(before)["a"]
    assert after["a"] != after["b"]


def test_a_merge_keeps_the_id_of_the_larger_part() -> None:
    before = clusters_of(x="a", y="b c")
    previous = crosswalk_of(before, inherit_golden_ids(before, None, KEY))
    assert given_ids(clusters_of(x="a b c"), previous) == {"a": given_ids(before)["b"]}


groupings = st.lists(st.integers(0, 4), min_size=1, max_size=12)


@given(groupings, groupings)
def test_ids_are_unique_and_repeatable(first: list[int], second: list[int]) -> None:
    def clusters(numbers: list[int]) -> pd.DataFrame:
        members: dict[str, list[str]] = {}
        for position, number in enumerate(numbers):
            members.setdefault(f"k{number}", []).append(f"r{position:02}")
        return clusters_of(**{name: " ".join(records) for name, records in members.items()})

    before = clusters(first)
    ids = inherit_golden_ids(before, None, KEY)
    previous = crosswalk_of(before, ids)
    assert given_ids(before, previous) == given_ids(before)
    after = given_ids(clusters(second), previous)
    assert len(set(after.values())) == len(after)
