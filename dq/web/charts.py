"""Geometry of the small pictures on pages; templates draw it as SVG in the page's own colours. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dq.quality.forecasting import Forecast
from dq.quality.outlook import Outlook
from dq.web.wording import day


@dataclass(frozen=True)
class Trend:
    """A line over time inside a box.

    Attributes:
        line: `x,y x,y …` as SVG wants it.
        dots: One per value: x, y, value, label.
        ticks: Levels with their height: y, value.
    """

    line: str
    dots: tuple[tuple[float, float, float, str], ...]
    ticks: tuple[tuple[float, float], ...]

    def said(self, value: float) -> str:
        """Return a level as it is written."""
        return _level(value, self.ticks)


def trend(values: Sequence[float], labels: Sequence[str], width: float = 640, height: float = 150) -> Trend:
    """Place values, the oldest first, so that the lowest and the highest fill the box.

    >>> trend([90, 95], ["Mon", "Tue"], width=200, height=100).line
    '40.0,80.0 190.0,20.0'
    """
    left, right, top, bottom = 40.0, width - 10.0, 20.0, height - 20.0
    low, high = _bounds(values)
    step = (right - left) / max(1, len(values) - 1)
    dots = tuple(
        (round(left + place * step, 1), round(bottom - (value - low) / (high - low) * (bottom - top), 1), value, label)
        for place, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    return Trend(
        line=" ".join(f"{x},{y}" for x, y, _, _ in dots),
        dots=dots,
        ticks=((bottom, low), (top, high)),
    )


def _level(value: float, ticks: tuple[tuple[float, float], ...]) -> str:
    """Return a level with a decimal where levels lie close: 94 and 94 would say nothing."""
    return f"{value:,.1f}" if abs(ticks[-1][1] - ticks[0][1]) < 5 else f"{value:,.0f}"


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Return round numbers around the values, never equal: a flat line stands in the middle of its box."""
    low, high = min(values), max(values)
    if high - low < 0.01:
        return low - 1, high + 1
    return low, high


def share(part: float, whole: float, width: float = 100) -> float:
    """Return the length of a bar; a part that exists is never invisible.

    >>> share(1, 4), share(0, 4), share(1, 100_000), share(1, 0)
    (25.0, 0.0, 1.0, 0.0)
    """
    if not part or not whole:
        return 0.0
    return max(1.0, round(part / whole * width, 1))


@dataclass(frozen=True)
class GoalPicture:
    """A number over time, its target, and the band it may end in, inside a box.

    Attributes:
        line: Measured, as SVG wants it.
        dots: x, y, value, day.
        band: Corners of the forecast, empty where there is none.
        ahead: The middle of the forecast; empty where there is none.
        target: Height of the target, and the target.
        due: Place of its day, and the day.
        start: First day.
        ticks: Height and value.
    """

    line: str
    dots: tuple[tuple[float, float, float, str], ...]
    band: str
    ahead: str
    target: tuple[float, float]
    due: tuple[float, str]
    start: str
    ticks: tuple[tuple[float, float], ...]

    def said(self, value: float) -> str:
        """Return a level as it is written."""
        return _level(value, self.ticks)


def goal_picture(
    points: Sequence[tuple[date, float]],
    target: float,
    due_on: date,
    expected: Forecast | Outlook | None,
    width: float = 400,
    height: float = 170,
) -> GoalPicture:
    """Place a number and where it is going: days from left to right, the target and its day always in sight.

    >>> found = goal_picture([(date(2026, 1, 1), 90.0)], 95, date(2026, 1, 11), None, width=200, height=100)
    >>> found.target, found.due, found.band
    ((15.0, 95), (190.0, '11 Jan 2026'), '')
    """
    left, right, top, bottom = 40.0, width - 10.0, 15.0, height - 22.0
    first, last = points[0][0], max(due_on, points[-1][0])
    values = [value for _, value in points] + [target] + ([expected.low, expected.high] if expected else [])
    low, high = _bounds(values)

    def x(at: date) -> float:
        return round(left + (at - first).days / max(1, (last - first).days) * (right - left), 1)

    def y(value: float) -> float:
        return round(bottom - (value - low) / (high - low) * (bottom - top), 1)

    at, value = points[-1]
    start = f"{x(at)},{y(value)}"
    band = ahead = ""
    if expected is not None and due_on > at:
        band = f"{start} {x(due_on)},{y(expected.high)} {x(due_on)},{y(expected.low)}"
        ahead = f"{start} {x(due_on)},{y(expected.value)}"
    return GoalPicture(
        line=" ".join(f"{x(each)},{y(number)}" for each, number in points),
        dots=tuple((x(each), y(number), number, day(each)) for each, number in points),
        band=band,
        ahead=ahead,
        target=(y(target), target),
        due=(x(due_on), day(due_on)),
        start=day(first),
        ticks=((bottom, low), (top, high)),
    )


@dataclass(frozen=True)
class RangeTrend:
    """A range over time inside a box.

    Attributes:
        band: Corners of the range, as SVG wants them.
        high: Its upper edge.
        dots: x, y of the upper edge, lower and upper end, label.
        ticks: Height and value.
    """

    band: str
    high: str
    dots: tuple[tuple[float, float, float, float, str], ...]
    ticks: tuple[tuple[float, float], ...]


def range_trend(
    lows: Sequence[float], highs: Sequence[float], labels: Sequence[str], width: float = 460, height: float = 150
) -> RangeTrend:
    """Place ranges, the oldest first, from nothing up: money has a zero.

    >>> range_trend([0, 0], [10, 5], ["Mon", "Tue"], width=200, height=100).high
    '60.0,20.0 190.0,50.0'
    """
    left, right, top, bottom = 60.0, width - 10.0, 20.0, height - 20.0
    most = max([*highs, 1.0])
    step = (right - left) / max(1, len(highs) - 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return round(left + place * step, 1), round(bottom - value / most * (bottom - top), 1)

    upper = [at(place, value) for place, value in enumerate(highs)]
    lower = [at(place, value) for place, value in enumerate(lows)]
    said = zip(upper, lows, highs, labels, strict=True)
    return RangeTrend(
        band=" ".join(f"{x},{y}" for x, y in [*upper, *reversed(lower)]),
        high=" ".join(f"{x},{y}" for x, y in upper),
        dots=tuple((x, y, low, high, label) for (x, y), low, high, label in said),
        ticks=((bottom, 0.0), (top, most)),
    )
