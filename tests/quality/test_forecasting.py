"""The band holds as often as it says, and the words follow it."""

from datetime import date, timedelta
from random import Random

import pytest

from dq.quality.forecasting import COVERAGE, forecast, verdict_of

START = date(2026, 1, 1)


def days(*values: float) -> list[tuple[date, float]]:
    """Return one value per day."""
    return [(START + timedelta(days=number), value) for number, value in enumerate(values)]


def test_a_straight_line_goes_on() -> None:
    found = forecast(days(80, 81, 82, 83, 84), START + timedelta(days=9))
    assert found is not None
    assert (found.low, found.value, found.high) == pytest.approx((89, 89, 89))
    assert found.per_week == pytest.approx(7)


def test_a_hand_computed_band() -> None:
    """Days 0–3: slope 0.8, s² = 0.9; at day 5 the line is at 84.3 and the factor sqrt(1.25 + 12.25 / 5)."""
    found = forecast(days(80, 82, 81, 83), START + timedelta(days=5))
    assert found is not None
    assert found.value == pytest.approx(84.3)
    assert found.high - found.value == pytest.approx(1.8856 * (0.9 * (1.25 + 12.25 / 5)) ** 0.5)


def test_few_days_say_nothing_and_a_share_stays_one() -> None:
    assert forecast(days(80, 90, 95), START) is None
    assert forecast([(START, float(value)) for value in range(9)], START) is None, "one day is no trend"
    assert forecast(days(80, 85, 90, 95), START + timedelta(days=13)) is None, "four days tell nothing of a fortnight"
    far = forecast(days(80, 85, 90, 95), START + timedelta(days=12))
    assert far is not None
    assert far.high == far.value == 100


def test_the_order_of_points_is_irrelevant() -> None:
    points = days(80, 82, 81, 83, 86)
    assert forecast(points, START) == forecast(points[::-1], START)


@pytest.mark.parametrize("count", [4, 8, 30])
def test_the_band_holds_as_often_as_it_says(count: int) -> None:
    """2,000 made-up histories of a line with noise: the run of the day lies within the band in four of five."""
    chance, held = Random(7), 0
    for _ in range(2000):
        points = days(*(60 + 0.2 * number + chance.gauss(0, 1) for number in range(count)))
        ahead = count + 6
        found = forecast(points, START + timedelta(days=ahead))
        assert found is not None
        held += found.low <= 60 + 0.2 * ahead + chance.gauss(0, 1) <= found.high
    assert abs(held / 2000 - COVERAGE) < 0.03


@pytest.mark.parametrize(
    ("values", "target", "verdict"),
    [
        ((80, 81, 82, 83), 83, "reached"),
        ((80, 81, 82, 83), 90, "on track"),
        ((80, 80, 80, 80), 90, "behind"),
        ((80, 83, 81, 84), 91, "uncertain"),
        ((80, 81), 90, "too early"),
        ((), 90, "too early"),
    ],
)
def test_the_words(values: tuple[float, ...], target: float, verdict: str) -> None:
    due = START + timedelta(days=12)
    assert verdict_of(days(*values), target, due, START) == verdict
    after = "reached" if verdict == "reached" else "missed"
    assert verdict_of(days(*values), target, due, due + timedelta(days=1)) == after
