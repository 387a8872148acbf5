"""How far weights are off, read from labelled pairs: what ceilings and thresholds move by. Pure arrays.

A weight says how likely a pair is one customer. Among labelled pairs of about one weight the share of matches can be
counted; what makes the weights say so is a straight line of them (logistic calibration, Platt 1999), or an offset alone
where there are few pairs. Neither depends on how many pairs of each weight were labelled: a review queue teaches both.
"""

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dq.matching.estimation import Numbers

USUAL_ERROR: Final = 2.0
"""Bits (one standard deviation) by which weights are expected to be off before any label is seen."""
SURE: Final = 1.644854
"""Standard normal quantile: one side of 95 %."""
STEP: Final = 0.25
"""Moves are made in quarters of a bit: finer ones pretend to know more than weights do."""
USUAL_SLOPE_ERROR: Final = 0.25
"""One standard deviation by which a bit of weight is expected to be more or less than a bit."""
UNCLEAR: Final = 6.0
"""Pairs further than so many bits from a threshold are clear: they say little about where it belongs."""
_ROUNDS: Final = 50


@dataclass(frozen=True)
class Offset:
    """By how many bits weights are too low.

    Attributes:
        bits: Estimate; below 0 where weights promise too much.
        error: Its standard error.
        pairs: Labelled pairs it stands on.
        matches: How many of them are one customer.
    """

    bits: float
    error: float
    pairs: int
    matches: int

    @property
    def careful(self) -> float:
        """Return the offset to act on where a wrong merge is worse than a missed one: more evidence only if proven."""
        if self.bits < 0:
            return self.bits if self.bits < -self.error else 0.0
        return max(self.bits - SURE * self.error, 0.0)


def offset_of(weights: Numbers, same: NDArray[np.bool_], counts: Numbers) -> Offset:
    """Estimate the offset of labelled pairs: the most likely one, held near 0 (Gaussian, USUAL_ERROR).

    Args:
        weights: Match weights, in bits.
        same: Which pairs are one customer.
        counts: How much each pair counts.
    """
    bits, curvature = 0.0, 1.0
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp2(-np.clip(weights + bits, -60, 60)))
        slope = log(2) * float((counts * (same - share)).sum()) - bits / USUAL_ERROR**2
        curvature = log(2) ** 2 * float((counts * share * (1 - share)).sum()) + 1 / USUAL_ERROR**2
        step = float(np.clip(slope / curvature, -1, 1))
        bits += step
        if abs(step) < 1e-9:
            break
    return Offset(round(bits, 6), round(curvature**-0.5, 6), len(weights), int(same.sum()))


@dataclass(frozen=True)
class Line:
    """What weights around a threshold really say: `threshold + bits + slope * (weight - threshold)`.

    Attributes:
        threshold: The threshold.
        bits: How many bits more than its weight a pair at the threshold says.
        slope: What each further bit says.
        covariance: Of both estimates: of `bits` with itself, of `bits` with `slope`, of `slope` with itself.
        pairs: Labelled pairs it stands on.
        matches: How many of them are one customer.
    """

    threshold: float
    bits: float
    slope: float
    covariance: tuple[float, float, float]
    pairs: int
    matches: int

    def said(self, weights: Numbers, doubt: float = 0.0) -> Numbers:
        """Return what weights say, less so many standard errors; beyond UNCLEAR each further bit is a bit."""
        away = weights - self.threshold
        inside = np.clip(away, -UNCLEAR, UNCLEAR)
        meant = self.threshold + self.bits + self.slope * inside - doubt * self.errors(weights) + (away - inside)
        rounded: Numbers = np.round(meant, 6)
        return rounded

    def errors(self, weights: Numbers) -> Numbers:
        """Return the standard error of what weights say."""
        own, mixed, steep = self.covariance
        inside = np.clip(weights - self.threshold, -UNCLEAR, UNCLEAR)
        errors: Numbers = np.sqrt(np.maximum(own + 2 * inside * mixed + inside**2 * steep, 0.0))
        return errors


def line_of(away: Numbers, same: NDArray[np.bool_], counts: Numbers, threshold: float) -> Line:
    """Estimate what weights say, held near what they claim (Gaussian, USUAL_ERROR and USUAL_SLOPE_ERROR).

    Args:
        away: How far match weights are above a threshold, in bits.
        same: Which pairs are one customer.
        counts: How much each pair counts.
        threshold: The threshold.
    """
    claimed = np.array([0.0, 1.0])
    held = np.diag([USUAL_ERROR**-2, USUAL_SLOPE_ERROR**-2])
    columns = np.column_stack([np.ones(len(away)), away])
    found = claimed.copy()
    curvature = held
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp2(-np.clip(threshold + columns @ found, -60, 60)))
        slope = log(2) * columns.T @ (counts * (same - share)) - held @ (found - claimed)
        curvature = log(2) ** 2 * (columns * (counts * share * (1 - share))[:, None]).T @ columns + held
        step = np.clip(np.linalg.solve(curvature, slope), -1, 1)
        found = found + step
        if np.abs(step).max() < 1e-9:
            break
    error = np.linalg.inv(curvature)
    covariance = (float(error[0, 0]), float(error[0, 1]), float(error[1, 1]))
    bits, steep = (round(float(value), 6) for value in found)
    return Line(threshold, bits, steep, covariance, len(away), int(same.sum()))


def in_steps(bits: float, most: float) -> float:
    """Return a move in whole steps towards zero, no further than `most`.

    >>> in_steps(-0.7, 4), in_steps(9, 4)
    (-0.5, 4.0)
    """
    return float(np.clip(np.trunc(bits / STEP) * STEP, -most, most))
