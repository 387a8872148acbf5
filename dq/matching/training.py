"""Learns m, u, ceilings and thresholds of the policy from labelled pairs.

Each run goes on learning from its own records without labels (`learning`): what is trained here is where that starts,
what holds it near, and what it cannot see, which is how far weights are off.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.compare import MatchPolicy, compare_pairs
from dq.matching.estimation import Numbers
from dq.matching.evidence import CEILING
from dq.matching.learning import learn
from dq.matching.model import MatchModel
from dq.matching.scoring import probability
from dq.matching.training_moves import Move, applied
from dq.matching.training_offsets import UNCLEAR, in_steps, offset_of
from dq.matching.training_pairs import FOLDS, LabelledPairs
from dq.matching.training_shares import Compared, Seen, share_moves, standing_for
from dq.matching.training_thresholds import LEAST_PAIRS, MOST_BITS, balanced_moves, line_near, safe_moves
from dq.standards import RowPolicy
from dq.standards.matching import Ceilings, Matching

KINDS: Final = ("shares", "ceilings", "thresholds")
"""What can be trained, in this order: each stands on what was trained before it."""
CALIBRATED_ON: Final = 50_000
"""Candidate pairs at which thresholds are read: enough for shares of one in a thousand."""


@dataclass(frozen=True)
class Material:
    """What there is to train from.

    Attributes:
        features: Features of all records, sorted by `record_id`.
        sample: Candidate pairs for learning without labels: `index_l`, `index_r`, `every`.
        pairs: Labelled pairs.
        unseen: How many pairs of different customers stand behind one that is labelled: where half of the records are
            labelled, half of the strangers that a labelled record meets are not.
        randoms: `index_l`, `index_r`, `fold_l`, `fold_r`: random pairs of labelled records of different customers.
        row: Policy that is trained.
    """

    features: pd.DataFrame
    sample: pd.DataFrame
    pairs: LabelledPairs
    unseen: float
    randoms: pd.DataFrame
    row: RowPolicy

    @property
    def matching(self) -> Matching:
        """Return the policy of matching that is trained."""
        return self.row.standards.matching

    def policy(self, matching: Matching, match_at: str, model: MatchModel | None) -> MatchPolicy:
        """Return a policy of comparing with other values."""
        row = replace(self.row, standards=replace(self.row.standards, matching=matching))
        return MatchPolicy(row, match_at, keep_all=True, model=model)

    def learned(self, matching: Matching) -> MatchModel:
        """Return what a run with this policy learns from its own records."""
        made = learn({"features": self.features, "pairs": self.sample}, self.policy(matching, "safe", None))
        return MatchModel.model_validate_json(str(made["model"]["document"].iloc[0]))

    def compared(self, pairs: pd.DataFrame, policy: MatchPolicy) -> Compared:
        """Compare pairs (`index_l`, `index_r`); none is left out."""
        given = pairs[["index_l", "index_r"]].assign(rule=-1)
        person = self.features["party_type"].ne("organization").to_numpy(dtype=bool)
        is_person = person[given["index_l"].to_numpy()] & person[given["index_r"].to_numpy()]
        return Compared(compare_pairs({"pairs": given, "features": self.features}, policy)["pairs"], is_person)

    def compared_labels(self, policy: MatchPolicy) -> Compared:
        """Compare the labelled pairs."""
        return self.compared(pd.DataFrame({"index_l": self.pairs.left, "index_r": self.pairs.right}), policy)

    @property
    def fewer_candidates(self) -> pd.DataFrame:
        """Return evenly spread rows of the sample, CALIBRATED_ON at most."""
        return self.sample.iloc[:: max(1, -(-len(self.sample) // CALIBRATED_ON))]

    @cached_property
    def model(self) -> MatchModel:
        """Return what a run learns with the policy as it is."""
        return self.learned(self.matching)

    @cached_property
    def labels(self) -> Compared:
        """Return the labelled pairs as the policy and its model see them."""
        return self.compared_labels(self.policy(self.matching, "balanced", self.model))

    @cached_property
    def random_pairs(self) -> Compared | None:
        """Return the random pairs, compared; None where there are none."""
        return self.compared(self.randoms, self.policy(self.matching, "safe", None)) if len(self.randoms) else None

    @cached_property
    def candidates(self) -> Compared:
        """Return the sample of candidate pairs as the policy and its model see them."""
        return self.compared(self.sample, self.policy(self.matching, "balanced", self.model))


@dataclass(frozen=True)
class Trained:
    """A trained policy.

    Attributes:
        matching: The policy with the moved values.
        model: What a run learns with it.
        moves: What moved, in the order of training.
    """

    matching: Matching
    model: MatchModel
    moves: tuple[Move, ...]


def train(
    material: Material, teaches: NDArray[np.bool_], fold: int | None = None, kinds: Collection[str] = KINDS
) -> Trained:
    """Train on some of the labelled pairs.

    Args:
        material: What there is.
        teaches: Which labelled pairs to train on.
        fold: The fold that is left out of the random pairs too.
        kinds: What may move.
    """
    moves = _shares(material, teaches, fold) if "shares" in kinds else []
    matching = applied(material.matching, moves)
    model = material.learned(matching)
    pairs = _taught(material, teaches, fold)
    weighed = {
        match_at: material.compared_labels(material.policy(matching, match_at, model)).taken(teaches)
        for match_at in ("safe", "balanced")
    }
    ceilings = _ceilings(weighed["balanced"], pairs, matching.ceilings) if "ceilings" in kinds else []
    moves += ceilings
    if "thresholds" in kinds:
        moves += _thresholds(weighed, material, pairs, (matching, model), _lifted(ceilings))
    matching = applied(material.matching, moves)
    return Trained(matching, material.learned(matching), tuple(moves))


def _taught(material: Material, teaches: NDArray[np.bool_], fold: int | None) -> LabelledPairs:
    """Return the pairs that teach; with a fold left out, a labelled record meets that many more strangers unseen."""
    apart = FOLDS / (FOLDS - 1) if fold is not None else 1.0
    return material.pairs.taken(teaches).scaled(material.unseen * apart)


def _shares(material: Material, teaches: NDArray[np.bool_], fold: int | None) -> list[Move]:
    """Return what moves among m and u: from a labelled file as it is, from judgements by what they stand for."""
    filed = teaches & ~material.pairs.judged
    if material.pairs.judged.all():
        chosen, same = material.labels.taken(teaches), material.pairs.same[teaches]
        every = int(material.sample["every"].max()) if len(material.sample) else 1
        share = probability(material.candidates.weights)
        seen = standing_for(chosen, same, material.candidates, share, every)
        return share_moves(seen, Seen(chosen, same.astype(np.float64)), None, material.matching)
    labelled = Seen(material.labels.taken(filed), np.where(material.pairs.same, material.pairs.counts, 0.0)[filed])
    randoms = material.random_pairs
    if randoms is not None and fold is not None:
        outside = (material.randoms["fold_l"].ne(fold) & material.randoms["fold_r"].ne(fold)).to_numpy(dtype=bool)
        randoms = randoms.taken(outside)
    return share_moves([labelled], labelled, randoms, material.matching)


def _ceilings(weighed: Compared, pairs: LabelledPairs, ceilings: Ceilings) -> list[Move]:
    """Return the ceilings that hold back too much or too little."""
    names = weighed.table[CEILING].to_numpy(dtype=object)
    near = np.abs(weighed.weights) < 2 * UNCLEAR
    moves = []
    for name in type(ceilings).model_fields:
        held = (names == name) & near
        if held.sum() < LEAST_PAIRS:
            continue
        offset = offset_of(weighed.weights[held], pairs.same[held], pairs.counts[held])
        bits = in_steps(offset.careful, MOST_BITS)
        if bits:
            before = float(getattr(ceilings, name))
            moves.append(Move(("ceilings", name), before, before + bits, offset.matches, offset.pairs))
    return moves


def _lifted(ceilings: list[Move]) -> Mapping[str, float]:
    return {move.place[-1]: move.after - move.before for move in ceilings}


def _thresholds(
    weighed: Mapping[str, Compared],
    material: Material,
    pairs: LabelledPairs,
    now: tuple[Matching, MatchModel],
    lifted: Mapping[str, float],
) -> list[Move]:
    """Return how the bounds of both thresholds move."""
    matching, model = now
    moves: list[Move] = []
    for match_at in ("safe", "balanced"):
        free = _free(weighed[match_at], match_at)
        weights = _without_ceilings_moved(weighed[match_at], lifted)[free]
        now_at = getattr(model.thresholds, match_at).match_threshold
        line = line_near(weights, pairs.same[free], pairs.counts[free], now_at)
        if line is None:
            continue
        sample = material.compared(material.fewer_candidates, material.policy(matching, match_at, model))
        candidates = _without_ceilings_moved(sample, lifted)[_free(sample, match_at)]
        bounds, thresholds = matching.thresholds, model.thresholds
        if match_at == "safe":
            moves += safe_moves(line, candidates, bounds.safe, thresholds.safe)
        else:
            moves += balanced_moves(line, candidates, bounds.balanced, thresholds.balanced)
    return moves


def _free(compared: Compared, match_at: str) -> NDArray[np.bool_]:
    """Say which pairs a threshold decides on: nothing forbids them, and at `safe` nothing holds them back."""
    free = compared.table["veto"].isna().to_numpy(dtype=bool)
    if match_at == "safe":
        free = free & ~(compared.table[f"{CEILING}_weight"].to_numpy(dtype=np.float64) < 0)
    return free


def _without_ceilings_moved(compared: Compared, lifted: Mapping[str, float]) -> Numbers:
    """Return the weights as they are once the ceilings have moved."""
    taken = compared.table[f"{CEILING}_weight"].to_numpy(dtype=np.float64)
    moved = compared.table[CEILING].map(dict(lifted)).fillna(0.0).to_numpy(dtype=np.float64)
    new: Numbers = compared.weights - taken + np.minimum(taken + moved, 0.0)
    return new
