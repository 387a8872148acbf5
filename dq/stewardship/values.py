"""Values that people pin on a record. They survive re-runs and merges, and every one has a reason."""

from datetime import datetime
from typing import Any

from dq.errors import NotFoundError, SettingsError
from dq.model import IS_PARKED, STANDARDIZED_COLUMNS
from dq.stewardship.actor import Actor
from dq.stewardship.approvals import POLICY, SHARED, needs_approval, propose
from dq.stewardship.house import Act, House, acting, run_of
from dq.stewardship.moving import decided, in_state, move, owns_all, theirs
from dq.stewardship.reasons import checked_reason
from dq.stewardship.records import record
from dq.store import rows
from dq.store.cases import Case
from dq.store.schema import OVERRIDES


def override_value(
    house: House,
    actor: Actor,
    case_id: str,
    column: str,
    value: str,
    *,
    version: int,
    at: datetime,
    reason: str,
    comment: str = "",
    record_id: str = "",
) -> Case:
    """Pin a value on a record of a case and close the case; policy may want a second person.

    Args:
        column: A column of `records` that standardising knows, or `is_parked`: `no` brings a customer back.
        value: As it should be; the next run standardises it like any other.
        record_id: Which record of the case; by default its first.

    Raises:
        SettingsError: A column that cannot be pinned, a reason the house does not know.
        NotFoundError: The record is not of this case, or the case is not the actor's.
    """
    actor.needs("steward", "override values")
    with acting(house, actor, "override_value", at) as act:
        case = theirs(act, house, case_id, version)
        after = override_in(act, house, case, column, value, reason=reason, comment=comment, record_id=record_id)
        subject = record_id or case.record_id
        act.record("case", case_id, record_id=subject, column=column, reason=reason, became=after.status)
    return after


def override_in(
    act: Act,
    house: House,
    case: Case,
    column: str,
    value: str,
    *,
    reason: str,
    comment: str = "",
    record_id: str = "",
) -> Case:
    """Pin a value inside an action that is already running; see `override_value`."""
    checked_reason(house, "override", reason)
    in_state(case, ("open", "disputed") if act.actor.has("lead") else ("open",), "changed")
    subject = record_id or case.record_id
    if subject not in case.record_ids:
        raise NotFoundError(f"record {subject!r} is not of this case", "choose one of its records")
    if column not in (*STANDARDIZED_COLUMNS, IS_PARKED):
        raise SettingsError(f"{column!r} cannot be pinned", "columns: " + ", ".join(STANDARDIZED_COLUMNS))
    department = case.department if subject == case.record_id else case.department_r
    why = "" if owns_all(house, act.actor, case) else SHARED
    if not why and not act.actor.has("lead") and needs_approval(house, "override", case, column=column):
        why = POLICY
    row = {"case_id": case.case_id, "record_id": subject, "column_name": column, "value": value, "reason": reason}
    row |= {"by": act.actor.name, "at": act.at, "department": department, "state": "proposal" if why else "final"}
    number = rows.add(act.connection, OVERRIDES, {**row, "supersedes": _standing(act, subject, column)})
    also = {"override_id": number, "column": column, "record_id": subject}
    if why:
        return propose(act, case, "override", also, why=why, reason=reason, comment=comment)
    changes = decided(act, house, case, reason)
    return move(act, case, changes, action=f"sets {column}", reason=reason, comment=comment, also=also)


def withdraw_override(house: House, actor: Actor, number: int, *, at: datetime) -> None:
    """Let a pinned value no longer hold: the record says again what its source says.

    Raises:
        NotFoundError: No such override for this actor.
    """
    actor.needs("steward", "withdraw overrides")
    with acting(house, actor, "withdraw_override", at) as act:
        row = rows.find(act.connection, OVERRIDES, id=number, state="final")
        if row is None or not actor.owns(row["department"], house.policy):
            raise NotFoundError(f"there is no override {number}", "it may have been withdrawn already")
        rows.change(act.connection, OVERRIDES, {"state": "withdrawn"}, id=number)
        act.record("override", str(number), record_id=row["record_id"], column=row["column_name"])


def overrides_of(house: House, actor: Actor, record_id: str) -> list[dict[str, Any]]:
    """Return what was pinned on a record, oldest first, withdrawn ones included.

    Raises:
        NotFoundError: No such record for this actor.
    """
    record(house, actor, str(run_of(house)["run_id"]), record_id)
    with house.store.read() as connection:
        return rows.find_all(connection, OVERRIDES, order=("id",), record_id=record_id)


def _standing(act: Act, record_id: str, column: str) -> int | None:
    found = rows.find_all(
        act.connection, OVERRIDES, order=("-id",), limit=1, record_id=record_id, column_name=column, state="final"
    )
    return int(found[0]["id"]) if found else None
