"""Reports: somebody met a customer and says what is wrong with it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.reporting import LONGEST, report_customer
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, NowDep, VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/report")
def ask(request: Request, visitor: VisitorDep, record: str = "") -> HTMLResponse:
    """Show the form."""
    del visitor
    return page(request, "report.html", record=record)


@router.post("/report")
def report(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    now: NowDep,
    record: Annotated[str, Form(max_length=500)],
    words: Annotated[str, Form(max_length=LONGEST)],
) -> RedirectResponse:
    """Make a case of what was said."""
    report_customer(house, visitor.actor, record.strip(), words, at=now)
    notice(request, "Thank you. The stewards find it in their work.")
    return see(f"/records/{quote(record.strip(), safe='')}")
