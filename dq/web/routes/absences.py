"""Absences: when somebody is away, and who does what is given to them."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.absences import absences, end_absence, set_absence
from dq.stewardship.people import users
from dq.stewardship.telling import names_of
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, NowDep, StewardDep

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Form(max_length=200)]


@router.get("/absences")
def away(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep) -> HTMLResponse:
    """Show who is away, and a form for more."""
    working = [one for one in users(house, visitor.actor) if one.state == "active" and one.actor.has("steward")]
    mine = [one for one in working if visitor.may_lead or one.name == visitor.actor.name]
    return page(
        request,
        "absences.html",
        absences=absences(house, visitor.actor, now),
        names=names_of(house),
        people=[(one.name, one.display_name) for one in mine],
        delegates=[(one.name, one.display_name) for one in working if visitor.may_lead or one not in mine],
        first=(house.today(now) + timedelta(days=1)).isoformat(),
    )


@router.post("/absences")
def go_away(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    user_name: Name,
    from_on: Annotated[date, Form()],
    until_on: Annotated[date, Form()],
    delegate: Name,
) -> RedirectResponse:
    """Let somebody stand in while a person is away."""
    set_absence(house, visitor.actor, user_name, from_on, until_on, delegate, at=now)
    notice(request, "Noted: what is given to one shows in the other’s day.")
    return see("/absences")


@router.post("/absences/{number}/end")
def come_back(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, number: int) -> RedirectResponse:
    """End an absence."""
    end_absence(house, visitor.actor, number, at=now)
    notice(request, "Ended.")
    return see("/absences")
