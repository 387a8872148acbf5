"""The queue: every case there is, narrowed by the address, as a page or as a file."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dq.stewardship.actor import Actor
from dq.stewardship.finding import PAIR_KINDS
from dq.stewardship.house import House
from dq.stewardship.queue import many_facets, queue
from dq.stewardship.records import seen_golden
from dq.stewardship.telling import names_of
from dq.store.cases import Case, CaseFilter
from dq.web import wording
from dq.web.cards import lone_title
from dq.web.exports import EXPORTED, as_file
from dq.web.fields import title
from dq.web.listing import PAGE_ROWS, Narrowing, narrowed
from dq.web.pages import page
from dq.web.visitors import HouseDep, NowDep, StewardDep

router = APIRouter(include_in_schema=False)
FILTERS: Final = {
    "status": "status",
    "kind": "kind",
    "rule": "rule_id",
    "source": "source",
    "department": "department",
    "severity": "severity",
    "assignee": "assignee",
    "pool": "pool",
    "value": "value",
    "pattern": "pattern",
    "column": "column_name",
}
"""Word in the address → column of a case."""
FACETS: Final = (
    ("Kind", "kind"),
    ("What is wrong", "rule"),
    ("Source", "source"),
    ("Department", "department"),
    ("Severity", "severity"),
    ("With", "pool"),
    ("Person", "assignee"),
    ("Status", "status"),
)
PAIR_FACETS: Final = (("How alike", "value"), ("What agrees and differs", "pattern"))
VALUE_FACETS: Final = (("Value", "value"), ("Pattern", "pattern"))
MOST_VALUES: Final = 12
"""Values and patterns to narrow a rule's cases to: those that one decision would do most for."""
CLOSED: Final = ("resolved", "waived", "gone")
EXPORT: Final = {
    "case_id": "Case",
    "kind": "Kind",
    "record_id": "Record",
    "record_id_r": "Other record",
    "golden_id": "Customer",
    "rule_id": "Rule",
    "severity": "Severity",
    "source": "Source",
    "department": "Department",
    "assignee": "Person",
    "pool": "Pool",
    "due_on": "Due",
    "status": "Status",
    "outcome": "Outcome",
}
"""Columns of an exported queue: what is worked, by whom, until when; values stay on the cards."""


WantedDep = Annotated[Narrowing, Depends(narrowed("/queue", tuple(FILTERS)))]


@router.get("/queue")
def all_cases(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, wanted: WantedDep) -> HTMLResponse:
    """List cases, most valuable first."""
    chosen = filter_of(wanted)
    found = queue(house, visitor.actor, chosen, limit=PAGE_ROWS, offset=wanted.offset)
    on = house.today(now).isoformat()
    said = {name: _say(house, name) for _, name in (*FACETS, *PAIR_FACETS)}
    names = names_of(house)
    said["assignee"] = lambda name: names.get(name, name)
    shown = _facets(wanted)
    called = called_in(house, visitor.actor, found.cases)
    counts = many_facets(house, visitor.actor, chosen, [FILTERS[name] for _, name in shown])
    return page(
        request,
        "queue.html",
        listing=wanted.listing([_shown(house, case, on, names, called) for case in found.cases], found.total),
        filters=", ".join(said.get(name, str)(value) for name, value in wanted.values.items()),
        facets=[(head, wanted.choices(name, _most(wanted, name, counts), said[name])) for head, name in shown],
        bulk_url=wanted.url("/bulk", page="", status="", severity="", assignee="", pool="") if _is_bulk(wanted) else "",
        csv_url=wanted.url("/export/queue.csv", page=""),
        xlsx_url=wanted.url("/export/queue.xlsx", page=""),
    )


@router.get("/export/queue.{kind}")
def export_cases(house: HouseDep, visitor: StewardDep, wanted: WantedDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the same list as a file."""
    found = queue(house, visitor.actor, filter_of(wanted), limit=EXPORTED)
    return as_file([vars(case) for case in found.cases], EXPORT, "cases", kind)


def _is_bulk(wanted: Narrowing) -> bool:
    """Tell whether what the list is narrowed to can be decided as one: by what is wrong, not by whose work it is."""
    return "rule" in wanted.values or "value" in wanted.values or "pattern" in wanted.values


def filter_of(wanted: Narrowing) -> CaseFilter:
    """Return what a list is narrowed to as the store asks it; without a status, what is open."""
    given: dict[str, Any] = {FILTERS[name]: (value,) for name, value in wanted.values.items()}
    return CaseFilter(**given)


def url_of(case: Case) -> str:
    """Return where a case leads: to where it is decided, or to what became of it."""
    return f"/cases/{quote(case.case_id, safe='')}/about" if case.status in CLOSED else place_of(case)


def place_of(case: Case) -> str:
    """Return where a case is decided: a pair in the review, everything else on the customer's card."""
    return f"/matches/{case.case_id}" if case.is_pair else f"/cards/{quote(case.card_id, safe='')}"


def _facets(wanted: Narrowing) -> list[tuple[str, str]]:
    """Return what the list can be narrowed by.

    Of pairs also how alike they are, which matters most there; of what one rule finds also values and their patterns.
    """
    first, second, *others = FACETS
    if wanted.values.get("kind") in PAIR_KINDS:
        return [first, *PAIR_FACETS, second, *others]
    return [first, *(VALUE_FACETS if _is_bulk(wanted) else ()), second, *others]


def _most(wanted: Narrowing, name: str, counts: Mapping[str, list[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Return the values of a facet, of what is typed the most frequent and the chosen one."""
    every = counts[FILTERS[name]]
    if name not in dict(VALUE_FACETS).values() or wanted.values.get("kind") in PAIR_KINDS:
        return every
    told = [one for one in every if one[0]]
    return [one for place, one in enumerate(told) if place < MOST_VALUES or one[0] == wanted.values.get(name)]


def _say(house: House, name: str) -> Any:
    def kind(value: str) -> str:
        title = house.policy.kind(value).title
        return title[:1].upper() + title[1:]

    def known(words: dict[str, str]) -> Any:
        return lambda value: words.get(value, value)

    says: dict[str, Any] = {
        "kind": kind,
        "rule": wording.sentence,
        "severity": known(wording.SEVERITIES),
        "status": known(wording.STATUSES),
    }
    return says.get(name, str)


def called_in(house: House, actor: Actor, cases: Sequence[Case]) -> dict[str, str]:
    """Return what the cases without a record are about, by case: a customer by name, a value, a source."""
    lone = {case.case_id: case for case in cases if not case.record_id}
    golden: dict[str, str] = {}
    for run_id in sorted({case.last_run_id for case in lone.values() if case.golden_id}):
        ids = sorted({case.golden_id for case in lone.values() if case.golden_id and case.last_run_id == run_id})
        golden |= {key: title(row) for key, (row, _) in seen_golden(house, actor, ids, run_id=run_id).items()}
    return {
        name: golden.get(case.golden_id) or case.golden_id or lone_title(house, case) for name, case in lone.items()
    }


def _shown(house: House, case: Case, on: str, names: Mapping[str, str], called: Mapping[str, str]) -> dict[str, Any]:
    kind = house.policy.kind(case.kind).title
    return {
        "url": url_of(case),
        "what": kind[:1].upper() + kind[1:],
        "severity": case.severity,
        "status": case.status,
        "record_id": case.record_id,
        "called": called.get(case.case_id, ""),
        "record_id_r": case.record_id_r,
        "value": "" if case.is_pair else case.value,
        "why": case.pattern or "looks like one customer twice" if case.is_pair else case.evidence,
        "department": case.department
        if case.department == case.department_r
        else f"{case.department}, {case.department_r}",
        "assignee": names.get(case.assignee, case.assignee),
        "pool": case.pool,
        "due_on": case.due_on,
        "is_overdue": bool(case.due_on) and case.due_on < on and case.status == "open",
    }
