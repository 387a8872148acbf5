"""Use of the system, for leads: who signs in and decides, how old open cases are, how often a second look disagrees."""

from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dq.stewardship.usage import AGES, Looked, PersonUse, Usage, usage_of
from dq.web.exports import as_file
from dq.web.pages import page
from dq.web.visitors import HouseDep, LeadDep, NowDep
from dq.web.wording import day

router = APIRouter(include_in_schema=False)
AGE_NAMES: Final = ("a week", "a month", "a quarter", "older")
EXPORT: Final = {
    "name": "Login",
    "display_name": "Name",
    "departments": "Departments",
    "logins": "Sign-ins, 30 days",
    "last_login": "Last sign-in",
    "decided_week": "Decided, 7 days",
    "decided_month": "Decided, 30 days",
    "assigned": "Open and given to them",
    "oldest_on": "Oldest since",
    "seconds": "Seconds a pair",
    "looked_again": "Looked at again",
    "wrong": "Of these decided otherwise",
}
assert len(AGE_NAMES) == len(AGES) + 1


@router.get("/usage")
def show(request: Request, house: HouseDep, visitor: LeadDep, now: NowDep) -> HTMLResponse:
    """Show the use of the system."""
    found = usage_of(house, visitor.actor, now)
    return page(request, "usage.html", usage=found, ages=AGE_NAMES, error=error_said, on=day(house.today(now)))


@router.get("/export/usage.{kind}")
def export(house: HouseDep, visitor: LeadDep, now: NowDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the people of the page as a file."""
    rows = [row_of(person) for person in usage_of(house, visitor.actor, now).people]
    return as_file(rows, EXPORT, "usage", kind)


def row_of(person: PersonUse) -> dict[str, Any]:
    """Return a person's figures, flat."""
    return {
        "name": person.user.name,
        "display_name": person.user.display_name,
        "departments": " ".join(sorted(person.user.departments)),
        "logins": person.logins,
        "last_login": person.last_login,
        "decided_week": person.decided_week,
        "decided_month": person.decided_month,
        "assigned": person.assigned,
        "oldest_on": person.oldest_on,
        "seconds": person.seconds,
        "looked_again": person.looked.again,
        "wrong": person.looked.wrong,
    }


def as_json(usage: Usage) -> dict[str, Any]:
    """Return the use of the system for programs."""
    departments = [
        {
            "department": one.department,
            "open": one.open,
            "ages": dict(zip(AGE_NAMES, one.ages, strict=True)),
            "overdue": one.overdue,
            "decided_month": one.decided_month,
            "looked_again": one.looked.again,
            "wrong": one.looked.wrong,
        }
        for one in usage.departments
    ]
    return {"people": [row_of(person) for person in usage.people], "departments": departments}


def error_said(looked: Looked) -> str:
    """Return the measured error in words, with its range.

    >>> error_said(Looked(40, 2)), error_said(Looked())
    ('2 of 40: 5 % (1 to 17 %)', 'nobody looked again')
    """
    if looked.rate is None:
        return "nobody looked again"
    low, high = looked.interval
    return f"{looked.wrong:,} of {looked.again:,}: {100 * looked.rate:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"
