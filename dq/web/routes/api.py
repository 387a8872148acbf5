"""The JSON API: the same functions as the pages, under the same permissions. Described at `/api/v1/openapi.json`."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from dq.engine.querying import Filter
from dq.errors import NotAllowedError
from dq.stewardship.auditing import audit_page
from dq.stewardship.deciding import decide_pair
from dq.stewardship.goals import goals
from dq.stewardship.house import run_of
from dq.stewardship.importing import runs
from dq.stewardship.people import users
from dq.stewardship.queue import case_of, queue
from dq.stewardship.queue import today as day_of
from dq.stewardship.records import customer, page, record
from dq.stewardship.reporting import report_customer
from dq.stewardship.scores import scope_of, score_in, scores_by
from dq.stewardship.telling import history
from dq.stewardship.undoing import undo
from dq.stewardship.working import reopen, resolve, waive
from dq.store.cases import Case, CaseFilter
from dq.web.asking import asked_for
from dq.web.listing import Narrowing
from dq.web.rules import rule_lines
from dq.web.scorecards import band_of
from dq.web.visitors import HouseDep, NowDep, Visitor, VisitorDep

LARGEST: Final = 1000
"""Rows of one answer at most; `offset` gives the rest."""
FURTHEST: Final = 10**9
"""Rows left out at most: beyond it a database's integers end."""


def reader_of(visitor: VisitorDep) -> Visitor:
    """Return who asks, if what they ask with may read.

    Raises:
        NotAllowedError: A token without the scope.
    """
    scopes = visitor.actor.scopes
    if scopes is not None and "read" not in scopes:
        raise NotAllowedError("This token may not read.", "It takes the scope read.")
    return visitor


ReaderDep = Annotated[Visitor, Depends(reader_of)]
Limit = Annotated[int, Query(ge=1, le=LARGEST)]
Offset = Annotated[int, Query(ge=0, le=FURTHEST)]
Version = Annotated[int, Field(ge=1, le=FURTHEST)]
Code = Annotated[str, Field(max_length=100)]
Comment = Annotated[str, Field(max_length=2000)]


class Failure(BaseModel):
    """What went wrong."""

    status: int
    code: str
    message: str
    hint: str
    request_id: str


class Refused(BaseModel):
    """The one shape of every failure."""

    error: Failure


class Asked(BaseModel):
    """A case as it was seen: `version` keeps two people from overwriting each other."""

    model_config = ConfigDict(extra="forbid")
    version: Version
    comment: Comment = ""


class Judged(Asked):
    """An answer to a pair."""

    judgement: Literal["SAME", "DIFFERENT", "UNSURE"]
    reason: Code = ""


class Resolved(Asked):
    """Why a case is closed."""

    reason: Code


class Waived(Asked):
    """Why and until when a case is left as it is."""

    reason: Code
    until: date


class Reported(BaseModel):
    """What a colleague saw."""

    model_config = ConfigDict(extra="forbid")
    record_id: Annotated[str, Field(min_length=1, max_length=500)]
    words: Annotated[str, Field(min_length=1, max_length=2000)]


FAILURES: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": Refused, "description": "The request cannot be read"},
    401: {"model": Refused, "description": "Nobody is signed in, or the token opens nothing"},
    403: {"model": Refused, "description": "The role or the scope is not enough"},
    404: {"model": Refused, "description": "No such thing, or another department's"},
    409: {"model": Refused, "description": "Somebody was first, or the state does not fit"},
    413: {"model": Refused, "description": "The body is too large"},
    422: {"model": Refused, "description": "Something is missing or wrong"},
}
router = APIRouter(
    prefix="/api/v1",
    tags=["stewardship"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)


@router.get("/me")
def me(visitor: ReaderDep) -> dict[str, Any]:
    """Say who asks."""
    actor = visitor.actor
    return {"name": actor.name, "role": actor.role, "departments": sorted(actor.departments)}


@router.get("/today")
def today(house: HouseDep, visitor: ReaderDep, now: NowDep) -> dict[str, Any]:
    """Return today's work, most valuable first."""
    found = day_of(house, visitor.actor, now)
    cards = [vars(card) | {"cases": [vars(case) for case in card.cases]} for card in found.cards]
    return vars(found) | {"cards": cards}


@router.get("/cases")
def cases(
    house: HouseDep,
    visitor: ReaderDep,
    status: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[list[str] | None, Query()] = None,
    rule_id: Annotated[list[str] | None, Query()] = None,
    source: Annotated[list[str] | None, Query()] = None,
    department: Annotated[list[str] | None, Query()] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return cases, most valuable first."""
    needs_work(visitor)
    wanted = CaseFilter(
        status=tuple(status or ("open",)),
        kind=tuple(kind or ()),
        rule_id=tuple(rule_id or ()),
        source=tuple(source or ()),
        department=tuple(department or ()),
    )
    found = queue(house, visitor.actor, wanted, limit=limit, offset=offset)
    return {"total": found.total, "offset": offset, "cases": [vars(case) for case in found.cases]}


@router.get("/cases/{case_id}")
def one_case(house: HouseDep, visitor: ReaderDep, case_id: str) -> dict[str, Any]:
    """Return a case and what happened to it."""
    needs_work(visitor)
    case = case_of(house, visitor.actor, case_id)
    return vars(case) | {"history": history(house, visitor.actor, case_id)}


@router.post("/cases/{case_id}/judgement")
def judge(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Judged) -> dict[str, Any]:
    """Decide whether two records are one customer."""
    result = decide_pair(
        house,
        visitor.actor,
        case_id,
        given.judgement,
        version=given.version,
        at=now,
        reason=given.reason,
        comment=given.comment,
    )
    return {"became": result.became, "case": vars(result.case)}


@router.post("/cases/{case_id}/resolution")
def close(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Resolved) -> dict[str, Any]:
    """Close a case with a reason."""
    words = {"reason": given.reason, "comment": given.comment}
    return _case(resolve(house, visitor.actor, case_id, version=given.version, at=now, **words))


@router.post("/cases/{case_id}/waiver")
def leave(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Waived) -> dict[str, Any]:
    """Leave a case as it is until a day."""
    words = {"reason": given.reason, "comment": given.comment}
    return _case(waive(house, visitor.actor, case_id, version=given.version, at=now, until=given.until, **words))


@router.post("/cases/{case_id}/opening")
def open_again(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Asked) -> dict[str, Any]:
    """Ask a closed case again."""
    return _case(reopen(house, visitor.actor, case_id, version=given.version, at=now, comment=given.comment))


@router.post("/cases/{case_id}/undo")
def take_back(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Asked) -> dict[str, Any]:
    """Take back the last thing that was done to a case."""
    return _case(undo(house, visitor.actor, case_id, version=given.version, at=now))


@router.post("/reports", status_code=201)
def report(house: HouseDep, visitor: VisitorDep, now: NowDep, given: Reported) -> dict[str, Any]:
    """Report that a customer is wrong."""
    return _case(report_customer(house, visitor.actor, given.record_id, given.words, at=now))


@router.get("/runs")
def all_runs(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return the runs of the house, newest first."""
    del visitor
    return [{name: value for name, value in run.items() if name != "summary"} for run in runs(house)]


@router.get("/runs/{run_id}/scorecard")
def scorecard(
    house: HouseDep,
    visitor: ReaderDep,
    run_id: str,
    source: str = "",
    department: str = "",
    segment: str = "",
    view: Literal["test", "record"] = "test",
) -> dict[str, Any]:
    """Return scores of a run in one's departments, or one of them: per dimension, source and rule.

    `view` is `test` (share of values that are right) or `record` (share of records with no problem).
    """
    run = run_of(house, run_id)
    place = {"source": source, "department": department, "segment": segment}
    scope, mine = scope_of(house, visitor.actor, **place), scope_of(house, visitor.actor)
    asked = asked_for(house, run, scope, mine, Narrowing("", {**place, "view": view}))
    groups = scores_by(house, run_id, scope, asked.view, "source")
    whole = score_in(house, run_id, scope, asked.view)
    return {
        "score": whole.score,
        "band": band_of(house, whole.score) if whole.score is not None else "",
        "dimensions": whole.dimensions,
        "by_source": {name: one.dimensions for name, one in groups.items() if name},
        "sources": {name: one.score for name, one in groups.items() if name},
        "records": whole.records or 0,
        "clean_records": (whole.records or 0) - whole.troubled,
        "clean_by_source": {name: 100 * one.clean for name, one in groups.items() if name and one.clean is not None},
        "rules": [
            {
                "rule_id": line.rule_id,
                "dimension": line.dimension,
                "severity": line.severity,
                "owner": line.owner,
                "why": line.why,
                "evaluated": line.tested,
                "failed": line.failed,
                "pass_rate": line.rate,
                "passes": line.passes,
            }
            for line in rule_lines(house, asked)
        ],
    }


@router.get("/violations")
def violations(
    house: HouseDep,
    visitor: ReaderDep,
    run_id: str = "",
    rule_id: str = "",
    source: str = "",
    record_id: str = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Return what is wrong, of one's departments; a viewer sees values masked."""
    asked = {"rule_id": rule_id, "source": source, "record_id": record_id}
    wanted = [Filter(name, "=", value) for name, value in asked.items() if value]
    found = page(house, visitor.actor, "violations", wanted, run_id=run_id, limit=limit, offset=offset)
    return {"total": found.total, "offset": offset, "violations": found.rows}


@router.get("/records/{record_id:path}")
def one_record(house: HouseDep, visitor: ReaderDep, record_id: str, run_id: str = "") -> dict[str, Any]:
    """Return a record."""
    seen = record(house, visitor.actor, str(run_of(house, run_id)["run_id"]), record_id)
    return {"record_id": seen.record_id, "is_masked": seen.is_masked, "values": seen.values}


@router.get("/customers/{golden_id}")
def one_customer(house: HouseDep, visitor: ReaderDep, golden_id: str, run_id: str = "") -> dict[str, Any]:
    """Return a customer with its records and where each value comes from."""
    found = customer(house, visitor.actor, golden_id, run_id=run_id)
    return vars(found) | {"records": [vars(one) for one in found.records]}


@router.get("/goals")
def all_goals(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return the goals."""
    return [vars(goal) | {"metric": vars(goal.metric)} for goal in goals(house, visitor.actor)]


@router.get("/people")
def people(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return who may sign in; for leads."""
    visitor.actor.needs("lead", "see who may sign in", "read")
    return [vars(user) | {"departments": sorted(user.departments)} for user in users(house, visitor.actor)]


@router.get("/audit")
def audit(house: HouseDep, visitor: ReaderDep, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return what people did, newest first; for leads."""
    rows, total = audit_page(house, visitor.actor, limit=limit, offset=offset)
    return {"total": total, "offset": offset, "rows": rows}


@router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
def nothing(request: Request, path: str) -> Response:
    """Answer what the API does not know in its own shape."""
    from dq.web.errors import answer

    del path
    return answer(request, 404, "The API has no such address.", "GET /api/v1/openapi.json lists them all.")


def _case(case: Case) -> dict[str, Any]:
    return vars(case)


def needs_work(visitor: Visitor) -> None:
    """Refuse whoever has no cases to work.

    Raises:
        NotAllowedError: A viewer, or a token that may not read.
    """
    visitor.actor.needs("steward", "see cases", "read")
