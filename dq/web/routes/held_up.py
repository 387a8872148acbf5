"""Customers that wait for another customer: who, for whom, and whom to ask."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dq.engine.querying import Row, Visible
from dq.errors import NotFoundError
from dq.stewardship.blocked_cases import above_of
from dq.stewardship.held_up import Above, HeldUp, held_up
from dq.stewardship.house import House, run_of
from dq.stewardship.queue import case_of
from dq.stewardship.records import seen_golden
from dq.stewardship.telling import names_of
from dq.stewardship.whom_to_ask import WaitsFor, above
from dq.web.exports import EXPORTED, as_file
from dq.web.fields import title
from dq.web.listing import PAGE_ROWS, Narrowing, narrowed
from dq.web.pages import page
from dq.web.readying import targets_of
from dq.web.visitors import HouseDep, NowDep, Visitor, VisitorDep

router = APIRouter(include_in_schema=False)
FILTERS: Final = ("run", "target", "case", "above")
EXPORT: Final = {
    "golden_id": "Customer",
    "row_id": "Row",
    "has_own": "Has an error of its own",
    "above": "Waits for",
    "department": "Department",
    "whom": "Ask",
    "errors": "What is wrong there",
}


WantedDep = Annotated[Narrowing, Depends(narrowed("/readiness/waiting", FILTERS))]


@router.get("/readiness/waiting")
def waiting(request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep, wanted: WantedDep) -> HTMLResponse:
    """List customers that would load if the one above them did."""
    found, run_id = listed(house, visitor, wanted.values, PAGE_ROWS, wanted.offset)
    told = above(house, visitor.actor, run_id, found.lines, at=now)
    ids = {str(row[name] or "") for row in found.lines for name in ("golden_id", "root_golden_id")}
    golden = seen_golden(house, visitor.actor, sorted(ids - {""}), run_id=run_id)
    names = {key: title(values) for key, (values, _) in golden.items()}
    case = case_of(house, visitor.actor, wanted.values["case"]) if "case" in wanted.values else None
    target = next(
        (one for one in targets_of(house, run_id) if one["target"] == target_in(house, visitor, wanted)), None
    )
    return page(
        request,
        "readiness_waiting.html",
        listing=wanted.listing(
            [(row, told[(str(row["target"]), str(row["root"]))]) for row in found.lines], found.total
        ),
        found=found,
        names=names,
        people=names_of(house),
        case=case,
        target=target,
        csv_url=wanted.url("/export/waiting.csv", page=""),
        xlsx_url=wanted.url("/export/waiting.xlsx", page=""),
    )


@router.get("/export/waiting.{kind}")
def export_waiting(
    house: HouseDep, visitor: VisitorDep, now: NowDep, wanted: WantedDep, kind: Literal["csv", "xlsx"]
) -> Response:
    """Give the same list as a file."""
    found, run_id = listed(house, visitor, wanted.values, EXPORTED, 0)
    told = above(house, visitor.actor, run_id, found.lines, at=now)
    return as_file(as_rows(found.lines, told, names_of(house)), EXPORT, "waiting", kind)


def listed(house: House, visitor: Visitor, asked: Any, limit: int, offset: int) -> tuple[HeldUp, str]:
    """Return who waits as an address asks for it, of those somebody sees, and the run.

    Raises:
        NotFoundError: No such run, target or case.
    """
    case = case_of(house, visitor.actor, asked["case"]) if asked.get("case") else None
    run_id = case.last_run_id if case else str(run_of(house, asked.get("run", ""))["run_id"])
    wanted = above_of(case) if case else Above(_target(house, run_id, asked), row_id=asked.get("above", ""))
    if wanted is None:
        raise NotFoundError("Nobody waits for this case.", "Only what a new system refuses keeps others waiting.")
    visible = Visible(house.sees(visitor.actor))
    return held_up(house.tables(run_id), wanted, visible, limit=limit, offset=offset), run_id


def target_in(house: House, visitor: Visitor, wanted: Narrowing) -> str:
    """Return the target a list is about."""
    if "case" in wanted.values:
        return case_of(house, visitor.actor, wanted.values["case"]).rule_id.split(".")[0]
    return _target(house, str(run_of(house, wanted.values.get("run", ""))["run_id"]), wanted.values)


def as_rows(
    lines: Sequence[Row], told: dict[tuple[str, str], WaitsFor], people: dict[str, str]
) -> list[dict[str, Any]]:
    """Return who waits with whom to ask, as files and the JSON API give it."""
    found = []
    for row in lines:
        one = told[(str(row["target"]), str(row["root"]))]
        found.append(
            {
                "golden_id": row["golden_id"],
                "row_id": row["row_id"],
                "has_own": "yes" if row["has_own"] else "no",
                "above": one.golden_id or row["root"],
                "department": one.department,
                "whom": ", ".join(people.get(name, name) for name in one.whom),
                "errors": "; ".join(one.errors),
            }
        )
    return found


def _target(house: House, run_id: str, asked: Any) -> str:
    known = [str(one["target"]) for one in targets_of(house, run_id)]
    name = asked.get("target") or next(iter(known), "")
    if name not in known:
        raise NotFoundError("This run was not held against such a system.", "The page lists those it was held against.")
    return str(name)
