"""Scores are weighted means of pass rates; what judged nothing has no say."""

import pytest

from dq.quality.scorecard import headline
from tests.quality.scorecard.cards import card_of, rule


def test_a_dimension_is_the_mean_of_its_rules_by_weight() -> None:
    card = card_of(rule("a", "completeness", 0), rule("b", "completeness", 5, weight=3.0))
    assert card.dimensions == {"completeness": 62.5}


def test_the_score_is_the_mean_of_dimensions_by_weight() -> None:
    card = card_of(rule("a", "completeness", 0), rule("b", "uniqueness", 2))
    assert card.score == pytest.approx((100 + 3 * 80) / 4)
    assert card.band == "acceptable"


@pytest.mark.parametrize("more", [{"evaluated": 0}, {"weight": 0.0}])
def test_a_rule_that_judged_nothing_or_weighs_nothing_has_no_say(more: dict[str, object]) -> None:
    card = card_of(rule("a", "completeness", 0), rule("b", "uniqueness", 0, **more))
    assert card.dimensions == {"completeness": 100.0}


def test_stops_come_before_many_warnings_and_notes_come_last() -> None:
    card = card_of(
        rule("note", "completeness", 10, severity="info"),
        rule("warning", "completeness", 5),
        rule("stopper", "completeness", 1, severity="stop"),
        rule("fine", "completeness", 0),
    )
    assert [line.rule_id for line in card.worst] == ["stopper", "warning", "note"]
    assert [line.rule_id for line in card.rules] == ["fine", "note", "stopper", "warning"]


def test_the_lines_worth_reading_first() -> None:
    lines = headline(card_of(rule("zip_is_valid", "completeness", 2), stopped=("golden_id_is_unique",)))
    assert lines[0].startswith("Score 80 of 100 (poor): 3 of 4 records (75 %) have no problem.")
    assert "not published: golden id is unique failed" in lines[0]
    assert lines[1] == "Duplicates: 4 records are 3 customers; 1 records merged away, 1 pairs wait for a decision."
    assert lines[2] == "Worst problem: 2 of 10 fail “zip is valid”. It matters."


def test_what_nobody_checked_is_said() -> None:
    told = " ".join(card_of(rule("a", "completeness", 0)).not_verified)
    assert "None of the 3 addresses has a confirmed ZIP+4" in told
    assert "1 ZIPs are unknown to the open reference" in told
    assert "nobody has judged a blind sample" in told
