"""What keeps customers out of a target and is let be until a day: an error of a field, or an owner nobody took over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from dq.errors import ConflictError, NotFoundError, SettingsError
from dq.standards.targets import OWNER_CHECKS
from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House, acting, run_of
from dq.stewardship.letting_be import ask_again, hold, still_asked
from dq.stewardship.reasons import checked_reason
from dq.stewardship.working import waivable
from dq.store import rows
from dq.store.schema import BLOCKER_WAIVERS

LONGEST: Final = 500
"""Characters of a remark: what a committee reads in a cell of its sheet."""


@dataclass(frozen=True)
class BlockerWaiver:
    """Permission to let customers stay out.

    Attributes:
        number: Its number.
        target: The target.
        rule_id: `<target>.<object>.<field>.<code>`; empty where an owner is meant.
        owner: Owner of the sources whom no user of the target takes over from; empty where an error is meant.
        department: Only customers all of whose records are this department's; empty: all.
        until: Last day.
        reason: Reason code.
        comment: In somebody's own words.
        by: Who said so.
        at: When.
        is_over: The day has passed: what it let be is open again.
    """

    number: int
    target: str
    rule_id: str
    owner: str
    department: str
    until: str
    reason: str
    comment: str
    by: str
    at: str
    is_over: bool


def waive_blocker(
    house: House,
    actor: Actor,
    target: str,
    *,
    until: date,
    reason: str,
    at: datetime,
    rule_id: str = "",
    owner: str = "",
    department: str = "",
    comment: str = "",
) -> int:
    """Let what keeps customers out of a target be until a day; return the number of the waiver.

    The cases that ask about nothing else wait from now on, until that day.

    Args:
        rule_id: The error: target, object, field and error name.
        owner: The owner, instead of an error.

    Raises:
        SettingsError: A day or a reason that does not do, both or neither of error and owner, or a reach into
            departments that are not the actor's.
        NotFoundError: Nothing in the run that is shown is kept out by it.
        ConflictError: It is let be already.
    """
    actor.needs("lead", "let blockers of a target be")
    checked_reason(house, "waive", reason)
    if bool(rule_id) == bool(owner):
        raise SettingsError("name an error or an owner", "one of the two is let be at a time", field="what")
    if len(comment) > LONGEST:
        raise SettingsError(f"the remark has {len(comment)} characters", f"{LONGEST} at most", field="comment")
    if not (actor.owns(department, house.policy) if department else house.sees(actor) is None):
        raise SettingsError(
            "this reaches into departments that are not yours", "name one of your own", field="department"
        )
    if not _blocks(house, target, rule_id, owner):
        raise NotFoundError(f"nothing keeps customers out of {target} by this name", "the list of blockers has them")
    what = {"target": target, "rule_id": rule_id, "owner": owner, "department": department}
    today = house.today(at)
    asked = still_asked(house, [*blockers_let_be(house, today), what])
    with acting(house, actor, "waive_blocker", at) as act:
        waivable(act, house, until)
        for row in rows.find_all(act.connection, BLOCKER_WAIVERS, target=target, ended_at=""):
            if all(row[name] == value for name, value in what.items()) and not _is_over(row, today):
                raise ConflictError(f"{row['by']} let it be until {row['until']}", "end that first")
        said = {"until": until.isoformat(), "reason": reason, "comment": comment.strip()}
        number = rows.add(act.connection, BLOCKER_WAIVERS, {**what, **said, "by": actor.name, "at": act.at})
        count = hold(act, house, {**what, **said, "id": number}, asked)
        _record(act, number, {**what, **said}, count)
    return number


def end_blocker_waiver(house: House, actor: Actor, number: int, *, at: datetime) -> None:
    """Let what was let be count as open again, and its cases be asked.

    Raises:
        NotFoundError: No such waiver of the actor's departments, or it ended.
    """
    actor.needs("lead", "end what is let be")
    asked = still_asked(house, [row for row in blockers_let_be(house, house.today(at)) if row["id"] != number])
    with acting(house, actor, "end_blocker_waiver", at) as act:
        row = rows.find(act.connection, BLOCKER_WAIVERS, lock=True, id=number, ended_at="")
        if row is None or not _reaches(house, actor, row):
            raise NotFoundError(f"nothing is let be under number {number}", "it may have ended")
        rows.change(act.connection, BLOCKER_WAIVERS, {"ended_at": act.at}, id=number)
        _record(act, number, row, ask_again(act, house, row, asked))


def blocker_waivers(house: House, actor: Actor, at: datetime, target: str = "") -> list[BlockerWaiver]:
    """Return what is let be, and what was until a day that has passed; what a person ended is left out.

    Those in force come first, the first to end first.
    """
    actor.needs("viewer", "see what is let be", "read")
    today = house.today(at)
    with house.store.read() as connection:
        found = rows.find_all(connection, BLOCKER_WAIVERS, order=("until", "id"), ended_at="")
    names = ("target", "rule_id", "owner", "department", "until", "reason", "comment", "by", "at")
    waivers = [
        BlockerWaiver(number=row["id"], **{name: row[name] for name in names}, is_over=_is_over(row, today))
        for row in found
        if (not target or row["target"] == target) and (not row["department"] or _reaches(house, actor, row))
    ]
    return sorted(waivers, key=lambda one: one.is_over)


def blockers_let_be(house: House, today: date) -> list[dict[str, Any]]:
    """Return the rows of what is let be on a day, for the house itself."""
    with house.store.read() as connection:
        found = rows.find_all(connection, BLOCKER_WAIVERS, order=("id",), ended_at="")
    return [row for row in found if not _is_over(row, today)]


def _blocks(house: House, target: str, rule_id: str, owner: str) -> bool:
    """Tell whether anything in the run that is shown is refused by this error or for this owner."""
    tables = house.tables(str(run_of(house)["run_id"]))
    if not tables.columns("blockers"):
        return False
    query = (
        "SELECT count(*) AS n FROM blockers WHERE target = ? AND verdict = 'reject' AND (rule_id = ? OR "
        '(value = ? AND "check" IN (SELECT unnest(?::VARCHAR[]))))'
    )
    return bool(tables.sql(query, [target, rule_id, owner, list(OWNER_CHECKS)])[0]["n"])


def _is_over(row: dict[str, Any], today: date) -> bool:
    return str(row["until"]) < today.isoformat()


def _reaches(house: House, actor: Actor, row: dict[str, Any]) -> bool:
    if row["department"]:
        return actor.owns(str(row["department"]), house.policy)
    return house.sees(actor) is None


def _record(act: Act, number: int, row: dict[str, Any], cases: int) -> None:
    """Leave the row of the audit; an owner is a person and stands in the waiver, the audit has its number."""
    names = ("target", "rule_id", "department", "until", "reason")
    act.record(
        "blocker_waiver", str(number), of_owner=bool(row["owner"]), cases=cases, **{name: row[name] for name in names}
    )
