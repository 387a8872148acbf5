"""The scorecard of a part of the house as pages show it: numbers, their bands, their way down. Scores nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dq.quality.movement import Scope
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.importing import tag_of
from dq.stewardship.scores import (
    Score,
    earlier_runs,
    house_scope,
    score_in,
    score_trend,
    scores_by,
)
from dq.web.asking import PLACES, Asked
from dq.web.rules import RuleLine, rule_lines
from dq.web.wording import PARTIES, day, said, sentence

TREND: Final = 30
"""Runs of a trend: a month of nights."""
SHOWN: Final = 15
"""Groups of a table shown at first, those with most records; the file has all of them."""
ABOUT: Final = {
    "completeness": "What should be there is there.",
    "validity": "What is there can be right: a ZIP that exists, a phone that can be dialled.",
    "conformity": "What is there is written the way the new system takes it.",
    "uniqueness": "Each customer is recorded once.",
    "consistency": "What several places say agrees.",
    "accuracy": "What is there has been checked against something outside.",
    "timeliness": "What is there is not too old.",
}
SHORT: Final = {
    "completeness": "Complete",
    "validity": "Valid",
    "conformity": "Fitting",
    "uniqueness": "Unique",
    "consistency": "Consistent",
    "accuracy": "Checked",
    "timeliness": "Recent",
}
"""Heads of narrow columns: what a customer is when the dimension holds."""


@dataclass(frozen=True)
class Banded:
    """A score with the word for it, its short name, and the address of what is behind it."""

    name: str
    score: float
    band: str
    url: str = ""


@dataclass(frozen=True)
class GroupLine:
    """A source, department or segment: its score per dimension (None where nothing was judged) and over all.

    Attributes:
        records: Records there are, None where they are not counted.
        troubled: Of them with a problem.
        troubled_url: Address of those findings; empty where they are not the reader's.
        owner: Who answers for it.
    """

    name: str
    url: str
    cells: Sequence[Banded | None]
    total: Banded | None
    records: int | None
    troubled: int
    clean: float | None
    troubled_url: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Point:
    """A run on a trend."""

    score: float
    label: str


@dataclass(frozen=True)
class Card:
    """Everything about scores that the page shows.

    Attributes:
        score: Over all, None where nothing was judged.
        whole: The score of the whole house, where that is more than `score` is about and may be seen.
        dimensions: Over all groups.
        groups: The table.
        hidden: Groups that are not shown.
        total: Its last line: all that is asked for.
        house: The line of the whole house beneath it, where that is more and may be seen.
        rules: What fails, worst first.
        points: Over time.
        common: Rules that all runs on the trend judged in the same words, where it is scored under today's.
    """

    score: Banded | None
    clean: float | None
    lines: Sequence[str]
    dimensions: Sequence[str]
    groups: Sequence[GroupLine]
    hidden: int
    total: GroupLine
    house: GroupLine | None
    rules: Sequence[RuleLine]
    points: Sequence[Point]


def card_of(house: House, actor: Actor, asked: Asked) -> Card:
    """Return the scorecard of a part of the house."""
    whole = score_in(house, asked.run_id, asked.scope, asked.view)
    by_group = scores_by(house, asked.run_id, asked.scope, asked.view, asked.by)
    everything = house_scope(house, actor)
    above = None
    if everything is not None and everything != asked.scope:
        above = score_in(house, asked.run_id, everything, asked.view)
    measured = [*by_group.values(), whole, *([above] if above else [])]
    dimensions = [name for name in ABOUT if any(name in one.dimensions for one in measured)]
    ordered = sorted(by_group, key=lambda name: (-(by_group[name].records or 0), name))
    # Golden records have no source: they stand in the last line only.
    named = [name for name in ordered if name or asked.by != "source"]
    groups = [_group(house, asked, name, by_group[name], dimensions) for name in named]
    shown = groups if asked.narrowing.values.get("all") else groups[:SHOWN]
    rules = rule_lines(house, asked)
    problems = asked.down("/records", severity="problem")
    return Card(
        score=_banded(house, "all", whole.score),
        clean=whole.clean,
        lines=_lines(asked, whole, rules),
        dimensions=dimensions,
        groups=shown,
        hidden=len(groups) - len(shown),
        total=_line(house, asked, asked.said or "All of it", whole, dimensions, problems, ""),
        house=_line(house, asked, "The whole house", above, dimensions, "", "") if above else None,
        rules=rules,
        points=points(house, asked),
    )


def points(house: House, asked: Asked, dimension: str = "") -> list[Point]:
    """Return the scores of the last runs, the oldest first."""
    runs = earlier_runs(house, asked.run, TREND)
    found = score_trend(house, runs, asked.scope, asked.view, today=asked.is_today)
    if dimension:
        scores = [(run, one.dimensions.get(dimension)) for run, one in found]
    else:
        scores = [(run, one.score) for run, one in found]
    return [Point(score, _called(run)) for run, score in scores if score is not None]


def _called(run: Mapping[str, Any]) -> str:
    tag = tag_of(run)
    return f"{day(run['as_of'])}, {tag}" if tag else day(run["as_of"])


def band_of(house: House, score: float) -> str:
    """Return the word for a score."""
    bands = house.standards.dimensions.bands
    return next((band.name for band in bands if score >= band.at_least), bands[-1].name)


def owner_of(house: House, by: str, name: str) -> str:
    """Return who answers for a source or a dimension; empty where nobody is named."""
    if by == "source":
        policy = house.standards.source(name)
        return policy.owner or policy.department or ""
    return house.standards.dimensions.owners.get(name, "") if by == "dimension" else ""


def _group(house: House, asked: Asked, name: str, score: Score, dimensions: Sequence[str]) -> GroupLine:
    place = asked.by if asked.by in PLACES else "segment"
    # No department, or a segment without a value, cannot be asked for by an empty word.
    # Findings that no department owns can be of a source of which the reader has no record.
    is_known = name in asked.choices.get(asked.by, ())
    url = asked.url(**{place: name, "by": "", "all": ""}) if name and is_known else ""
    there = {place: name} if name else {}
    shown = (PARTIES.get(name) or said(name.partition("=")[2] or "not given")) if place == "segment" else name or "none"
    records = asked.down("/records", **there, severity="problem") if url else ""
    return _line(house, asked, shown, score, dimensions, records, url, there, owner_of(house, asked.by, name))


def _line(
    house: House,
    asked: Asked,
    name: str,
    score: Score,
    dimensions: Sequence[str],
    records_url: str,
    url: str,
    place: Mapping[str, str] = {},
    owner: str = "",
) -> GroupLine:
    cells = [
        _banded(
            house,
            dimension,
            score.dimensions.get(dimension),
            asked.down(f"/scorecard/dimensions/{dimension}", **place) if records_url else "",
        )
        for dimension in dimensions
    ]
    total = _banded(house, name, score.score)
    return GroupLine(name, url, cells, total, score.records, score.troubled, score.clean, records_url, owner)


def _banded(house: House, name: str, score: float | None, url: str = "") -> Banded | None:
    return None if score is None else Banded(name, score, band_of(house, score), url)


def _lines(asked: Asked, score: Score, rules: Sequence[RuleLine]) -> list[str]:
    """Return the sentences worth reading first."""
    lines = []
    if score.records:
        good = score.records - score.troubled
        share = 100 * good / score.records
        lines.append(f"{good:,} of {score.records:,} records ({share:.0f} %) have no problem.")
    worst = next((rule for rule in rules if rule.severity != "info" and rule.failed), None)
    if worst is not None:
        of = f" of {worst.tested:,}" if worst.tested else ""
        lines.append(f"Most to mend: “{sentence(worst.rule_id)}” is not so {worst.failed:,} times{of}. {worst.why}")
    if asked.scope == Scope():
        summary = json.loads(asked.run["summary"]) if asked.run["summary"] else {}
        lines += [line for line in summary.get("lines") or () if line.startswith("Duplicates")]
        lines += [f"Not published: “{sentence(rule)}” does not hold." for rule in summary.get("stopped") or ()]
    return lines
