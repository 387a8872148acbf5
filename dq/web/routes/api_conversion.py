"""The part of the JSON API about the conversion: who loads, what keeps the others out, who is not converted."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from dq.stewardship.blocker_waivers import LONGEST, blocker_waivers, end_blocker_waiver, waive_blocker
from dq.stewardship.bringing_back import bring_back, park_again
from dq.stewardship.parked import parked_rules
from dq.stewardship.whom_to_ask import above as whom_to_ask
from dq.web.readying import target_page, targets_of
from dq.web.routes.api import FAILURES, Code, Limit, Offset, ReaderDep
from dq.web.routes.held_up import as_rows, listed
from dq.web.routes.parked import backs, lines
from dq.web.routes.readiness import as_json, rows
from dq.web.visitors import HouseDep, NowDep, VisitorDep

router = APIRouter(
    prefix="/api/v1",
    tags=["conversion"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)


class BlockerWaived(BaseModel):
    """What is let be, until when and why: an error by its rule, or an owner."""

    model_config = ConfigDict(extra="forbid")
    until: date
    reason: Code
    rule_id: Annotated[str, Field(max_length=500)] = ""
    owner: Annotated[str, Field(max_length=500)] = ""
    department: Annotated[str, Field(max_length=200)] = ""
    comment: Annotated[str, Field(max_length=LONGEST)] = ""


class Back(BaseModel):
    """Why a customer is converted after all."""

    model_config = ConfigDict(extra="forbid")
    reason: Code


@router.get("/readiness")
def targets(house: HouseDep, visitor: ReaderDep, now: NowDep, run: str = "") -> list[dict[str, Any]]:
    """Return the targets of a run, each with how many of one's customers load."""
    names = [str(one["target"]) for one in targets_of(house, run)]
    found = [target_page(house, visitor.actor, name, now, run) for name in names]
    return [
        {
            "target": one.document["target"],
            "title": one.document["title"],
            "loading": one.mine.loading,
            "due": one.mine.due,
            "customers": dict(one.mine.counts),
            "open_rows": one.blocked.open_rows,
        }
        for one in found
    ]


@router.get("/readiness/{target}")
def one_target(house: HouseDep, visitor: ReaderDep, now: NowDep, target: str, run: str = "") -> dict[str, Any]:
    """Return one target: counts, what to do first, what keeps customers out and who let that be, run by run."""
    found = target_page(house, visitor.actor, target, now, run)
    return {
        "target": target,
        "title": found.document["title"],
        "loading": found.mine.loading,
        "due": found.mine.due,
        "customers": dict(found.mine.counts),
        "house": None if found.house is None else {**found.house.counts, "loading": found.house.loading},
        "fixes": list(found.fixes),
        "blockers": [asdict(line) for line in found.blocked.lines],
        "owners": [asdict(line) for line in found.blocked.owners],
        "open_rows": found.blocked.open_rows,
        "waivers": [asdict(one) for one in found.waivers],
        "burn_down": found.burn,
    }


@router.get("/readiness/{target}/customers")
def kept_out(
    house: HouseDep,
    visitor: ReaderDep,
    target: str,
    rule: str = "",
    run: str = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return the rows of a target that fall short, of one's customers; values of others masked."""
    found = rows(house, visitor, {"target": target, "rule": rule, "run": run}, limit, offset)
    return {"rows": [as_json(row) for row in found.rows], "total": found.total, "offset": offset}


@router.get("/readiness/{target}/waiting")
def waiting(
    house: HouseDep,
    visitor: ReaderDep,
    now: NowDep,
    target: str,
    case: str = "",
    above: str = "",
    run: str = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return which of one's customers load once another one does, for whom they wait, and whom to ask."""
    asked = {"target": target, "case": case, "above": above, "run": run}
    found, run_id = listed(house, visitor, asked, limit, offset)
    told = whom_to_ask(house, visitor.actor, run_id, found.lines, at=now)
    counts = {name: getattr(found, name) for name in ("total", "customers", "also", "others")}
    return {**counts, "rows": as_rows(found.lines, told, {}), "offset": offset}


@router.post("/readiness/{target}/waivers", status_code=201)
def let_be(house: HouseDep, visitor: VisitorDep, now: NowDep, target: str, waived: BlockerWaived) -> dict[str, Any]:
    """Let what keeps customers out be until a day; for leads."""
    number = waive_blocker(house, visitor.actor, target, at=now, **waived.model_dump())
    found = blocker_waivers(house, visitor.actor, now, target)
    return asdict(next(one for one in found if one.number == number))


@router.post("/readiness/{target}/waivers/{number}/end")
def open_again(house: HouseDep, visitor: VisitorDep, now: NowDep, target: str, number: int) -> dict[str, Any]:
    """Let what was let be count as open again; for leads."""
    end_blocker_waiver(house, visitor.actor, number, at=now)
    return {"target": target, "number": number, "ended": True}


@router.get("/parked")
def not_converted(
    house: HouseDep, visitor: ReaderDep, rule: str = "", run: str = "", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """Return whom the rules keep out, per rule and one by one, the most valuable first; and who was brought back."""
    found, total = lines(house, visitor.actor, {"rule": rule, "run": run}, limit, offset)
    return {
        "rules": [asdict(one) for one in parked_rules(house, visitor.actor, run_id=run)],
        "rows": found,
        "total": total,
        "offset": offset,
        "brought_back": [asdict(one) for one in backs(house, visitor.actor)],
    }


@router.post("/parked/{golden_id}/back")
def convert_after_all(house: HouseDep, visitor: VisitorDep, now: NowDep, golden_id: str, why: Back) -> dict[str, Any]:
    """Bring a customer back from the next run on; for leads."""
    return {"golden_id": golden_id, "records": bring_back(house, visitor.actor, golden_id, reason=why.reason, at=now)}


@router.post("/parked/{golden_id}/again")
def leave_to_rules(house: HouseDep, visitor: VisitorDep, now: NowDep, golden_id: str) -> dict[str, Any]:
    """Leave a customer that was brought back to the rules again; for leads."""
    return {"golden_id": golden_id, "records": park_again(house, visitor.actor, golden_id, at=now)}
