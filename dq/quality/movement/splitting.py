"""Splits the difference of two scores into parts that sum to it exactly.

The order is fixed where it must be and fair where it can be. First the rules: the earlier run is scored over the rules
that both runs judged in the same words, with the later run's weights; what that moves, and what the other rules move at
the end, is the part `rules`. Under equal weights the score is a sum over rules, and each rule's pass rate moves by the
parts that changed its counts. Each part gets its Shapley value (Shapley 1953, "A value for n-person games"): the mean
of what it moves over all orders in which the parts could have happened, so that no part is favoured by coming first.
Everything is computed in fractions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Final

from dq.quality.movement.parts import PARTS, RULES, Movement, MovementCounts, Part, RuleCounts
from dq.quality.movement.scoring import rate_of, score_of, shares_of

NOTHING: Final = (0, 0)


@dataclass(frozen=True)
class Step:
    """What one part changes: units judged and units failed."""

    judged: int
    failed: int


def split(counts: MovementCounts) -> tuple[Movement, Movement]:
    """Return why the score moved, and why the share of records with no problem did."""
    return _score(counts), _records(counts)


def shapley(judged: int, failed: int, steps: Mapping[Part, Step]) -> dict[Part, Fraction]:
    """Return how far each part moves a pass rate (0–1); the values sum to the whole movement.

    Args:
        judged: Units judged before.
        failed: Units failed before.
        steps: Part → what it changes; parts that change nothing get nothing.
    """
    players = [part for part in PARTS if part in steps and steps[part] != Step(0, 0)]
    rates: list[Fraction] = []
    for chosen in range(2 ** len(players)):
        taken = [steps[part] for place, part in enumerate(players) if chosen >> place & 1]
        rates.append(rate_of(judged + sum(step.judged for step in taken), failed + sum(step.failed for step in taken)))
    shares = _weights(len(players))
    return {
        part: sum(
            (
                shares[chosen.bit_count()] * (rates[chosen | 1 << place] - rates[chosen])
                for chosen in range(2 ** len(players))
                if not chosen >> place & 1
            ),
            Fraction(0),
        )
        for place, part in enumerate(players)
    }


def _weights(count: int) -> list[Fraction]:
    """Return how often a part finds exactly so many others before it, per set of that size."""
    return [Fraction(factorial(size) * factorial(count - size - 1), factorial(count)) for size in range(count)]


def _score(counts: MovementCounts) -> Movement:
    then, now = counts.then, counts.now
    first = score_of(then.judged, then.rules, then.dimensions)
    last = score_of(now.judged, now.rules, now.dimensions)
    before = score_of(then.judged, now.rules, now.dimensions, counts.compared)
    after = score_of(now.judged, now.rules, now.dimensions, counts.compared)
    shares = shares_of(now.judged, now.rules, now.dimensions, counts.compared)
    by_rule = {
        rule: _scaled(shares[rule], *then.judged[rule], counts.by_rule[rule])
        for rule in sorted(shares)
        if rule in counts.by_rule
    }
    parts = _summed(by_rule)
    parts[RULES] = parts.get(RULES, Fraction(0)) + (before - first) + (last - after)
    units = _units([counts.by_rule[rule] for rule in by_rule], lambda step: abs(step[1]))
    return Movement(first, before, last, parts, by_rule, units)


def _records(counts: MovementCounts) -> Movement:
    """Split the share of records with no problem; here the only rule is to have none."""
    then, now = counts.then, counts.now
    first, last = 100 * rate_of(then.records, then.troubled), 100 * rate_of(now.records, now.troubled)
    before, after = 100 * rate_of(then.records, counts.then_common), 100 * rate_of(now.records, counts.now_common)
    parts = _scaled(Fraction(100), then.records, counts.then_common, counts.records)
    parts[RULES] = parts.get(RULES, Fraction(0)) + (before - first) + (last - after)
    units = _units([counts.records], lambda step: max(abs(step[0]), abs(step[1])))
    return Movement(first, before, last, parts, {}, units)


def _scaled(share: Fraction, judged: int, failed: int, counts: RuleCounts) -> dict[Part, Fraction]:
    steps = {part: Step(*step) for part, step in counts.steps.items()}
    return {part: share * value for part, value in shapley(judged, failed, steps).items()}


def _summed(by_rule: Mapping[str, Mapping[Part, Fraction]]) -> dict[Part, Fraction]:
    found: dict[Part, Fraction] = {}
    for values in by_rule.values():
        for part, value in values.items():
            found[part] = found.get(part, Fraction(0)) + value
    return found


def _units(counts: list[RuleCounts], size: Callable[[tuple[int, int]], int]) -> dict[Part, int]:
    return {part: sum(size(one.steps.get(part, NOTHING)) for one in counts) for part in PARTS}
