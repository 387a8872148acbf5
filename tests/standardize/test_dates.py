"""Dates: the case tables, orders from hints, zones and marks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standardize.dates import (
    FROM_DATE,
    DateRules,
    standardize_dates,
    standardize_day,
    standardize_timestamp,
    standardize_timestamps,
)
from tests.standardize.policies import AS_OF, cases, frame, known, policy


@pytest.mark.parametrize("case", cases("dates"), ids=lambda case: f"{case['input']} {case['order']}")
def test_day(case: dict[str, str]) -> None:
    outcome = standardize_day(case["input"], DateRules("birth_on", AS_OF, case["order"] or None), known())
    assert (outcome.value, outcome.flags or "") == (case["expected"], case["flags"])


@pytest.mark.parametrize("case", cases("timestamps"), ids=lambda case: f"{case['input']} {case['zone']}")
def test_timestamp(case: dict[str, str]) -> None:
    rules = DateRules("created_at", AS_OF, case["order"] or None, case["zone"])
    outcome = standardize_timestamp(case["input"], rules, known())
    assert (outcome.value, outcome.flags or "") == (case["expected"], case["flags"])


_BIRTHS = st.dates(AS_OF - timedelta(days=120 * 365), AS_OF)


@given(
    _BIRTHS,
    st.sampled_from(
        [("mdy", "%m/%d/%Y"), ("dmy", "%d.%m.%Y"), (None, "%Y-%m-%d"), (None, "%d %B %Y"), ("mdy", "%m%d%Y")]
    ),
)
def test_every_notation_of_a_day_gives_the_day(day: date, notation: tuple[str | None, str]) -> None:
    order, pattern = notation
    outcome = standardize_day(day.strftime(pattern), DateRules("birth_on", AS_OF, order), known())
    assert outcome.value == day.isoformat()


def test_order_comes_from_the_hint_then_from_the_country() -> None:
    rows = frame(
        source=["crm", "crm", "old", "old"],
        source_table=["contacts", "", "", ""],
        country=[None, None, "US", "DE"],
        birth_on=["04/03/1978"] * 4,
    )
    found = standardize_dates(rows, "birth_on", policy(date_orders={"crm/contacts/birth_on": "dmy"}), known())
    assert found["value"].tolist() == ["1978-03-04", "04/03/1978", "1978-04-03", "04/03/1978"]
    assert found["flags"].fillna("").tolist() == ["", "birth_on:ambiguous", "", "birth_on:ambiguous"]


def test_zone_belongs_to_the_source() -> None:
    rows = frame(source=["crm", "web"], created_at=["2020-07-01 12:00", "2020-07-01"])
    found = standardize_timestamps(rows, "created_at", policy(time_zones={"crm": "America/Chicago"}), known())
    assert found["value"].tolist() == ["2020-07-01T17:00:00Z", "2020-07-01T00:00:00Z"]
    assert (found["reason"] == FROM_DATE).tolist() == [False, True]


def test_open_end_is_no_default() -> None:
    assert standardize_day("9999-12-31", DateRules("valid_to", AS_OF), known()).flags is None
