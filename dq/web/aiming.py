"""Goals as pages show them: where a number is, where it is going, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dq.quality.forecasting import LEAST, Forecast, Verdict, forecast, told_from
from dq.quality.forecasting import verdict_of as forecast_verdict
from dq.stewardship.actor import Actor
from dq.stewardship.goals import Goal, Metric, Point, business_numbers, goals, trend
from dq.stewardship.house import House
from dq.web.charts import GoalPicture, goal_picture
from dq.web.wording import day, group_of, sentence

SHOWN: Final = 60
"""Runs of the picture of a goal: two months of nights."""
Tone = Literal["good", "fair", "poor", ""]
_TONES: Final[dict[Verdict, Tone]] = {
    "reached": "good",
    "on track": "good",
    "uncertain": "fair",
    "behind": "poor",
    "missed": "poor",
    "too early": "",
}


@dataclass(frozen=True)
class GoalCard:
    """A goal with its picture.

    Attributes:
        goal: The goal.
        of: What it measures, in words.
        now: The number of the last run, None where it was not measured yet.
        tone: Good, fair or poor.
        verdict: How it stands, in words.
        forecast: What to expect, in words; empty where nothing was measured.
        picture: The runs, the target, and the band it may end in; None where nothing was measured.
    """

    goal: Goal
    of: str
    now: float | None
    tone: Tone
    verdict: str
    forecast: str
    picture: GoalPicture | None


def goal_cards(house: House, actor: Actor, today: date) -> list[GoalCard]:
    """Return the goals that somebody sees, the next due first."""
    return [goal_card(goal, trend(house, actor, goal.metric), today) for goal in goals(house, actor)]


@dataclass(frozen=True)
class NumberLine:
    """A number of the business over time, the oldest first."""

    name: str
    department: str
    days: Sequence[str]
    values: Sequence[float]


def number_lines(house: House, actor: Actor) -> list[NumberLine]:
    """Return the typed numbers that somebody sees, by name and department."""
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in business_numbers(house, actor):
        found.setdefault((row["name"], row["department"]), []).append((day(row["day"]), row["value"]))
    return [
        NumberLine(name, department, *(list(column) for column in zip(*rows, strict=True)))
        for (name, department), rows in sorted(found.items())
    ]


def goal_card(goal: Goal, points: Sequence[Point], today: date) -> GoalCard:
    """Return a goal as a page shows it."""
    tone, verdict = verdict_of(goal, points, today)
    # By day: a run may be taken in after a later one, and of two on a day the last one counts.
    measured = sorted(dict(_measured(points)).items())[-SHOWN:]
    due_on = date.fromisoformat(goal.due_on)
    expected = forecast(_measured(points), due_on) if due_on >= today else None
    return GoalCard(
        goal=goal,
        of=metric_said(goal.metric),
        now=points[-1].value if points else None,
        tone=tone,
        verdict=verdict,
        forecast=_said(goal, points, expected),
        picture=goal_picture(measured, goal.target, due_on, expected) if measured else None,
    )


def metric_said(metric: Metric) -> str:
    """Return what is measured, in words.

    >>> metric_said(Metric(rule_id="zip_has_five_digits", view="test", source="crm"))
    'ZIP has five digits, in crm'
    >>> metric_said(Metric(dimension="validity", segment="state=TX"))
    'records with no problem of validity, in State TX'
    """
    if metric.rule_id:
        what = sentence(metric.rule_id)
    else:
        what = "records with no problem" + (f" of {metric.dimension}" if metric.dimension else "")
    of = (("source", metric.source), ("department", metric.department), ("segment", metric.segment))
    places = [group_of(by, value) for by, value in of if value]
    return ", in ".join([what, *places])


def verdict_of(goal: Goal, points: Sequence[Point], today: date) -> tuple[Tone, str]:
    """Return how a goal stands: by the band it may end in, or, while runs are few, by the straight line to its day."""
    if not points:
        return "", "not measured yet"
    due_on = date.fromisoformat(goal.due_on)
    verdict = forecast_verdict(_measured(points), goal.target, due_on, today)
    if verdict != "too early":
        return _TONES[verdict], verdict
    now = points[-1].value
    start_on = date.fromisoformat(goal.start_on)
    start = now if goal.start_value is None else goal.start_value
    passed = (today - start_on).days / max(1, (due_on - start_on).days)
    wanted = start + (goal.target - start) * passed
    return ("good", "on track") if now >= wanted else ("fair", "behind")


def _measured(points: Sequence[Point]) -> list[tuple[date, float]]:
    return [(date.fromisoformat(point.as_of), point.value) for point in points]


def _said(goal: Goal, points: Sequence[Point], found: Forecast | None) -> str:
    """Return what to expect by the day of a goal, in words; what is missing for that where runs are few."""
    days = sorted({date.fromisoformat(point.as_of) for point in points})
    if found is None and len(days) >= LEAST:
        until = told_from(days[0], date.fromisoformat(goal.due_on)).isoformat()
        return (
            f"Measured over too few days to say where it will be by {day(goal.due_on)}: runs up to {day(until)} will."
        )
    if found is None:
        return f"Runs on {LEAST} different days show where it is going." if 0 < len(points) < LEAST else ""
    way = "rises" if found.per_week > 0 else "falls"
    said = f"If it goes on like this: between {found.low:.1f} and {found.high:.1f} by {day(goal.due_on)}"
    return said + f", four times of five. It {way} by {abs(found.per_week):.2f} a week over {found.runs} days measured."
