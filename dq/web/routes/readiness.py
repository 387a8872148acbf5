"""Would it load? Per target: how many customers, what to do first, what keeps the others out and who let that be."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dq.engine.querying import Filter, Page, Row, Visible
from dq.stewardship.blocker_waivers import LONGEST, end_blocker_waiver, waive_blocker
from dq.stewardship.held_up import waited_for
from dq.stewardship.house import House, run_of
from dq.stewardship.reasons import offered, titles
from dq.stewardship.records import page as rows_of
from dq.stewardship.records import seen_golden
from dq.stewardship.telling import names_of
from dq.stewardship.whom_to_ask import above
from dq.web.cards import names_above
from dq.web.exports import EXPORTED, as_file
from dq.web.fields import title
from dq.web.listing import PAGE_ROWS, Narrowing, narrowed
from dq.web.pages import notice, page, see
from dq.web.readying import target_page, targets_of
from dq.web.routes.rules import USUAL_WAIT
from dq.web.visitors import HouseDep, LeadDep, NowDep, Visitor, VisitorDep
from dq.web.wording import day

router = APIRouter(include_in_schema=False)
FILTERS: Final = ("run", "target", "rule", "field", "owner", "verdict", "customer", "value")
ABOVE: Final = 10
"""Customers that others wait for, on the page of a target; the list has all."""
EXPORT: Final = {
    "golden_id": "Customer",
    "object": "Object",
    "field": "Field",
    "code": "What the system answers",
    "value": "Value",
    "message": "In its words",
    "verdict": "What happens",
}
Short = Annotated[str, Form(max_length=200)]


WantedDep = Annotated[Narrowing, Depends(narrowed("/readiness/customers", FILTERS))]


@router.get("/readiness")
def readiness(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    now: NowDep,
    target: str = "",
    run: str = "",
    rule: str = "",
    owner: str = "",
) -> HTMLResponse:
    """Show one target of a run, by default the first of the run that is shown."""
    shown = run_of(house, run)
    targets = targets_of(house, run)
    name = target or (targets[0]["target"] if targets else "")
    today = house.today(now)
    actor, run_id = visitor.actor, str(shown["run_id"])
    roots = waited_for(house.tables(run_id), name, Visible(house.sees(actor)), ABOVE)
    waits = list(above(house, actor, run_id, roots, at=now).values())
    return page(
        request,
        "readiness.html",
        run=shown,
        named_run=run,
        targets=targets,
        target=target_page(house, visitor.actor, name, now, run) if name else None,
        waits=list(zip(roots, waits, strict=True)),
        above=names_above(house, actor, waits, run),
        chosen=f"owner:{owner}" if owner else f"rule:{rule}",
        names=names_of(house),
        reasons=offered(house, "waive"),
        titles=titles(house),
        sees_all=house.sees(visitor.actor) is None,
        departments=sorted(visitor.actor.departments - {"*"}),
        usual=(today + USUAL_WAIT).isoformat(),
        first=(today + timedelta(days=1)).isoformat(),
        last=(today + timedelta(days=house.policy.waive_at_most)).isoformat(),
        longest=LONGEST,
    )


@router.post("/readiness/waivers")
def let_be(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    target: Short,
    what: Annotated[str, Form(max_length=1000)],
    until: Annotated[date, Form()],
    reason: Short,
    department: Short = "",
    comment: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """Let what keeps customers out be until a day."""
    kind, _, name = what.partition(":")
    waive_blocker(
        house,
        visitor.actor,
        target,
        until=until,
        reason=reason,
        at=now,
        department=department.strip(),
        comment=comment,
        rule_id=name if kind == "rule" else "",
        owner=name if kind == "owner" else "",
    )
    notice(request, f"Left as it is until {day(until)}; then it is open again.")
    return see(f"/readiness?{urlencode({'target': target})}#let")


@router.post("/readiness/waivers/{number}/end")
def open_again(
    request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, number: int, target: Short
) -> RedirectResponse:
    """Let what was let be count as open again."""
    end_blocker_waiver(house, visitor.actor, number, at=now)
    notice(request, "Ended: it counts as open again.")
    return see(f"/readiness?{urlencode({'target': target})}#let")


@router.get("/readiness/customers")
def customers(request: Request, house: HouseDep, visitor: VisitorDep, wanted: WantedDep) -> HTMLResponse:
    """List the customers behind a number of the page before."""
    found = rows(house, visitor, wanted.values, PAGE_ROWS, wanted.offset)
    run_id = wanted.values.get("run", "")
    parents = [str(row["value"] or "") for row in found.rows if row["check"] == "parent_missing"]
    ids = [str(row["golden_id"] or "") for row in found.rows]
    golden = seen_golden(house, visitor.actor, ids, run_id=run_id)
    theirs = rows_of(
        house, visitor.actor, "golden", [Filter("golden_id", "in", tuple(parents))], run_id=run_id, limit=len(parents)
    )
    target = next((one for one in targets_of(house, run_id) if one["target"] == wanted.values.get("target")), None)
    kept = {name: wanted.values[name] for name in ("target", "run") if name in wanted.values}
    kinds = {one["rule_id"]: one for one in target["troubles"]} if target else {}
    return page(
        request,
        "readiness_customers.html",
        listing=wanted.listing(found.rows, found.total),
        names={key: title(values) for key, (values, _) in golden.items()}
        | {str(row["golden_id"]): title(row) for row in theirs.rows},
        target=target,
        kind=kinds.get(wanted.values.get("rule", "")),
        asked=wanted.values,
        back=f"/readiness?{urlencode(kept)}",
        csv_url=wanted.url("/export/blocked.csv", page=""),
        xlsx_url=wanted.url("/export/blocked.xlsx", page=""),
    )


@router.get("/export/blocked.{kind}")
def export_blocked(house: HouseDep, visitor: VisitorDep, wanted: WantedDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the same list as a file."""
    return as_file(rows(house, visitor, wanted.values, EXPORTED, 0).rows, EXPORT, "customers", kind)


def rows(house: House, visitor: Visitor, asked: Any, limit: int, offset: int) -> Page:
    """Return rows of a target that fall short, of those somebody sees."""
    return rows_of(
        house,
        visitor.actor,
        "blockers",
        filters_of(asked),
        run_id=asked.get("run", ""),
        limit=limit,
        offset=offset,
    )


def filters_of(asked: Any) -> Sequence[Filter]:
    """Return what an address asks of the rows; `field` is an object and its field."""
    found = [Filter(name, "=", asked[name]) for name in ("target", "verdict") if asked.get(name)]
    if asked.get("rule"):
        found.append(Filter("rule_id", "=", asked["rule"]))
    thing, _, field = str(asked.get("field", "")).partition(".")
    if field:
        found += [Filter("object", "=", thing), Filter("field", "=", field), Filter("verdict", "=", "reject")]
    if asked.get("customer"):
        found.append(Filter("golden_id", "=", asked["customer"]))
    if asked.get("value"):
        found.append(Filter("value", "=", asked["value"]))
    if asked.get("owner"):
        found += [Filter("value", "=", asked["owner"]), Filter("check", "in", ("owner_unknown", "owner_inactive"))]
    return found


def as_json(row: Row) -> Row:
    """Return a row as the JSON API gives it."""
    return {name: row.get(name) for name in ("golden_id", "row_id", *EXPORT, "check", "rule_id", "certainty")}
