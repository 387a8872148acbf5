"""Edits between texts, on arrays; the only door to rapidfuzz in matching. All functions are symmetric.

Two texts go to rapidfuzz only where their lengths and signatures leave open what it would say.
"""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from dq.matching.encoding import Texts

Codes = NDArray[np.signedinteger]
_LAST_BIT = 1e-6
"""Likeness is rounded; a bound that much below what is asked may still round up to it."""


def edits(texts: Texts, one: Codes, other: Codes, most: int) -> Codes:
    """Return how many letters two texts differ in, swapped neighbours as one (optimal string alignment).

    Args:
        texts: The distinct texts.
        one: Place of one text of each pair.
        other: Place of the other.
        most: More is told as `most` + 1.
    """
    found = np.where(one == other, 0, most + 1)
    open_ = np.flatnonzero((one != other) & may_be_edits(texts, one, other, most))
    left, right = texts[one[open_]].tolist(), texts[other[open_]].tolist()
    found[open_] = process.cpdist(left, right, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
    return found


def likeness(texts: Texts, one: Codes, other: Codes, least: float) -> NDArray[np.float64]:
    """Return the share of letters two texts have in common in order (normalised Indel similarity), 0 below `least`."""
    found = np.where(one == other, 1.0, 0.0)
    open_ = np.flatnonzero((one != other) & may_be_alike(texts, one, other, least))
    left, right = texts[one[open_]].tolist(), texts[other[open_]].tolist()
    shares = process.cpdist(
        left, right, scorer=Indel.normalized_similarity, score_cutoff=least - _LAST_BIT, dtype=np.float64
    )
    found[open_] = np.round(np.asarray(shares, dtype=np.float64), 6)
    return found


def may_be_edits(texts: Texts, one: Codes, other: Codes, most: int) -> NDArray[np.bool_]:
    """Say which texts may be so few edits apart, judged by how long they are and which letters they have."""
    apart = np.abs(texts.lengths[one] - texts.lengths[other])
    found: NDArray[np.bool_] = (apart <= most) & (_unshared(texts, one, other) <= 2 * most)
    return found


def may_be_alike(texts: Texts, one: Codes, other: Codes, least: float) -> NDArray[np.bool_]:
    """Say which texts may share so many of their letters, judged likewise."""
    first, second = texts.lengths[one], texts.lengths[other]
    unshared = np.maximum(_unshared(texts, one, other), np.abs(first - second))
    found: NDArray[np.bool_] = unshared <= (1 - least + _LAST_BIT) * (first + second)
    return found


def _unshared(texts: Texts, one: Codes, other: Codes) -> NDArray[np.uint8]:
    """Return how many letters at least one text has and the other has not; one edit accounts for two at most."""
    unshared: NDArray[np.uint8] = np.bitwise_count(texts.signatures[one] ^ texts.signatures[other])
    return unshared


def share_alike(one: str, other: str) -> float:
    """Return the share of letters two texts have in common in order, as `likeness`, of one pair."""
    return float(Indel.normalized_similarity(one, other))
