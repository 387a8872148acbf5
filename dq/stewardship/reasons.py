"""Reason codes of the house: those of its standards, and what leads added, called otherwise or no longer offer.

Nothing is overwritten: each change is another version, and what was decided before reads as it did. A reason that is no
longer offered still holds where it was chosen: in a rule that replays, a proposal that waits, a pack that is out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, get_args

from dq.errors import ConflictError, NotFoundError, SettingsError
from dq.standards.stewardship import Closing, Reason
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting
from dq.store import rows
from dq.store.schema import REASON_VERSIONS

LONGEST: Final = 80
"""Characters of a title: it stands in a list to choose from."""
ACTIONS: Final[tuple[str, ...]] = get_args(Closing)


@dataclass(frozen=True)
class ReasonVersion:
    """A reason as it is, or was, offered.

    Attributes:
        code: What is stored and counted.
        title: What people read.
        closes: Actions it is offered for.
        is_offered: Whether it can be chosen.
        version: 0 as the standards have it, then each change one more.
        by: Who made it so; empty for the standards.
        at: When.
    """

    code: str
    title: str
    closes: tuple[str, ...]
    is_offered: bool
    version: int
    by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Titles:
    """How reasons were called, by code, the oldest version first."""

    versions: Mapping[str, Sequence[ReasonVersion]]

    def said(self, code: str, at: str = "") -> str:
        """Return what people read for a code at a moment (default: today); a code nobody knows is itself.

        >>> was = ReasonVersion("relatives", "relatives", ("decide",), True, 0)
        >>> now = ReasonVersion("relatives", "one family", ("decide",), True, 1, "lee", "2026-11-22T08:00:00.000000Z")
        >>> titles = Titles({"relatives": [was, now]})
        >>> titles.said("relatives"), titles.said("relatives", "2026-11-21T08:00:00.000000Z"), titles.said("else")
        ('one family', 'relatives', 'else')
        """
        known = [one for one in self.versions.get(code, ()) if not at or one.at <= at]
        return known[-1].title if known else code


def titles(house: House) -> Titles:
    """Return how reasons are and were called."""
    return Titles(_versions(house))


def reasons(house: House) -> list[tuple[ReasonVersion, Sequence[ReasonVersion]]]:
    """Return every reason as it is, those offered first, with its earlier versions, the newest first."""
    found = [(known[-1], known[-2::-1]) for known in _versions(house).values()]
    return sorted(found, key=lambda one: not one[0].is_offered)


def offered(house: House, action: str) -> tuple[Reason, ...]:
    """Return the reasons that can be chosen for an action."""
    return tuple(
        Reason(code=now.code, title=now.title, closes=now.closes)
        for now, _ in reasons(house)
        if now.is_offered and action in now.closes
    )


def read_as(house: House, action: str) -> dict[str, str]:
    """Return everything that a reason for an action was ever called, without case → its code; the newest meaning."""
    every = [one for known in _versions(house).values() for one in known if action in one.closes]
    return {one.title.casefold(): one.code for one in sorted(every, key=lambda one: one.at)}


def checked_reason(house: House, action: str, code: str) -> str:
    """Return a reason code that the house offers, or ever did, for an action; a house without codes takes any.

    Raises:
        SettingsError: Naming those it offers.
    """
    known = _versions(house)
    if any(action in one.closes for one in known.get(code, ())):
        return code
    codes = [reason.code for reason in offered(house, action)]
    if codes:
        raise SettingsError(f"{code!r} is no reason to {action}", "reasons: " + ", ".join(codes), field="reason")
    return code


def add_reason(house: House, actor: Actor, title: str, closes: Sequence[str], *, at: datetime) -> ReasonVersion:
    """Offer a reason that the house did not have; its code is made of its title.

    Raises:
        SettingsError: A title or an action that does not do, or the house has such a reason.
    """
    actor.needs("lead", "change the reasons of the house")
    code = code_of(title)
    made = _checked(ReasonVersion(code, " ".join(title.split()), tuple(closes), True, 1))
    return _save(house, actor, made, "add_reason", at, expected=-1)


def change_reason(
    house: House,
    actor: Actor,
    code: str,
    *,
    version: int,
    at: datetime,
    title: str | None = None,
    closes: Sequence[str] | None = None,
    is_offered: bool | None = None,
) -> ReasonVersion:
    """Call a reason otherwise, offer it for other actions, or no longer; what stays None stays as it is.

    Raises:
        NotFoundError: There is no such reason.
        ConflictError: Somebody changed it since.
        SettingsError: A title or an action that does not do, or nothing would change.
    """
    actor.needs("lead", "change the reasons of the house")
    known = _versions(house).get(code)
    if not known:
        raise NotFoundError(f"there is no reason {code!r}", "the list of reasons has them all")
    now = known[-1]
    made = ReasonVersion(
        code,
        now.title if title is None else " ".join(title.split()),
        now.closes if closes is None else tuple(closes),
        now.is_offered if is_offered is None else is_offered,
        version + 1,
    )
    if now.version == version and (made.title, made.closes, made.is_offered) == (now.title, now.closes, now.is_offered):
        raise SettingsError(
            "nothing was changed", "change the words, what it is offered for, or whether it is offered", field="title"
        )
    return _save(house, actor, _checked(made), "change_reason", at, expected=version)


def code_of(title: str) -> str:
    """Return the code of a title.

    >>> code_of("  Waiting for the notary (2nd letter) ")
    'waiting_for_the_notary_2nd_letter'
    """
    code = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")
    return code if re.match(r"[a-z]", code) else f"reason_{code}".rstrip("_")


def _checked(made: ReasonVersion) -> ReasonVersion:
    if not made.title or len(made.title) > LONGEST:
        raise SettingsError(
            "a reason has a title", f"say in up to {LONGEST} characters why something is decided so", field="title"
        )
    wrong = [action for action in made.closes if action not in ACTIONS]
    if wrong or not made.closes:
        raise SettingsError("a reason is offered for something", "choose when: " + ", ".join(ACTIONS), field="closes")
    ordered = tuple(action for action in ACTIONS if action in made.closes)
    return ReasonVersion(made.code, made.title, ordered, made.is_offered, made.version)


def _save(
    house: House, actor: Actor, made: ReasonVersion, action: str, at: datetime, *, expected: int
) -> ReasonVersion:
    with acting(house, actor, action, at) as act:
        details = {"version": made.version, "closes": " ".join(made.closes), "offered": made.is_offered}
        # Written first: it holds back whoever else changes reasons until this is done.
        act.record("reason", made.code, **details)
        known = _versions(house, act.connection)
        mine = known.get(made.code, [])
        if expected < 0 and mine:
            raise SettingsError(
                f"the house has the reason “{mine[-1].title}”", "change that one, or offer it again", field="title"
            )
        if expected >= 0 and mine[-1].version != expected:
            raise ConflictError(f"{mine[-1].by} changed this reason since", "look at it again")
        others = (versions[-1] for code, versions in known.items() if code != made.code)
        alike = {one.title.casefold() for one in others if one.is_offered}
        if made.is_offered and made.title.casefold() in alike:
            raise SettingsError(f"the house has another reason “{made.title}”", "call it something else", field="title")
        # What the standards said is kept beside the first change, should they be changed later.
        for one in (*([mine[0]] if expected == 0 else []), made):
            who = {"by": actor.name, "at": act.at} if one is made else {}
            row = {"code": one.code, "version": one.version, "title": one.title, "closes": " ".join(one.closes)}
            rows.add(act.connection, REASON_VERSIONS, {**row, "is_offered": int(one.is_offered), **who})
    return replace(made, by=actor.name, at=act.at)


def _versions(house: House, connection: Any = None) -> dict[str, list[ReasonVersion]]:
    """Return every version of every reason, in the order of the standards, then as they were added."""
    if connection is None:
        with house.store.read() as reading:
            return _versions(house, reading)
    found = {one.code: [ReasonVersion(one.code, one.title, one.closes, True, 0)] for one in house.policy.reasons}
    stored: dict[str, list[ReasonVersion]] = {}
    for row in rows.find_all(connection, REASON_VERSIONS, order=("id",)):
        closes = tuple(row["closes"].split())
        version = ReasonVersion(
            row["code"], row["title"], closes, bool(row["is_offered"]), row["version"], row["by"], row["at"]
        )
        stored.setdefault(row["code"], []).append(version)
    return found | stored
