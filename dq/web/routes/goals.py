"""Goals: a number of the scorecard, a target, a day, and who answers for it."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.errors import SettingsError
from dq.model import DIMENSIONS
from dq.stewardship.actor import Actor
from dq.stewardship.goals import Goal, Metric, Point, change_goal, goals, set_goal, trend
from dq.stewardship.house import House
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, VisitorDep
from dq.web.wording import day, sentence

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]
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
        "forecast": _measured(points),
    }


def verdict_of(goal: Goal, points: list[Point], today: date) -> tuple[Literal["good", "fair", "poor", ""], str]:
    """Return whether a goal is reached, on track or behind the straight line from its start to its day."""
    if not points:
        return "", "not measured yet"
    now = points[-1].value
    if now >= goal.target:
        return "good", "reached"
    start_on, due_on = date.fromisoformat(goal.start_on), date.fromisoformat(goal.due_on)
    if today > due_on:
        return "poor", "missed"
    start = now if goal.start_value is None else goal.start_value
    passed = (today - start_on).days / max(1, (due_on - start_on).days)
    wanted = start + (goal.target - start) * passed
    return ("good", "on track") if now >= wanted else ("fair", "behind")


def _measured(points: list[Point]) -> str:
    first = day(points[0].as_of) if points else ""
    return f"Measured {len(points)} times since {first}." if len(points) > 1 else ""
