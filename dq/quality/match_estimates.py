"""How right the matching is, from a blind sample of pairs by band: an estimate and what it may be off by.

The estimate is the stratified one: the share per band, weighed by the pairs of the band (Cochran, Sampling Techniques,
chapter 5). Its interval is put together from the exact interval of each band (Clopper and Pearson 1934) by the square
and add method (Zou and Donner 2008, "Construction of confidence limits about effect measures", equation 3): a normal
interval would say "0 ± 0" where nobody found a mistake in thirty pairs. Each half is shortened by what is known of a
band that is almost answered whole, `sqrt(1 - answered / pairs)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, log1p, sqrt
from typing import Final

CONFIDENCE: Final = 0.95
PER: Final = 10_000
MOST_MORE: Final = 1_000_000
"""Answers beyond which nobody asks how many would halve the interval."""


@dataclass(frozen=True)
class Band:
    """Answers of one band.

    Attributes:
        pairs: Pairs of the band in the run.
        answered: Pairs with an answer.
        wrong: Of them those on which the machine was wrong; a pair on which two people differ counts half.
    """

    pairs: int
    answered: int
    wrong: float


@dataclass(frozen=True)
class Estimate:
    """A number of pairs, and the interval it lies in 95 times of 100.

    Attributes:
        value: Pairs on which the machine is wrong, in all bands.
        low: Lower limit.
        high: Upper limit.
        pairs: Pairs of all bands.
        answered: Answers it rests on.
    """

    value: float
    low: float
    high: float
    pairs: int
    answered: int

    def per(self, count: int = PER) -> tuple[float, float, float]:
        """Return value and limits among so many pairs."""
        return tuple(count * number / self.pairs for number in (self.value, self.low, self.high))  # type: ignore[return-value]


def estimate(bands: Sequence[Band]) -> Estimate | None:
    """Return how many pairs are wrong; None while a band that has pairs has no answer, or there are no pairs."""
    there = [band for band in bands if band.pairs]
    if not there or not all(band.answered for band in there):
        return None
    value = sum(band.pairs * band.wrong / band.answered for band in there)
    below = above = 0.0
    for band in there:
        share = band.wrong / band.answered
        low, high = exact_interval(band.wrong, band.answered)
        known = 1 - min(1.0, band.answered / band.pairs)
        below += band.pairs**2 * (share - low) ** 2 * known
        above += band.pairs**2 * (high - share) ** 2 * known
    pairs = sum(band.pairs for band in there)
    limits = max(0.0, value - sqrt(below)), min(float(pairs), value + sqrt(above))
    return Estimate(value, *limits, pairs, sum(band.answered for band in there))


def more_to_halve(bands: Sequence[Band]) -> int | None:
    """Return how many more answers would halve the interval if they come out like those given.

    They go where they tell most: to each band by its pairs times the deviation of its answers (Neyman 1934), which a
    band without a mistake has, too. None where nothing can be said, or where too many would be needed.
    """
    first = estimate(bands)
    if first is None or first.high == first.low:
        return None
    wanted = (first.high - first.low) / 2
    low, high = 0, 1
    while _width(bands, high) > wanted:
        low, high = high, high * 2
        if high > MOST_MORE:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _width(bands, middle) > wanted else (low, middle)
    return high


def _width(bands: Sequence[Band], more: int) -> float:
    found = estimate(_grown(bands, more))
    assert found is not None
    return found.high - found.low


def _grown(bands: Sequence[Band], more: int) -> list[Band]:
    """Return the bands after more answers like those given, no band beyond its pairs."""
    there = [band for band in bands if band.pairs]
    worth = [band.pairs * sqrt(_smoothed(band) * (1 - _smoothed(band))) for band in there]
    grown = []
    for band, share in zip(there, worth, strict=True):
        answered = min(max(band.pairs, band.answered), band.answered + round(more * share / sum(worth)))
        grown.append(replace(band, answered=answered, wrong=band.wrong * answered / band.answered))
    return grown


def _smoothed(band: Band) -> float:
    """Return a share that is never 0 or 1 (Jeffreys): nobody knows that a band is without mistakes."""
    return (band.wrong + 0.5) / (band.answered + 1)


@lru_cache(maxsize=10_000)
def exact_interval(wrong: float, answered: int) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson at CONFIDENCE; a half counts to either side and shortens nothing.

    >>> [round(limit, 4) for limit in exact_interval(0, 30)]
    [0.0, 0.1157]
    >>> [round(limit, 4) for limit in exact_interval(5, 50)]
    [0.0333, 0.2181]
    """
    tail = (1 - CONFIDENCE) / 2
    few, many = floor(wrong), ceil(wrong)
    low = 0.0 if few == 0 else _bisected(lambda share: 1 - _at_most(few - 1, answered, share) < tail)
    high = 1.0 if many >= answered else _bisected(lambda share: _at_most(many, answered, share) > tail)
    return low, high


def _bisected(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):  # 2**-50: beyond what a double of this size tells apart
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _at_most(count: int, answered: int, share: float) -> float:
    """Return the chance of at most so many hits (binomial), by logarithms so that nothing overflows."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return float(count >= answered)
    whole = lgamma(answered + 1)
    return sum(
        exp(
            whole
            - lgamma(hits + 1)
            - lgamma(answered - hits + 1)
            + hits * log(share)
            + (answered - hits) * log1p(-share)
        )
        for hits in range(count + 1)
    )
