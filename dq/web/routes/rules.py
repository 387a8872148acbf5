"""Rules and how far they can be trusted; whole rules that are left as they are for a while."""

from datetime import date, timedelta
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.reasons import offered, titles
from dq.stewardship.rule_trust import put_in_force, put_on_trial, rule_trusted, rules_trusted
from dq.stewardship.rule_waivers import end_rule_waiver, rule_waivers, waive_rule
from dq.stewardship.telling import names_of
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, StewardDep
from dq.web.wording import count, day, sentence

router = APIRouter(include_in_schema=False)
USUAL_WAIT: Final = timedelta(days=30)
"""How far away the day proposed for leaving a rule is."""
Short = Annotated[str, Form(max_length=200)]


@router.get("/rules")
def rules(request: Request, house: HouseDep, visitor: StewardDep) -> HTMLResponse:
    """List rules: those on trial first, then those with most false alarms."""
    found = rules_trusted(house, visitor.actor)
    waiting = {one.rule_id for one in rule_waivers(house, visitor.actor)}
    return page(request, "rules.html", rules=found, waiting=waiting, trial=house.policy.trial)


@router.get("/rules/{rule_id}")
def one_rule(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, rule_id: str) -> HTMLResponse:
    """Show how far one rule can be trusted."""
    found = rule_trusted(house, visitor.actor, rule_id)
    policy = next(rule for rule in house.standards.rules if rule.rule_id == rule_id)
    today = house.today(now)
    return page(
        request,
        "rule_trust.html",
        rule=found,
        policy=policy,
        trial=house.policy.trial,
        waivers=rule_waivers(house, visitor.actor, rule_id),
        names=names_of(house),
        reasons=offered(house, "waive"),
        titles=titles(house),
        sees_all=house.sees(visitor.actor) is None,
        departments=sorted(visitor.actor.departments - {"*"}),
        usual=(today + USUAL_WAIT).isoformat(),
        first=(today + timedelta(days=1)).isoformat(),
        last=(today + timedelta(days=house.policy.waive_at_most)).isoformat(),
    )


@router.post("/rules/{rule_id}/force")
def promote(request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, rule_id: str) -> RedirectResponse:
    """Put a rule in force that has earned it."""
    put_in_force(house, visitor.actor, rule_id, at=now)
    notice(request, f"“{sentence(rule_id)}” is in force from the next run on.")
    return _back(rule_id)


@router.post("/rules/{rule_id}/trial")
def try_out(request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, rule_id: str) -> RedirectResponse:
    """Put a rule on trial."""
    put_on_trial(house, visitor.actor, rule_id, at=now)
    notice(request, f"“{sentence(rule_id)}” is on trial from the next run on: it counts for nothing meanwhile.")
    return _back(rule_id)


@router.post("/rules/{rule_id}/wait")
def leave(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    rule_id: str,
    until: Annotated[date, Form()],
    reason: Short,
    source: Short = "",
    department: Short = "",
) -> RedirectResponse:
    """Leave a whole rule as it is until a day."""
    waiting = waive_rule(
        house,
        visitor.actor,
        rule_id,
        until=until,
        reason=reason,
        at=now,
        source=source.strip(),
        department=department.strip(),
    )
    notice(request, f"Left as it is until {day(until)}: {count(waiting, 'case waits', 'cases wait')} with it.")
    return _back(rule_id)


@router.post("/rules/{rule_id}/wait/{number}/end")
def ask_again(
    request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, rule_id: str, number: int
) -> RedirectResponse:
    """Ask again what waits with a rule."""
    opened = end_rule_waiver(house, visitor.actor, number, at=now)
    notice(request, f"Ended: {count(opened, 'case is', 'cases are')} open again.")
    return _back(rule_id)


def _back(rule_id: str) -> RedirectResponse:
    return see(f"/rules/{quote(rule_id, safe='')}")
