"""Goals: a number of the scorecard, a target, a day, and who answers for it."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.errors import SettingsError
from dq.model import DIMENSIONS
from dq.quality.forecasting import LEAST, Verdict, forecast
from dq.quality.forecasting import verdict_of as forecast_verdict
from dq.stewardship.actor import Actor
from dq.stewardship.goals import Goal, Metric, Point, change_goal, goals, set_goal, trend
from dq.stewardship.house import House
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, VisitorDep
from dq.web.wording import day, sentence

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]
SHOWN: Final = 30
"""Runs of a small trend: a month of nights."""
ALL: Final = "record:"
"""The number of a goal that is about no single rule: records without any problem."""


@router.get("/goals")
def all_goals(request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep) -> HTMLResponse:
    """Show every goal and whether it is on track."""
    today = house.today(now)
    shown = [_shown(house, visitor.actor, goal, today) for goal in goals(house, visitor.actor)]
    return page(request, "goals.html", goals=shown, metrics=_metrics(house))


@router.post("/goals")
def set_one(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    name: Text,
    metric: Text,
    target: Annotated[float, Form()],
    due_on: Annotated[date, Form()],
    owner: Text = "",
) -> RedirectResponse:
    """Set a goal."""
    set_goal(house, visitor.actor, name, metric_named(metric), target, due_on, owner, at=now)
    notice(request, "The goal is set.")
    return see("/goals")


@router.post("/goals/{number}/close")
def close(
    request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, number: int, version: Annotated[int, Form()]
) -> RedirectResponse:
    """Close a goal."""
    change_goal(house, visitor.actor, number, version=version, at=now, close=True)
    notice(request, "The goal is closed.")
    return see("/goals")


def metric_named(text: str) -> Metric:
    """Return what a choice of the form measures.

    Raises:
        SettingsError: The form offers no such number.

    >>> metric_named("rule:zip_has_five_digits").rule_id
    'zip_has_five_digits'
    """
    kind, _, name = text.partition(":")
    views: dict[str, Metric] = {
        "record": Metric("record"),
        "rule": Metric("test", rule_id=name),
        "dimension": Metric("record", dimension=name),
    }
    if kind not in views:
        raise SettingsError(f"{text!r} is no number of the scorecard.", "Choose one of the list.")
    return views[kind]


def _metrics(house: House) -> list[tuple[str, str]]:
    dimensions = [(f"dimension:{name}", f"records with no problem of {name}") for name in DIMENSIONS]
    rules = [(f"rule:{rule.rule_id}", sentence(rule.rule_id)) for rule in house.standards.rules]
    return [(ALL, "records with no problem"), *dimensions, *sorted(set(rules), key=lambda one: one[1])]


def _shown(house: House, actor: Actor, goal: Goal, today: date) -> dict[str, Any]:
    points = trend(house, actor, goal.metric)
    now = points[-1].value if points else None
    tone, verdict = verdict_of(goal, points, today)
    return {
        "id": goal.number,
        "name": goal.name,
        "target": goal.target,
        "due_on": goal.due_on,
        "owner": goal.owner,
        "version": goal.version,
        "now": now,
        "tone": tone,
        "verdict": verdict,
        "forecast": _expected(goal, points),
        "history": [point.value for point in points[-SHOWN:]],
        "labels": [day(point.as_of) for point in points[-SHOWN:]],
    }


def verdict_of(goal: Goal, points: list[Point], today: date) -> tuple[Literal["good", "fair", "poor", ""], str]:
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


_TONES: Final[dict[Verdict, Literal["good", "fair", "poor", ""]]] = {
    "reached": "good",
    "on track": "good",
    "uncertain": "fair",
    "behind": "poor",
    "missed": "poor",
    "too early": "",
}


def _measured(points: list[Point]) -> list[tuple[date, float]]:
    return [(date.fromisoformat(point.as_of), point.value) for point in points]


def _expected(goal: Goal, points: list[Point]) -> str:
    """Return what to expect by the day of a goal, in words; what is missing for that where runs are few."""
    found = forecast(_measured(points), date.fromisoformat(goal.due_on))
    if found is None:
        return f"Runs on {LEAST} different days show where it is going." if points else ""
    way = "rises" if found.per_week > 0 else "falls"
    sentence = f"If it goes on like this: between {found.low:.1f} and {found.high:.1f} by {day(goal.due_on)}"
    sentence += f", four times of five. It {way} by {abs(found.per_week):.2f} a week over {found.runs} days measured."
    return sentence
