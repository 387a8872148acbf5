"""What a steward does with a case that is not a pair, and with any case's place in the queue."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from dq.errors import NotAllowedError, SettingsError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.approvals import SHARED, needs_approval, propose
from dq.stewardship.deciding import FOR_THE_LEAD
from dq.stewardship.finding import ON_TRIAL
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import (
    UNDECIDED,
    decided,
    in_state,
    move,
    owns_all,
    theirs,
)
from dq.stewardship.people import departments_of
from dq.stewardship.reasons import checked_reason
from dq.store import rows
from dq.store.cases import Case
from dq.store.schema import RULE_OPINIONS, USERS, WAIVERS

OPINIONS: Final = {"right_as_is": "wrong", "fixed_at_source": "right"}
"""Reason codes that say whether the rule behind a case was right about it."""


def resolve(
    house: House, actor: Actor, case_id: str, *, version: int, at: datetime, reason: str, comment: str = ""
) -> Case:
    """Close a case with a reason; policy may want a second person.

    It stays closed until a record of it changes materially, whether or not the next run finds it again.

    Raises:
        SettingsError: A reason the house does not know.
    """
    return _one(house, actor, "resolve", case_id, version, at, _resolve(reason, comment), reason=reason)


def waive(
    house: House,
    actor: Actor,
    case_id: str,
    *,
    version: int,
    at: datetime,
    until: date,
    reason: str,
    comment: str = "",
) -> Case:
    """Leave a case as it is until a day; the next import after that day opens it again.

    Raises:
        SettingsError: A day that is past or too far, or a reason the house does not know.
    """
    step = _waive(until, reason, comment)
    return _one(house, actor, "waive", case_id, version, at, step, reason=reason, until=until.isoformat())


def reopen(house: House, actor: Actor, case_id: str, *, version: int, at: datetime, comment: str = "") -> Case:
    """Ask a closed case again; what was decided stays in force until it is decided anew."""
    return _one(house, actor, "reopen", case_id, version, at, _reopen(comment))


def escalate(house: House, actor: Actor, case_id: str, *, version: int, at: datetime, comment: str = "") -> Case:
    """Leave a case to the lead."""

    def step(act: Act, house: House, case: Case) -> Case:
        del house
        in_state(case, ("open",), "left to the lead")
        changes = {"status": "disputed", "pool": FOR_THE_LEAD, "assignee": ""}
        return move(act, case, changes, action="leaves it to the lead", comment=comment)

    return _one(house, actor, "escalate", case_id, version, at, step)


def assign(
    house: House, actor: Actor, case_id: str, *, version: int, at: datetime, to: str = "", pool: str | None = None
) -> Case:
    """Give a case to a person or a pool. A steward may take what is nobody's; a lead gives to anybody.

    Args:
        to: Login; empty puts it back to the pool.
        pool: Another pool; None leaves it where it is.

    Raises:
        NotAllowedError: A steward gives away what is somebody else's.
        SettingsError: Nobody of that name sees the records of the case.
    """

    def step(act: Act, house: House, case: Case) -> Case:
        in_state(case, UNDECIDED, "assigned")
        if not actor.has("lead") and not (to in ("", actor.name) and case.assignee in ("", actor.name)):
            raise NotAllowedError("only a lead gives a case to somebody else", "leave it to the lead instead")
        if to:
            _sees(act, house, case, to)
        changes = {"assignee": to} if pool is None else {"assignee": to, "pool": pool}
        return move(act, case, changes, action=f"assigns to {to or pool or case.pool}")

    return _one(house, actor, "assign", case_id, version, at, step, to=to, pool=pool)


def say_rule_is(house: House, actor: Actor, case_id: str, opinion: str, *, at: datetime) -> None:
    """Say whether a rule was `right` or `wrong` about a case: it counts for the rule's rate of false alarms.

    A case that asks only that is closed by it.
    """
    actor.needs("steward", "judge rules")
    with acting(house, actor, "say_rule_is", at) as act:
        case = theirs(act, house, case_id, None)
        judge_rule_in(act, house, case, opinion)
        act.record("case", case_id, rule_id=case.rule_id, opinion=opinion)


def judge_rule_in(act: Act, house: House, case: Case, opinion: str) -> Case:
    """Say whether a rule was right inside an action that is already running; see `say_rule_is`."""
    if opinion not in ("right", "wrong"):
        raise SettingsError(f"{opinion!r} is no opinion", "right or wrong")
    if not case.rule_id:
        raise TransitionError("no rule made this case", "resolve it instead")
    add_opinion(act, case, opinion)
    if case.kind != ON_TRIAL or case.status != "open":
        return case
    return move(act, case, decided(act, house, case, f"rule_{opinion}"), action=f"says the rule is {opinion}")


def add_opinion(act: Act, case: Case, opinion: str) -> None:
    """Keep what somebody said about the rule of a case; the last word counts."""
    of = {"rule_id": case.rule_id, "case_id": case.case_id}
    rows.remove(act.connection, RULE_OPINIONS, **of)
    rows.add(act.connection, RULE_OPINIONS, {**of, "opinion": opinion, "by": act.actor.name, "at": act.at})


Step = Callable[[Act, House, Case], Case]
"""What happens to one case inside an action."""


def _one(
    house: House, actor: Actor, action: str, case_id: str, version: int, at: datetime, step: Step, **details: Any
) -> Case:
    actor.needs("steward", action.replace("_", " "))
    with acting(house, actor, action, at) as act:
        case = theirs(act, house, case_id, version)
        after = step(act, house, case)
        act.record("case", case_id, became=after.status, **details)
    return after


def _resolve(reason: str, comment: str) -> Step:
    def step(act: Act, house: House, case: Case) -> Case:
        return resolve_in(act, house, case, reason=reason, comment=comment)

    return step


def resolve_in(act: Act, house: House, case: Case, *, reason: str, comment: str = "") -> Case:
    """Close a case inside an action that is already running; see `resolve`."""
    checked_reason(house, "resolve", reason)
    _ready(act, case, "resolved")
    why = _second_person(act, house, case, "resolve")
    if why:
        return propose(act, case, "resolve", {}, why=why, reason=reason, comment=comment)
    if reason in OPINIONS and case.rule_id:
        add_opinion(act, case, OPINIONS[reason])
    return move(act, case, decided(act, house, case, reason), action="resolves", reason=reason, comment=comment)


def _waive(until: date, reason: str, comment: str) -> Step:
    def step(act: Act, house: House, case: Case) -> Case:
        return waive_in(act, house, case, until=until, reason=reason, comment=comment)

    return step


def waive_in(act: Act, house: House, case: Case, *, until: date, reason: str, comment: str = "") -> Case:
    """Waive a case inside an action that is already running; see `waive`."""
    checked_reason(house, "waive", reason)
    waivable(act, house, until)
    _ready(act, case, "waived")
    row = {"case_id": case.case_id, "rule_id": case.rule_id, "source": case.source, "department": case.department}
    row |= {"until": until.isoformat(), "reason": reason, "by": act.actor.name, "at": act.at}
    number = rows.add(act.connection, WAIVERS, row)
    why = _second_person(act, house, case, "waive")
    if why:
        asked = {"until": until.isoformat(), "waiver_id": number}
        return propose(act, case, "waive", asked, why=why, reason=reason, comment=comment)
    changes = {
        **decided(act, house, case, reason),
        "status": "waived",
        "waived_until": until.isoformat(),
        "closed_at": "",
    }
    also = {"waiver_id": number}
    return move(act, case, changes, action=f"waives until {until}", reason=reason, comment=comment, also=also)


def waivable(act: Act, house: House, until: date) -> None:
    """Refuse a day until which nothing can be waived.

    Raises:
        SettingsError: It is past, or too far.
    """
    days = (until - house.today(act.moment)).days
    if not 0 < days <= house.policy.waive_at_most:
        raise SettingsError(
            f"a case cannot be waived until {until}",
            f"a day from tomorrow, at most {house.policy.waive_at_most} away",
            field="until",
        )


def _reopen(comment: str) -> Step:
    def step(act: Act, house: House, case: Case) -> Case:
        del house
        in_state(case, ("resolved", "waived"), "opened again")
        changes = {"status": "open", "closed_at": "", "waived_until": ""}
        return move(act, case, changes, action="opens it again", comment=comment)

    return step


def _ready(act: Act, case: Case, to: str) -> None:
    states = UNDECIDED if act.actor.has("lead") else ("open",)
    in_state(case, [state for state in states if state != "waiting"], to)


def _second_person(act: Act, house: House, case: Case, action: str) -> str:
    if not owns_all(house, act.actor, case):
        return SHARED
    if not act.actor.has("lead") and needs_approval(house, action, case):
        return "policy"
    return ""


def _sees(act: Act, house: House, case: Case, name: str) -> None:
    user = rows.find(act.connection, USERS, user_name=name, state="active")
    other = user and Actor(name, user["role"], departments_of(act.connection, name))
    if not other or not (other.owns(case.department, house.policy) or other.owns(case.department_r, house.policy)):
        raise SettingsError(
            f"nobody called {name!r} sees the records of this case",
            "`dq user list` has their departments",
            field="to",
        )
