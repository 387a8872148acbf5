"""Geometry of the small pictures on pages; templates draw it as SVG in the page's own colours. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass


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
