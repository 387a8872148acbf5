"""The JSON API of decisions for many: look first, decide for all that were shown, end it again. See `api`."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from dq.stewardship import bulk
from dq.web.routes.api import FAILURES, FURTHEST, Code, ReaderDep, needs_work
from dq.web.visitors import HouseDep, NowDep, VisitorDep

router = APIRouter(
    prefix="/api/v1",
    tags=["stewardship"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)
Text = Annotated[str, Field(max_length=500)]
Texts = Annotated[list[Text], Field(max_length=100)]


class Wanted(BaseModel):
    """Which cases: conditions hold together, values of one are alternatives."""

    model_config = ConfigDict(extra="forbid")
    kind: Texts = []
    rule_id: Texts = []
    source: Texts = []
    department: Texts = []
    column_name: Texts = []
    value: Texts = []
    pattern: Texts = []

    @property
    def meant(self) -> bulk.Pattern:
        """The pattern as stewardship takes it."""
        return bulk.Pattern(**{name: tuple(values) for name, values in self.model_dump().items()})


class Answered(BaseModel):
    """What happens to each of them, and under which name it is kept."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=120)]
    wanted: Wanted
    action: Literal["resolve", "waive", "override", "decide"]
    reason: Code = ""
    days: Annotated[int, Field(ge=0, le=FURTHEST)] = 0
    column: Text = ""
    value: Text = ""
    judgement: Literal["", "SAME", "DIFFERENT"] = ""
    expected: Annotated[int, Field(ge=0, le=FURTHEST)]
    exclusions: Texts = []


class Ended(BaseModel):
    """Whether the cases it decided are open again."""

    model_config = ConfigDict(extra="forbid")
    reopen: bool = False


@router.get("/decisions")
def decisions(house: HouseDep, visitor: ReaderDep) -> list[dict[str, Any]]:
    """Return decisions for many, by name."""
    needs_work(visitor)
    return [_shown(rule) for rule in bulk.bulk_rules(house, visitor.actor)]


@router.post("/decisions/preview")
def look(house: HouseDep, visitor: VisitorDep, given: Wanted) -> dict[str, Any]:
    """Return how many open cases a pattern takes in, and the most valuable of them."""
    found = bulk.preview(house, visitor.actor, given.meant)
    return {
        "count": found.count,
        "needs_lead": found.needs_lead,
        "examples": [vars(case) for case in found.examples],
    }


@router.post("/decisions")
def decide(house: HouseDep, visitor: VisitorDep, now: NowDep, given: Answered) -> dict[str, Any]:
    """Decide for every open case of a pattern, and for those that later runs find."""
    chosen = given.model_dump(include={"action", "reason", "days", "column", "value", "judgement"})
    rule = bulk.decide_all(
        house,
        visitor.actor,
        given.name,
        given.wanted.meant,
        bulk.Decision(**chosen),
        expected=given.expected,
        at=now,
        exclusions=given.exclusions,
    )
    return _shown(rule)


@router.post("/decisions/{name:path}/approval")
def agree(house: HouseDep, visitor: VisitorDep, now: NowDep, name: str) -> dict[str, Any]:
    """Let a proposed decision for many happen; for leads."""
    return _shown(bulk.approve_rule(house, visitor.actor, name, at=now))


@router.post("/decisions/{name:path}/end")
def end(house: HouseDep, visitor: VisitorDep, now: NowDep, name: str, given: Ended) -> dict[str, Any]:
    """End a decision for many."""
    return _shown(bulk.retire(house, visitor.actor, name, at=now, reopen=given.reopen))


def _shown(rule: bulk.BulkRule) -> dict[str, Any]:
    return vars(rule) | {"pattern": vars(rule.pattern), "decision": vars(rule.decision)}
