"""Workbooks of cases for stewards who do not log in: makes them and remembers what was in them."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from dq.errors import NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import FOR_THE_LEAD
from dq.stewardship.house import House, acting, run_of
from dq.stewardship.memory import materials
from dq.stewardship.pack_sheets import form_of
from dq.stewardship.people import User, user_named
from dq.stewardship.queue import today
from dq.store import dump, load, rows
from dq.store.cases import Case
from dq.store.days import most_valuable
from dq.store.schema import PACKS
from dq.tables.forms import write_form

MOST_CASES: Final = 1000
"""Cases of a pack at most: a month of a steward's days; a workbook of more is opened and never finished."""
_CODE: Final = 12
"""Hex digits that tie a workbook to its house: 48 bits, so that no number can be guessed into another's pack."""

Extent = Literal["today", "all"]


@dataclass(frozen=True)
class Pack:
    """A workbook that was made.

    Attributes:
        number: Its number.
        steward: Whose work it is.
        extent: `today` or `all`.
        run_id: The run it was made from.
        lines: case_id → version and digest of what its records said.
        answers: case_id → digest of what came back and was saved.
        by: Who made it.
        at: When.
        returned_at: When it came back last; empty while it is out.
    """

    number: int
    steward: str
    extent: str
    run_id: str
    lines: dict[str, list[Any]]
    answers: dict[str, str]
    by: str
    at: str
    returned_at: str

    def code(self, key: bytes) -> str:
        """Return what the workbook says it is: only this house can have written it."""
        told = dump({"number": self.number, "steward": self.steward, "at": self.at, "lines": sorted(self.lines)})
        return f"{self.number}-{hmac.digest(key, told.encode(), hashlib.sha256).hex()[:_CODE]}"


@dataclass(frozen=True)
class Made:
    """A pack with its workbook."""

    pack: Pack
    workbook: bytes


def make_pack(house: House, actor: Actor, steward: str, extent: Extent, *, at: datetime) -> Made:
    """Make the workbook of a steward: today's cases, or all that are hers, the most valuable first (MOST_CASES).

    It holds what she may see and no more: the half of another department is masked.

    Raises:
        NotAllowedError: The actor does not lead all departments of the steward.
        NotFoundError: No such steward, or there is no run yet.
        SettingsError: Nothing waits for her.
    """
    user = steward_of(house, actor, steward)
    run_id = str(run_of(house)["run_id"])
    cases = _todays(house, user, at) if extent == "today" else _all(house, user)
    if not cases:
        raise SettingsError(
            f"no case waits for {steward}", "nothing to put into a workbook: look again tomorrow", field="steward"
        )
    says = digests(house, cases)
    lines = {case.case_id: [case.version, says[case.case_id]] for case in cases}
    with acting(house, actor, "make_pack", at) as act:
        row = {"user_name": steward, "extent": extent, "run_id": run_id, "lines": dump(lines)}
        number = rows.add(act.connection, PACKS, {**row, "by": actor.name, "at": act.at})
        act.record("pack", str(number), steward=steward, extent=extent, run_id=run_id, cases=len(cases))
    pack = Pack(number, steward, extent, run_id, lines, {}, actor.name, act.at, "")
    form = form_of(house, user, cases, pack_code=pack.code(house.key), at=at)
    return Made(pack, write_form(form))


def packs(house: House, actor: Actor, limit: int = 50) -> list[Pack]:
    """Return the packs of stewards that the actor leads, the newest first."""
    actor.needs("lead", "see packs", "read")
    with house.store.read() as connection:
        found = [_pack(row) for row in rows.find_all(connection, PACKS, order=("-id",), limit=limit)]
    mine = {user.name for user in led_by(house, actor)}
    return [pack for pack in found if pack.steward in mine]


def pack_of(house: House, number: int) -> Pack | None:
    """Return a pack, None where there is none."""
    with house.store.read() as connection:
        row = rows.find(connection, PACKS, id=number)
    return None if row is None else _pack(row)


def steward_of(house: House, actor: Actor, name: str) -> User:
    """Return a person whose pack the actor may make and bring back.

    Raises:
        NotAllowedError: The actor does not lead, or not all of the person's departments.
        NotFoundError: Nobody of that name works cases.
    """
    actor.needs("lead", "make packs")
    user = user_named(house, name)
    if user.state != "active" or not user.actor.has("steward"):
        raise NotFoundError(f"{name} works no cases", "`dq user role NAME steward` changes that")
    if not _leads(house, actor, user):
        raise NotAllowedError(f"{name} sees departments that are not yours", "somebody who leads them all makes it")
    return user


def led_by(house: House, actor: Actor) -> list[User]:
    """Return whose packs the actor may make."""
    from dq.stewardship.people import users

    working = (user for user in users(house, actor) if user.state == "active" and user.actor.has("steward"))
    return [user for user in working if _leads(house, actor, user)]


def digests(house: House, cases: Sequence[Case]) -> dict[str, str]:
    """Return what the records of cases say now, as one hash per case: whether a page of yesterday still holds."""
    by_run: dict[str, set[str]] = {}
    for case in cases:
        by_run.setdefault(case.last_run_id, set()).update(case.record_ids)
    said = {run_id: materials(house.tables(run_id), sorted(ids)) for run_id, ids in by_run.items()}
    return {
        case.case_id: digest(*(said[case.last_run_id].get(record, "") for record in case.record_ids)) for case in cases
    }


def digest(*parts: str) -> str:
    """Return a short hash of texts.

    >>> digest("a", "b") == digest("ab", "")
    False
    """
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _leads(house: House, actor: Actor, user: User) -> bool:
    mine, theirs = house.sees(actor), house.sees(user.actor)
    return mine is None or (theirs is not None and theirs <= mine)


def _todays(house: House, user: User, at: datetime) -> list[Case]:
    return [case for card in today(house, user.actor, at).cards for case in card.cases]


def _all(house: House, user: User) -> list[Case]:
    lead = user.actor.has("lead")
    with house.store.read() as connection:
        return most_valuable(
            connection,
            house.sees(user.actor),
            [user.name],
            states=("open", "disputed") if lead else ("open",),
            without_pools=() if lead else (FOR_THE_LEAD,),
            limit=MOST_CASES,
        )


def _pack(row: dict[str, Any]) -> Pack:
    lines = {str(name): [*line] for name, line in load(row["lines"]).items() if isinstance(line, list)}
    answers = {str(name): str(answer) for name, answer in load(row["answers"]).items()}
    return Pack(
        row["id"],
        row["user_name"],
        row["extent"],
        row["run_id"],
        lines,
        answers,
        row["by"],
        row["at"],
        row["returned_at"],
    )
