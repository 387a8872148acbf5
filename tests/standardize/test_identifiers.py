"""Identifiers: the case table."""

import pytest

from dq.standardize.identifiers import standardize_duns_number, standardize_lei, standardize_tax_id, standardize_tax_ids
from tests.standardize.policies import cases, frame, known, policy


@pytest.mark.parametrize("case", cases("identifiers"), ids=lambda case: f"{case['column']} {case['input']}")
def test_case(case: dict[str, str]) -> None:
    if case["column"] == "tax_id":
        outcome = standardize_tax_id(case["input"], case["party_type"], case["is_american"] == "yes", known())
    elif case["column"] == "lei":
        outcome = standardize_lei(case["input"], known())
    else:
        outcome = standardize_duns_number(case["input"], known())
    assert (outcome.value, outcome.flags or "") == (case["expected"], case["flags"])


def test_column_knows_party_and_country_of_each_row() -> None:
    rows = frame(
        source=["crm"] * 3,
        party_type=["organization", "person", "person"],
        country=["US", "US", None],
        tax_id=["123456788", "123456788", "123456788"],
    )
    found = standardize_tax_ids(rows, policy(), known())
    assert found["value"].tolist() == ["12-3456788", "123-45-6788", "123456788"]
