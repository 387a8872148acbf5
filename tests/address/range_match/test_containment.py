"""Appendix E: the publication's cases, and the columns' form against the rule said one at a time."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dq.address.range_match.containment import contains
from dq.address.range_match.number_keys import contains_all
from dq.model import TEXT

CASES = Path(__file__).parents[2] / "cases" / "ranges.csv"
FROM_THE_PUBLICATION = 39
"""The first rows of the table, which the appendix itself decides."""


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['number']} in {case['low']}-{case['high']}")
def test_a_range_contains_what_appendix_e_says(case):
    assert contains(case["number"], case["low"], case["high"], case["parity"]) is (case["in_range"] == "yes")


def test_the_table_holds_every_rule():
    assert len(cases()) >= FROM_THE_PUBLICATION + 30
    assert {case["section"] for case in cases()} >= {"E1", "E2", "E3", "E4", "E5"}


def column(values: list[str | None]) -> pd.Series:
    return pd.Series(values, dtype=TEXT)


def test_columns_say_the_same_for_every_case():
    table = cases()
    columns = {name: column([case[name] or None for case in table]) for name in ("number", "low", "high", "parity")}
    found = contains_all(columns["number"], columns["low"], columns["high"], columns["parity"])
    assert found.tolist() == [case["in_range"] == "yes" for case in table]


numbers = st.one_of(
    st.integers(0, 300).map(str),
    st.from_regex(r"\A[0-9]{1,3}[A-C]{0,2}\Z"),
    st.from_regex(r"\A[A-C]{1,2}[0-9]{1,2}\Z"),
    st.from_regex(r"\A[0-9]{1,2}-[0-9]{1,2}\Z"),
    st.from_regex(r"\A[A-C]{1,2}\Z"),
    st.text(alphabet="01AB-/ .", max_size=6),
)


@given(st.lists(st.tuples(numbers, numbers, numbers, st.sampled_from(["O", "E", "B", None])), min_size=1, max_size=60))
@example([("1A", "1", "2", "O"), ("\x01", "1", "2", "B"), ("1", "\x01", "\x01", "B")])
def test_columns_say_what_the_rule_says(rows):
    values, lows, highs, parities = (column(list(cells)) for cells in zip(*rows, strict=True))
    assert contains_all(values, lows, highs, parities).tolist() == [contains(*row) for row in rows]


@given(numbers)
def test_a_number_lies_in_the_range_of_itself(number):
    assert contains(number, number, number, "B") is bool(number.strip())


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500), st.sampled_from("OE"))
def test_parity_parts_a_range_in_two(number, low, high, parity):
    other = {"O": "E", "E": "O"}[parity]
    both = contains(str(number), str(low), str(high), "B")
    halves = [contains(str(number), str(low), str(high), side) for side in (parity, other)]
    assert both is (low <= number <= high)
    assert sum(halves) == both
