"""Why a score moved, as pages show it: parts in the reader's words, each with the way to its records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dq.engine.querying import Filter
from dq.quality.movement import Movement, sentences
from dq.quality.movement.wording import WORDS
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.movements import moved, rule_changes
from dq.stewardship.records import facets
from dq.web.asking import Asked

WITHOUT_RECORDS: Final = ("filled",)
"""Parts behind which stands no failure: other values were judged."""


@dataclass(frozen=True)
class PartLine:
    """One part of a movement.

    Attributes:
        part: Its name in addresses.
        words: What it is.
        value: How far it moved the number; all parts sum to the whole, rounded.
        units: How many failures or records it is about.
        url: Where they are listed; empty where they are not kept.
    """

    part: str
    words: str
    value: float
    units: int
    url: str


@dataclass(frozen=True)
class MovedCard:
    """Why a score moved since the run before.

    Attributes:
        since: Day of the run before.
        difference: How far the score moved, None where only records were counted (older versions, by segment).
        parts: What moved it, the largest first.
        before: The score of the run before under the rules of this one, where that differs from what it was then.
        clean_difference: How far the share of records with no problem moved, in percent.
        clean_parts: What moved that.
        rules: Rules that changed: what happened, and the rule.
    """

    since: str
    difference: float | None
    parts: Sequence[PartLine]
    before: float | None
    clean_difference: float
    clean_parts: Sequence[PartLine]
    rules: Sequence[tuple[str, str]]


def moved_card(house: House, asked: Asked) -> MovedCard | None:
    """Return why the numbers of a part of the house moved since the run before; None where nothing can be compared."""
    found = moved(house, asked.run, asked.scope)
    if found is None:
        return None
    score = found.score
    before = str(found.before["run_id"])
    return MovedCard(
        since=str(found.before["as_of"]),
        difference=float(score.difference) if score else None,
        parts=part_lines(score, asked, "test", has_file=found.has_file) if score else [],
        before=float(score.then_today) if score and score.then_today != score.then else None,
        clean_difference=float(found.clean.difference),
        clean_parts=part_lines(found.clean, asked, "record", has_file=found.has_file),
        rules=rule_changes(house, before, asked.run_id),
    )


def part_lines(movement: Movement, asked: Asked, view: str, *, has_file: bool) -> list[PartLine]:
    """Return the parts of a movement, the largest first."""
    return [
        replace(line, url=moved_url(asked, line.part, view)) if has_file and line.part not in WITHOUT_RECORDS else line
        for line in unlinked(movement)
    ]


def unlinked(movement: Movement) -> list[PartLine]:
    """Return the parts of a movement, the largest first, without a way to their records."""
    return [PartLine(one.part, one.words, float(one.value), one.units, "") for one in sentences(movement)]


@dataclass(frozen=True)
class CameAndWent:
    """Failures of a rule that came or went since the run before, by why."""

    words: str
    came: int
    went: int
    url: str


def rule_moves(house: House, actor: Actor, asked: Asked, rule: str, within: Sequence[Filter]) -> list[CameAndWent]:
    """Return what came and went under one rule, the most first; nothing where it is not kept."""
    filters = [Filter("view", "=", "test"), Filter("rule_id", "=", rule), *within]
    if not house.tables(asked.run_id).columns("moved"):
        return []
    counted: dict[str, dict[str, int]] = {}
    for row in facets(house, actor, "moved", ["part", "change"], filters, run_id=asked.run_id):
        counted.setdefault(str(row["part"]), {})[str(row["change"])] = int(row["count"] or 0)
    found = [
        CameAndWent(words, of.get("came", 0), of.get("went", 0), moved_url(asked, part, "test", rule))
        for part, words in WORDS.items()
        if (of := counted.get(part))
    ]
    return sorted(found, key=lambda one: -(one.came + one.went))


def moved_url(asked: Asked, part: str, view: str, rule: str = "") -> str:
    """Return where the records behind a part are listed."""
    return asked.down("/scorecard/moved", part=part, counted=view, rule=rule)
