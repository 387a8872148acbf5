"""Wrong merges and misses against the truth, held against an oracle that counts every pair."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.evaluation import evaluate
from dq.matching.mistakes import find_mistakes, wilson


def frames(
    pairs: list[tuple[str, str, float, str]], golden: dict[str, str], true: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return (
        pd.DataFrame(pairs, columns=["record_id_l", "record_id_r", "match_weight", "outcome"]),
        pd.DataFrame({"record_id": list(golden), "golden_id": list(golden.values())}),
        pd.DataFrame({"record_id": list(true), "true_id": list(true.values())}),
    )


def test_wrong_and_missed_come_strongest_first() -> None:
    pairs = [
        ("a", "b", 12.0, "match"),
        ("a", "x", 10.0, "match"),
        ("b", "c", 5.0, "possible_match"),
        ("x", "y", -9.0, "possible_match"),
        ("q", "z", 30.0, "match"),  # not in the truth: left out
    ]
    golden = {"a": "1", "b": "1", "x": "1", "c": "2", "y": "3", "q": "4", "z": "4", "d": "5"}
    true = {"a": "A", "b": "A", "c": "A", "x": "X", "y": "X", "d": "A"}
    found = find_mistakes(*frames(pairs, golden, true))
    assert found.wrong[["record_id_l", "record_id_r"]].values.tolist() == [["a", "x"]]
    missed = found.missed[["record_id_l", "record_id_r"]].values.tolist()
    assert missed == [["b", "c"], ["x", "y"], ["a", "c"], ["c", "d"]]
    assert found.missed["match_weight"].isna().tolist() == [False, False, True, True]
    at_9 = found.curve.set_index("match_weight").loc[9.0]
    assert (at_9["precision"], at_9["recall"]) == (0.5, 1 / 7)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=7))
def test_there_is_a_mistake_to_show_whenever_the_figures_say_so(labels: list[tuple[int, int]]) -> None:
    ids = [f"r{number}" for number in range(len(labels))]
    golden = {record: f"G{made}" for record, (made, _) in zip(ids, labels, strict=True)}
    true = {record: f"T{real}" for record, (_, real) in zip(ids, labels, strict=True)}
    pairs = [(a, b, 10.0, "match") for a, b in combinations(ids, 2) if golden[a] == golden[b]]
    given_frames = frames(pairs, golden, true)
    found = find_mistakes(*given_frames)
    judged = evaluate(given_frames[1], given_frames[2])
    assert len(found.wrong) == judged.found_pairs - judged.right_pairs
    assert bool(len(found.missed)) == (judged.true_pairs > judged.right_pairs)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_wilson(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
