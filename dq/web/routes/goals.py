"""Goals: a number of the scorecard, a target, a day, and who answers for it."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dq.errors import SettingsError
from dq.model import DIMENSIONS
from dq.stewardship.actor import Actor
from dq.stewardship.goals import Metric, business_numbers, change_goal, set_goal, type_number
from dq.stewardship.house import House, run_of
from dq.stewardship.importing import runs
from dq.stewardship.scores import choices_in, scope_of
from dq.web.aiming import goal_cards, number_lines
from dq.web.exports import as_file
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, StewardDep, VisitorDep
from dq.web.wording import group_of, sentence

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]
MOST_PLACES: Final = 60
"""Values of a segment offered for a goal: the states of a country."""
NUMBERS: Final = {"name": "Number", "department": "Department", "day": "Day", "value": "Value", "by": "Typed by"}
GOALS: Final = {
    "name": "Goal",
    "of": "Measures",
    "now": "Now",
    "target": "Wanted",
    "due_on": "By",
    "verdict": "Stands",
    "owner": "Who answers for it",
}
ALL: Final = "record:"
"""The number of a goal that is about no single rule: records without any problem."""


@router.get("/goals")
def all_goals(request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep) -> HTMLResponse:
    """Show every goal and whether it is on track."""
    today = house.today(now)
    return page(
        request,
        "goals.html",
        goals=goal_cards(house, visitor.actor, today),
        metrics=_metrics(house),
        places=_places_of(house, visitor.actor),
        numbers=number_lines(house, visitor.actor),
        today=today.isoformat(),
    )


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
    place: Text = "",
) -> RedirectResponse:
    """Set a goal."""
    set_goal(house, visitor.actor, name, metric_named(metric, place), target, due_on, owner, at=now)
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


@router.post("/goals/numbers")
def type_one(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    name: Text,
    measured_on: Annotated[date, Form()],
    value: Annotated[float, Form()],
    department: Text = "",
) -> RedirectResponse:
    """Type a number of the business for a day; typed again it is replaced."""
    type_number(house, visitor.actor, name, measured_on, value, at=now, department=department)
    notice(request, "The number is kept.")
    return see("/goals#numbers")


@router.get("/export/numbers.{kind}")
def export_numbers(house: HouseDep, visitor: VisitorDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the typed numbers as a file."""
    return as_file(business_numbers(house, visitor.actor), NUMBERS, "numbers", kind)


@router.get("/export/goals.{kind}")
def export_goals(house: HouseDep, visitor: VisitorDep, now: NowDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the goals as a file."""
    cards = goal_cards(house, visitor.actor, house.today(now))
    shown = [vars(card.goal) | {"of": card.of, "now": card.now, "verdict": card.verdict} for card in cards]
    return as_file(shown, GOALS, "goals", kind)


def metric_named(text: str, place: str = "") -> Metric:
    """Return what a choice of the form measures, and where.

    Raises:
        SettingsError: The form offers no such number.

    >>> metric_named("rule:zip_has_five_digits").rule_id
    'zip_has_five_digits'
    >>> metric_named("record:", "segment:state=TX").segment
    'state=TX'
    """
    kind, _, name = text.partition(":")
    views: dict[str, Metric] = {
        "record": Metric("record"),
        "rule": Metric("test", rule_id=name),
        "dimension": Metric("record", dimension=name),
    }
    if kind not in views:
        raise SettingsError(f"{text!r} is no number of the scorecard.", "Choose one of the list.", field="metric")
    of, parted, value = place.partition(":")
    if place and (not parted or of not in ("source", "department", "segment")):
        raise SettingsError(f"{place!r} is no part of the house.", "Choose one of the list.", field="place")
    return replace(views[kind], **{of: value}) if place else views[kind]  # type: ignore[arg-type]


def _places_of(house: House, actor: Actor) -> list[tuple[str, str]]:
    """Return the parts of the house that a goal can be set for: value of the form, and words."""
    if not runs(house, 1):
        return []
    choices = choices_in(house, str(run_of(house)["run_id"]), scope_of(house, actor))
    kinds = {by: by if by in ("source", "department") else "segment" for by in choices}
    return [
        (f"{kinds[by]}:{value}", group_of(by, value))
        for by, values in choices.items()
        for value in values[:MOST_PLACES]
        if value
    ]


def _metrics(house: House) -> list[tuple[str, str]]:
    dimensions = [(f"dimension:{name}", f"records with no problem of {name}") for name in DIMENSIONS]
    rules = [(f"rule:{rule.rule_id}", sentence(rule.rule_id)) for rule in house.standards.rules]
    return [(ALL, "records with no problem"), *dimensions, *sorted(set(rules), key=lambda one: one[1])]
