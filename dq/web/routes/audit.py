"""The audit: every action, and whether the chain of them holds."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dq.stewardship.auditing import audit_page, verify_audit
from dq.stewardship.house import House
from dq.web.listing import PAGE_ROWS, narrowing
from dq.web.pages import page
from dq.web.visitors import HouseDep, LeadDep, Visitor
from dq.web.wording import count

router = APIRouter(include_in_schema=False)
FILTERS: Final = ("by", "action", "subject_id")


@router.get("/audit")
def audit(request: Request, house: HouseDep, visitor: LeadDep) -> HTMLResponse:
    """List what was done, the newest first."""
    return _page(request, house, visitor)


@router.post("/audit/verify")
def verify(request: Request, house: HouseDep, visitor: LeadDep) -> HTMLResponse:
    """Check that no row was altered, removed or moved."""
    found = verify_audit(house)
    if not found.faults:
        words = f"All {count(found.count, 'row')} hold. Note down the last seal to prove it later: {found.hash}"
    else:
        words = " ".join(f"{fault.sentence[:1].upper()}{fault.sentence[1:]}." for fault in found.faults[:10])
    return _page(request, house, visitor, {"is_whole": not found.faults, "words": words})


def _page(request: Request, house: House, visitor: Visitor, verdict: dict[str, object] | None = None) -> HTMLResponse:
    wanted = narrowing("/audit", request.query_params, FILTERS)
    rows, total = audit_page(house, visitor.actor, **wanted.values, limit=PAGE_ROWS, offset=wanted.offset)
    shown = [row | {"details": _told(row["details"])} for row in rows]
    return page(request, "audit.html", listing=wanted.listing(shown, total), verdict=verdict)


def _told(details: dict[str, object]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in details.items())


def _value(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
