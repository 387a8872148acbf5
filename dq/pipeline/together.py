"""What several targets of a run come to together: who loads into all of them, and where they contradict each other."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from dq.conversion.demands import Empty, demands, empty_values, forms
from dq.conversion.fixes import loading_customers
from dq.conversion.limits import TooLong, conflicts, longer_values, tightest
from dq.conversion.readiness import Readiness
from dq.pipeline.convertible import places_of
from dq.pipeline.run import Run
from dq.standards.targets import Target, load_targets


@dataclass(frozen=True)
class Held:
    """What the rows of all targets hold, by field (`<target>.<object>.<field>`).

    Attributes:
        longer: Of fields with a length: what is too long for them.
        empty: Of required fields: rows that have nothing.
        filled: Fields that hold anything.
    """

    longer: dict[str, TooLong] = field(default_factory=dict)
    empty: dict[str, Empty] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    def add(self, name: str, target: Target, objects: Mapping[str, pd.DataFrame]) -> None:
        """Take note of the rows of one target."""
        self.longer.update(longer_values(name, target, objects))
        self.empty.update(empty_values(name, target, objects))
        for thing, rows in objects.items():
            known = target.in_force(thing)
            self.filled.update(f"{name}.{thing}.{key}" for key in known if key in rows and rows[key].notna().any())


def together(run: Run, verdicts: Sequence[pd.DataFrame], found: Sequence[Readiness], held: Held) -> dict[str, Any]:
    """Return what several targets come to together; empty for one.

    Args:
        run: The run.
        verdicts: Load verdicts of each target.
        found: What each target comes to.
        held: What their rows hold.

    Returns:
        `loading` (customers that load into all), `limits`, `conflicts`, `demands`, `forms`; customers of `limits` and
        `demands` by where they stand in the sources.
    """
    names = [choice.name for choice in run.plan.conversion.targets]
    if len(names) < 2:
        return {}
    targets = load_targets(run.plan.settings.standards, names)
    used = {one.target: sorted(one.made_of) for one in found}
    paths = {choice.name: choice.path for choice in run.plan.conversion.targets}
    limits = tightest(targets, used, held.longer, paths)
    asked = demands(targets, used, held.empty)
    named = {customer for limit in limits for customer in limit.customers}
    places = places_of(run, named | {customer for demand in asked for customer in demand.customers})
    return {
        "loading": loading_customers(pd.concat(list(verdicts), ignore_index=True)),
        "limits": [_placed(asdict(one), places) for one in limits],
        "conflicts": [asdict(one) for one in conflicts(targets, used)],
        "demands": [_placed(asdict(one), places) for one in asked],
        "forms": [asdict(one) for one in forms(targets, used, paths, held.filled)],
    }


def _placed(one: dict[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    return {**one, "customers": [places.get(customer) or customer for customer in one["customers"]]}
