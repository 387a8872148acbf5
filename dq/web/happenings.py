"""What happened to a case, as sentences: who did what, when, and why. Never a value of a record."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dq.stewardship.actor import HOUSE
from dq.stewardship.house import House
from dq.stewardship.reasons import titles
from dq.stewardship.telling import names_of
from dq.web import wording

SAID: Final = {
    "resolves": "closed it",
    "opens it again": "asked it again",
    "leaves it to the lead": "left it to the lead",
    "gone": "no longer found it",
    "is found again": "found it again",
    "is found again, as it was decided": "found it again, as it was decided",
    "is as it was decided again": "closed it again: the change was taken back",
    "its waiver ended": "asked it again: its time was over",
    "reopen": "asked it again",
    "exclude": "took it out of a decision for many",
    "retire": "ended a decision for many: it is open again",
}
"""Action of an event → words, where they are the same each time."""
GIVEN: Final = r"assigns to (.+)"
PATTERNS: Final[Sequence[tuple[str, Callable[[re.Match[str]], str]]]] = (
    (r"decides (\w+)", lambda found: f"decided: {_judgement(found[1])}"),
    (r"says (\w+)", lambda found: f"said: {_judgement(found[1])}; the lead decides"),
    (r"agrees: (\w+)", lambda found: f"agreed: {_judgement(found[1])}"),
    (r"waives until (\S+)", lambda found: f"left it as it is until {wording.day(found[1])}"),
    (
        r"waives with its rule until (\S+)",
        lambda found: f"left its rule as it is until {wording.day(found[1])}",
    ),
    (r"says the rule is (\w+)", lambda found: f"said the rule is {found[1]} here"),
    (r"sets (\w+)", lambda found: f"gave {wording.column(found[1])} another value"),
    (r"proposes to (\w+)", lambda found: f"proposed to {_verb(found[1])}; a second person has to agree"),
    (r"approves to (\w+)", lambda found: f"agreed to {_verb(found[1])}"),
    (r"refuses to (\w+)", lambda found: f"refused to {_verb(found[1])}"),
    (r"returns: (.+) changed", lambda found: f"asked it again: {_columns(found[1])} changed"),
    (r"undoes: (.+)", lambda found: f"took back: {said(found[1])}"),
)
"""Shape of an action → words."""


@dataclass(frozen=True)
class Happened:
    """One thing that happened.

    Attributes:
        who: Name of a person, or what acted for the house.
        told: What they did.
        why: Reason and words of theirs, empty where there are none.
        at: When.
        about: Which question of a card; empty where there is one only.
        record_ids: Records the question is about.
    """

    who: str
    told: str
    why: str
    at: str
    about: str = ""
    record_ids: tuple[str, ...] = ()


def happened(house: House, events: Iterable[Mapping[str, Any]]) -> list[Happened]:
    """Return events as sentences, in the order given."""
    names = names_of(house) | {HOUSE.name: "The nightly run"}
    reasons = titles(house)
    found = []
    for event in events:
        why = "; ".join(text for text in (reasons.said(event["reason"], event["at"]), event["comment"]) if text)
        about = house.policy.kind(event["kind"]).title if "kind" in event else ""
        ids = tuple(str(event[name]) for name in ("record_id", "record_id_r") if event.get(name))
        who = names.get(event["by"], event["by"])
        given = re.fullmatch(GIVEN, event["action"])
        told = f"gave it to {names.get(given[1], given[1])}" if given else said(event["action"])
        found.append(Happened(who, told, why, event["at"], about, ids))
    return found


def said(action: str) -> str:
    """Return an action as words that follow a name.

    >>> said("undoes: waives until 2026-12-01"), said("returns: first_name phone changed")
    ('took back: left it as it is until 1 Dec 2026', 'asked it again: First name, Phone changed')
    """
    if action in SAID:
        return SAID[action]
    for pattern, words in PATTERNS:
        found = re.fullmatch(pattern, action)
        if found:
            return words(found)
    return action.replace("_", " ")


def _judgement(name: str) -> str:
    return wording.JUDGEMENTS.get(name, name).lower()


def _verb(action: str) -> str:
    return {
        "decide": "decide it",
        "override": "use another value",
        "resolve": "close it",
        "waive": "leave it as it is",
    }.get(action, action)


def _columns(names: str) -> str:
    return ", ".join(wording.column(name) for name in names.split())
