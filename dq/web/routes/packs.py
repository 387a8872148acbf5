"""Excel packs: work for stewards who do not log in, made and brought back by their lead."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from dq.stewardship.house import House
from dq.stewardship.pack_return import Checked, PackError, Taken, check_pack, take_pack
from dq.stewardship.packs import Extent, Made, Pack, led_by, make_pack, packs
from dq.tables.forms.guard import LARGEST
from dq.web.exports import XLSX
from dq.web.pages import page
from dq.web.visitors import HouseDep, LeadDep, NowDep, Visitor

router = APIRouter(include_in_schema=False)
EXTENTS: Final = {"today": "Today's cases", "all": "All open cases"}


@router.get("/packs")
def all_packs(request: Request, house: HouseDep, visitor: LeadDep) -> HTMLResponse:
    """List the packs that are out and those that came back."""
    return _page(request, house, visitor)


@router.post("/packs")
def make(
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    steward: Annotated[str, Form(max_length=100)],
    extent: Annotated[Extent, Form()],
) -> Response:
    """Make a workbook and give it."""
    return pack_file(make_pack(house, visitor.actor, steward, extent, at=now))


@router.post("/packs/return")
def bring_back(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    workbook: Annotated[UploadFile, File()],
    only: Annotated[Literal["look", ""], Form()] = "",
) -> HTMLResponse:
    """Look at a workbook that came back and, unless somebody only looks, save its answers."""
    content = content_of(workbook)
    try:
        if only:
            return _page(request, house, visitor, checked=check_pack(house, visitor.actor, content, at=now))
        return _page(request, house, visitor, taken=take_pack(house, visitor.actor, content, at=now))
    except PackError as error:
        return _page(request, house, visitor, problems=error.problems, status=422)


def content_of(workbook: UploadFile) -> bytes:
    """Return an uploaded workbook, one byte more than it may have at most: the check says that it is too large."""
    return workbook.file.read(LARGEST + 1)


def pack_file(made: Made) -> Response:
    """Return a pack as a download; its name says whose it is."""
    name = f"pack-{made.pack.number}-{made.pack.steward.partition('@')[0]}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(made.workbook, media_type=XLSX, headers=headers)


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    *,
    checked: Checked | None = None,
    taken: Taken | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HTMLResponse:
    people = led_by(house, visitor.actor)
    names = {user.name: user.display_name for user in people}
    return page(
        request,
        "packs.html",
        status,
        people=people,
        extents=EXTENTS,
        packs=[_shown(pack, names) for pack in packs(house, visitor.actor)],
        checked=checked or (taken.checked if taken else None),
        taken=taken,
        conflicts=taken.conflicts if taken else checked.conflicts if checked else (),
        problems=problems,
    )


def _shown(pack: Pack, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": pack.number,
        "steward": names.get(pack.steward, pack.steward),
        "extent": EXTENTS[pack.extent],
        "cases": len(pack.lines),
        "answers": len(pack.answers),
        "at": pack.at,
        "by": pack.by,
        "returned_at": pack.returned_at,
    }
