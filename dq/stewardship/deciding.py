"""Decisions on pairs: SAME, DIFFERENT, UNSURE; by one person, two, or the lead where two disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from dq.errors import NotAllowedError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.approvals import SHARED, needs_approval, propose
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import decided, in_state, look_at, move, owns_all, theirs
from dq.stewardship.reasons import checked_reason
from dq.stewardship.second_opinions import SECOND, is_chosen
from dq.store import load, rows
from dq.store.cases import Case
from dq.store.schema import JUDGEMENTS

Judgement = Literal["SAME", "DIFFERENT", "UNSURE"]
FOR_THE_LEAD: Final = "leads"
"""Pool of cases about which stewards disagree or are unsure."""


@dataclass(frozen=True)
class Decided:
    """What a decision led to.

    Attributes:
        case: The case as it is now.
        became: `resolved`, `waiting` (for a second person), `disputed` (for the lead) or `agreed` (a second opinion).
    """

    case: Case
    became: str


def decide_pair(
    house: House,
    actor: Actor,
    case_id: str,
    judgement: Judgement,
    *,
    version: int,
    at: datetime,
    reason: str = "",
    comment: str = "",
    seconds: float | None = None,
) -> Decided:
    """Decide whether two records are one customer.

    A customer that another department shares, and what policy names, waits for a second person. Two stewards who
    disagree, and one who is unsure, leave it to the lead.

    Args:
        version: Of the case as the actor saw it.
        seconds: From showing the pair to the answer.

    Raises:
        NotFoundError: No such case for this actor.
        ConflictError: Somebody was first; the message says what they did.
        NotAllowedError: A viewer, or a steward where only the lead decides.
        TransitionError: The case is not about a pair, or it is gone.
    """
    actor.needs("steward", "decide")
    with acting(house, actor, "decide_pair", at) as act:
        case = theirs(act, house, case_id, version)
        result = decide_in(act, house, case, judgement, reason=reason, comment=comment, seconds=seconds)
        act.record(
            "case",
            case_id,
            judgement=judgement,
            became=result.became,
            record_ids=list(case.record_ids),
            reason=reason,
        )
    return result


def decide_in(
    act: Act,
    house: House,
    case: Case,
    judgement: Judgement,
    *,
    reason: str = "",
    comment: str = "",
    seconds: float | None = None,
    asked: bool = False,
) -> Decided:
    """Decide a pair inside an action that is already running; see `decide_pair`.

    Args:
        asked: A person asks, whether or not a run does: a case that is gone can be decided too.
    """
    if not case.is_pair:
        raise TransitionError("this case is not about a pair", "resolve it with a reason instead")
    if reason:
        checked_reason(house, "decide", reason)
    if case.status == "waiting":
        raise TransitionError("somebody proposed an answer already", "agree to it or refuse it")
    in_state(case, ("open", "disputed", "resolved", *(["gone"] if asked else [])), "decided")
    look_at(act, house, [case])
    words = {"reason": reason, "comment": comment}
    lead = act.actor.has("lead")
    if case.status == "disputed" and not lead:
        raise NotAllowedError("two people did not agree on this pair, or one was unsure", "a lead decides it")
    why = _second_person(act, house, case, lead)
    if why:
        number = _judge(act, house, case, judgement, reason, seconds, state="proposal")
        also = {"judgement_id": number, "judgement": judgement}
        return Decided(propose(act, case, "decide", also, why=why, **words), "waiting")
    number = _judge(act, house, case, judgement, reason, seconds)
    also = {"judgement_id": number}
    other = case.status == "resolved" and case.decided_by not in ("", act.actor.name)
    if other and not lead and judgement == case.outcome:
        settled = {"pool": ""} if case.pool == SECOND else {}
        return Decided(move(act, case, settled, action=f"agrees: {judgement}", also=also, **words), "agreed")
    unsure = judgement == "UNSURE"
    if not lead and (unsure or (other and case.outcome in ("SAME", "DIFFERENT"))):
        changes = {
            "status": "disputed",
            "pool": FOR_THE_LEAD,
            "assignee": "",
            "outcome": "" if unsure else case.outcome,
        }
        return Decided(move(act, case, changes, action=f"says {judgement}", also=also, **words), "disputed")
    changes = decided(act, house, case, judgement)
    if not lead and is_chosen(act, house, case):
        changes["pool"] = SECOND
    after = move(act, case, changes, action=f"decides {judgement}", also=also, **words)
    return Decided(after, "resolved")


def _second_person(act: Act, house: House, case: Case, lead: bool) -> str:
    """Return why a second person has to agree, empty where nobody has to."""
    if case.status == "disputed":
        return ""  # the lead's word ends it
    if not owns_all(house, act.actor, case):
        return SHARED
    if not lead and needs_approval(house, "decide", case):
        return "policy"
    return ""


def _judge(
    act: Act, house: House, case: Case, judgement: str, reason: str, seconds: float | None, state: str = "final"
) -> int:
    left, right = sorted(case.record_ids)
    now = _standing(act, left, right)
    seen = load(decided(act, house, case, judgement)["decided_on"])
    return rows.add(
        act.connection,
        JUDGEMENTS,
        {
            "case_id": case.case_id,
            "record_id_l": left,
            "record_id_r": right,
            "judgement": judgement,
            "reason": reason,
            "by": act.actor.name,
            "judged_at": act.at,
            **_hashes("l", seen.get(left)),
            **_hashes("r", seen.get(right)),
            "supersedes": now,
            "state": state,
            "seconds": seconds,
        },
    )


def _hashes(side: str, seen: Any) -> dict[str, str]:
    found: Mapping[str, str] = seen or {}
    return {f"content_{side}": found.get("content", ""), f"material_{side}": found.get("material", "")}


def _standing(act: Act, left: str, right: str) -> int | None:
    """Return the number of the judgement that holds for a pair."""
    found = rows.find_all(
        act.connection, JUDGEMENTS, order=("-id",), limit=1, record_id_l=left, record_id_r=right, state="final"
    )
    return int(found[0]["id"]) if found else None
