"""Where a pair becomes a match, read off the weights of a run's own pairs: no labels, no fixed number."""

import numpy as np

from dq.matching.estimation import Numbers
from dq.matching.scoring import probability
from dq.standards.matching import Matching, ThresholdPairs, Thresholds

_STEP = 0.25
"""Thresholds are looked for on steps of a quarter of a bit: finer ones pretend to know more than weights do."""


def calibrated(weights: Numbers, policy: Matching) -> ThresholdPairs:
    """Return the thresholds of both settings.

    `safe` starts at the lowest weight at which the pairs above it are expected to hold no more wrong ones than
    `wrong_share` allows. `balanced` starts where the expected F1 is highest (Lipton, Elkan and Naryanaswamy 2014).
    Both stay within the bounds of the policy.

    Args:
        weights: Match weights of candidate pairs.
        policy: Bounds.
    """
    bounds = policy.thresholds
    shares = probability(weights)
    safe = lowest_right(weights, shares, bounds.safe.wrong_share, bounds.safe.lowest, bounds.safe.highest)
    balanced = best_f1(weights, shares, bounds.balanced.lowest, bounds.balanced.highest)
    return ThresholdPairs(
        safe=Thresholds(match_threshold=safe, review_threshold=bounds.safe.review),
        balanced=Thresholds(match_threshold=balanced, review_threshold=min(bounds.balanced.review, balanced)),
    )


def _steps(lowest: float, highest: float) -> Numbers:
    return np.arange(lowest, highest + _STEP / 2, _STEP)


def lowest_right(weights: Numbers, shares: Numbers, wrong_share: float, lowest: float, highest: float) -> float:
    """Return the lowest threshold above which no larger share than this is expected to be wrong, else `highest`.

    Args:
        weights: Match weights of pairs.
        shares: Probability of each to be a match.
        wrong_share: Largest share of wrong ones.
        lowest: Lowest threshold.
        highest: Highest one.
    """
    for step in _steps(lowest, highest):
        above = shares[weights >= step]
        if len(above) and (1 - above).mean() <= wrong_share:
            return float(step)
    return highest


def best_f1(weights: Numbers, shares: Numbers, lowest: float, highest: float) -> float:
    """Return the threshold at which the expected F1 is highest, the lowest of equals.

    Args:
        weights: Match weights of pairs.
        shares: Probability of each to be a match.
        lowest: Lowest threshold.
        highest: Highest one.
    """
    total = shares.sum()
    steps = _steps(lowest, highest)
    above = [shares[weights >= step] for step in steps]
    f1 = np.array([2 * part.sum() / max(len(part) + total, 1e-9) for part in above])
    return float(steps[int(np.argmax(np.round(f1, 6)))])
