"""Edits between texts, on arrays; the only door to rapidfuzz in matching. All functions are symmetric."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

Texts = NDArray[np.object_]
_LEAST_LIKE = 0.5
"""No ladder asks about less, and rapidfuzz gives up early on it."""


def edits(left: Texts, right: Texts, most: int) -> NDArray[np.int64]:
    """Return how many letters differ, swapped neighbours as one (optimal string alignment); `most` + 1 for more."""
    if not len(left):
        return np.empty(0, dtype=np.int64)
    found = process.cpdist(left.tolist(), right.tolist(), scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
    return np.asarray(found, dtype=np.int64)


def likeness(left: Texts, right: Texts) -> NDArray[np.float64]:
    """Return the share of letters two texts have in common in order (normalised Indel similarity), 0 below a half."""
    if not len(left):
        return np.empty(0, dtype=np.float64)
    found = process.cpdist(
        left.tolist(), right.tolist(), scorer=Indel.normalized_similarity, score_cutoff=_LEAST_LIKE, dtype=np.float64
    )
    return np.round(np.asarray(found, dtype=np.float64), 6).astype(np.float64)


def share_alike(one: str, other: str) -> float:
    """Return the share of letters two texts have in common in order, as `likeness`, of one pair."""
    return float(Indel.normalized_similarity(one, other))


def lengths(texts: Texts) -> NDArray[np.int64]:
    """Return the number of letters of each text."""
    return np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
