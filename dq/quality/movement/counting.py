"""Counts what changed between two runs: per rule the failures that came and went, and whose records they were."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dq.engine.comparing import RunPair
from dq.engine.querying import Row
from dq.errors import NotFoundError
from dq.quality.movement.changes import Changes, Judged, Kept, Moved, MovedRecords
from dq.quality.movement.parts import MovementCounts, RuleWeight
from dq.quality.movement.queries import (
    DECIDED_BY_JUDGEMENTS,
    DECIDED_BY_OVERRIDES,
    DELTAS,
    FILE,
    MOVED,
    MOVED_RECORDS,
    MOVES,
    MOVES_OF_RECORDS,
    NOBODY,
    RECORDS,
    RESULTS,
    SEGMENT,
    SUBJECTS,
    TROUBLE,
    TROUBLED,
)
from dq.quality.movement.steps import counts_within

OWN_PACE: Final = ("uniqueness", "timeliness")
"""Dimensions that move although neither a record nor any reference changed: others came or went, or time passed."""
SIDES: Final = (("then", "now"), ("now", "then"))
MOST_VALUES: Final = 500
"""Values of a column up to which it is a segment; one with more is an identity."""


@dataclass(frozen=True)
class Weights:
    """How a run weighed its rules, and what it knew.

    Attributes:
        rules: rule_id → how it was weighed.
        dimensions: Dimension → weight in the overall score.
        reference: Hash of the standards and reference data that values were held against; empty: unknown.
    """

    rules: Mapping[str, RuleWeight]
    dimensions: Mapping[str, float]
    reference: str = ""


def count_movement(pair: RunPair, then: Weights, now: Weights) -> MovementCounts:
    """Count what happened between two runs, over everything.

    Args:
        pair: Both runs.
        then: How the earlier one weighed.
        now: How the later one weighed.

    Raises:
        NotFoundError: A run does not keep how many units each rule judged.
    """
    return counts_within(count_changes(pair, then, now), then, now)


def count_changes(
    pair: RunPair, then: Weights, now: Weights, segments: Sequence[str] = (), file: Path | None = None
) -> Changes:
    """Count what happened between two runs, per place.

    Args:
        pair: Both runs.
        then: How the earlier one weighed.
        now: How the later one weighed.
        segments: Columns of `records` that records are counted by, too.
        file: Where every failure that came or went is written (Parquet, one row each, sorted); None: nowhere.

    Raises:
        NotFoundError: A run does not keep how many units each rule judged.
    """
    if not pair.has("results"):
        raise NotFoundError("one of these runs does not keep how many values each rule judged", "run it again")
    if not pair.has("violations") or not pair.has("crosswalk"):
        raise NotFoundError("one of these runs has no violations or no customers", "compare runs of `dq run`")
    judged = {side: [Judged(*row.values()) for row in pair.sql(RESULTS.format(side=side))] for side, _ in SIDES}  # type: ignore[arg-type]
    alike = alike_rules(then.rules, now.rules)
    compared = alike & _judging(judged["then"]) & _judging(judged["now"])
    _prepare(pair, alike, compared, now, is_reference_new=bool(then.reference) and then.reference != now.reference)
    if file is not None:
        cuts = (SEGMENT.format(column=column.replace('"', '""')) for column in _segments(pair, segments))
        pair.write(FILE.format(segments="".join(cuts)), file)
    kept = {side: _kept(pair, side, other, segments) for side, other in SIDES}
    return Changes(
        compared=tuple(sorted(compared)),
        judged_then=tuple(judged["then"]),
        judged_now=tuple(judged["now"]),
        moved=tuple(Moved(*row.values()) for row in pair.sql(MOVED)),  # type: ignore[arg-type]
        kept_then=kept["then"],
        kept_now=kept["now"],
        moved_records=_moved_records(pair, segments),
    )


def alike_rules(then: Mapping[str, RuleWeight], now: Mapping[str, RuleWeight]) -> frozenset[str]:
    """Return the rules that judge the same in both runs."""
    return frozenset(rule for rule in then if rule in now and _alike(then[rule], now[rule]))


def _alike(then: RuleWeight, now: RuleWeight) -> bool:
    return (then.definition, then.dimension) == (now.definition, now.dimension)


def _judging(judged: Sequence[Judged]) -> frozenset[str]:
    return frozenset(row.rule_id for row in judged if row.judged)


def _prepare(
    pair: RunPair, alike: Collection[str], compared: Collection[str], now: Weights, *, is_reference_new: bool
) -> None:
    """Make the tables `decided`, `deltas`, `subjects`, `moves`, `then_troubled`, `now_troubled`, `moved_records`."""
    known = [query for table, query in _DECIDED.items() if pair.has(table)]
    pair.keep("decided", " UNION ".join(known) or NOBODY)
    pair.keep("deltas", DELTAS)
    pair.keep("subjects", SUBJECTS)
    by_reference = [rule for rule in compared if is_reference_new and now.rules[rule].dimension not in OWN_PACE]
    pair.keep("moves", MOVES, [sorted(compared), sorted(by_reference)])
    for side, _ in SIDES:
        pair.keep(f"{side}_troubled", TROUBLE.format(side=side), [sorted(alike)])
    pair.keep("moved_records", MOVES_OF_RECORDS, ["reference" if is_reference_new else "others"])


_DECIDED: Final = {"judgements": DECIDED_BY_JUDGEMENTS, "provenance": DECIDED_BY_OVERRIDES}


def _kept(pair: RunPair, side: str, other: str, segments: Sequence[str]) -> tuple[Kept, ...]:
    found: list[Kept] = []
    for segment in _cuts(pair, segments):
        asked = {"side": side, "other": other, "segment": segment}
        troubled = {_place(row): row for row in pair.sql(TROUBLED.format(**asked))}
        for row in pair.sql(RECORDS.format(**asked)):
            of: Row = troubled.get(_place(row), {})
            numbers = (row["records"], row["only"], of.get("troubled"), of.get("common"))
            found.append(Kept(*_place(row), *(int(number or 0) for number in numbers)))
    return tuple(found)


def _moved_records(pair: RunPair, segments: Sequence[str]) -> tuple[MovedRecords, ...]:
    summed: dict[tuple[Any, ...], int] = {}
    for segment in _cuts(pair, segments):
        for side, went, sign in (("then", "true", "-"), ("now", "false", "")):
            query = MOVED_RECORDS.format(segment=segment, side=side, went=went, sign=sign)
            for row in pair.sql(query):
                place = (*_place(row), row["part"])
                summed[place] = summed.get(place, 0) + int(row["failed"] or 0)
    return tuple(MovedRecords._make((*place, failed)) for place, failed in sorted(summed.items()))


def _cuts(pair: RunPair, segments: Sequence[str]) -> list[str]:
    """Return the expressions that records are counted by: not cut, then by each column that both runs have."""
    cuts = ["''"]
    for column in _segments(pair, segments):
        quoted, name = column.replace('"', '""'), column.replace("'", "''")
        cuts.append(f"""'{name}=' || coalesce(CAST(r."{quoted}" AS VARCHAR), '')""")
    return cuts


def _segments(pair: RunPair, columns: Sequence[str]) -> list[str]:
    """Return those columns that both runs have and that are no identities."""
    found = []
    for column in columns:
        if all(column in pair.columns(f"{side}_records") for side, _ in SIDES):
            quoted = column.replace('"', '""')
            distinct = f'SELECT count(DISTINCT "{quoted}") AS n FROM now_records'  # noqa: S608 (quoted name)
            if int(pair.sql(distinct)[0]["n"] or 0) <= MOST_VALUES:
                found.append(column)
    return found


def _place(row: Row) -> tuple[str, str, str]:
    return str(row["source"]), str(row["department"]), str(row["segment"])
