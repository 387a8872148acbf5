"""Reasons: what people choose when they decide; leads add them, call them otherwise, or no longer offer them."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.reasons import ACTIONS, LONGEST, add_reason, change_reason, reasons
from dq.stewardship.telling import names_of
from dq.stewardship.working import OPINIONS
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep

router = APIRouter(include_in_schema=False)
SAID: Final = {
    "resolve": "a case is closed",
    "waive": "a case is left as it is until a day",
    "override": "another value is given",
    "decide": "two records are the same customer or different ones",
}
"""Action → when its reasons are asked for, as a clause."""
Title = Annotated[str, Form(max_length=LONGEST)]
Closes = Annotated[list[str], Form(default_factory=list, max_length=len(ACTIONS))]


@router.get("/reasons")
def all_reasons(request: Request, house: HouseDep, visitor: LeadDep) -> HTMLResponse:
    """List the reasons of the house, each with a form to change it."""
    del visitor
    actions = [(action, SAID[action]) for action in ACTIONS]
    return page(
        request,
        "reasons.html",
        reasons=reasons(house),
        actions=actions,
        names=names_of(house),
        opinions=OPINIONS,
        longest=LONGEST,
    )


@router.post("/reasons")
def add(
    request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, title: Title, closes: Closes
) -> RedirectResponse:
    """Offer a reason that the house did not have."""
    made = add_reason(house, visitor.actor, title, closes, at=now)
    notice(request, f"“{made.title}” can be chosen from now on.")
    return see("/reasons")


@router.post("/reasons/{code}")
def change(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    code: str,
    version: Annotated[int, Form()],
    title: Title,
    closes: Closes,
) -> RedirectResponse:
    """Call a reason otherwise, or ask for it elsewhere."""
    made = change_reason(house, visitor.actor, code, version=version, title=title, closes=closes, at=now)
    notice(request, f"Changed: “{made.title}”. What was decided before reads as it did.")
    return see("/reasons")


@router.post("/reasons/{code}/offer")
def offer(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    code: str,
    version: Annotated[int, Form()],
    is_offered: Annotated[bool, Form()],
) -> RedirectResponse:
    """No longer offer a reason, or offer it again."""
    made = change_reason(house, visitor.actor, code, version=version, is_offered=is_offered, at=now)
    notice(request, f"“{made.title}” {'can be chosen again' if is_offered else 'is no longer offered'}.")
    return see("/reasons")
