"""The scorecard: one number, where it is lost, and the way down to the records behind it."""

from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dq.engine.querying import Filter
from dq.errors import NotFoundError
from dq.model import DIMENSIONS
from dq.quality.origins import headline, origins
from dq.stewardship.house import run_of
from dq.stewardship.importing import runs
from dq.stewardship.records import facets
from dq.stewardship.rule_trust import rule_trusted
from dq.web.pages import page
from dq.web.scorecards import ABOUT, card_of
from dq.web.visitors import HouseDep, VisitorDep

router = APIRouter(include_in_schema=False)
NEW_DAYS: Final = 90
"""Days back to which a record is called new: a quarter shows a form that went wrong, whatever the weekday."""
PLACES: Final = 15
"""Places shown per column, those with most new findings first."""


@router.get("/scorecard")
def scorecard(request: Request, house: HouseDep, visitor: VisitorDep, run: str = "") -> HTMLResponse:
    """Show how good the data of a run are."""
    del visitor
    card = card_of(house, run_of(house, run)) if run or runs(house, 1) else None
    return page(request, "scorecard.html", card=card)


@router.get("/scorecard/origins")
def where_born(request: Request, house: HouseDep, visitor: VisitorDep, run: str = "") -> HTMLResponse:
    """Show where errors are born: what comes in against what was there."""
    del visitor
    found = run_of(house, run)
    since = date.fromisoformat(str(found["as_of"])) - timedelta(days=NEW_DAYS)
    born = origins(house.tables(str(found["run_id"])), since.isoformat(), str(found["as_of"]))
    columns = {one.column: [line for line in born if line.column == one.column][:PLACES] for one in born}
    return page(
        request,
        "origins.html",
        run=found,
        since=since.isoformat(),
        headline=headline(born),
        columns=[(name.replace("_", " "), lines) for name, lines in columns.items()],
    )


@router.get("/scorecard/dimensions/{name}")
def dimension(request: Request, house: HouseDep, visitor: VisitorDep, name: str, run: str = "") -> HTMLResponse:
    """Show one dimension and its rules."""
    del visitor
    if name not in DIMENSIONS:
        raise NotFoundError("There is no such dimension.", "The scorecard shows all of them.")
    card = card_of(house, run_of(house, run))
    own = next((one for one in card.dimensions if one.name == name), None)
    shown = {
        "name": name,
        "about": ABOUT[name],
        "score": own.score if own else None,
        "band": own.band if own else "",
        "points": [],
        "rules": [rule for rule in card.rules if rule.dimension == name],
    }
    return page(request, "dimension.html", dimension=shown)


@router.get("/scorecard/rules/{rule_id}")
def rule(request: Request, house: HouseDep, visitor: VisitorDep, rule_id: str, run: str = "") -> HTMLResponse:
    """Show one rule: how often it fails, and where."""
    found = run_of(house, run)
    line = next((line for line in card_of(house, found).rules if line.rule_id == rule_id), None)
    policy = next((one for one in house.standards.rules if one.rule_id == rule_id), None)
    if line is None and policy is None:
        raise NotFoundError("There is no such rule.", "The scorecard shows all of them.")
    trust = rule_trusted(house, visitor.actor, rule_id) if policy else None
    own = [Filter("rule_id", "=", rule_id)]
    where = facets(house, visitor.actor, "violations", ["source", "department"], own, run_id=str(found["run_id"]))
    shown: dict[str, Any] = {
        "rule_id": rule_id,
        "dimension": line.dimension if line else policy.dimension if policy else "",
        "severity": line.severity if line else "",
        "why": line.why if line else policy.why if policy else "",
        "owner": line.owner if line else policy.owner if policy else "",
        "failed": line.failed if line else 0,
        "tested": line.tested if line else 0,
        "rate": line.rate if line else 1.0,
        "threshold": policy.threshold if policy else None,
        "false_alarms": trust.false_alarms if trust else None,
        "opinions": trust.opinions if trust else 0,
        "points": [],
        "lines": [
            {
                "source": str(row["source"] or ""),
                "department": str(row["department"] or ""),
                "failed": int(row["count"] or 0),
            }
            for row in where
        ],
    }
    return page(request, "rule.html", rule=shown)
