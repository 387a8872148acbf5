"""What the address of a scorecard asks for, and what somebody may see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dq.errors import NotFoundError
from dq.quality.movement import Scope
from dq.stewardship.house import House
from dq.stewardship.scores import View, choices_in, cut_by_units
from dq.web.listing import Narrowing
from dq.web.wording import group_of

NAMES: Final = ("run", "source", "department", "segment", "by", "view", "rules", "all")
"""What the address of a scorecard says."""
PLACES: Final = ("source", "department", "segment")


@dataclass(frozen=True)
class Asked:
    """What the address of a scorecard asks for, and what somebody may see of it.

    Attributes:
        run: The run.
        scope: The part of the house.
        narrowing: The address.
        view: By values or by records.
        by: What the table is cut by.
        is_today: Earlier runs are scored under the rules of this one.
        choices: What can be narrowed to.
    """

    run: Mapping[str, Any]
    scope: Scope
    narrowing: Narrowing
    view: View
    by: str
    is_today: bool
    choices: Mapping[str, Sequence[str]]

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.run["run_id"])

    @property
    def places(self) -> dict[str, str]:
        """Source, department and segment as the address has them, those given only."""
        return {name: self.narrowing.values[name] for name in PLACES if self.narrowing.values.get(name)}

    @property
    def said(self) -> str:
        """The part of the house in words; empty for all of it."""
        return " · ".join(group_of(name, value) for name, value in self.places.items())

    def with_values(self, values: Mapping[str, str]) -> "Asked":
        """Return the same with another address."""
        return replace(self, narrowing=replace(self.narrowing, values=values))

    def url(self, path: str = "", **changes: str) -> str:
        """Return an address about the same part of the house."""
        return self.narrowing.url(path, **changes)

    def down(self, path: str, **more: str) -> str:
        """Return an address further down: the same run and part of the house, not how the table is cut."""
        return self.narrowing.url(path, **{"by": "", "view": "", "rules": "", "all": "", **more, "run": self.run_id})


def asked_for(house: House, run: Mapping[str, Any], scope: Scope, mine: Scope, narrowing: Narrowing) -> Asked:
    """Return what an address asks for.

    Args:
        house: The house.
        run: The run.
        scope: The part of the house that the address names.
        mine: All that the reader sees.
        narrowing: The address.

    Raises:
        NotFoundError: The run has no such source, or was not counted by this segment.
    """
    values = narrowing.values
    choices = choices_in(house, str(run["run_id"]), mine)
    if scope.source and scope.source not in choices["source"]:
        raise NotFoundError("There is no such source.", "The scorecard shows all of them.")
    cut, _, _ = scope.segment.partition("=")
    if scope.segment and scope.segment not in choices.get(cut, ()):
        raise NotFoundError("Customers are not counted by this.", "The list above the scorecard shows what they are.")
    wanted = [name for name in choices if not (scope.segment and name not in ("source", "department"))]
    by = values.get("by", "source")
    by = by if by in wanted else "source"
    # Runs of older versions counted only customers by segment.
    column = cut or ("" if by in PLACES else by)
    is_counted = not column or column in cut_by_units(house, str(run["run_id"]))
    view: View = "record" if values.get("view") == "record" or not is_counted else "test"
    return Asked(run, scope, narrowing, view, by, values.get("rules") == "today", choices)
