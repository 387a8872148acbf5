"""From what changed between two runs to the steps of a movement, within a part of the house.

A run keeps which units failed, and how many were judged, but not which: of the units that a rule judged in a place,
records gone or new are taken to have been judged as often as the others of that place in that run. That is exact where
every record has one unit. What is left of the change in units judged is values filled in or taken out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dq.quality.movement.changes import EVERYWHERE, Changes, Judged, Kept, Scope
from dq.quality.movement.parts import PARTS, MovementCounts, Part, RuleCounts, RuleWeight, RunSide


class Weighing(Protocol):
    """How a run weighed its rules."""

    @property
    def rules(self) -> Mapping[str, RuleWeight]:
        """rule_id → how it was weighed."""

    @property
    def dimensions(self) -> Mapping[str, float]:
        """Dimension → weight."""


Places = dict[tuple[str, str], tuple[int, int]]
"""(source, department) → units judged and failed, or records there are and of them those the other run lacks."""


def counts_within(changes: Changes, then: Weighing, now: Weighing, scope: Scope = EVERYWHERE) -> MovementCounts:
    """Return what the split needs, for a part of the house.

    Args:
        changes: What was counted.
        then: How the earlier run weighed.
        now: How the later one weighed.
        scope: The part. With a segment, what rules judged and what moved are those of the segment already.
    """
    judged = {
        "then": _judged(changes.judged_then, scope),
        "now": _judged(changes.judged_now, scope),
    }
    kept = {"then": _kept(changes.kept_then, scope), "now": _kept(changes.kept_now, scope)}
    moved: dict[str, dict[Part, int]] = defaultdict(lambda: dict.fromkeys(PARTS, 0))
    for row in changes.moved:
        if scope.holds(row.source, row.department):
            moved[row.rule_id][row.part] += row.failed
    sides = {
        side: RunSide(
            weights.rules,
            weights.dimensions,
            {rule: _sum(places) for rule, places in judged[side].items()},
            sum(row.records for row in kept[side]),
            sum(row.troubled for row in kept[side]),
        )
        for side, weights in (("then", then), ("now", now))
    }
    compared = frozenset(
        rule for rule in changes.compared if all(_sum(judged[side].get(rule, {}))[0] for side in judged)
    )
    records = {side: {(row.source, row.department): (row.records, row.only) for row in kept[side]} for side in kept}
    by_rule = {
        rule: _steps(judged["then"][rule], judged["now"][rule], records, dict(moved[rule])) for rule in sorted(compared)
    }
    common = {side: sum(row.common for row in kept[side]) for side in kept}
    return MovementCounts(
        sides["then"],
        sides["now"],
        compared,
        by_rule,
        common["then"],
        common["now"],
        _record_steps(changes, kept, common, scope),
    )


def _judged(rows: Iterable[Judged], scope: Scope) -> dict[str, Places]:
    found: dict[str, Places] = defaultdict(dict)
    for row in rows:
        if scope.holds(row.source, row.department):
            found[row.rule_id][row.source, row.department] = (row.judged, row.failed)
    return found


def _kept(rows: Iterable[Kept], scope: Scope) -> list[Kept]:
    return [row for row in rows if row.segment == scope.segment and scope.holds(row.source, row.department)]


def _sum(places: Places) -> tuple[int, int]:
    return sum(count[0] for count in places.values()), sum(count[1] for count in places.values())


def _steps(then: Places, now: Places, kept: Mapping[str, Places], failed: dict[Part, int]) -> RuleCounts:
    """Return the steps of a rule; they lead from the earlier counts to the later ones exactly."""
    before, after = _sum(then), _sum(now)
    failed = {**dict.fromkeys(PARTS, 0), **failed}
    gone = max(_share(then, kept["then"]), -failed["gone"])
    new = max(_share(now, kept["now"]), failed["new"])
    seen: dict[Part, int] = {"gone": -gone, "new": new, "filled": after[0] - before[0] + gone - new}
    # A count that has no row of its own, such as that of a whole source, is nobody's.
    failed["others"] += after[1] - before[1] - sum(failed.values())
    return RuleCounts({part: (seen.get(part, 0), failed[part]) for part in PARTS if seen.get(part) or failed[part]})


def _share(judged: Places, kept: Places) -> int:
    """Return how many of the units judged belong to records that the other run lacks.

    Golden records have no source: they are taken to come and go as records do over all places.
    """
    everything = _sum(kept)
    found = 0
    for place, (units, _) in judged.items():
        count, only = kept.get(place, everything)
        found += (2 * units * only + count) // (2 * count) if count else 0
    return found


def _record_steps(
    changes: Changes, kept: Mapping[str, Sequence[Kept]], common: Mapping[str, int], scope: Scope
) -> RuleCounts:
    failed: dict[Part, int] = dict.fromkeys(PARTS, 0)
    for row in changes.moved_records:
        if row.segment == scope.segment and scope.holds(row.source, row.department):
            failed[row.part] += row.failed
    gone, new = (sum(row.only for row in kept[side]) for side in ("then", "now"))
    there = {side: sum(row.records for row in kept[side]) for side in kept}
    judged: dict[Part, int] = {"gone": -gone, "new": new, "filled": there["now"] - there["then"] + gone - new}
    # Records that stayed and changed hands, or another state: this part of the house got or lost them.
    failed["filled"] += common["now"] - common["then"] - sum(failed.values())
    return RuleCounts({part: (judged.get(part, 0), failed[part]) for part in PARTS if judged.get(part) or failed[part]})
