"""The scorecard: one number, where it is lost, and the way down to the records behind it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from dq.engine.querying import Filter
from dq.errors import NotFoundError
from dq.model import DIMENSIONS
from dq.stewardship.house import run_of
from dq.stewardship.importing import runs
from dq.stewardship.movements import run_before
from dq.stewardship.records import facets
from dq.stewardship.rule_trust import rule_trusted
from dq.stewardship.scores import RuleCount, earlier_runs, rule_trend, rules_in, scope_of
from dq.web.aiming import goal_cards
from dq.web.asking import NAMES, Asked, asked_for
from dq.web.costing import costs_of
from dq.web.listing import narrowing
from dq.web.measuring import measured, said
from dq.web.moving import moved_card, rule_moves
from dq.web.pages import page
from dq.web.rules import rule_facts, rule_line, rule_lines
from dq.web.scorecards import ABOUT, SHORT, TREND, Point, band_of, card_of, owner_of, points
from dq.web.visitors import HouseDep, NowDep, VisitorDep
from dq.web.wording import day

router = APIRouter(include_in_schema=False)
GOALS: Final = 3
"""Goals shown on the scorecard: those due next; their own page has all."""


def asked_of(request: Request, house: HouseDep, visitor: VisitorDep) -> Asked | None:
    """Return what the address of a scorecard asks for; None where the house has no run.

    Raises:
        NotFoundError: No such run or source, or a department that is not theirs.
    """
    wanted = narrowing("/scorecard", request.query_params, NAMES)
    values = wanted.values
    if not values.get("run") and not runs(house, 1):
        return None
    place = {name: values.get(name, "") for name in ("source", "department", "segment")}
    run = run_of(house, values.get("run", ""))
    actor = visitor.actor
    return asked_for(house, run, scope_of(house, actor, **place), scope_of(house, actor), wanted)


AskedDep = Annotated[Asked | None, Depends(asked_of)]


def must_ask(asked: AskedDep) -> Asked:
    """Return what the address asks for.

    Raises:
        NotFoundError: The house has no run.
    """
    if asked is None:
        raise NotFoundError("No run has been taken in yet.", "`dq runs add` takes the folder of a run into this house.")
    return asked


SurelyAskedDep = Annotated[Asked, Depends(must_ask)]


@router.get("/scorecard")
def scorecard(request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep, asked: AskedDep) -> HTMLResponse:
    """Show how good the data of a run are, in the part of the house that is asked for."""
    if asked is None:
        return page(request, "scorecard.html", asked=None, card=None)
    found = measured(house, asked.run)
    return page(
        request,
        "scorecard.html",
        asked=asked,
        card=card_of(house, visitor.actor, asked),
        short=SHORT,
        moved=moved_card(house, asked),
        priced=costs_of(house, asked),
        goals=goal_cards(house, visitor.actor, house.today(now))[:GOALS],
        matching=found,
        estimates=[(one, said(one)) for one in found.numbers],
    )


@router.get("/scorecard/dimensions/{name}")
def dimension(request: Request, house: HouseDep, visitor: VisitorDep, name: str, asked: SurelyAskedDep) -> HTMLResponse:
    """Show one dimension and its rules."""
    if name not in DIMENSIONS:
        raise NotFoundError("There is no such dimension.", "The scorecard shows all of them.")
    card = card_of(house, visitor.actor, asked)
    place = [*card.dimensions].index(name) if name in card.dimensions else None
    cut = [(group, group.cells[place]) for group in card.groups] if place is not None else []
    return page(
        request,
        "dimension.html",
        asked=asked,
        name=name,
        about=ABOUT[name],
        owner=owner_of(house, "dimension", name),
        score=card.total.cells[place] if place is not None else None,
        points=points(house, asked, name),
        groups=[(group, cell) for group, cell in cut if cell is not None],
        rules=rule_lines(house, asked, name),
    )


@router.get("/scorecard/rules/{rule_id}")
def rule(request: Request, house: HouseDep, visitor: VisitorDep, rule_id: str, asked: SurelyAskedDep) -> HTMLResponse:
    """Show one rule: how often it fails, where, whom to ask, and what moved it."""
    facts = rule_facts(house, asked.run_id).get(rule_id)
    if facts is None:
        raise NotFoundError("There is no such rule.", "The scorecard shows all of them.")
    counts = {count.rule_id: count for count in rules_in(house, asked.run_id, asked.scope)}
    line = rule_line(asked, counts.get(rule_id, RuleCount(rule_id, 0, 0)), facts)
    own = [Filter("rule_id", "=", rule_id), *_places(asked)]
    where = facets(house, visitor.actor, "violations", ["source", "department"], own, run_id=asked.run_id)
    trend = rule_trend(house, earlier_runs(house, asked.run, TREND), rule_id, asked.scope)
    before = run_before(house, asked.run)
    is_ours = any(one.rule_id == rule_id for one in house.standards.rules)
    trust = rule_trusted(house, visitor.actor, rule_id) if is_ours else None
    shown: dict[str, Any] = {
        "line": line,
        "band": "" if line.rate is None else band_of(house, 100 * line.rate) if line.passes else "poor",
        "threshold": facts.get("threshold"),
        "false_alarms": trust.false_alarms if trust else None,
        "opinions": trust.opinions if trust else 0,
        "points": [Point(100 * (count.rate or 0), day(run["as_of"])) for run, count in trend],
        "since": str(before["as_of"]) if before else "",
        "moves": rule_moves(house, visitor.actor, asked, rule_id, _places(asked)),
        "lines": [_where(house, asked, rule_id, row) for row in where],
    }
    return page(request, "rule.html", asked=asked, rule=shown)


def _places(asked: Asked) -> list[Filter]:
    """Return what narrows findings to the part of the house that an address names."""
    column, _, value = asked.scope.segment.partition("=")
    found = [Filter(name, "=", value) for name, value in asked.places.items() if name != "segment"]
    return [*found, Filter(f"record.{column}", "=", value)] if column else found


def _where(house: HouseDep, asked: Asked, rule_id: str, row: Any) -> dict[str, Any]:
    source, department = str(row["source"] or ""), str(row["department"] or "")
    return {
        "source": source,
        "department": department,
        "failed": int(row["count"] or 0),
        "owner": owner_of(house, "source", source) if source else "",
        "url": asked.down("/records", rule=rule_id, source=source, department=department),
    }
