"""What poor quality costs, as pages show it: now, over time, and what a run saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dq.quality.cost import CostLine, Failures, Money, cost_lines, saved, total
from dq.stewardship.house import House
from dq.stewardship.scores import earlier_runs, failures_in
from dq.web.asking import Asked
from dq.web.scorecards import TREND
from dq.web.wording import day


@dataclass(frozen=True)
class CostRow:
    """What happens, how often, what that costs a year, where the number comes from, and the rules behind it."""

    name: str
    failed: int
    money: Money
    why: str
    rules: Sequence[tuple[str, int, str]]


@dataclass(frozen=True)
class Priced:
    """What poor quality costs a year.

    Attributes:
        currency: Of all amounts.
        money: Over all costs.
        rows: The dearest first.
        saved: What failures that are gone since the run before would have cost; negative where it became dearer.
        since: Day of the run before.
        points: Day and money of the last runs, the oldest first, under the unit costs of today.
    """

    currency: str
    money: Money
    rows: Sequence[CostRow]
    saved: Money | None
    since: str
    points: Sequence[tuple[str, Money]]


def costs_of(house: House, asked: Asked) -> Priced | None:
    """Return what poor quality costs a year by the unit costs of the standards; None where none are known."""
    policy = house.standards.costs
    runs = earlier_runs(house, asked.run, TREND)
    failed = failures_in(house, [str(run["run_id"]) for run in runs], asked.scope)
    now: Failures = failed.get(asked.run_id, {})
    lines = cost_lines(now, policy.costs)
    if not lines:
        return None
    before = runs[-2] if len(runs) > 1 else None
    money = [(run, total(cost_lines(failed.get(str(run["run_id"]), {}), policy.costs))) for run in runs]
    why = {cost.name: cost.why for cost in policy.costs}
    names = dict.fromkeys(line.name for line in lines)
    return Priced(
        currency=policy.currency,
        money=total(lines),
        rows=[_row(asked, name, [line for line in lines if line.name == name], why) for name in names],
        saved=saved(failed.get(str(before["run_id"]), {}), now, policy.costs) if before else None,
        since=str(before["as_of"]) if before else "",
        points=[(day(run["as_of"]), one) for run, one in money],
    )


def _row(asked: Asked, name: str, lines: Sequence[CostLine], why: Mapping[str, str]) -> CostRow:
    rules: dict[str, int] = {}
    for line in lines:
        rules[line.rule_id] = rules.get(line.rule_id, 0) + line.failed
    behind = [(rule, count, asked.down("/records", rule=rule)) for rule, count in rules.items()]
    return CostRow(name, sum(line.failed for line in lines), total(lines), why[name], behind)
