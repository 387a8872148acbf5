"""The scorecard of a run as pages show it: numbers with their bands, and how they went over time. Computes no score."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dq.errors import NotFoundError, SourceError
from dq.pipeline.comparing import compare_runs
from dq.quality.cost import CostLine, Money, cost_lines, saved, total
from dq.quality.movement import Movement, Sentence, sentences
from dq.stewardship.house import House
from dq.stewardship.importing import runs
from dq.web.wording import day

TREND: Final = 30
"""Runs of a trend: a month of nights."""
SCORECARD: Final = "scorecard.json"
ABOUT: Final = {
    "completeness": "What should be there is there.",
    "validity": "What is there can be right: a ZIP that exists, a phone that can be dialled.",
    "conformity": "What is there is written the way the new system takes it.",
    "uniqueness": "Each customer is recorded once.",
    "consistency": "What several places say agrees.",
    "accuracy": "What is there has been checked against something outside.",
    "timeliness": "What is there is not too old.",
}


@dataclass(frozen=True)
class Banded:
    """A score with the word for it."""

    name: str
    score: float
    band: str


@dataclass(frozen=True)
class SourceLine:
    """A source: its score per dimension (None where nothing was tested), over all, and its share of clean records."""

    name: str
    cells: Sequence[Banded | None]
    score: float
    band: str
    clean: float | None


@dataclass(frozen=True)
class RuleLine:
    """A rule over all sources."""

    rule_id: str
    dimension: str
    severity: str
    why: str
    owner: str
    failed: int
    tested: int
    rate: float
    passes: bool


@dataclass(frozen=True)
class Point:
    """A run on a trend."""

    score: float
    label: str


@dataclass(frozen=True)
class Moved:
    """Why a score moved since the run before, in parts that sum to the difference.

    Attributes:
        since: Day of the run before.
        difference: How far the score moved.
        parts: What moved it, the largest first.
        before: The score of the run before under today's rules, where that differs from what it was then.
        clean_difference: How far the share of records with no problem moved, in percent.
        clean_parts: What moved that.
    """

    since: str
    difference: float
    parts: Sequence[Sentence]
    before: float | None
    clean_difference: float
    clean_parts: Sequence[Sentence]


@dataclass(frozen=True)
class Priced:
    """What poor quality costs a year.

    Attributes:
        currency: Of all amounts.
        money: Over all costs.
        rows: Name of a cost, failures, money; the dearest first.
        why: Name of a cost → where its numbers come from.
        saved: What failures that are gone since the run before would have cost.
    """

    currency: str
    money: Money
    rows: Sequence[tuple[str, int, Money]]
    why: Mapping[str, str]
    saved: Money | None


@dataclass(frozen=True)
class Card:
    """Everything the scorecard's page shows."""

    run_id: str
    as_of: str
    score: float
    band: str
    clean: float | None
    lines: Sequence[str]
    dimensions: Sequence[Banded]
    by_source: Sequence[SourceLine]
    rules: Sequence[RuleLine]
    points: Sequence[Point]
    scope: str = ""
    moved: Moved | None = None
    priced: Priced | None = None


def card_of(house: House, run: Mapping[str, Any]) -> Card:
    """Return the scorecard of a run.

    Raises:
        NotFoundError: The run's folder holds none.
    """
    found = read_scorecard(house.runs_folder / str(run["run_id"]) / SCORECARD)
    bands = [(str(name), float(least)) for name, least in found["bands"]]
    dimensions = [Banded(name, score, band_of(bands, score)) for name, score in found["dimensions"].items()]
    summary = json.loads(run["summary"]) if run["summary"] else {}
    return Card(
        run_id=str(run["run_id"]),
        as_of=str(run["as_of"]),
        score=found["score"],
        band=found["band"],
        clean=found["clean_records"] / found["records"] if found["records"] else None,
        lines=[line for line in summary.get("lines") or [found["sentence"]] if "{out}" not in line],
        dimensions=dimensions,
        by_source=[_source_line(name, found, dimensions, bands) for name in found["sources"]],
        rules=rule_lines(found),
        points=points(house, str(run["finished_at"])),
        moved=moved_of(house, run),
        priced=costs_of(house, run),
    )


def costs_of(house: House, run: Mapping[str, Any]) -> Priced | None:
    """Return what poor quality costs a year by the unit costs of the standards; None where none are known."""
    policy = house.standards.costs
    now = _failures(house, str(run["run_id"]))
    lines = cost_lines(now, policy.costs)
    if not lines:
        return None
    names = dict.fromkeys(line.name for line in lines)
    rows = [(name, *_summed([line for line in lines if line.name == name])) for name in names]
    earlier = _before(house, run)
    return Priced(
        currency=policy.currency,
        money=total(lines),
        rows=rows,
        why={cost.name: cost.why for cost in policy.costs},
        saved=saved(_failures(house, str(earlier["run_id"])), now, policy.costs) if earlier else None,
    )


def _summed(lines: Sequence[CostLine]) -> tuple[int, Money]:
    return sum(line.failed for line in lines), total(lines)


def _failures(house: House, run_id: str) -> dict[tuple[str, str], int]:
    try:
        tables = house.tables(run_id)
    except NotFoundError:
        return {}
    if not tables.columns("results"):
        return {}
    query = "SELECT rule_id, coalesce(source, '') AS source, sum(failed) AS failed FROM results GROUP BY 1, 2"
    return {(str(row["rule_id"]), str(row["source"])): int(row["failed"] or 0) for row in tables.sql(query)}


def _before(house: House, run: Mapping[str, Any]) -> Mapping[str, Any] | None:
    earlier = [one for one in runs(house, TREND) if str(one["finished_at"]) < str(run["finished_at"])]
    return earlier[0] if earlier else None


def moved_of(house: House, run: Mapping[str, Any]) -> Moved | None:
    """Return why the score moved since the run before; None where there is none, or it kept too little to say."""
    earlier = _before(house, run)
    if earlier is None:
        return None
    try:
        score, clean = _compared(house, str(earlier["run_id"]), str(run["run_id"]))
    except (NotFoundError, SourceError):
        return None
    return Moved(
        since=str(earlier["as_of"]),
        difference=float(score.difference),
        parts=sentences(score),
        before=float(score.then_today) if score.then_today != score.then else None,
        clean_difference=float(clean.difference),
        clean_parts=sentences(clean),
    )


def _compared(house: House, then: str, now: str) -> tuple[Movement, Movement]:
    """Compare two runs once: finished runs do not change."""
    asked = (str(house.runs_folder), then, now)
    if asked not in _COMPARED:
        found = compare_runs(house.runs_folder / then, house.runs_folder / now, house.standards)
        while len(_COMPARED) >= COMPARISONS:
            _COMPARED.pop(next(iter(_COMPARED)), None)
        _COMPARED[asked] = found
    return _COMPARED[asked]


COMPARISONS: Final = 50
"""Comparisons remembered: a month of nights, and what people ask beside."""
_COMPARED: dict[tuple[str, str, str], tuple[Movement, Movement]] = {}


def read_scorecard(path: Path) -> dict[str, Any]:
    """Return what a run wrote about its quality.

    Raises:
        NotFoundError: Nothing is there.
    """
    if not path.is_file():
        raise NotFoundError("This run has no scorecard any more.", "Choose another run.")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def band_of(bands: Sequence[tuple[str, float]], score: float) -> str:
    """Return the word for a score.

    >>> band_of([("good", 95), ("acceptable", 85), ("poor", 0)], 90)
    'acceptable'
    """
    return next((name for name, least in bands if score >= least), bands[-1][0])


def rule_lines(found: Mapping[str, Any]) -> list[RuleLine]:
    """Return the rules that judged something, the one that fails most first."""
    lines = [
        RuleLine(
            rule["rule_id"],
            rule["dimension"],
            rule["severity"],
            rule["why"],
            rule["owner"],
            rule["failed"],
            rule["evaluated"],
            rule["pass_rate"],
            rule["passes"],
        )
        for rule in found["rules"]
        if rule["evaluated"]
    ]
    return sorted(lines, key=lambda line: (line.severity == "info", -line.failed, line.rule_id))


def points(house: House, until: str) -> list[Point]:
    """Return the scores of the last runs up to one, the oldest first."""
    found = [run for run in runs(house, TREND) if run["score"] is not None and str(run["finished_at"]) <= until]
    return [Point(run["score"], day(run["as_of"])) for run in reversed(found)]


def _source_line(
    name: str, found: Mapping[str, Any], dimensions: Sequence[Banded], bands: Sequence[tuple[str, float]]
) -> SourceLine:
    scores = found["by_source"].get(name, {})
    cells = [
        Banded(one.name, scores[one.name], band_of(bands, scores[one.name])) if one.name in scores else None
        for one in dimensions
    ]
    score = found["sources"][name]
    clean = found["clean_by_source"].get(name)
    return SourceLine(name, cells, score, band_of(bands, score), None if clean is None else clean / 100)
