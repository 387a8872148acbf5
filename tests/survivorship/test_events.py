"""What became of golden ids: every id that came or went is told, and replaying the events gives the present ids."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.survivorship.events import EVENTS, golden_events
from dq.survivorship.identity import inherit_golden_ids


def crosswalk(**golden: str) -> pd.DataFrame:
    """Return the crosswalk of ids with their records, blanks between them."""
    rows = [(record, golden_id) for golden_id, records in golden.items() for record in records.split()]
    return pd.DataFrame(rows, columns=["record_id", "golden_id"])


def told(previous: pd.DataFrame, current: pd.DataFrame) -> list[tuple[object, ...]]:
    events = golden_events(previous, current)
    assert list(events.columns) == list(EVENTS)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in events.values.tolist()]


def test_a_merge_and_a_split_name_both_ids() -> None:
    assert told(crosswalk(G1="a b", G2="c"), crosswalk(G1="a b c")) == [("merged_into", "G2", "G1", 1)]
    assert told(crosswalk(G1="a b c"), crosswalk(G1="a b", G9="c")) == [("split_from", "G9", "G1", 1)]


def test_coming_going_and_moving() -> None:
    events = told(crosswalk(G1="a b", G2="c", G3="d"), crosswalk(G1="a", G2="b c", G4="e f"))
    assert events == [("born", "G4", None, 2), ("moved_into", "G1", "G2", 1), ("retired", "G3", None, 1)]


def test_nothing_happened_nothing_is_told() -> None:
    same = crosswalk(G1="a b", G2="c")
    assert told(same, same.iloc[::-1]) == []


groupings = st.lists(st.integers(0, 3), min_size=1, max_size=8)


@given(groupings, groupings)
def test_every_id_that_came_or_went_is_told(first: list[int], second: list[int]) -> None:
    def walked(numbers: list[int], before: pd.DataFrame | None) -> pd.DataFrame:
        records = [f"r{place}" for place in range(len(numbers))]
        smallest = {number: min(r for r, n in zip(records, numbers, strict=True) if n == number) for number in numbers}
        clusters = pd.DataFrame({"record_id": records, "cluster_id": [smallest[number] for number in numbers]})
        ids = inherit_golden_ids(clusters, before, b"a key of sixteen bytes")
        return clusters.merge(ids, on="cluster_id")[["record_id", "golden_id"]]

    previous = walked(first, None)
    current = walked(second, previous)
    events = golden_events(previous, current)
    old, new = set(previous["golden_id"]), set(current["golden_id"])
    gone = set(events.loc[events["event"].isin(["merged_into", "retired"]), "golden_id"])
    come = set(events.loc[events["event"].isin(["split_from", "born"]), "golden_id"])
    assert (gone, come) == (old - new, new - old)


@given(groupings, groupings)
def test_no_record_changes_its_id_unsaid(first: list[int], second: list[int]) -> None:
    def of(numbers: list[int], names: str) -> pd.DataFrame:
        rows = [(f"r{place}", f"{names[number]}") for place, number in enumerate(numbers)]
        return pd.DataFrame(rows, columns=["record_id", "golden_id"])

    # Letters in common are ids that stay, with whatever records.
    previous, current = of(first, "GHIJ"), of(second, "IJKL")
    events = golden_events(previous, current)
    said = {
        (row["other_golden_id"], row["golden_id"])
        if row["event"] == "split_from"
        else (row["golden_id"], row["other_golden_id"])
        for row in events.to_dict("records")
    }
    moves = previous.merge(current, on="record_id")
    for old, new in zip(moves["golden_id_x"], moves["golden_id_y"], strict=True):
        assert old == new or (old, new) in said
    assert golden_events(previous.iloc[::-1], current.iloc[::-1]).equals(events)
