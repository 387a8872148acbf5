"""Who is away and who stands in: what is assigned to one shows in the other's day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dq.errors import NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import ALL_DEPARTMENTS, Actor
from dq.stewardship.house import House, acting
from dq.stewardship.people import user_of
from dq.store import rows
from dq.store.schema import ABSENCES


@dataclass(frozen=True)
class Absence:
    """A time somebody is away.

    Attributes:
        number: Its number.
        user_name: Who is away.
        from_on: First day.
        until_on: Last day.
        delegate: Who stands in.
    """

    number: int
    user_name: str
    from_on: str
    until_on: str
    delegate: str


def set_absence(
    house: House, actor: Actor, name: str, from_on: date, until_on: date, delegate: str, *, at: datetime
) -> int:
    """Let somebody stand in while a person is away: what is assigned to one shows in the other's day.

    Raises:
        SettingsError: The days are the wrong way round, or the delegate sees less than the person.
    """
    if actor.name != name:
        actor.needs("lead", "set absences of others")
    if until_on < from_on or delegate == name:
        wrong = "delegate" if delegate == name else "until_on"
        told = "an absence has a first day, a last day and somebody else who stands in"
        raise SettingsError(told, "mend the dates" if wrong == "until_on" else "choose somebody else", field=wrong)
    with acting(house, actor, "set_absence", at) as act:
        away, stands_in = user_of(act.connection, name), user_of(act.connection, delegate)
        missing = away.departments - stands_in.departments
        if stands_in.state != "active" or not stands_in.actor.has("steward"):
            raise SettingsError(
                f"{delegate} works no cases", "choose a steward or a lead who may sign in", field="delegate"
            )
        if missing and ALL_DEPARTMENTS not in stands_in.departments and stands_in.role != "admin":
            unseen = ", ".join(sorted(missing))
            raise SettingsError(f"{delegate} does not see {unseen}", "choose somebody who does", field="delegate")
        row = {"user_name": name, "from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
        number = rows.add(act.connection, ABSENCES, {**row, "delegate": delegate, "by": actor.name, "at": act.at})
        act.record("user", name, delegate=delegate, from_on=row["from_on"], until_on=row["until_on"])
        return number


def absences(house: House, actor: Actor, at: datetime) -> list[Absence]:
    """Return who is away today or later, the next first; a steward sees the own ones and those they stand in for."""
    actor.needs("steward", "see who is away", "read")
    today = house.today(at).isoformat()
    with house.store.read() as connection:
        found = [_absence(row) for row in rows.find_all(connection, ABSENCES, order=("from_on", "id"))]
    coming = [one for one in found if one.until_on >= today]
    return [one for one in coming if actor.has("lead") or actor.name in (one.user_name, one.delegate)]


def end_absence(house: House, actor: Actor, number: int, *, at: datetime) -> None:
    """End an absence yesterday, as if the person were back today; one that did not begin never does.

    Raises:
        NotFoundError: No such absence, or it is over.
        NotAllowedError: Somebody else's, without being lead.
    """
    actor.needs("steward", "end absences")
    today = house.today(at)
    with acting(house, actor, "end_absence", at) as act:
        row = rows.find(act.connection, ABSENCES, id=number)
        if row is None or row["until_on"] < today.isoformat():
            raise NotFoundError(f"there is no absence {number}", "it may be over")
        if actor.name != row["user_name"] and not actor.has("lead"):
            raise NotAllowedError("this is somebody else's absence", "they or a lead can end it")
        yesterday = date.fromordinal(today.toordinal() - 1).isoformat()
        rows.change(act.connection, ABSENCES, {"until_on": yesterday}, id=number)
        act.record("user", row["user_name"], delegate=row["delegate"], until_on=yesterday)


def stands_in_for(connection: Any, name: str, day: date) -> list[str]:
    """Return whose work a person does on a day, their own first."""
    today = day.isoformat()
    away = rows.find_all(connection, ABSENCES, delegate=name)
    return [name, *sorted({row["user_name"] for row in away if row["from_on"] <= today <= row["until_on"]})]


def _absence(row: dict[str, Any]) -> Absence:
    return Absence(row["id"], row["user_name"], row["from_on"], row["until_on"], row["delegate"])
