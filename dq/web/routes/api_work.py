"""The JSON API of daily work: who does a case, second persons, rules that are wrong, absences. See `api`."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from dq.stewardship.absences import absences, end_absence, set_absence
from dq.stewardship.approvals import approve, refuse, waiting_proposals
from dq.stewardship.rule_trust import put_in_force, put_on_trial, rules_trusted
from dq.stewardship.rule_waivers import waive_rule
from dq.stewardship.taking_apart import take_apart
from dq.stewardship.values import override_value
from dq.stewardship.working import assign, escalate, say_rule_is
from dq.web.routes.api import FAILURES, FURTHEST, Asked, Code, Comment, ReaderDep, needs_work
from dq.web.visitors import HouseDep, NowDep, VisitorDep

router = APIRouter(
    prefix="/api/v1",
    tags=["stewardship"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)
Name = Annotated[str, Field(max_length=200)]


class Given(Asked):
    """Who a case is given to: a login, empty for nobody; and another pool, if it changes."""

    to: Name = ""
    pool: Name | None = None


class Opinion(BaseModel):
    """Whether the rule behind a case is right about it."""

    model_config = ConfigDict(extra="forbid")
    opinion: Literal["right", "wrong"]


class Value(Asked):
    """A value as it should be, and how it is known."""

    column: Name
    value: Annotated[str, Field(max_length=1000)]
    reason: Code
    record_id: Annotated[str, Field(max_length=500)] = ""


class Answer(Asked):
    """Whether a second person agrees."""

    verdict: Literal["approve", "refuse"]


class Away(BaseModel):
    """When somebody is away and who stands in."""

    model_config = ConfigDict(extra="forbid")
    user_name: Name
    from_on: date
    until_on: date
    delegate: Name


class RuleState(BaseModel):
    """Whether a rule counts."""

    model_config = ConfigDict(extra="forbid")
    state: Literal["in_force", "on_trial"]


class RuleWaived(BaseModel):
    """Until when and why a whole rule is left as it is, and where."""

    model_config = ConfigDict(extra="forbid")
    until: date
    reason: Code
    source: Name = ""
    department: Name = ""


class Parting(BaseModel):
    """Records that are another customer together; none: each is a customer of its own."""

    model_config = ConfigDict(extra="forbid")
    leaving: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=100)] = []
    comment: Comment = ""


@router.post("/cases/{case_id}/assignment")
def give(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Given) -> dict[str, Any]:
    """Give a case to a person or a pool."""
    case = assign(house, visitor.actor, case_id, version=given.version, at=now, to=given.to, pool=given.pool)
    return vars(case)


@router.post("/cases/{case_id}/escalation")
def leave_to_lead(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Asked) -> dict[str, Any]:
    """Leave a case to the lead."""
    return vars(escalate(house, visitor.actor, case_id, version=given.version, at=now, comment=given.comment))


@router.post("/cases/{case_id}/opinion")
def judge_rule(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Opinion) -> dict[str, Any]:
    """Say whether the rule behind a case is right about it."""
    say_rule_is(house, visitor.actor, case_id, given.opinion, at=now)
    return {"case_id": case_id, "opinion": given.opinion}


@router.post("/cases/{case_id}/value")
def set_value(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Value) -> dict[str, Any]:
    """Pin a value on a record of a case and close the case."""
    case = override_value(
        house,
        visitor.actor,
        case_id,
        given.column,
        given.value,
        version=given.version,
        at=now,
        reason=given.reason,
        comment=given.comment,
        record_id=given.record_id,
    )
    return vars(case)


@router.post("/cases/{case_id}/answer")
def answer(house: HouseDep, visitor: VisitorDep, now: NowDep, case_id: str, given: Answer) -> dict[str, Any]:
    """Agree to what somebody proposed, or refuse it."""
    act = approve if given.verdict == "approve" else refuse
    return vars(act(house, visitor.actor, case_id, version=given.version, at=now, comment=given.comment))


@router.post("/customers/{golden_id}/parting")
def separate(house: HouseDep, visitor: VisitorDep, now: NowDep, golden_id: str, given: Parting) -> dict[str, Any]:
    """Take a customer apart: the next run gives its records back as they were."""
    return vars(take_apart(house, visitor.actor, golden_id, given.leaving, at=now, comment=given.comment))


@router.get("/rules")
def rules(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return every rule with what people said about its findings."""
    return [vars(one) for one in rules_trusted(house, visitor.actor)]


@router.post("/rules/{rule_id}/state")
def settle_rule(house: HouseDep, visitor: VisitorDep, now: NowDep, rule_id: str, given: RuleState) -> dict[str, Any]:
    """Put a rule in force that has earned it, or on trial; for leads."""
    act = put_in_force if given.state == "in_force" else put_on_trial
    return vars(act(house, visitor.actor, rule_id, at=now))


@router.post("/rules/{rule_id}/waivers")
def leave_rule(house: HouseDep, visitor: VisitorDep, now: NowDep, rule_id: str, given: RuleWaived) -> dict[str, Any]:
    """Leave a whole rule as it is until a day; for leads."""
    where = {"source": given.source, "department": given.department}
    cases = waive_rule(house, visitor.actor, rule_id, until=given.until, reason=given.reason, at=now, **where)
    return {"rule_id": rule_id, "cases": cases}


@router.get("/proposals")
def proposals(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return what waits for the answer of whoever asks."""
    needs_work(visitor)
    return [vars(one) | {"case": vars(one.case)} for one in waiting_proposals(house, visitor.actor)]


@router.get("/absences")
def away(house: HouseDep, visitor: ReaderDep, now: NowDep) -> list[dict[str, Any]]:
    """Return who is away today or later."""
    return [vars(one) for one in absences(house, visitor.actor, now)]


@router.post("/absences")
def go_away(house: HouseDep, visitor: VisitorDep, now: NowDep, given: Away) -> dict[str, Any]:
    """Let somebody stand in while a person is away."""
    number = set_absence(house, visitor.actor, given.user_name, given.from_on, given.until_on, given.delegate, at=now)
    return {"number": number}


@router.post("/absences/{number}/end")
def come_back(
    house: HouseDep, visitor: VisitorDep, now: NowDep, number: Annotated[int, Field(le=FURTHEST)]
) -> dict[str, Any]:
    """End an absence."""
    end_absence(house, visitor.actor, number, at=now)
    return {"number": number}
