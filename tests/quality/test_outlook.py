"""Where a share leads: a line only where days measured allow one, and a band in every case."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.quality.forecasting import forecast
from dq.quality.outlook import Outlook, outlook

FIRST = date(2026, 11, 2)


def expect(*shares: float, ahead: int = 10, customers: int = 1000, every: int = 3) -> Outlook | None:
    points = [(FIRST + timedelta(every * place), share, customers) for place, share in enumerate(shares)]
    return outlook(points, points[-1][0] + timedelta(ahead))


@pytest.mark.parametrize(
    ("shares", "shape", "low", "high"),
    [
        ((80, 82, 84.1, 85.9, 88), "line", 94.3, 94.9),
        ((88, 92, 96, 99), "arrives", 99.8, 100),  # the line is past 100: nobody is more than all
        ((88, 96, 100), None, 0, 0),  # three days tell nothing
        ((88, 92, 96, 100), "level", 99.8, 100),  # nothing is left to climb
        ((100, 100, 100, 100), "level", 99.8, 100),
        ((80, 88, 88, 88), "level", 86.6, 89.3),  # it stopped: the line through all four would promise 93
        ((0, 0, 0, 0), "level", 0, 0.2),
        ((90, 80, 91, 79, 90.5), "around", 75.9, 96.3),
    ],
)
def test_what_is_expected(shares: tuple[float, ...], shape: str | None, low: float, high: float) -> None:
    found = expect(*shares)
    if shape is None:
        assert found is None
        return
    assert found is not None
    assert (found.shape, round(found.low, 1), round(found.high, 1)) == (shape, low, high)
    assert found.low < found.high
    assert found.low <= found.value <= found.high


def test_a_line_arrives_on_a_day_and_is_not_followed_beyond_what_was_measured() -> None:
    found = expect(88, 92, 96, 99)
    assert found is not None
    assert found.ready_on == FIRST + timedelta(days=10)  # 99.3 on the line on the ninth, 1.2 a day
    assert expect(80, 82, 84.1, 85.9, every=1, ahead=10) is None
    assert expect(80, 82, 84.1, 85.9, every=1, ahead=9) is not None
    assert expect(88, 88, 88, 88, every=1, ahead=300) is not None


@given(st.lists(st.floats(0, 99), min_size=4, max_size=12), st.integers(1, 30), st.integers(1, 10**6))
def test_there_is_always_a_band_and_a_line_is_that_of_goals(shares: list[float], ahead: int, customers: int) -> None:
    found = expect(*shares, ahead=ahead, customers=customers, every=10)
    assert found is not None
    assert 0 <= found.low < found.high <= 100
    if found.shape == "line":
        days = [(FIRST + timedelta(10 * place), share) for place, share in enumerate(shares)]
        plain = forecast(days, days[-1][0] + timedelta(ahead))
        assert plain is not None
        assert found.value == pytest.approx(plain.value)
        assert found.low <= plain.low + 1e-9
        assert plain.high - 1e-9 <= found.high


def test_fewer_customers_make_a_wider_band() -> None:
    bands = [expect(90, 90, 90, 90, customers=count) for count in (10, 100, 1000, 100_000)]
    widths = [one.high - one.low for one in bands if one is not None]
    assert len(widths) == 4
    assert all(wide > narrow for wide, narrow in pairwise(widths))
