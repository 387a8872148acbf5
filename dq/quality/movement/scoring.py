"""The score as an exact fraction, under any weights; the scorecard rounds each dimension to a decimal."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from dq.quality.movement.parts import RuleWeight, RunSide

Judged = Mapping[str, tuple[int, int]]


def score_of(
    judged: Judged,
    rules: Mapping[str, RuleWeight],
    dimensions: Mapping[str, float],
    only: Collection[str] | None = None,
) -> Fraction:
    """Return the score (0–100): mean of the dimensions by weight, each the mean of its rules' pass rates by weight.

    Args:
        judged: rule_id → units judged and failed; a rule that judged nothing takes no part.
        rules: rule_id → how it is weighed.
        dimensions: Dimension → weight, 1 where none is named.
        only: Rules that count; None for all.
    """
    shares = shares_of(judged, rules, dimensions, only)
    return sum((share * rate_of(*judged[rule]) for rule, share in shares.items()), Fraction(0))


def shares_of(
    judged: Judged,
    rules: Mapping[str, RuleWeight],
    dimensions: Mapping[str, float],
    only: Collection[str] | None = None,
) -> dict[str, Fraction]:
    """Return what each rule counts for in a score of 100; they sum to 100 where any rule counts."""
    counted = [
        rule
        for rule in sorted(rules)
        if rules[rule].weight > 0 and judged.get(rule, (0, 0))[0] > 0 and (only is None or rule in only)
    ]
    of_dimension: dict[str, Fraction] = {}
    for rule in counted:
        name = rules[rule].dimension
        of_dimension[name] = of_dimension.get(name, Fraction(0)) + exact(rules[rule].weight)
    overall = {name: exact(dimensions.get(name, 1.0)) for name in of_dimension}
    total = sum(overall.values(), Fraction(0))
    if not total:
        return {}
    return {
        rule: 100 * overall[name] / total * exact(rules[rule].weight) / of_dimension[name]
        for rule in counted
        for name in [rules[rule].dimension]
    }


def rate_of(judged: Fraction | int, failed: Fraction | int) -> Fraction:
    """Return the pass rate, 1 where nothing was judged; never outside 0–1.

    >>> rate_of(4, 1)
    Fraction(3, 4)
    """
    if judged <= 0:
        return Fraction(1)
    return min(Fraction(1), max(Fraction(0), 1 - Fraction(failed) / Fraction(judged)))


def rescored(then: RunSide, now: RunSide, compared: Collection[str]) -> Fraction:
    """Return what the earlier run would score under the later run's weights, over rules both judged alike.

    A rule that was added, removed or rewritten since takes no part: a stricter rule must not look like worse data.
    """
    return score_of(then.judged, now.rules, now.dimensions, compared)


def exact(weight: float) -> Fraction:
    """Return a weight as it is written in the file: 0.1 is a tenth, not its nearest binary number.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(str(weight))
