"""Dates as mail houses write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.bureau.dates import first_day, is_after, read_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20261005", "2026-10-05"),
        ("202610", "2026-10"),
        ("102026", "2026-10"),
        ("261005", "2026-10-05"),
        ("100526", None),  # 2010-05-26 or 2026-10-05
        ("101526", "2026-10-15"),
        ("101112", None),
        ("10052026", "2026-10-05"),
        ("2026-10-05", "2026-10-05"),
        ("2026-10-05T11:00:00", "2026-10-05"),
        ("2026/10", "2026-10"),
        ("10/2026", "2026-10"),
        ("10/5/2026", "2026-10-05"),
        ("10/5/26", "2026-10-05"),
        ("202610.0", "2026-10"),
        ("20261305", None),
        ("2026-02-30", None),
        ("19000101", None),
        ("0", None),
        ("n/a", None),
        ("", None),
        ("=TODAY()", None),
    ],
)
def test_notations(text: str, expected: str | None) -> None:
    assert read_day(text) == expected


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_notation_that_names_its_whole_year(day: date) -> None:
    for notation in ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d"):
        assert read_day(day.strftime(notation)) == day.isoformat()
    for notation in ("%Y%m", "%Y-%m", "%m/%Y"):
        assert read_day(day.strftime(notation)) == day.isoformat()[:7]


@given(st.text(max_size=14))
def test_never_raises(text: str) -> None:
    found = read_day(text)
    assert found is None or date.fromisoformat(first_day(found))


def test_a_month_starts_on_its_first_day() -> None:
    assert not is_after("2026-11", date(2026, 11, 1))
    assert is_after("2026-12", date(2026, 11, 30))
    assert is_after("2026-11-23", date(2026, 11, 22))
