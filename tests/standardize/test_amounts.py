"""Amounts: the case table, and that what is written means what was typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standardize.amounts import standardize_amount, standardize_amounts
from tests.standardize.policies import cases, texts


@pytest.mark.parametrize("case", cases("amounts"), ids=lambda case: case["input"])
def test_case(case: dict[str, str]) -> None:
    outcome = standardize_amounts(texts([case["input"]])).fillna("").loc[0]
    assert (outcome["value"], outcome["flags"]) == (case["expected"], case["flags"])


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_american_notation_keeps_its_value(amount: Decimal) -> None:
    assert Decimal(standardize_amount(f"${amount:,}").value or "") == amount
