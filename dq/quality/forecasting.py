"""Where a number of the scorecard will be by a day: a straight line through its runs, with the band it may end in.

The line is that of least squares through (day, value). Its band is the prediction interval of simple linear regression
(Montgomery, Peck and Vining, Introduction to Linear Regression Analysis, section 2.5):
`value ± t(0.9, n - 2) * s * sqrt(1 + 1/n + (day - mean day)² / sum((day - mean day)²))`, where `s² = sum of squared
residuals / (n - 2)`: in four futures of five a new run lies within it, if the past goes on. Few goals are decided by
knowing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Final, Literal

Verdict = Literal["reached", "missed", "on track", "uncertain", "behind", "too early"]
LEAST: Final = 4
"""Runs on different days from which a line is drawn: with fewer than two to spare the band says nothing."""
FURTHEST: Final = 3
"""A line is followed at most so many times as far as it was measured: its band knows chance, not that what is left over
is harder than what was mended first, nor that four nights alike are no year."""
COVERAGE: Final = 0.8
"""Share of futures within the band: narrow enough to decide by, wide enough to be seldom wrong."""
_QUANTILES: Final = (3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149, 1.3968, 1.383, 1.3722)
"""0.9-quantiles of Student's t with 1 to 10 degrees of freedom (Abramowitz and Stegun, table 26.10)."""
NORMAL: Final = 1.28155
"""0.9-quantile of the normal distribution."""


@dataclass(frozen=True)
class Forecast:
    """What a number is expected to be by a day, 0–100.

    Attributes:
        value: On the line.
        low: Lower end of the band.
        high: Upper end.
        per_week: How much the line rises in seven days.
        runs: Days the line goes through.
    """

    value: float
    low: float
    high: float
    per_week: float
    runs: int


def forecast(points: Sequence[tuple[date, float]], by: date) -> Forecast | None:
    """Return what to expect by a day; None where fewer than LEAST different days were measured, or too few for so far.

    Args:
        points: Day and value (0–100), in any order; of several on a day the last one given counts.
        by: The day.
    """
    measured = sorted(dict(points).items())
    if len(measured) < LEAST or is_beyond(measured[0][0], measured[-1][0], by):
        return None
    line = fit(measured)
    expected, reach = line.at(by), line.reach(by)
    low, value, high = (min(100.0, max(0.0, number)) for number in (expected - reach, expected, expected + reach))
    return Forecast(value, low, high, 7 * line.slope, line.count)


def is_beyond(first: date, last: date, by: date) -> bool:
    """Tell whether a day is too far away for a line through what was measured between two days."""
    return (by - last).days > FURTHEST * (last - first).days


def told_from(first: date, by: date) -> date:
    """Return the day up to which has to be measured before a line reaches as far as another day.

    >>> told_from(date(2026, 11, 21), date(2027, 1, 30))
    datetime.date(2026, 12, 9)
    """
    return first + timedelta(days=ceil((by - first).days / (FURTHEST + 1)))


@dataclass(frozen=True)
class Line:
    """The line of least squares through days and values.

    Attributes:
        start: First day; days count from it.
        slope: How much it rises a day.
        spread: Sum of squared distances of the days from their mean.
        deviation: Standard deviation of a value around it.
        count: Days it goes through.
    """

    start: date
    mean_day: float
    mean_value: float
    slope: float
    spread: float
    deviation: float
    count: int

    def at(self, day: date) -> float:
        """Return its value on a day, on no scale."""
        return self.mean_value + self.slope * self._ahead(day)

    def reach(self, day: date) -> float:
        """Return how far a value measured on a day may lie from it."""
        return (
            quantile(self.count - 2) * self.deviation * sqrt(1 + 1 / self.count + self._ahead(day) ** 2 / self.spread)
        )

    @property
    def is_directed(self) -> bool:
        """Whether it rises or falls more than values that only go up and down would make it, four times in five."""
        return abs(self.slope) * sqrt(self.spread) > quantile(self.count - 2) * self.deviation

    def _ahead(self, day: date) -> float:
        return (day - self.start).days - self.mean_day


def fit(measured: Sequence[tuple[date, float]], least: float = 0.0) -> Line:
    """Return the line through values of at least three days, in their order.

    Args:
        measured: Day and value, each day once.
        least: Least deviation: how nearly a value can be known.
    """
    start, count = measured[0][0], len(measured)
    days = [float((day - start).days) for day, _ in measured]
    values = [value for _, value in measured]
    mean_day, mean_value = sum(days) / count, sum(values) / count
    spread = sum((day - mean_day) ** 2 for day in days)
    slope = sum((day - mean_day) * (value - mean_value) for day, value in zip(days, values, strict=True)) / spread
    left = [value - mean_value - slope * (day - mean_day) for day, value in zip(days, values, strict=True)]
    deviation = max(least, sqrt(sum(rest**2 for rest in left) / (count - 2)))
    return Line(start, mean_day, mean_value, slope, spread, deviation, count)


def quantile(degrees: int) -> float:
    """Return the 0.9-quantile of Student's t; beyond the table by the expansion of Abramowitz and Stegun 26.7.5.

    >>> round(quantile(2), 4), round(quantile(30), 4)
    (1.8856, 1.3104)
    """
    if degrees <= len(_QUANTILES):
        return _QUANTILES[degrees - 1]
    z = NORMAL
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def verdict_of(points: Sequence[tuple[date, float]], target: float, due: date, today: date) -> Verdict:
    """Return how a goal stands: reached, missed, or whether the band of its day lies above, around or below it."""
    if points and max(points, key=lambda point: point[0])[1] >= target:
        return "reached"
    if today > due:
        return "missed"
    expected = forecast(points, due)
    if expected is None:
        return "too early"
    if expected.low >= target:
        return "on track"
    return "behind" if expected.high < target else "uncertain"
