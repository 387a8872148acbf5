"""Golden records: where each value comes from."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dq.stewardship.records import customer
from dq.web.fields import title
from dq.web.golden import members, origins
from dq.web.pages import page
from dq.web.visitors import HouseDep, VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/golden/{golden_id}")
def golden(request: Request, house: HouseDep, visitor: VisitorDep, golden_id: str, run: str = "") -> HTMLResponse:
    """Show a customer's values with their origin."""
    found = customer(house, visitor.actor, golden_id, run_id=run)
    shown = {
        "golden_id": golden_id,
        "title": title(found.golden) if found.golden else golden_id,
        "is_masked": any(one.is_masked for one in found.records),
        "count": len(found.records),
        "members": members(found),
        "rows": origins(found),
    }
    return page(request, "golden.html", golden=shown)
