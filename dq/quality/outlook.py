"""Where the share of customers that load will be by the cut-over: a line where runs allow one, always with a band.

A straight line says nothing where the share stands still, goes up and down without a direction, has nothing left to
climb, or was measured over too few days for so long a way. A share that stands is taken to stay, within the interval
that as many customers anew would give (Wilson 1927): also of 1,000 that all load one may not tomorrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Final, Literal

from dq.quality.forecasting import LEAST, NORMAL, fit, is_beyond, quantile

Shape = Literal["line", "arrives", "level", "around"]
STANDING: Final = 3
"""Days measured that say the same, to a tenth of a percent, before a share counts as standing: two may by chance."""
_ALL: Final = 100.0


@dataclass(frozen=True)
class Outlook:
    """What a share is expected to be by a day, 0–100.

    Attributes:
        shape: `line`: as the line goes; `arrives`: the line is at 100 before the day; `level`: it stands;
            `around`: it goes up and down around its mean.
        value: Expected.
        low: Lower end of the band: in four futures of five a run of that day lies in it.
        high: Upper end.
        per_week: How much the line rises in seven days; 0 without a line.
        runs: Days measured.
        ready_on: Day on which the line is at 100; None but for `arrives`.
    """

    shape: Shape
    value: float
    low: float
    high: float
    per_week: float
    runs: int
    ready_on: date | None = None


def outlook(points: Sequence[tuple[date, float, int]], by: date) -> Outlook | None:
    """Return what to expect by a day; None where too few days were measured, or over too short a time for so far a day.

    Args:
        points: Day, share (0–100), of how many customers; each day once, in their order.
        by: A day after the last of them.
    """
    if len(points) < LEAST:
        return None
    last, share, customers = points[-1]
    values = [(day, value) for day, value, _ in points]
    if share >= _ALL or len({round(value, 1) for _, value in values[-STANDING:]}) == 1:
        low, high = _wilson(share, customers)
        return Outlook("level", share, low, high, 0.0, len(points))
    # No share is known nearer than one customer.
    line = fit(values, least=_ALL / max(1, customers))
    if not line.is_directed:
        return _around([value for _, value in values], customers)
    if is_too_far(points, by):
        return None
    expected, reach = line.at(by), line.reach(by)
    low, value, high = (min(_ALL, max(0.0, number)) for number in (expected - reach, expected, expected + reach))
    if expected < _ALL:
        return Outlook("line", value, low, high, 7 * line.slope, len(points))
    ready_on = last + timedelta(days=max(1, ceil((_ALL - line.at(last)) / line.slope)))
    return Outlook("arrives", value, min(low, _wilson(_ALL, customers)[0]), high, 7 * line.slope, len(points), ready_on)


def is_too_far(points: Sequence[tuple[date, float, int]], by: date) -> bool:
    """Tell whether a day is too far away for a line through these."""
    return is_beyond(points[0][0], points[-1][0], by)


def _around(values: Sequence[float], customers: int) -> Outlook:
    """Return the mean with the band of one more value (prediction interval of a normal sample)."""
    count = len(values)
    mean = sum(values) / count
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    reach = quantile(count - 1) * deviation * sqrt(1 + 1 / count)
    low, high = _wilson(mean, customers)
    return Outlook("around", mean, max(0.0, min(low, mean - reach)), min(_ALL, max(high, mean + reach)), 0.0, count)


def _wilson(share: float, customers: int) -> tuple[float, float]:
    """Return the interval of a share of so many (Wilson 1927), four times in five; of nobody it is the share itself.

    >>> [round(end, 2) for end in _wilson(100.0, 1000)]
    [99.84, 100.0]
    """
    if not customers:
        return share, share
    part, square = share / _ALL, NORMAL**2
    middle = (part + square / (2 * customers)) / (1 + square / customers)
    reach = NORMAL * sqrt(part * (1 - part) / customers + square / (4 * customers**2)) / (1 + square / customers)
    return _ALL * max(0.0, middle - reach), min(_ALL, _ALL * (middle + reach))
