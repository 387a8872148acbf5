"""Websites: the case table."""

import pytest

from dq.standardize.websites import standardize_websites
from tests.standardize.policies import cases, known, texts


@pytest.mark.parametrize("case", cases("websites"), ids=lambda case: case["input"])
def test_case(case: dict[str, str]) -> None:
    outcome = standardize_websites(texts([case["input"]]), known()).fillna("").loc[0]
    assert (outcome["value"], outcome["flags"]) == (case["expected"], case["flags"])
