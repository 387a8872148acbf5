"""Counts what changed between two runs: per rule the failures that came and went, and whose records they were.

A run keeps which units failed, and how many were judged, but not which: of the units that a rule judged in a source,
records gone or new are taken to have been judged as often as the others of that source in that run. That is exact where
every record has one unit. What is left of the change in units judged is values filled in or taken out.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dq.engine.comparing import RunPair
from dq.engine.querying import Row
from dq.errors import NotFoundError
from dq.quality.movement.parts import PARTS, MovementCounts, Part, RuleCounts, RuleWeight, RunSide
from dq.quality.movement.queries import (
    DECIDED_BY_JUDGEMENTS,
    DECIDED_BY_OVERRIDES,
    FAILURES,
    NOBODY,
    RECORDS,
    RESULTS,
    SUBJECTS,
    TROUBLED,
    TROUBLED_NOW_AND_THEN,
)

OWN_PACE: Final = ("uniqueness", "timeliness")
"""Dimensions that move although neither a record nor any reference changed: others came or went, or time passed."""


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
    """Count what happened between two runs.

    Args:
        pair: Both runs.
        then: How the earlier one weighed.
        now: How the later one weighed.

    Raises:
        NotFoundError: A run does not keep how many units each rule judged.
    """
    if not pair.has("results"):
        raise NotFoundError("one of these runs does not keep how many values each rule judged", "run it again")
    judged = {side: _judged(pair, side) for side in ("then", "now")}
    alike = {rule for rule in then.rules if now.rules.get(rule) and _alike(then.rules[rule], now.rules[rule])}
    both = frozenset(rule for rule in alike if all(_sum(judged[side], rule)[0] for side in judged))
    _prepare(pair)
    moved = _moved(pair, is_reference_new=bool(then.reference) and then.reference != now.reference)
    kept = _kept(pair)
    sides = {
        side: RunSide(
            weights.rules,
            weights.dimensions,
            {rule: _sum(judged[side], rule) for rule in judged[side]},
            sum(counts[0] for counts in kept[side].values()),
            int(pair.sql(TROUBLED.format(side=side))[0]["n"] or 0),
        )
        for side, weights in (("then", then), ("now", now))
    }
    by_rule = {rule: _steps(rule, judged, kept, moved(rule, now.rules[rule].dimension)) for rule in sorted(both)}
    is_new = bool(then.reference) and then.reference != now.reference
    troubled = pair.sql(TROUBLED_NOW_AND_THEN, [sorted(alike)])
    common = {side: sum(int(row[f"{side}_bad"] or 0) for row in troubled) for side in ("then", "now")}
    records = _record_steps(troubled, kept, "reference" if is_new else "others")
    return MovementCounts(sides["then"], sides["now"], both, by_rule, common["then"], common["now"], records)


def _alike(then: RuleWeight, now: RuleWeight) -> bool:
    return (then.definition, then.dimension) == (now.definition, now.dimension)


Judged = dict[str, dict[str, tuple[int, int]]]
"""rule_id → source (empty: golden records) → units judged and failed."""
Kept = dict[str, dict[str, tuple[int, int]]]
"""Side → source → records there are, and of them those the other run lacks."""


def _judged(pair: RunPair, side: str) -> Judged:
    found: Judged = defaultdict(dict)
    for row in pair.sql(RESULTS.format(side=side)):
        found[str(row["rule_id"])][str(row["source"])] = (int(row["evaluated"] or 0), int(row["failed"] or 0))
    return found


def _sum(judged: Judged, rule: str) -> tuple[int, int]:
    counts = judged.get(rule, {}).values()
    return sum(count[0] for count in counts), sum(count[1] for count in counts)


def _prepare(pair: RunPair) -> None:
    """Make the tables `decided` and `subjects`."""
    known = [query for table, query in _DECIDED.items() if pair.has(table)]
    pair.keep("decided", " UNION ".join(known) or NOBODY)
    if not pair.has("violations") or not pair.has("crosswalk"):
        raise NotFoundError("one of these runs has no violations or no customers", "compare runs of `dq run`")
    pair.keep("subjects", SUBJECTS)


_DECIDED: Final = {"judgements": DECIDED_BY_JUDGEMENTS, "provenance": DECIDED_BY_OVERRIDES}


def _kept(pair: RunPair) -> Kept:
    kept: Kept = {"then": {}, "now": {}}
    for side, other in (("then", "now"), ("now", "then")):
        for row in pair.sql(RECORDS.format(side=side, other=other)):
            kept[side][str(row["source"])] = (int(row["n"] or 0), int(row["only"] or 0))
    return kept


class _Moved:
    """Failures that came and went per rule and cause, as parts."""

    def __init__(self, rows: list[Row], *, is_reference_new: bool) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._is_reference_new = is_reference_new
        for row in rows:
            self._rows[str(row["rule_id"])].append(row)

    def __call__(self, rule: str, dimension: str) -> dict[Part, int]:
        untouched: Part = "reference" if self._is_reference_new and dimension not in OWN_PACE else "others"
        found: dict[Part, int] = dict.fromkeys(PARTS, 0)
        for row in self._rows[rule]:
            for part, change in _parts_of(str(row["cause"]), int(row["less"] or 0), int(row["more"] or 0), untouched):
                found[part] += change
        return found


def _moved(pair: RunPair, *, is_reference_new: bool) -> _Moved:
    return _Moved(pair.sql(FAILURES), is_reference_new=is_reference_new)


def _parts_of(cause: str, less: int, more: int, untouched: Part) -> list[tuple[Part, int]]:
    """Return the parts that failures which went (`less`) and came (`more`) belong to."""
    match cause:
        case "gone":
            return [("gone", more - less)]
        case "new":
            return [("new", more - less)]
        case "decided":
            return [("decisions", more - less)]
        case "changed":
            return [("fixed", -less), ("broken", more)]
        case _:
            return [(untouched, more - less)]


def _steps(rule: str, judged: Mapping[str, Judged], kept: Kept, failed: dict[Part, int]) -> RuleCounts:
    """Return the steps of a rule; they lead from the earlier counts to the later ones exactly."""
    before, after = _sum(judged["then"], rule), _sum(judged["now"], rule)
    gone = max(_share(judged["then"][rule], kept["then"]), -failed["gone"])
    new = max(_share(judged["now"][rule], kept["now"]), failed["new"])
    seen: dict[Part, int] = {"gone": -gone, "new": new, "filled": after[0] - before[0] + gone - new}
    # A count that has no row of its own, such as that of a whole source, is nobody's.
    failed["others"] += after[1] - before[1] - sum(failed.values())
    return RuleCounts({part: (seen.get(part, 0), failed[part]) for part in PARTS if seen.get(part) or failed[part]})


def _share(by_source: Mapping[str, tuple[int, int]], kept: Mapping[str, tuple[int, int]]) -> int:
    """Return how many of the units judged belong to records that the other run lacks.

    Golden records have no source: they are taken to come and go as records do over all sources.
    """
    everything = (sum(count[0] for count in kept.values()), sum(count[1] for count in kept.values()))
    found = 0
    for source, (units, _) in by_source.items():
        count, only = kept.get(source, everything)
        found += (2 * units * only + count) // (2 * count) if count else 0
    return found


def _record_steps(troubled: list[Row], kept: Kept, untouched: Part) -> RuleCounts:
    steps: dict[Part, tuple[int, int]] = {}
    judged = {part: sum(count[1] for count in kept[side].values()) for part, side in (("gone", "then"), ("new", "now"))}
    failed: dict[Part, int] = dict.fromkeys(PARTS, 0)
    for row in troubled:
        less, more = int(row["less"] or 0), int(row["more"] or 0)
        for part, change in _parts_of(str(row["cause"]), less, more, untouched):
            failed[part] += change
    for part in PARTS:
        sign = -1 if part == "gone" else 1
        steps[part] = (sign * judged.get(part, 0), failed[part])
    return RuleCounts({part: step for part, step in steps.items() if step != (0, 0)})
