"""Blind samples: drawn once and alike, answered by those who see both halves, counted by band."""

from collections.abc import Callable

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.sampling import answer_question, answers, close_sample, draw_sample, next_question, samples
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

Night = Callable[..., Added]
People = dict[str, Actor]
COUNT = 30
GIVEN = Given(
    [Person(f"{side}{number:02d}", "sales" if number % 3 else "service") for number in range(COUNT) for side in "ab"],
    pairs=[(f"crm:a{number:02d}", f"crm:b{number:02d}", 0.5) for number in range(COUNT)],
    weights=[-4.0 if number % 2 else 3.0 for number in range(COUNT)],
)


def test_a_sample_is_drawn_alike_and_answered_blind(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    one = draw_sample(house, people["lea"], "november", per_band=8, at=NOW, seed=7)
    other = draw_sample(house, people["lea"], "again", per_band=8, at=NOW, seed=7)
    assert (
        one.strata
        == other.strata
        == {
            "apart, just": {"pairs": 15, "drawn": 8},
            "apart, likely": {"pairs": 15, "drawn": 8},
        }
    )
    order: list[list[str]] = []
    for drawn in (one, other):
        order.append([])
        while (question := next_question(house, people["cleo"], drawn.number)) is not None:
            assert "outcome" not in vars(question)
            order[-1].append(question.record_id_l)
            said = "SAME" if question.number % 2 else "UNSURE"
            answer_question(house, people["cleo"], drawn.number, question.number, said, at=NOW)  # type: ignore[arg-type]
    assert order[0] == order[1]
    assert len(set(order[0])) == 16
    found = answers(house, one.number)
    assert [each.band for each in found] == ["apart, just", "apart, likely"]
    assert sum(each.answered for each in found) == sum(each.same for each in found) == 8
    assert sum(each.unsure for each in found) == 8
    assert close_sample(house, people["lea"], one.number, at=NOW).is_closed
    assert [each.name for each in samples(house)] == ["again", "november"]


def test_only_who_sees_both_halves_is_asked(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    drawn = draw_sample(house, people["lea"], "november", per_band=15, at=NOW)
    assert next_question(house, people["bob"], drawn.number).left == 10  # type: ignore[union-attr]
    assert next_question(house, people["cleo"], drawn.number).left == 30  # type: ignore[union-attr]
    question = next_question(house, people["bob"], drawn.number)
    assert question is not None
    with pytest.raises(NotFoundError):
        answer_question(house, people["ana"], drawn.number, question.number, "SAME", at=NOW)
    answer_question(house, people["bob"], drawn.number, question.number, "SAME", at=NOW)
    with pytest.raises(ConflictError):
        answer_question(house, people["bob"], drawn.number, question.number, "SAME", at=NOW)


def test_two_who_differ_count_half(house: House, people: People, night: Night) -> None:
    from dataclasses import replace

    policy = house.policy.model_copy(update={"second_opinion_share": 1.0})
    house.standards = replace(house.standards, stewardship=policy)
    night(GIVEN)
    drawn = draw_sample(house, people["lea"], "november", per_band=1, at=NOW)
    for name, said in (("cleo", "SAME"), ("lea", "DIFFERENT")):
        question = next_question(house, people[name], drawn.number)
        assert question is not None
        answer_question(house, people[name], drawn.number, question.number, said, at=NOW)  # type: ignore[arg-type]
    assert sum(each.disagreed for each in answers(house, drawn.number)) == 1
    assert sum(each.same for each in answers(house, drawn.number)) == 0.5


def test_who_draws_and_what(house: House, people: People, night: Night) -> None:
    night(Given([Person("1")]))
    with pytest.raises(NotAllowedError):
        draw_sample(house, people["ana"], "x", per_band=5, at=NOW)
    with pytest.raises(SettingsError, match="compared no pairs"):
        draw_sample(house, people["lea"], "x", per_band=5, at=NOW)
    with pytest.raises(SettingsError):
        draw_sample(house, people["lea"], " ", per_band=5, at=NOW)
