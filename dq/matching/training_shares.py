"""m and u of levels from labelled pairs, within the guard rails of learning (`estimation`). Pure frames and arrays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.encoding import Codes
from dq.matching.estimation import Levels, Numbers, Rungs, counted, estimated_m, estimated_u, rungs
from dq.matching.training_moves import Move, significant
from dq.standards.matching import Matching

PARTIES: Final = ("person", "organization")
LEAST_CHANGE: Final = 0.07
"""Bits: a level that moves by less than a twentieth keeps its value: a new version shows what matters."""
LEAST_RANDOM_PAIRS: Final = 10_000
"""Fewer random pairs say nothing about levels that one pair in a thousand reaches."""
BAND: Final = 2.0
"""Width, in bits, of the bands of weight within which judged pairs stand for those nobody judged."""
LEAST_IN_BAND: Final = 5
"""Judged pairs from which on they stand for a band."""


@dataclass(frozen=True)
class Compared:
    """Compared pairs of both party types.

    Attributes:
        table: Rows of compared pairs (PAIR_COLUMNS), none left out.
        is_person: Whether two persons are compared.
    """

    table: pd.DataFrame
    is_person: NDArray[np.bool_]

    @property
    def weights(self) -> Numbers:
        """Return the match weights."""
        return self.table["match_weight"].to_numpy(dtype=np.float64)

    def taken(self, chosen: NDArray[np.bool_]) -> "Compared":
        """Return some of the pairs."""
        return Compared(self.table[chosen].reset_index(drop=True), self.is_person[chosen])

    def levels(self, comparison: str, ladder: Rungs) -> Levels:
        """Return level numbers; missing and generic ones are MISSING."""
        found = pd.Index(ladder.names).get_indexer(pd.Index(self.table[comparison]))
        levels: Levels = found.astype(np.int8)
        return levels


@dataclass(frozen=True)
class Seen:
    """Pairs that teach shares.

    Attributes:
        compared: The pairs.
        matches: How much of a match each stands for.
    """

    compared: Compared
    matches: Numbers


def share_moves(seen: list[Seen], labelled: Seen, randoms: Compared | None, matching: Matching) -> list[Move]:
    """Return what the labels move among m and u.

    Args:
        seen: Pairs by which matches look as they do.
        labelled: Labelled pairs among them: what there is too little of among them is not moved.
        randoms: Random pairs of different customers; without them u stays.
        matching: Policy that is trained.
    """
    moves = []
    for party in PARTIES:
        ladders = getattr(matching, party)
        for comparison in type(ladders).model_fields:
            ladder = rungs(getattr(ladders, comparison))
            least = matching.learning.least_matches
            if _count(labelled, party, comparison, ladder).sum() >= least:
                matches = sum((_count(one, party, comparison, ladder) for one in seen), np.zeros(len(ladder.names)))
                different = _random_count(randoms, party, comparison, ladder)
                moves += _moves_of((party, comparison), ladder, matches, different, matching)
    return moves


def _count(seen: Seen, party: str, comparison: str, ladder: Rungs) -> Numbers:
    of_party = seen.compared.is_person if party == "person" else ~seen.compared.is_person
    levels = seen.compared.levels(comparison, ladder)[of_party]
    return counted(levels, seen.matches[of_party], len(ladder.names))


def _random_count(randoms: Compared | None, party: str, comparison: str, ladder: Rungs) -> Numbers | None:
    if randoms is None:
        return None
    counts = _count(Seen(randoms, np.ones(len(randoms.table))), party, comparison, ladder)
    return counts if counts.sum() >= LEAST_RANDOM_PAIRS else None


def _moves_of(
    place: tuple[str, str], ladder: Rungs, matches: Numbers, different: Numbers | None, matching: Matching
) -> list[Move]:
    u = ladder.u if different is None else estimated_u(ladder, different, matching.learning)
    m = estimated_m(ladder, u, matches, matching.learning)
    moves = []
    for kind, before, after, counts in (("m", ladder.m, m, matches), ("u", ladder.u, u, different)):
        if counts is None:
            continue
        for level, name in enumerate(ladder.names):
            new = significant(float(after[level]))
            if abs(np.log2(new / before[level])) >= LEAST_CHANGE:
                pairs = (round(float(counts[level])), round(float(counts.sum())))
                moves.append(Move((*place, name, kind), float(before[level]), new, *pairs))
    return moves


def standing_for(judged: Compared, same: NDArray[np.bool_], sample: Compared, share: Numbers, every: int) -> list[Seen]:
    """Return judged and unjudged pairs as the matches they stand for, so that a review queue's choice does not count.

    In a band of weight where people judged enough pairs, these stand for all candidate pairs of the band; elsewhere the
    model's own probabilities do. Together they count as many matches as were judged, no more.

    Args:
        judged: Judged pairs, weighed by the model of the run.
        same: Which were judged SAME.
        sample: Candidate pairs, weighed likewise.
        share: Probability of each of them to be a match.
        every: How many candidate pairs each stands for.
    """
    bands = [_bands(one) for one in (judged, sample)]
    size = int(max((band.max(initial=0) for band in bands), default=0)) + 1
    judged_in, found_in = (np.bincount(band, minlength=size) for band in bands)
    stands = judged_in >= LEAST_IN_BAND
    times = np.where(stands, found_in * every / np.maximum(judged_in, 1), 0.0)
    of_judged = np.where(same, times[bands[0]], 0.0)
    of_sample = np.where(stands[bands[1]], 0.0, share) * every
    total = of_judged.sum() + of_sample.sum()
    scale = same.sum() / total if total else 0.0
    return [Seen(judged, of_judged * scale), Seen(sample, of_sample * scale)]


def _bands(compared: Compared) -> Codes:
    """Return the band of weight of each pair, other ones for persons than for organisations."""
    clipped = np.clip(np.floor(compared.weights / BAND), -20, 19).astype(np.int64) + 20
    return np.where(compared.is_person, clipped, clipped + 40)
