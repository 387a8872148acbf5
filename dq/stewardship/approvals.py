"""What needs a second person: who has to agree, and what happens when they do or do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dq.errors import NotAllowedError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import decided, in_state, move, theirs
from dq.store import dump, load, rows
from dq.store.cases import Case, find_case
from dq.store.schema import JUDGEMENTS, OVERRIDES, PROPOSALS, WAIVERS

SHARED: Final = "shared_customer"
"""Why: the customer is another department's too."""
POLICY: Final = "policy"
"""Why: `approvals` of stewardship.yml."""


@dataclass(frozen=True)
class Proposal:
    """An action that waits for a second person.

    Attributes:
        number: Its number.
        case: The case it would change.
        action: `decide`, `override`, `resolve` or `waive`.
        proposal: Its arguments.
        why: `shared_customer` or `policy`.
        by: Who proposed it.
        at: When.
    """

    number: int
    case: Case
    action: str
    proposal: Mapping[str, Any]
    why: str
    by: str
    at: str


def needs_approval(house: House, action: str, case: Case, *, column: str = "") -> bool:
    """Tell whether policy wants a second person for an action on a case."""
    for wanted in house.policy.approvals:
        fits = (
            wanted.action == action
            and (not wanted.columns or column in wanted.columns)
            and (not wanted.kinds or case.kind in wanted.kinds)
            and (not wanted.severities or case.severity in wanted.severities)
            and (wanted.value_above is None or (case.value_at_stake or 0.0) > wanted.value_above)
        )
        if fits:
            return True
    return False


def propose(
    act: Act, case: Case, action: str, proposal: Mapping[str, Any], *, why: str, reason: str = "", comment: str = ""
) -> Case:
    """Leave an action to a second person; the case waits."""
    in_state(case, ("open", "resolved", "gone"), "proposed about while it waits")
    number = rows.add(
        act.connection,
        PROPOSALS,
        {
            "case_id": case.case_id,
            "action": action,
            "proposal": dump({**proposal, "reason": reason}),
            "why": why,
            "by": act.actor.name,
            "at": act.at,
        },
    )
    also = {**proposal, "proposal_id": number}
    return move(
        act, case, {"status": "waiting"}, action=f"proposes to {action}", reason=reason, comment=comment, also=also
    )


def waiting_proposals(house: House, actor: Actor) -> list[Proposal]:
    """Return what waits for a second person and the actor may answer, oldest first."""
    with house.store.read() as connection:
        found = []
        for row in rows.find_all(connection, PROPOSALS, order=("id",), answer=""):
            case = find_case(connection, row["case_id"], house.sees(actor))
            if case is not None and _may_answer(house, actor, case, row):
                found.append(_proposal(row, case))
        return found


def approve(house: House, actor: Actor, case_id: str, *, version: int, at: datetime, comment: str = "") -> Case:
    """Agree to what somebody proposed: it happens as proposed, and both names stand beside it.

    Raises:
        NotAllowedError: One's own proposal, or neither the lead nor of the other department.
        TransitionError: Nothing waits.
    """
    return _answer(house, actor, case_id, "approved", version, at, comment)


def refuse(house: House, actor: Actor, case_id: str, *, version: int, at: datetime, comment: str = "") -> Case:
    """Say no to what somebody proposed: the case is open again.

    Raises:
        NotAllowedError: One's own proposal, or neither the lead nor of the other department.
        TransitionError: Nothing waits.
    """
    return _answer(house, actor, case_id, "refused", version, at, comment)


def _answer(house: House, actor: Actor, case_id: str, answer: str, version: int, at: datetime, comment: str) -> Case:
    actor.needs("steward", "answer proposals")
    with acting(house, actor, answer, at) as act:
        case = theirs(act, house, case_id, version)
        row = _waiting(act, case)
        if not _may_answer(house, actor, case, row):
            raise NotAllowedError("this proposal needs another person", "a lead, or a steward of the other department")
        change = {"answer": answer, "answered_by": actor.name, "answered_at": act.at}
        rows.change(act.connection, PROPOSALS, change, id=row["id"])
        proposal = load(row["proposal"])
        after = (_carry_out if answer == "approved" else _drop)(act, house, case, row["action"], proposal, comment)
        act.record("case", case_id, proposal=row["id"], proposed_by=row["by"], what=row["action"])
    return after


def _waiting(act: Act, case: Case) -> dict[str, Any]:
    found = rows.find_all(act.connection, PROPOSALS, order=("-id",), limit=1, case_id=case.case_id, answer="")
    if case.status != "waiting" or not found:
        raise TransitionError("nothing waits for a second person here", "decide the case itself")
    return found[0]


def _may_answer(house: House, actor: Actor, case: Case, proposal: Mapping[str, Any]) -> bool:
    if actor.name == proposal["by"] or not actor.has("steward"):
        return False
    if actor.has("lead"):
        return True
    others = actor.owns(case.department, house.policy) or actor.owns(case.department_r, house.policy)
    return bool(proposal["why"] == SHARED and others and case.department != case.department_r)


def _carry_out(act: Act, house: House, case: Case, action: str, proposal: Mapping[str, Any], comment: str) -> Case:
    also = {name: proposal[name] for name in ("judgement_id", "override_id", "waiver_id") if name in proposal}
    if "judgement_id" in also:
        rows.change(act.connection, JUDGEMENTS, {"state": "final"}, id=also["judgement_id"])
    if "override_id" in also:
        rows.change(act.connection, OVERRIDES, {"state": "final"}, id=also["override_id"])
    if action == "waive":
        changes = {"status": "waived", "waived_until": str(proposal["until"]), "outcome": str(proposal["reason"])}
        changes["decided_on"] = decided(act, house, case, "")["decided_on"]
    else:
        outcome = str(proposal.get("judgement") or proposal.get("reason") or action)
        changes = decided(act, house, case, outcome)
    return move(act, case, changes, action=f"approves to {action}", comment=comment, also=also)


def _drop(act: Act, house: House, case: Case, action: str, proposal: Mapping[str, Any], comment: str) -> Case:
    del house
    if "override_id" in proposal:
        rows.change(act.connection, OVERRIDES, {"state": "withdrawn"}, id=proposal["override_id"])
    if "judgement_id" in proposal:
        rows.change(act.connection, JUDGEMENTS, {"state": "withdrawn"}, id=proposal["judgement_id"])
    if "waiver_id" in proposal:
        rows.change(act.connection, WAIVERS, {"ended_at": act.at}, id=proposal["waiver_id"])
    status = "disputed" if action == "decide" else "open"
    return move(act, case, {"status": status}, action=f"refuses to {action}", comment=comment)


def _proposal(row: Mapping[str, Any], case: Case) -> Proposal:
    return Proposal(row["id"], case, row["action"], load(row["proposal"]), row["why"], row["by"], row["at"])
