"""Scores of the parts of a house somebody may see: overall, per source, department and segment, over time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dq.errors import NotFoundError
from dq.quality.movement import EVERYWHERE, Scope, Weights, alike_rules
from dq.quality.scorecard.scoring import dimension_scores, overall, record_scores
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.movements import weights_of_runs
from dq.store import metrics

View = Literal["test", "record"]
NOTHING_JUDGED: Final = -1
"""Units judged of a rule where only failures were counted, as older versions did by segment."""


@dataclass(frozen=True)
class Score:
    """How good a part of a house is in one run.

    Attributes:
        score: 0–100; None where nothing was judged.
        dimensions: Dimension → score.
        records: Records there are; None where they are not counted.
        troubled: Of them with a problem that is more than `info`.
    """

    score: float | None = None
    dimensions: Mapping[str, float] = field(default_factory=dict)
    records: int | None = None
    troubled: int = 0

    @property
    def clean(self) -> float | None:
        """Share of records with no problem, 0–1."""
        return 1 - self.troubled / self.records if self.records else None


@dataclass(frozen=True)
class RuleCount:
    """Units a rule judged in a part of a house (NOTHING_JUDGED: not counted), and of them those that failed."""

    rule_id: str
    tested: int
    failed: int

    @property
    def rate(self) -> float | None:
        """Share that is right, 0–1."""
        return 1 - self.failed / self.tested if self.tested > 0 else None


def scope_of(house: House, actor: Actor, source: str = "", department: str = "", segment: str = "") -> Scope:
    """Return a part of the house, never more than somebody sees.

    Raises:
        NotFoundError: The department is not theirs.
    """
    mine = house.sees(actor)
    if department and mine is not None and department not in mine:
        raise NotFoundError(f"there is no department {department!r}", "it may be another's")
    return Scope(source, frozenset({department}) if department else mine, segment)


def house_scope(house: House, actor: Actor) -> Scope | None:
    """Return the whole house, for its totals; None where policy keeps them from somebody."""
    return EVERYWHERE if house.policy.totals == "everyone" or house.sees(actor) is None else None


def earlier_runs(house: House, run: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
    """Return the last runs up to one, the oldest first."""
    with house.store.read() as connection:
        return metrics.runs_until(connection, str(run["finished_at"]), str(run["run_id"]), limit)[::-1]


def scores_by(house: House, run_id: str, scope: Scope, view: View, by: str) -> dict[str, Score]:
    """Return scores of a run per source, department or value of a segment; with an empty `by` one, named ''."""
    of = {"source": scope.source, "departments": scope.departments, "segment": scope.segment, "by": by}
    with house.store.read() as connection:
        counted = metrics.counts(connection, [run_id], view="record", **of)  # type: ignore[arg-type]
        tested = metrics.counts(connection, [run_id], view="test", **of) if view == "test" else []  # type: ignore[arg-type]
        judging = metrics.counts(connection, [run_id], view="test", departments=scope.departments)
    weights = weights_of_runs(house, [run_id])[run_id]
    known = _known(_grouped(judging).get("", {}), weights)
    records, units = _grouped(counted), _grouped(tested)
    found = {}
    for group in sorted({*records, *units}):
        of_records = records.get(group, {})
        judged = units.get(group, {})
        scores = record_scores(of_records, known) if view == "record" else dimension_scores(judged, weights.rules)
        there, troubled = of_records.get("", (None, 0))
        found[group] = Score(overall(scores, weights.dimensions), scores, there, troubled)
    return found


def score_in(house: House, run_id: str, scope: Scope, view: View) -> Score:
    """Return the score of a run in a part of the house."""
    return scores_by(house, run_id, scope, view, "").get("", Score())


def score_trend(
    house: House, runs: Sequence[Mapping[str, Any]], scope: Scope, view: View, *, today: bool = False
) -> list[tuple[Mapping[str, Any], Score]]:
    """Return the scores of runs in a part of the house; runs that counted nothing there lack.

    Args:
        house: The house.
        runs: Runs, the oldest first.
        scope: The part.
        view: By units or by records.
        today: Score every run under the weights of the last one, over the rules that all of them judged in the same
            words, so that a stricter rule does not look like worse data. By records only the weights of the dimensions
            can be taken back.
    """
    ids = [str(run["run_id"]) for run in runs]
    of = {"source": scope.source, "departments": scope.departments, "segment": scope.segment}
    with house.store.read() as connection:
        found = metrics.counts(connection, ids, view=view, **of)  # type: ignore[arg-type]
        judging = metrics.counts(connection, ids, view="test", departments=scope.departments)
    weights = weights_of_runs(house, ids)
    by_run = _grouped([row._replace(group=row.run_id) for row in found])
    units = _grouped([row._replace(group=row.run_id) for row in judging])
    last = weights[ids[-1]] if ids else Weights({}, {})
    only = common_rules([weights[run] for run in ids], [units.get(run, {}) for run in ids]) if today else None
    trend = []
    for run in runs:
        counted, weighed = by_run.get(str(run["run_id"]), {}), weights[str(run["run_id"])]
        used = last if today else weighed
        if view == "record":
            scores = record_scores(counted, _known(units.get(str(run["run_id"]), {}), weighed))
            there, troubled = counted.get("", (None, 0))
            score = Score(overall(scores, used.dimensions), scores, there, troubled)
        else:
            scores = dimension_scores(counted, used.rules, only)
            score = Score(overall(scores, used.dimensions), scores)
        if score.score is not None:
            trend.append((run, score))
    return trend


def common_rules(weights: Sequence[Weights], judged: Sequence[Mapping[str, tuple[int, int]]]) -> frozenset[str]:
    """Return the rules that runs judge in the same words as the last of them; a run that judged nothing is left out."""
    common = frozenset(weights[-1].rules) if weights else frozenset()
    for weighed, counted in zip(weights, judged, strict=True):
        if counted:
            common &= alike_rules(weighed.rules, weights[-1].rules) & counted.keys()
    return common


def rules_in(house: House, run_id: str, scope: Scope) -> list[RuleCount]:
    """Return what each rule judged in a part of the house, by rule."""
    with house.store.read() as connection:
        found = metrics.counts(
            connection,
            [run_id],
            view="test",
            source=scope.source,
            departments=scope.departments,
            segment=scope.segment,
        )
    counted = [RuleCount(row.key, max(row.tested, NOTHING_JUDGED), row.failed) for row in found]
    return sorted(counted, key=lambda row: row.rule_id)


def rule_trend(
    house: House, runs: Sequence[Mapping[str, Any]], rule_id: str, scope: Scope
) -> list[tuple[Mapping[str, Any], RuleCount]]:
    """Return what a rule judged in several runs, as they are given; runs in which it judged nothing lack."""
    ids = [str(run["run_id"]) for run in runs]
    with house.store.read() as connection:
        found = metrics.counts(
            connection,
            ids,
            view="test",
            source=scope.source,
            departments=scope.departments,
            segment=scope.segment,
        )
    of = {row.run_id: RuleCount(rule_id, row.tested, row.failed) for row in found if row.key == rule_id}
    return [
        (run, of[str(run["run_id"])])
        for run in runs
        if of.get(str(run["run_id"])) and of[str(run["run_id"])].tested > 0
    ]


def failures_in(house: House, run_ids: Collection[str], scope: Scope) -> dict[str, dict[tuple[str, str], int]]:
    """Return run → (rule, source) → units that failed in a part of the house: what costs are made of."""
    with house.store.read() as connection:
        found = metrics.failures(connection, run_ids, scope.source, scope.departments, scope.segment)
    failed: dict[str, dict[tuple[str, str], int]] = {}
    for run_id, rule_id, source, count in found:
        failed.setdefault(run_id, {})[rule_id, source] = count
    return failed


def choices_in(house: House, run_id: str, scope: Scope) -> dict[str, list[str]]:
    """Return what a run can be narrowed to, most records first: `source`, `department`, each segment column → values.

    Only departments that are the actor's stand in `scope`, and only they are offered.
    """
    found: dict[str, list[str]] = {}
    with house.store.read() as connection:
        for by in ("source", "department", *metrics.segment_columns(connection, run_id)):
            counted = metrics.counts(connection, [run_id], view="record", departments=scope.departments, by=by)
            there = {row.group: row.tested for row in counted if not row.key}
            found[by] = sorted(there, key=lambda name: (-there[name], name))
    return found


def cut_by_units(house: House, run_id: str) -> list[str]:
    """Return the columns by whose values a run counted what rules judged."""
    with house.store.read() as connection:
        return metrics.unit_columns(connection, run_id)


def _known(judged: Mapping[str, tuple[int, int]], weights: Weights) -> set[str]:
    """Return the dimensions that count: those of rules that judged something and weigh something."""
    rules = (weights.rules[rule] for rule, (units, _) in judged.items() if units and rule in weights.rules)
    return {rule.dimension for rule in rules if rule.weight > 0}


def _grouped(found: Sequence[metrics.Counted]) -> dict[str, dict[str, tuple[int, int]]]:
    groups: dict[str, dict[str, tuple[int, int]]] = {}
    for row in found:
        groups.setdefault(row.group, {})[row.key] = (row.tested, row.failed)
    return groups
