"""Scores of any part of a house, from counts: the same arithmetic as `scorecard.json`, rounded the same way."""

from collections.abc import Collection, Mapping

from dq.model import DIMENSIONS
from dq.quality.movement.parts import RuleWeight

Counts = Mapping[str, tuple[int, int]]
"""rule_id or dimension → units (or records) judged, and of them those that failed."""


def dimension_scores(
    judged: Counts, rules: Mapping[str, RuleWeight], only: Collection[str] | None = None
) -> dict[str, float]:
    """Return dimension → mean of the pass rates of its rules by weight, 0–100; those that judged nothing are absent.

    Args:
        judged: rule_id → units judged and failed.
        rules: rule_id → how it is weighed.
        only: Rules that count; None for all.
    """
    sums: dict[str, tuple[float, float]] = {}
    for rule, (units, failed) in sorted(judged.items()):
        weight = rules.get(rule)
        if weight is None or weight.weight <= 0 or units <= 0 or (only is not None and rule not in only):
            continue
        rate, total = sums.get(weight.dimension, (0.0, 0.0))
        sums[weight.dimension] = (rate + (1 - failed / units) * weight.weight, total + weight.weight)
    return {name: round(100 * sums[name][0] / sums[name][1], 1) for name in DIMENSIONS if name in sums}


def record_scores(counted: Counts, dimensions: Collection[str]) -> dict[str, float]:
    """Return dimension → share of records with no problem of it, 0–100.

    Args:
        counted: Dimension → records, and those with a problem of it; the empty name is any problem. A dimension that is
            not named has no record with a problem.
        dimensions: Those that judged something.
    """
    records = counted.get("", (0, 0))[0]
    if not records:
        return {}
    return {
        name: round(100 * (1 - counted.get(name, (records, 0))[1] / records), 1)
        for name in DIMENSIONS
        if name in dimensions or name in counted
    }


def overall(scores: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """Return the mean of the dimensions by weight, 1 where none is named; None where nothing was judged.

    >>> overall({"validity": 90, "uniqueness": 99}, {"uniqueness": 2})
    96.0
    """
    total = sum(weights.get(name, 1.0) for name in scores)
    return round(sum(score * weights.get(name, 1.0) for name, score in scores.items()) / total, 1) if total else None
