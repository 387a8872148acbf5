"""Cost of poor quality: failures times unit costs, as ranges, with their inputs beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dq.standards.costs import Cost

Failures = Mapping[tuple[str, str], int]
"""(rule_id, source) → units that fail."""


@dataclass(frozen=True)
class Money:
    """A range of money per year; negative where something got dearer."""

    low: float
    high: float


@dataclass(frozen=True)
class CostLine:
    """One cost of one rule in one source.

    Attributes:
        name: What happens.
        rule_id: The rule.
        source: The source.
        failed: Failures.
        unit: What one failure costs a year.
        money: What all of them cost a year.
    """

    name: str
    rule_id: str
    source: str
    failed: int
    unit: Money
    money: Money


def cost_lines(failures: Failures, costs: Sequence[Cost]) -> list[CostLine]:
    """Return what failures cost a year, the dearest first; what fails without a cost that is known has no line."""
    found = []
    for cost in costs:
        unit = Money(round(cost.low * cost.times_per_year, 4), round(cost.high * cost.times_per_year, 4))
        for (rule, source), failed in sorted(failures.items()):
            if rule in cost.rules and (not cost.sources or source in cost.sources) and failed:
                found.append(CostLine(cost.name, rule, source, failed, unit, _times(unit, failed)))
    return sorted(found, key=lambda line: (-line.money.high, line.name, line.rule_id, line.source))


def total(lines: Sequence[CostLine]) -> Money:
    """Return the sum: low ends and high ends by themselves, which is wider than chance would make it."""
    return Money(round(sum(line.money.low for line in lines), 2), round(sum(line.money.high for line in lines), 2))


def saved(then: Failures, now: Failures, costs: Sequence[Cost]) -> Money:
    """Return what the failures that are gone since an earlier run would have cost a year.

    The unit cost is the same unknown number in both runs, so that the range is that of the difference in failures, not
    the difference of two ranges. Where more got worse than better both ends are negative.
    """
    low = high = 0.0
    for cost in costs:
        fewer = _of(then, cost) - _of(now, cost)
        ends = sorted((fewer * cost.low * cost.times_per_year, fewer * cost.high * cost.times_per_year))
        low, high = low + ends[0], high + ends[1]
    return Money(round(low, 2), round(high, 2))


def _of(failures: Failures, cost: Cost) -> int:
    return sum(
        failed
        for (rule, source), failed in failures.items()
        if rule in cost.rules and (not cost.sources or source in cost.sources)
    )


def _times(unit: Money, failed: int) -> Money:
    return Money(round(unit.low * failed, 2), round(unit.high * failed, 2))
