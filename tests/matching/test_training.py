"""Training: labels become pairs and folds, planted errors of weights are found, and guard rails hold."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.training_moves import Move, applied
from dq.matching.training_offsets import line_of, offset_of
from dq.matching.training_pairs import FOLDS, MOST_PAIRS, labelled_pairs, random_pairs, unseen
from dq.matching.training_shares import Compared, Seen, share_moves, standing_for
from dq.matching.training_text import move_lines, next_version
from dq.matching.training_thresholds import balanced_moves, safe_moves
from dq.standards.matching import Matching, Thresholds, TrainedOn
from tests.matching.runs import judgements_of, row_policy

MATCHING = row_policy().standards.matching
TEXT = (row_policy().standards.folder / "matching.yml").read_text(encoding="utf-8")


def _records(count: int) -> pd.Series:
    return pd.Series([f"crm:{place:04d}" for place in range(count)], dtype="str")


def _all_pairs(count: int) -> pd.DataFrame:
    left, right = np.triu_indices(count, 1)
    return pd.DataFrame({"index_l": left, "index_r": right, "every": 1})


def _truth(ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"record_id": _records(len(ids)), "true_id": ids}, dtype="str")


@given(st.lists(st.integers(0, 8), min_size=2, max_size=25))
def test_no_customer_is_in_two_folds_and_order_has_no_influence(customers: list[int]) -> None:
    truth = _truth([f"T{customer}" for customer in customers])
    pairs = labelled_pairs(_records(len(customers)), _all_pairs(len(customers)), truth, judgements_of())
    folds = pd.Series(pairs.fold_of).groupby(pairs.who).nunique()
    assert folds.eq(1).all()
    assert set(pairs.fold_of) <= set(range(FOLDS))
    assert (pairs.fold_l == pairs.fold_r)[pairs.same].all()
    turned = truth.iloc[::-1].reset_index(drop=True)
    candidates = _all_pairs(len(customers)).iloc[::-1].reset_index(drop=True)
    again = labelled_pairs(_records(len(customers)), candidates, turned, judgements_of())
    for name in ("left", "right", "same", "counts", "fold_l", "fold_r", "missed"):
        np.testing.assert_array_equal(getattr(pairs, name), getattr(again, name))


def test_judgements_join_customers_and_yield_to_the_labelled_file() -> None:
    truth = pd.DataFrame({"record_id": ["crm:0000", "crm:0001"], "true_id": ["A", "B"]}, dtype="str")
    judgements = judgements_of(
        ("crm:0000", "crm:0001", "SAME"),
        ("crm:0001", "crm:0002", "SAME"),
        ("crm:0003", "crm:0002", "DIFFERENT"),
        ("crm:0003", "crm:0004", "UNSURE"),
        ("crm:0003", "crm:9999", "SAME"),
    )
    pairs = labelled_pairs(_records(5), _all_pairs(2), truth, judgements)
    columns = (pairs.left, pairs.right, pairs.same, pairs.judged)
    found = list(zip(*(column.tolist() for column in columns), strict=True))
    assert found == [(0, 1, False, False), (1, 2, True, True), (2, 3, False, True)]
    assert pairs.fold_of[1] == pairs.fold_of[2]
    assert pairs.fold_of[4] == -1


def test_a_customer_of_many_records_counts_like_one_of_five() -> None:
    pairs = labelled_pairs(_records(9), _all_pairs(9), _truth(["A"] * 8 + ["B"]), judgements_of())
    assert pairs.counts[pairs.same].sum() == pytest.approx(MOST_PAIRS)
    assert (pairs.counts[~pairs.same] == 1).all()


def test_pairs_that_blocking_misses_are_counted() -> None:
    candidates = _all_pairs(3).iloc[:1]
    pairs = labelled_pairs(_records(3), candidates, _truth(["A", "A", "A"]), judgements_of())
    assert pairs.missed.sum() == 2


def test_strangers_without_a_label_are_counted_in() -> None:
    assert unseen(np.ones(100), np.empty(0)) == 1
    # Half of the customers labelled: a quarter of all pairs has two labelled ends, half of them one.
    assert unseen(np.ones(100), np.ones(200)) == 2
    assert unseen(np.ones(3), np.ones(200)) == 1


def test_random_pairs_are_of_different_customers_and_one_party_type() -> None:
    pairs = labelled_pairs(_records(40), _all_pairs(40), _truth([f"T{n // 2}" for n in range(40)]), judgements_of())
    is_person = np.arange(40) < 30
    drawn = random_pairs(pairs, is_person, 500)
    left, right = (drawn[name].to_numpy() for name in ("index_l", "index_r"))
    assert (pairs.who[left] != pairs.who[right]).all()
    assert (is_person[left] == is_person[right]).all()
    assert (left < right).all()


@pytest.mark.parametrize("off", [-2.0, 0.0, 1.5])
def test_a_planted_offset_is_found_again(off: float) -> None:
    chance = np.random.default_rng(3)
    weights = chance.uniform(-6, 6, 4000)
    same = chance.uniform(size=4000) < 1 / (1 + np.exp2(-(weights + off)))
    offset = offset_of(weights, same, np.ones(4000))
    assert offset.bits == pytest.approx(off, abs=0.2)
    line = line_of(weights, same, np.ones(4000), 0.0)
    assert line.said(np.array([0.0]))[0] == pytest.approx(off, abs=0.25)
    assert (offset.pairs, offset.matches) == (4000, int(same.sum()))


def test_evidence_grows_only_where_it_is_proven() -> None:
    few = offset_of(np.zeros(6), np.ones(6, dtype=bool), np.ones(6))
    many = offset_of(np.zeros(600), np.arange(600) % 10 > 0, np.ones(600))
    assert few.bits > 0
    assert few.careful < 0.5
    assert many.careful == pytest.approx(np.log2(9), abs=0.4)
    against = offset_of(np.full(60, 3.0), np.zeros(60, dtype=bool), np.ones(60))
    assert against.careful == against.bits < -3


def test_too_many_wrong_matches_raise_the_threshold_of_safe() -> None:
    bounds, now = MATCHING.thresholds.safe, Thresholds(match_threshold=7, review_threshold=3)
    candidates = np.linspace(-10, 16, 2000)
    away = np.repeat(np.arange(-5, 6, 0.5), 40)
    drawn = np.random.default_rng(1).uniform(size=len(away))
    right, wrong = (
        line_of(away, drawn < 1 / (1 + np.exp2(-away - really)), np.ones(len(away)), 7) for really in (7, 3)
    )
    assert safe_moves(right, candidates, bounds, now) == []
    raised = {move.place[-1]: move.after for move in safe_moves(wrong, candidates, bounds, now)}
    assert 7 < raised["lowest"] <= 11


def test_balanced_moves_to_where_labels_say_half_are_matches() -> None:
    bounds, now = MATCHING.thresholds.balanced, Thresholds(match_threshold=0, review_threshold=-3)
    chance = np.random.default_rng(5)
    candidates = chance.normal(0, 6, 5000)
    away = chance.uniform(-6, 6, 3000)
    off = line_of(away, chance.uniform(size=3000) < 1 / (1 + np.exp2(-away + 2)), np.ones(3000), 0)
    moved = {move.place[-1]: move.after for move in balanced_moves(off, candidates, bounds, now)}
    assert moved["lowest"] <= 2.25
    assert moved["highest"] >= 1.25
    assert moved["highest"] - moved["lowest"] <= 2


def _compared(levels: dict[str, list[str]], weights: list[float]) -> Compared:
    comparisons = {name: pd.Series(values, dtype="str") for name, values in levels.items()}
    every = [*type(MATCHING.person).model_fields, *type(MATCHING.organization).model_fields]
    table = pd.DataFrame({"match_weight": weights} | comparisons).reindex(
        columns=["match_weight", *dict.fromkeys(every)]
    )
    return Compared(table, np.ones(len(weights), dtype=bool))


def test_shares_move_where_there_are_enough_matches_and_within_the_guard_rails() -> None:
    levels = {"birth_date": ["near"] * 900 + ["exact"] * 100, "generation": ["other"] * 5 + [""] * 995}
    compared = _compared(levels, [9.0] * 1000)
    seen = Seen(compared, np.ones(1000))
    moves = share_moves([seen], seen, None, MATCHING)
    assert {move.place[1] for move in moves} == {"birth_date"}
    near = next(move for move in moves if move.place[2] == "near")
    drift = MATCHING.learning.m_drift
    assert near.before < near.after <= near.before * 2**drift * 1.01
    assert (near.pairs, near.of) == (900, 1000)
    assert all(move.place[3] == "m" for move in moves)


def test_judged_pairs_stand_for_their_band_and_no_more_than_were_judged() -> None:
    judged = _compared({"email": ["other"] * 10}, [1.0] * 10)
    sample = _compared({"email": ["other"] * 50 + ["exact"] * 950}, [1.0] * 50 + [12.0] * 950)
    same = np.arange(10) < 5
    seen = standing_for(judged, same, sample, np.where(np.arange(1000) < 50, 0.9, 1.0), 2)
    assert sum(one.matches.sum() for one in seen) == pytest.approx(5)
    # Half of the 100 pairs of the band, against 1,900 that nobody had to look at: e-mails mostly agree.
    assert seen[0].matches.sum() == pytest.approx(5 * 50 / 1950)
    assert seen[1].matches[:50].sum() == 0


def test_the_next_version_loads_and_says_what_moved() -> None:
    moves = [
        Move(("person", "birth_date", "near", "m"), 0.006, 0.0915, 311, 977),
        Move(("ceilings", "nickname"), 6.0, 4.25, 113, 120),
        Move(("thresholds", "balanced", "lowest"), -1.0, 0.5, 56, 143),
        Move(("thresholds", "balanced", "highest"), 1.0, 1.5, 56, 143),
    ]
    origin = TrainedOn(at="2026-11-22", run="R1", labelled_pairs=1143, judged_pairs=0)
    text = next_version(TEXT, 1, moves, origin, ["measured"])
    loaded = _loaded(text)
    assert (loaded.version, loaded.trained_on) == (2, origin)
    expected = applied(MATCHING, moves)
    assert loaded.model_copy(update={"version": 1, "trained_on": None}) == expected
    assert "#   ceilings.nickname: 6 -> 4.25 (113 of 120 pairs are one customer)" in text
    assert re.search(r"^  nickname: 4\.25 +# trained, was 6: Bill at William's door", text, re.MULTILINE)
    for line in move_lines(moves):
        assert f"#   {line}" in text
    again = next_version(text, 2, moves[:1], origin, [])
    assert _loaded(again).version == 3
    assert again.count("# Version ") == 2
    assert again.count("trained_on:") == 1


def _loaded(text: str) -> Matching:
    return Matching.model_validate(yaml.load(text, Loader=yaml.BaseLoader))
