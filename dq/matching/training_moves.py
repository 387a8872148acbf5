"""What training moves: places in `matching.yml`, their values before and after, and the counts behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dq.standards.reader import Policy

Place = tuple[str, ...]
"""Where a value stands: ("person", "birth_date", "near", "m")."""


@dataclass(frozen=True)
class Move:
    """One value that training changes.

    Attributes:
        place: Where it stands.
        before: Value it has.
        after: Value it gets.
        pairs: Labelled pairs behind it: those that came out there, or those it was measured on.
        of: Among how many: all labelled matches with that comparison, or the same pairs.
    """

    place: Place
    before: float
    after: float
    pairs: int
    of: int


P = TypeVar("P", bound=Policy)


def applied(policy: P, moves: Iterable[Move]) -> P:
    """Return the policy with the moved values."""
    return _changed(policy, {move.place: move.after for move in moves})


def _changed(policy: P, values: Mapping[Place, float]) -> P:
    changes: dict[str, Any] = {place[0]: value for place, value in values.items() if len(place) == 1}
    for name in sorted({place[0] for place in values if len(place) > 1}):
        inner = {place[1:]: value for place, value in values.items() if place[0] == name}
        changes[name] = _changed(getattr(policy, name), inner)
    return policy.model_copy(update=changes)


def significant(value: float) -> float:
    """Return a share with three significant digits, as people write it.

    >>> significant(0.0123456)
    0.0123
    """
    return float(f"{value:.3g}")
