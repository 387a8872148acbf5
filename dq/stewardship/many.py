"""The same thing done to many cases inside one action: a few statements for all of them instead of some for each.

What needs a second person is proposed case by case; everything else is written at once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from dq.errors import SettingsError
from dq.model import STANDARDIZED_COLUMNS
from dq.stewardship.approvals import needs_approval
from dq.stewardship.deciding import Judgement, decide_in
from dq.stewardship.house import Act, House
from dq.stewardship.moving import decided, look_at, move_all, owns_all
from dq.stewardship.reasons import checked_reason
from dq.stewardship.values import override_in
from dq.stewardship.working import OPINIONS, resolve_in, waivable, waive_in
from dq.store import load, rows
from dq.store.cases import Case
from dq.store.schema import JUDGEMENTS, OVERRIDES, RULE_OPINIONS, WAIVERS

Columns = Mapping[str, Any]


def resolve_many(act: Act, house: House, cases: Sequence[Case], reason: str) -> None:
    """Close open cases with one reason; see `working.resolve`."""
    checked_reason(house, "resolve", reason)
    alone, others = _parted(act, house, cases, "resolve")
    if reason in OPINIONS:
        add_opinions(act, alone, OPINIONS[reason])
    write_many(act, house, alone, "resolves", reason, reason)
    for case in others:
        resolve_in(act, house, case, reason=reason)


def waive_many(act: Act, house: House, cases: Sequence[Case], until: date, reason: str) -> None:
    """Leave open cases as they are until a day; see `working.waive`."""
    checked_reason(house, "waive", reason)
    waivable(act, house, until)
    alone, others = _parted(act, house, cases, "waive")
    common = {"until": until.isoformat(), "reason": reason, "by": act.actor.name, "at": act.at}
    waivers = [
        {"case_id": one.case_id, "rule_id": one.rule_id, "source": one.source, "department": one.department, **common}
        for one in alone
    ]
    numbers = rows.add_numbered(act.connection, WAIVERS, waivers)
    waived = {"status": "waived", "waived_until": until.isoformat(), "closed_at": ""}
    also = [{"waiver_id": number} for number in numbers]
    write_many(act, house, alone, f"waives until {until}", reason, reason, waived, also)
    for case in others:
        waive_in(act, house, case, until=until, reason=reason)


def override_many(act: Act, house: House, cases: Sequence[Case], column: str, value: str, reason: str) -> None:
    """Pin one value on the first record of open cases; see `values.override_value`."""
    checked_reason(house, "override", reason)
    if column not in STANDARDIZED_COLUMNS:
        raise SettingsError(f"{column!r} cannot be pinned", "columns: " + ", ".join(STANDARDIZED_COLUMNS))
    alone, others = _parted(act, house, cases, "override", column=column)
    before = {
        row["record_id"]: row["id"]
        for row in rows.find_keys(act.connection, OVERRIDES, "record_id", [case.record_id for case in alone])
        if (row["column_name"], row["state"]) == (column, "final")
    }
    common = {"column_name": column, "value": value, "reason": reason, "by": act.actor.name, "at": act.at}
    pinned = [
        {"case_id": one.case_id, "record_id": one.record_id, "department": one.department, **common, "state": "final"}
        | {"supersedes": before.get(one.record_id)}
        for one in alone
    ]
    numbers = rows.add_numbered(act.connection, OVERRIDES, pinned)
    also = [
        {"override_id": number, "column": column, "record_id": case.record_id}
        for number, case in zip(numbers, alone, strict=True)
    ]
    write_many(act, house, alone, f"sets {column}", reason, reason, also=also)
    for case in others:
        override_in(act, house, case, column, value, reason=reason)


def decide_many(act: Act, house: House, cases: Sequence[Case], judgement: Judgement, reason: str) -> None:
    """Answer open pairs alike; see `deciding.decide_pair`. Nobody is asked for a second opinion: a rule decided."""
    if reason:
        checked_reason(house, "decide", reason)
    alone, others = _parted(act, house, cases, "decide")
    look_at(act, house, alone)
    standing = {
        (row["record_id_l"], row["record_id_r"]): row["id"]
        for row in rows.find_keys(act.connection, JUDGEMENTS, "record_id_l", [min(one.record_ids) for one in alone])
        if row["state"] == "final"
    }
    judged = []
    for case in alone:
        left, right = sorted(case.record_ids)
        seen: dict[str, Any] = load(decided(act, house, case, judgement)["decided_on"])
        row = {"case_id": case.case_id, "record_id_l": left, "record_id_r": right, "judgement": judgement}
        row |= {"reason": reason, "by": act.actor.name, "judged_at": act.at, "state": "final"}
        for side, record_id in (("l", left), ("r", right)):
            print_of = seen.get(record_id, {})
            row |= {f"{name}_{side}": print_of.get(name, "") for name in ("content", "material")}
        judged.append(row | {"supersedes": standing.get((left, right))})
    numbers = rows.add_numbered(act.connection, JUDGEMENTS, judged)
    also = [{"judgement_id": number} for number in numbers]
    write_many(act, house, alone, f"decides {judgement}", judgement, reason, also=also)
    for case in others:
        decide_in(act, house, case, judgement, reason=reason)


def add_opinions(act: Act, cases: Sequence[Case], opinion: str) -> None:
    """Keep what somebody said about the rules of cases; the last word about each counts."""
    ruled = [case for case in cases if case.rule_id]
    rows.remove_keys(act.connection, RULE_OPINIONS, "case_id", [case.case_id for case in ruled])
    common = {"opinion": opinion, "by": act.actor.name, "at": act.at}
    rows.add_all(
        act.connection,
        RULE_OPINIONS,
        [{"rule_id": case.rule_id, "case_id": case.case_id, **common} for case in ruled],
    )


def _parted(
    act: Act, house: House, cases: Sequence[Case], action: str, *, column: str = ""
) -> tuple[list[Case], list[Case]]:
    """Return the cases the actor decides alone, and those that need a second person."""

    def is_alone(case: Case) -> bool:
        if not owns_all(house, act.actor, case):
            return False
        return act.actor.has("lead") or not needs_approval(house, action, case, column=column)

    alone = [case for case in cases if is_alone(case)]
    known = {case.case_id for case in alone}
    return alone, [case for case in cases if case.case_id not in known]


def write_many(
    act: Act,
    house: House,
    cases: Sequence[Case],
    action: str,
    outcome: str,
    reason: str,
    changes: Columns = MappingProxyType({}),
    also: Sequence[Columns] = (),
) -> None:
    """Close cases alike: with one outcome and reason, and the same other columns.

    Args:
        action: What people read.
        changes: Columns beside those of a decision.
        also: Per case what belongs to it in other tables.
    """
    look_at(act, house, cases)
    changed = [(case, {**decided(act, house, case, outcome), **changes}) for case in cases]
    move_all(act, changed, action=action, reason=reason, also=also)
