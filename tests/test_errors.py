"""Errors a person can act on: what, where, and what to do."""

import pickle

import pytest

from dq import errors
from dq.errors import DQError, Problem, QualityGateError, SourceError, StandardsError


def kinds(base: type[DQError] = DQError) -> list[type[DQError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *kinds(child))]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_has_an_exit_code_and_says_what_it_is(kind: type[DQError]) -> None:
    assert kind.exit_code == (3 if kind is QualityGateError else 2)
    assert kind.__doc__


def test_message_and_hint_stand_on_two_lines() -> None:
    assert str(SourceError("a.csv is empty", "check the path")) == "a.csv is empty\ncheck the path"
    assert str(SourceError("a.csv is empty")) == "a.csv is empty"


def test_problems_are_told_once_each_in_order() -> None:
    late, early = Problem("style.yml", "case", "unknown", "did you mean `upper`?"), Problem("a.yml", "", "not YAML")
    error = StandardsError([late, early, late])
    assert error.problems == (early, late)
    assert error.message.splitlines() == [
        "2 problems in the standards:",
        "  a.yml: not YAML",
        "  style.yml: case: unknown (did you mean `upper`?)",
    ]
    assert "1 problem in" in StandardsError([early]).message


@pytest.mark.parametrize("error", [SourceError("what", "do"), QualityGateError("gate"), errors.ConflictError("a", "b")])
def test_an_error_survives_the_way_back_from_a_worker(error: DQError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.message, back.hint) == (type(error), error.message, error.hint)


def test_standards_errors_survive_it_too() -> None:
    error = StandardsError([Problem("a.yml", "key", "wrong")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
