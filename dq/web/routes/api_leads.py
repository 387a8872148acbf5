"""The part of the JSON API that leads use: packs for people who do not log in, reasons, use of the system."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, File, Security, UploadFile
from fastapi.responses import Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from dq.standards.stewardship import Closing
from dq.stewardship.pack_return import check_pack, take_pack
from dq.stewardship.packs import make_pack, packs
from dq.stewardship.reasons import ACTIONS, LONGEST, add_reason, change_reason, reasons
from dq.stewardship.usage import usage_of
from dq.web.exports import XLSX
from dq.web.routes.api import FAILURES, FURTHEST, ReaderDep
from dq.web.routes.packs import content_of, pack_file
from dq.web.routes.usage import as_json
from dq.web.visitors import HouseDep, LeadDep, NowDep

router = APIRouter(
    prefix="/api/v1",
    tags=["leads"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)

WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {201: {"content": {XLSX: {}}, "description": "The workbook"}}


class Wanted(BaseModel):
    """Whose cases, and which of them."""

    model_config = ConfigDict(extra="forbid")
    steward: Annotated[str, Field(min_length=1, max_length=100)]
    extent: Literal["today", "all"] = "today"


@router.get("/usage")
def use_of_the_system(house: HouseDep, visitor: ReaderDep, now: NowDep) -> dict[str, Any]:
    """Return who works, what waits and since when, and how often a second look disagreed; for leads."""
    return as_json(usage_of(house, visitor.actor, now))


class NewReason(BaseModel):
    """A reason as people read it, and what it is offered for."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    closes: Annotated[list[Closing], Field(min_length=1, max_length=len(ACTIONS))]


class OtherReason(BaseModel):
    """What is otherwise about a reason; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=0, le=FURTHEST)]
    title: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = None
    closes: Annotated[list[Closing], Field(min_length=1, max_length=len(ACTIONS))] | None = None
    is_offered: bool | None = None


@router.get("/reasons")
def all_reasons(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return the reasons of the house, those that can be chosen first, each with what it was before; for stewards."""
    visitor.actor.needs("steward", "see the reasons of the house", "read")
    return [{**vars(now), "before": [vars(one) for one in before]} for now, before in reasons(house)]


@router.post("/reasons", status_code=201)
def add(house: HouseDep, visitor: LeadDep, now: NowDep, given: NewReason) -> dict[str, Any]:
    """Offer a reason that the house did not have; for leads."""
    return vars(add_reason(house, visitor.actor, given.title, given.closes, at=now))


@router.post("/reasons/{code}")
def change(house: HouseDep, visitor: LeadDep, now: NowDep, code: str, given: OtherReason) -> dict[str, Any]:
    """Call a reason otherwise, ask for it elsewhere, no longer offer it or offer it again; for leads."""
    return vars(change_reason(house, visitor.actor, code, at=now, **given.model_dump()))


@router.get("/packs")
def all_packs(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return the packs of one's stewards, the newest first; for leads."""
    found = packs(house, visitor.actor)
    counted = {"lines": "cases", "answers": "answers"}
    return [{counted.get(key, key): len(v) if key in counted else v for key, v in vars(one).items()} for one in found]


@router.post(
    "/packs",
    status_code=201,
    response_class=Response,
    responses=WORKBOOK,
)
def make(house: HouseDep, visitor: LeadDep, now: NowDep, wanted: Wanted) -> Response:
    """Make the workbook of a steward; for leads."""
    made = pack_file(make_pack(house, visitor.actor, wanted.steward, wanted.extent, at=now))
    made.status_code = 201
    return made


@router.post("/packs/return")
def bring_back(
    house: HouseDep, visitor: LeadDep, now: NowDep, workbook: Annotated[UploadFile, File()], only_look: bool = False
) -> dict[str, Any]:
    """Save the answers of a workbook that came back, or only look; what is wrong with it is listed in one message."""
    content = content_of(workbook)
    if only_look:
        checked = check_pack(house, visitor.actor, content, at=now)
        saved, conflicts = 0, checked.conflicts
    else:
        taken = take_pack(house, visitor.actor, content, at=now)
        checked, saved, conflicts = taken.checked, taken.saved, taken.conflicts
    return {
        "pack": checked.pack.number,
        "steward": checked.pack.steward,
        "answers": len(checked.answers),
        "saved": saved,
        "known": checked.known,
        "empty": checked.empty,
        "missing": checked.missing,
        "conflicts": [vars(one) for one in conflicts],
    }
