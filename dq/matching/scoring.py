"""From levels to match weights (Fellegi and Sunter 1969): log2(m / u), with u from the value's own frequency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import MISSING
from dq.standards.ladders import Ladder

DECIMALS = 6
"""Weights are rounded before they are compared or written, so that no machine's last bit decides."""
GENERIC = "generic"
"""Level of a value that too many customers share; weighs nothing."""
_SHARED_BY_DESIGN = ("same_zip", "same_city", "same_street", "near_by", "same_region", "other")
"""Levels about areas, or about no value: many share them and they stay what they are."""


@dataclass(frozen=True)
class Scale:
    """A ladder as arrays.

    Attributes:
        names: Levels from the top, then GENERIC.
        m: Share of matches per level.
        u: Share of non-matches per level.
        by_frequency: Whether u comes from the data.
        can_be_generic: Whether the level says nothing where the value is nobody's own.
        records: How many records the frequencies were counted in.
        frequency_records: How many records the ladder's own u counts for.
    """

    names: tuple[str, ...]
    m: NDArray[np.float64]
    u: NDArray[np.float64]
    by_frequency: NDArray[np.bool_]
    can_be_generic: NDArray[np.bool_]
    records: int
    frequency_records: int

    def place(self, name: str) -> int:
        """Return the number of a level."""
        return self.names.index(name)

    def undiluted(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what to expect elsewhere of values with these shares of everybody, nothing counted for them here."""
        return shares * (self.records + self.frequency_records) / self.frequency_records

    def weigh(
        self,
        levels: NDArray[np.int8],
        sharers: NDArray[np.int64],
        expected: NDArray[np.float64] | None = None,
        generic: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
        """Return the levels, GENERIC where the value is shared by too many, and their weights.

        Args:
            levels: Level of each pair, MISSING where a side is missing.
            sharers: How many customers share the value the level is about; 0 where it is about none.
            expected: How frequent each value is elsewhere; the level's own u where that is not known.
            generic: Where the value is nobody's own.
        """
        levels = levels.copy()
        present = np.maximum(levels, 0)
        if generic is not None:
            levels[(levels != MISSING) & generic & self.can_be_generic[present]] = len(self.names) - 1
            present = np.maximum(levels, 0)
        u = self.u[present]
        counted = self.by_frequency[present] & (sharers > 0)
        # The two records of the pair itself are no evidence of how frequent the value is among others.
        others = np.maximum(sharers - 2, 0) + self.frequency_records * (u if expected is None else expected)
        u = np.where(counted, np.minimum(others / (self.records + self.frequency_records), 1.0), u)
        weights = np.round(np.log2(self.m[present] / u), DECIMALS).astype(np.float64)
        weights = np.where(counted, np.maximum(weights, 0.0), weights)
        weights[levels == MISSING] = 0.0
        return levels, weights


def scale(ladder: Ladder, records: int, frequency_records: int) -> Scale:
    """Return a ladder of the policy as arrays."""
    levels = list(ladder.levels())
    return Scale(
        names=(*(name for name, _ in levels), GENERIC),
        m=np.array([*(level.m for _, level in levels), 0.5]),
        u=np.array([*(level.u for _, level in levels), 0.5]),
        by_frequency=np.array([*(level.frequency for _, level in levels), False]),
        can_be_generic=np.array([*(name not in _SHARED_BY_DESIGN for name, _ in levels), False]),
        records=records,
        frequency_records=frequency_records,
    )


def probability(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the match probability of match weights, rounded to six decimals."""
    return np.round(1.0 / (1.0 + np.exp2(-np.clip(weights, -1000, 1000))), DECIMALS)
