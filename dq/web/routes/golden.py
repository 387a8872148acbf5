"""Golden records: where each value comes from, and the way back to the records they were made of."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.errors import SettingsError
from dq.stewardship.records import customer
from dq.stewardship.taking_apart import judged_apart, take_apart
from dq.stewardship.telling import names_of
from dq.stewardship.whom_to_ask import waits_for
from dq.web.cards import names_above
from dq.web.fields import title
from dq.web.golden import members, origins
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, NowDep, StewardDep, VisitorDep
from dq.web.wording import count

router = APIRouter(include_in_schema=False)


@router.get("/golden/{golden_id}")
def golden(
    request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep, golden_id: str, run: str = ""
) -> HTMLResponse:
    """Show a customer's values with their origin."""
    found = customer(house, visitor.actor, golden_id, run_id=run)
    ids = [one.record_id for one in found.records]
    shown = {
        "golden_id": golden_id,
        "title": title(found.golden) if found.golden else golden_id,
        "is_masked": any(one.is_masked for one in found.records),
        "count": len(found.records),
        "members": members(found),
        "rows": origins(found),
    }
    apart = judged_apart(house, visitor.actor, ids) if visitor.may_work else []
    waits = waits_for(house, visitor.actor, golden_id, at=now, run_id=run)
    return page(
        request,
        "golden.html",
        golden=shown,
        apart=apart,
        names=names_of(house),
        waits=waits,
        above=names_above(house, visitor.actor, waits, run),
    )


@router.post("/golden/{golden_id}/apart")
def separate(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    golden_id: str,
    how: Annotated[str, Form(max_length=20)],
    leave: Annotated[list[str] | None, Form()] = None,
    comment: Annotated[str, Form(max_length=500)] = "",
) -> RedirectResponse:
    """Take a customer apart: the ticked records are another one, or each record is its own."""
    if how != "each" and not leave:
        raise SettingsError("No record was ticked.", "Tick those that are another customer.", field="leave")
    done = take_apart(
        house, visitor.actor, golden_id, () if how == "each" else leave or (), at=now, comment=comment.strip()
    )
    told = "The next run gives the records back as they were, and keeps them apart."
    if done.waiting or done.disputed:
        told = (
            f"{count(done.waiting, 'pair waits', 'pairs wait')} for a second person, "
            f"{count(done.disputed, 'goes', 'go')} to the lead: somebody had said the same customer."
        )
    notice(request, told)
    return see(f"/golden/{quote(golden_id, safe='')}")
