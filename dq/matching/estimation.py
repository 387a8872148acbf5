"""m and u of ladders from pairs, within guard rails (Fellegi and Sunter 1969, Winkler 1988). Pure arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import MISSING
from dq.standards.ladders import Ladder
from dq.standards.matching import Learning

Numbers = NDArray[np.float64]
Levels = NDArray[np.int8]
_NEVER, _ALWAYS = 1e-7, 0.995
"""Bounds of any share: what was never seen is rare, not impossible."""


@dataclass(frozen=True)
class Rungs:
    """A ladder as arrays, from the top.

    Attributes:
        names: Levels.
        m: Share of matches.
        u: Share of random pairs.
        by_frequency: Levels whose u is the frequency of the value and is not estimated.
    """

    names: tuple[str, ...]
    m: Numbers
    u: Numbers
    by_frequency: NDArray[np.bool_]

    @property
    def weights(self) -> Numbers:
        """Return log2(m / u)."""
        return np.log2(self.m / self.u)


def rungs(ladder: Ladder) -> Rungs:
    """Return a ladder of the policy as arrays."""
    levels = list(ladder.levels())
    return Rungs(
        tuple(name for name, _ in levels),
        np.array([level.m for _, level in levels]),
        np.array([level.u for _, level in levels]),
        np.array([level.frequency for _, level in levels]),
    )


def counted(levels: Levels, shares: Numbers, size: int) -> Numbers:
    """Return how many pairs came out at each level, each pair counting its share; missing and generic levels do not."""
    present = (levels != MISSING) & (levels < size)
    return np.bincount(levels[present], weights=shares[present], minlength=size).astype(np.float64)


def estimated_u(policy: Rungs, seen: Numbers, learning: Learning) -> Numbers:
    """Return u from random pairs: the policy's own counts for some, and nothing drifts too far from it.

    Args:
        policy: Ladder of the policy.
        seen: Random pairs of different customers per level.
        learning: Guard rails.
    """
    own = learning.policy_random_pairs * policy.u / policy.u.sum()
    u = (seen + own) / (seen.sum() + learning.policy_random_pairs)
    return np.where(policy.by_frequency, policy.u, _kept_near(u, policy.u, learning.u_drift))


def estimated_m(policy: Rungs, u: Numbers, seen: Numbers, learning: Learning) -> Numbers:
    """Return m from matches: the policy's own counts for some, nothing drifts too far, and no order of levels turns.

    Args:
        policy: Ladder of the policy.
        u: Share of random pairs per level, as estimated.
        seen: Expected matches per level.
        learning: Guard rails.
    """
    own = learning.policy_matches * policy.m / policy.m.sum()
    m = _kept_near((seen + own) / (seen.sum() + learning.policy_matches), policy.m, learning.m_drift)
    # Values weigh by their own frequency: their levels stand outside the order of the others.
    plain = np.flatnonzero(~policy.by_frequency)
    order = plain[np.argsort(policy.weights[plain], kind="stable")]
    weights = in_order(np.log2(m[order] / u[order]), seen[order] + own[order])
    m[order] = np.clip(u[order] * np.exp2(weights), _NEVER, _ALWAYS)
    return m


def _kept_near(shares: Numbers, policy: Numbers, bits: float) -> Numbers:
    near: Numbers = np.clip(shares, policy * 2.0**-bits, policy * 2.0**bits)
    return np.clip(near, _NEVER, _ALWAYS)


def in_order(values: Numbers, counts: Numbers) -> Numbers:
    """Return the nearest values that never fall, neighbours out of order replaced by their mean (isotonic regression).

    >>> in_order(np.array([1.0, 3.0, 2.0]), np.array([1.0, 1.0, 1.0])).tolist()
    [1.0, 2.5, 2.5]
    """
    means: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        means.append(value)
        weights.append(max(count, 1e-9))
        sizes.append(1)
        while len(means) > 1 and means[-2] > means[-1]:
            total = weights[-2] + weights[-1]
            means[-2:] = [(means[-2] * weights[-2] + means[-1] * weights[-1]) / total]
            weights[-2:] = [total]
            sizes[-2:] = [sizes[-2] + sizes[-1]]
    return np.repeat(means, sizes)
