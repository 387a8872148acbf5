"""What waits for a second person: agree or refuse."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.approvals import Proposal, approve, refuse, waiting_proposals
from dq.stewardship.bulk import approve_rule, bulk_rules
from dq.stewardship.house import House
from dq.stewardship.reasons import titles
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep, StewardDep
from dq.web.wording import JUDGEMENTS, column

router = APIRouter(include_in_schema=False)
WHY: Final = {
    "shared_customer": "the customer is yours too",
    "policy": "the house wants two people for this",
}


@router.get("/proposals")
def proposals(request: Request, house: HouseDep, visitor: StewardDep) -> HTMLResponse:
    """List what the visitor may answer."""
    rules = bulk_rules(house, visitor.actor) if visitor.may_lead else []
    return page(
        request,
        "proposals.html",
        proposals=[_shown(house, one) for one in waiting_proposals(house, visitor.actor)],
        rules=[rule for rule in rules if rule.state == "proposed"],
    )


@router.post("/proposals/{case_id}")
def answer(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    version: Annotated[int, Form()],
    verdict: Annotated[Literal["approve", "refuse"], Form()],
) -> RedirectResponse:
    """Agree or refuse."""
    act = approve if verdict == "approve" else refuse
    act(house, visitor.actor, case_id, version=version, at=now)
    notice(request, "Agreed: it is done." if verdict == "approve" else "Refused: the question is open again.")
    return see("/proposals")


@router.post("/proposals/rules/{name:path}")
def agree_to_rule(request: Request, house: HouseDep, visitor: LeadDep, now: NowDep, name: str) -> RedirectResponse:
    """Agree to a decision for many."""
    rule = approve_rule(house, visitor.actor, name, at=now)
    notice(request, f"Agreed: {rule.hits:,} cases are decided, and those that come after them.")
    return see("/proposals")


def _shown(house: House, proposal: Proposal) -> dict[str, Any]:
    case, asked = proposal.case, proposal.proposal
    reasons = titles(house)
    told = {
        "decide": JUDGEMENTS.get(str(asked.get("judgement")), ""),
        "override": f"{column(str(asked.get('column', '')))} gets another value",
        "resolve": "closed",
        "waive": f"left as it is until {asked.get('until')}",
    }
    reason = str(asked.get("reason") or "")
    return {
        "case_id": case.case_id,
        "version": case.version,
        "title": house.policy.kind(case.kind).title,
        "records": case.record_ids,
        "is_pair": case.is_pair,
        "proposed": told.get(proposal.action, proposal.action),
        "reason": reasons.said(reason, proposal.at),
        "why": WHY.get(proposal.why, proposal.why),
        "by": proposal.by,
        "at": proposal.at,
        "url": f"/matches/{case.case_id}" if case.is_pair else f"/cases/{case.case_id}",
    }
