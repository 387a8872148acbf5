"""Where thresholds belong once labels say what weights mean. Pure arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dq.matching.estimation import Numbers
from dq.matching.scoring import probability
from dq.matching.thresholds import best_f1, lowest_right
from dq.matching.training_moves import Move
from dq.matching.training_offsets import STEP, SURE, UNCLEAR, Line, in_steps, line_of
from dq.standards.matching import BalancedBounds, SafeBounds, Thresholds

LEAST_PAIRS: Final = 20
"""Labelled pairs without which a ceiling or a threshold stays; the standard error of an offset is then about 1 bit."""
MOST_BITS: Final = 4.0
"""Further than this no ceiling and no threshold moves in one training: labels that want more deserve a look first."""


def safe_moves(line: Line, candidates: Numbers, bounds: SafeBounds, now: Thresholds) -> list[Move]:
    """Return how the bounds of `safe` move: up where labels show too many wrong matches, down where they prove few.

    Args:
        line: What weights say at `safe`.
        candidates: Weights of the run's candidate pairs that nothing holds back or forbids.
        bounds: Bounds as they are.
        now: Thresholds of the run.
    """
    low, high = bounds.lowest - MOST_BITS, bounds.highest + MOST_BITS
    shown, proven = (
        lowest_right(
            candidates, probability(line.said(candidates, doubt)), bounds.wrong_share, max(low, bounds.review), high
        )
        for doubt in (0.0, SURE)
    )
    # However clean the pairs above are, the pair at the threshold itself is to say what the policy asks of it.
    steps = np.arange(low, now.match_threshold + STEP, STEP)
    enough = steps[line.said(steps, SURE) >= bounds.lowest]
    proven = max(proven, float(enough[0]) if len(enough) else now.match_threshold)
    at = shown if shown > now.match_threshold else min(proven, now.match_threshold)
    bits = in_steps(at - now.match_threshold, MOST_BITS)
    if not bits:
        return []
    lowest = now.match_threshold + bits
    # What a ceiling holds back is a match from `highest` on: that is not lowered with the rest.
    return _moves("safe", line, (bounds.lowest, bounds.highest), (lowest, max(bounds.highest, lowest)))


def balanced_moves(line: Line, candidates: Numbers, bounds: BalancedBounds, now: Thresholds) -> list[Move]:
    """Return how the bounds of `balanced` move: to where the expected F1 is highest, as wide as labels leave it open.

    Args:
        line: What weights say at `balanced`.
        candidates: Weights of the run's candidate pairs that nothing forbids.
        bounds: Bounds as they are.
        now: Thresholds of the run.
    """
    low, high = max(now.match_threshold - MOST_BITS, bounds.review), now.match_threshold + MOST_BITS
    best = best_f1(candidates, probability(line.said(candidates)), low, high)
    error = float(line.errors(np.array([best]))[0]) / line.slope
    if abs(best - now.match_threshold) <= max(error, STEP):
        return []
    wide = np.ceil(error / STEP) * STEP
    return _moves("balanced", line, (bounds.lowest, bounds.highest), (max(best - wide, bounds.review), best + wide))


def _moves(match_at: str, line: Line, before: tuple[float, float], after: tuple[float, float]) -> list[Move]:
    return [
        Move(("thresholds", match_at, name), old, float(new), line.matches, line.pairs)
        for name, old, new in zip(("lowest", "highest"), before, after, strict=True)
        if old != new
    ]


def line_near(weights: Numbers, same: NDArray[np.bool_], counts: Numbers, threshold: float) -> Line | None:
    """Return what weights say around a threshold, None where too few pairs were labelled there."""
    near = np.abs(weights - threshold) < UNCLEAR
    if near.sum() < LEAST_PAIRS:
        return None
    return line_of(weights[near] - threshold, same[near], counts[near], threshold)
