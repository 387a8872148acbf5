"""Who is not converted: per rule, one by one, and the way back."""

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dq.stewardship.actor import Actor
from dq.stewardship.bringing_back import BroughtBack, bring_back, brought_back, listed_back, park_again
from dq.stewardship.house import House, run_of
from dq.stewardship.parked import parked_customers, parked_rules, shown
from dq.stewardship.reasons import offered, titles
from dq.stewardship.records import seen_golden
from dq.stewardship.telling import names_of
from dq.web.exports import EXPORTED, as_file
from dq.web.fields import title
from dq.web.listing import PAGE_ROWS, Narrowing, narrowed
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, VisitorDep
from dq.web.wording import count

router = APIRouter(include_in_schema=False)
FILTERS: Final = ("rule", "run")
EXPORT: Final = {
    "golden_id": "Customer",
    "name": "Name",
    "rule": "Rule",
    "reason": "Why",
    "value": "Worth",
    "records": "Records",
}
Short = Annotated[str, Form(max_length=200)]


WantedDep = Annotated[Narrowing, Depends(narrowed("/parked", FILTERS))]


@router.get("/parked")
def parked(request: Request, house: HouseDep, visitor: VisitorDep, wanted: WantedDep) -> HTMLResponse:
    """Show whom the rules keep out, and who was brought back."""
    rule, run_id = wanted.values.get("rule", ""), wanted.values.get("run", "")
    found = parked_customers(house, visitor.actor, rule, run_id=run_id, limit=PAGE_ROWS, offset=wanted.offset)
    people = shown(house, visitor.actor, found.rows, run_id=run_id)
    back = backs(house, visitor.actor)
    golden = seen_golden(house, visitor.actor, [one.golden_id for one in back])
    rules = parked_rules(house, visitor.actor, run_id=run_id)
    names = {one.golden_id: title({"golden_id": one.golden_id, **one.golden}) for one in people}
    names |= {key: title(values) for key, (values, _) in golden.items()}
    return page(
        request,
        "parked.html",
        run=run_of(house, run_id),
        rules=rules,
        customers=sum(one.customers for one in rules),
        rule=rule,
        titles={name: rule.title for name, rule in house.standards.parking.rules.items()},
        listing=wanted.listing(people, found.total),
        wanted=wanted,
        names=names,
        back=back,
        coming={one.golden_id for one in back if not one.by_list},
        people=names_of(house),
        reasons=offered(house, "override"),
        reason_titles=titles(house),
        csv_url=wanted.url("/export/parked.csv", page=""),
        xlsx_url=wanted.url("/export/parked.xlsx", page=""),
    )


@router.post("/parked/back")
def back(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    customer: Short,
    reason: Short,
    rule: Short = "",
) -> RedirectResponse:
    """Bring a customer back from the next run on."""
    records = bring_back(house, visitor.actor, customer, reason=reason, at=now)
    notice(request, f"Brought back with {count(records, 'record')}: the next run converts this customer.")
    return _see(rule)


@router.post("/parked/again")
def again(
    request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, customer: Short, rule: Short = ""
) -> RedirectResponse:
    """Leave a customer to the rules again."""
    park_again(house, visitor.actor, customer, at=now)
    notice(request, "Taken back: the rules decide about this customer again.")
    return _see(rule)


@router.get("/export/parked.{kind}")
def export_parked(house: HouseDep, visitor: VisitorDep, wanted: WantedDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the same list as a file."""
    return as_file(lines(house, visitor.actor, wanted.values, EXPORTED, 0)[0], EXPORT, "not-converted", kind)


def lines(house: House, actor: Actor, asked: Any, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
    """Return parked customers as rows of a file or of the JSON API, and how many there are."""
    run_id = asked.get("run", "")
    found = parked_customers(house, actor, asked.get("rule", ""), run_id=run_id, limit=limit, offset=offset)
    told = [
        {
            **{name: getattr(one, name, None) for name in EXPORT},
            "name": title({"golden_id": one.golden_id, **one.golden}),
        }
        for one in shown(house, actor, found.rows, run_id=run_id)
    ]
    return told, found.total


def backs(house: House, actor: Actor) -> list[BroughtBack]:
    """Return who was brought back, by a decision or by a list, for those whose work that is."""
    return [*brought_back(house, actor), *listed_back(house, actor)] if actor.has("steward") else []


def _see(rule: str) -> RedirectResponse:
    return see("/parked" + (f"?{urlencode({'rule': rule})}" if rule else ""))
