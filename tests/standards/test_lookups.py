"""Lookups: what their file may say."""

import pytest
from pydantic import ValidationError

from dq.standards.lookups import Lookups


def entry(value: str, becomes: str, column: str = "city") -> dict[str, str]:
    return {"column": column, "value": value, "becomes": becomes, "reason": "slip", "on": "2026-11-21"}


def test_an_unknown_column_is_named_with_a_hint() -> None:
    with pytest.raises(ValidationError, match="did you mean `city`"):
        Lookups.model_validate({"lookups": [entry("nyc", "New York", column="citty")]})


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([entry("nyc", "New York"), entry("NYC ", "Boston")], "stands twice"),
        ([entry("nyc", "ny"), entry("ny", "New York")], "looked up again"),
    ],
)
def test_two_answers_and_chains_are_refused(entries: list[dict[str, str]], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Lookups.model_validate({"lookups": entries})


def test_restoring_case_is_no_chain() -> None:
    assert len(Lookups.model_validate({"lookups": [entry("nyc", "NYC")]}).lookups) == 1
