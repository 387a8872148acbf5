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


numbers = st.integers(0, 4)
groupings = st.lists(numbers, min_size=1, max_size=12)


def partition(listed: list[int]) -> pd.DataFrame:
    """Return clusters of records r00, r01 …, by the number of each."""
    members: dict[str, list[str]] = {}
    for position, number in enumerate(listed):
        members.setdefault(f"k{number}", []).append(f"r{position:02}")
    return clusters_of(**{name: " ".join(records) for name, records in members.items()})


def published(clusters: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    return crosswalk_of(clusters, inherit_golden_ids(clusters, previous, KEY))


@given(groupings, groupings)
def test_ids_are_unique_and_repeatable(first: list[int], second: list[int]) -> None:
    before = partition(first)
    previous = published(before)
    assert given_ids(before, previous) == given_ids(before)
    after = given_ids(partition(second), previous)
    assert len(set(after.values())) == len(after)


@given(groupings, st.lists(st.integers(0, 8), max_size=8))
def test_growth_changes_no_id(first: list[int], more: list[int]) -> None:
    previous = published(partition(first))
    grown = published(partition([*first, *more]), previous).set_index("record_id")["golden_id"]
    assert grown[previous["record_id"]].tolist() == previous["golden_id"].tolist()
    new = set(grown) - set(previous["golden_id"])
    assert len(new) == len(set(more) - set(first))


@given(groupings, groupings, st.randoms(use_true_random=False))
def test_order_does_not_matter(first: list[int], second: list[int], random) -> None:  # type: ignore[no-untyped-def]
    def shuffled(rows: pd.DataFrame) -> pd.DataFrame:
        places = list(range(len(rows)))
        random.shuffle(places)
        return rows.iloc[places].reset_index(drop=True)

    previous, after = published(partition(first)), partition(second)
    assert given_ids(shuffled(after), shuffled(previous)) == given_ids(after, previous)


@given(st.integers(1, 8), st.data())
def test_a_split_leaves_the_id_with_the_part_that_holds_most(size: int, data: st.DataObject) -> None:
    previous = published(partition([0] * size))
    parts = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    after = published(partition(parts), previous)
    (golden_id,) = previous["golden_id"].unique()
    kept = after.loc[after["golden_id"] == golden_id, "record_id"]
    sizes = {number: parts.count(number) for number in parts}
    assert len(kept) == max(sizes.values())
    assert after["golden_id"].nunique() == len(sizes)


@given(groupings)
def test_a_merge_undone_gives_the_ids_of_before_to_who_kept_most(first: list[int]) -> None:
    # Numbers 3 and 4 are merged into one customer, then taken apart again.
    before = published(partition(first))
    merged = published(partition([3 if number == 4 else number for number in first]), before)
    again = published(partition(first), merged).set_index("record_id")["golden_id"]
    of_before = before.set_index("record_id")["golden_id"]
    untouched = [f"r{place:02}" for place, number in enumerate(first) if number < 3]
    assert again[untouched].tolist() == of_before[untouched].tolist()
    sizes = [first.count(3), first.count(4)]
    if sizes[0] > sizes[1] or not all(sizes):
        whole = [f"r{place:02}" for place, number in enumerate(first) if number == (3 if sizes[0] else 4)]
        assert again[whole].tolist() == of_before[whole].tolist()
    # Who comes back is never given an id that somebody else holds.
    assert again.groupby(again).size().sum() == len(first)
    assert again.nunique() == len(set(first))
