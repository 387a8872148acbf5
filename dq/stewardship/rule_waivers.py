"""A whole rule left as it is until a day, for a source or a department: its open cases wait, and those to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dq.errors import NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House, acting
from dq.stewardship.many import write_many
from dq.stewardship.moving import move_all
from dq.stewardship.reasons import checked_reason
from dq.stewardship.working import waivable
from dq.store import load, rows
from dq.store.cases import Case, CaseFilter, list_cases
from dq.store.schema import CASE_EVENTS, WAIVERS

MOST = 1_000_000
"""Cases of one rule at most: all there are."""


@dataclass(frozen=True)
class RuleWaiver:
    """A rule that is left as it is.

    Attributes:
        number: Its number.
        rule_id: The rule.
        source: Only of this source; empty: of all.
        department: Only of this department; empty: of all.
        until: Last day.
        reason: Reason code.
        by: Who said so.
        at: When.
    """

    number: int
    rule_id: str
    source: str
    department: str
    until: str
    reason: str
    by: str
    at: str


def waive_rule(
    house: House,
    actor: Actor,
    rule_id: str,
    *,
    until: date,
    reason: str,
    at: datetime,
    source: str = "",
    department: str = "",
) -> int:
    """Leave a rule as it is until a day; return how many open cases wait with it now.

    Raises:
        SettingsError: A day or a reason that does not do, or departments beyond the actor's.
        NotFoundError: There is no such rule.
    """
    actor.needs("lead", "leave whole rules as they are")
    checked_reason(house, "waive", reason)
    if rule_id not in {rule.rule_id for rule in house.standards.rules}:
        raise NotFoundError(f"there is no rule {rule_id!r}", "the list of rules has their names")
    if not (actor.owns(department, house.policy) if department else house.sees(actor) is None):
        raise SettingsError(
            "this reaches into departments that are not yours", "name one of your own", field="department"
        )
    with acting(house, actor, "waive_rule", at) as act:
        waivable(act, house, until)
        row = {"case_id": "", "rule_id": rule_id, "source": source, "department": department}
        row |= {"until": until.isoformat(), "reason": reason, "by": actor.name, "at": act.at}
        number = rows.add(act.connection, WAIVERS, row)
        count = _hold(act, house, {**row, "id": number})
        act.record(
            "rule", rule_id, source=source, department=department, until=row["until"], reason=reason, cases=count
        )
    return count


def end_rule_waiver(house: House, actor: Actor, number: int, *, at: datetime) -> int:
    """Ask again what waits with a rule; return how many cases are open again.

    Raises:
        NotFoundError: No such waiver of the actor's departments, or it ended.
    """
    actor.needs("lead", "end what is left as it is")
    with acting(house, actor, "end_rule_waiver", at) as act:
        row = rows.find(act.connection, WAIVERS, id=number, case_id="", ended_at="")
        if row is None or not _reaches(house, actor, row):
            raise NotFoundError(f"no rule waits under number {number}", "it may have ended")
        rows.change(act.connection, WAIVERS, {"ended_at": act.at}, id=number)
        waiting = [case for case in _of(act, row, "waived") if case.waived_until == row["until"]]
        last = _last_events(act, waiting)
        held = [case for case in waiting if last.get(case.case_id, {}).get("rule_waiver_id") == number]
        opened = {"status": "open", "outcome": "", "waived_until": "", "closed_at": ""}
        move_all(act, [(case, opened) for case in held], action="opens it again", reason="")
        act.record("rule", row["rule_id"], cases=len(held))
    return len(held)


def rule_waivers(house: House, actor: Actor, rule_id: str = "") -> list[RuleWaiver]:
    """Return rules that are left as they are now, the first to end first."""
    actor.needs("steward", "see what is left as it is", "read")
    with house.store.read() as connection:
        found = rows.find_all(connection, WAIVERS, order=("until", "id"), case_id="", ended_at="")
    return [
        RuleWaiver(
            row["id"], *(row[name] for name in ("rule_id", "source", "department", "until", "reason", "by", "at"))
        )
        for row in found
        if (not rule_id or row["rule_id"] == rule_id) and (actor.has("lead") or _reaches(house, actor, row))
    ]


def hold_waived(act: Act, house: House, as_of: date) -> int:
    """Let the open cases of a run wait with their rules; what changed since a decision is looked at all the same."""
    active = rows.find_all(act.connection, WAIVERS, order=("id",), case_id="", ended_at="")
    return sum(_hold(act, house, row) for row in active if row["until"] >= as_of.isoformat())


def _hold(act: Act, house: House, row: Mapping[str, Any]) -> int:
    cases = [case for case in _of(act, row, "open") if not case.returned_because]
    waived = {"status": "waived", "waived_until": row["until"], "closed_at": ""}
    also = [{"rule_waiver_id": row["id"]}] * len(cases)
    action = f"waives with its rule until {row['until']}"
    write_many(act, house, cases, action, str(row["reason"]), str(row["reason"]), waived, also)
    return len(cases)


def _of(act: Act, row: Mapping[str, Any], status: str) -> list[Case]:
    wanted = CaseFilter(
        status=(status,),
        rule_id=(row["rule_id"],),
        source=(row["source"],) if row["source"] else (),
        department=(row["department"],) if row["department"] else (),
    )
    return list_cases(act.connection, wanted, None, limit=MOST)


def _last_events(act: Act, cases: list[Case]) -> dict[str, dict[str, Any]]:
    found = rows.find_keys(act.connection, CASE_EVENTS, "case_id", [case.case_id for case in cases])
    return {row["case_id"]: load(row["after"]) for row in found}  # in order of their numbers: the last one stays


def _reaches(house: House, actor: Actor, row: Mapping[str, Any]) -> bool:
    if row["department"]:
        return actor.owns(str(row["department"]), house.policy)
    return house.sees(actor) is None
