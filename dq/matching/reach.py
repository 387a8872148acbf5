"""The most a candidate pair can weigh, read off codes and counted letters: what cannot matter is never compared.

Nothing here says how alike two values are. Each function gives a weight that the comparison never exceeds, so that
leaving out pairs below changes no result (`compare` does so, and tests hold both sides against each other).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import Codes, Column, Lists, Texts, expand
from dq.matching.scoring import DECIMALS, Scale
from dq.matching.strings import may_be_edits

Weights = NDArray[np.float64]
Flags = NDArray[np.bool_]
ROUNDING = 1e-5
"""Weights are rounded to six decimals, a dozen of them per pair: a bound that much above holds for their sum."""


@dataclass(frozen=True)
class Tops:
    """The most each level of a ladder can weigh.

    Attributes:
        scale: The ladder.
        weights: Weight per level.
    """

    scale: Scale
    weights: Weights

    def of(self, *names: str) -> float:
        """Return the most that any of these levels weighs."""
        return max(float(self.weights[self.scale.place(name)]) for name in names)

    def below(self, *names: str) -> float:
        """Return the most that any level but these weighs."""
        return max(float(self.weights[place]) for place, name in enumerate(self.scale.names) if name not in names)


def tops(scale: Scale, *, expected: float | None = None, generic: bool = False) -> Tops:
    """Return the most each level can weigh.

    Args:
        scale: The ladder.
        expected: Least share that a value is expected to have elsewhere; each level's own u where nothing says.
        generic: Whether a value may be nobody's own, which takes a level's weight, and so what speaks against, away.
    """
    plain = np.log2(scale.m / scale.u)
    own = scale.u if expected is None else np.full(len(scale.u), expected)
    rarest = scale.frequency_records * own / (scale.records + scale.frequency_records)
    counted = np.maximum(np.log2(scale.m / rarest), np.maximum(plain, 0.0))
    made: Weights = np.where(scale.by_frequency, counted, plain)
    if generic:
        made = np.where(scale.can_be_generic, np.maximum(made, 0.0), made)
    most: Weights = np.round(made, DECIMALS) + 10.0**-DECIMALS
    return Tops(scale, most)


def level_weights(
    scale: Scale, level: str, sharers: Codes, expected: Weights | None = None, generic: Flags | None = None
) -> Weights:
    """Return what pairs at a level weigh."""
    levels = np.full(len(sharers), scale.place(level), dtype=np.int8)
    return scale.weigh(levels, sharers, expected, generic)[1]


def of_column(
    values: Column, left: Codes, right: Codes, top: Tops, unequal: Callable[[Codes, Codes], Weights]
) -> Weights:
    """Return the most that single values can weigh: equal ones what they weigh, others what `unequal` says."""
    one, other = values.codes[left], values.codes[right]
    made = np.zeros(len(left))
    present = (one >= 0) & (other >= 0)
    same = np.flatnonzero(present & (one == other))
    made[same] = level_weights(top.scale, "exact", values.sharers[one[same]])
    apart = np.flatnonzero(present & (one != other))
    made[apart] = unequal(one[apart], other[apart])
    return made


def near_or_other(texts: Texts, top: Tops, most: int, *near: str) -> Callable[[Codes, Codes], Weights]:
    """Return the bound of unequal identifiers: those a few edits apart may be `near`."""

    def unequal(one: Codes, other: Codes) -> Weights:
        return np.where(may_be_edits(texts, one, other, most), top.of(*near, "other"), top.of("other"))

    return unequal


def of_lists(of: Lists, left: Codes, right: Codes, bound: Callable[[Codes, Codes], Weights]) -> Weights:
    """Return the most that the heaviest pair of members of two lists can weigh, 0 where a side has none."""
    one, other = of.sets.codes[left], of.sets.codes[right]
    made = np.zeros(len(left))
    rows = np.flatnonzero((one >= 0) & (other >= 0))
    one, other = one[rows], other[rows]
    single = of.is_single[one] & of.is_single[other]
    lone = np.flatnonzero(single)
    made[rows[lone]] = bound(of.members[of.starts[one[lone]]], of.members[of.starts[other[lone]]])
    many = np.flatnonzero(~single)
    if len(many):
        owners, _, mine = expand(one[many], of.starts, of.members)
        places, _, theirs = expand(other[many][owners], of.starts, of.members)
        owners = owners[places]
        weights = bound(mine[places], theirs)
        made[rows[many]] = np.maximum.reduceat(weights, np.flatnonzero(np.diff(owners, prepend=-1)))
    return made
