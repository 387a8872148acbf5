"""What training is worth, measured on customers that did not teach it (cross-validation)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.estimation import Numbers
from dq.matching.model import MatchModel
from dq.matching.training import KINDS, Material, Trained, train
from dq.matching.training_offsets import SURE
from dq.matching.training_pairs import FOLDS, LabelledPairs
from dq.standards.matching import Matching

SETTINGS: Final = ("safe", "balanced")
TRIES: Final = (KINDS, ("shares", "ceilings"), ("ceilings", "thresholds"), ("shares",), ("ceilings",), ("thresholds",))
"""What may move, the most first: thresholds are read off the fewest pairs and are left out before the others."""


@dataclass(frozen=True)
class Score:
    """Pairs that matching puts together, against the labels; pairs across two folds count half in each.

    Attributes:
        right: Pairs put together that are one customer.
        wrong: Pairs put together that are not.
        missed: Pairs of one customer left apart, those no blocking rule found included.
    """

    right: float = 0.0
    wrong: float = 0.0
    missed: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Return the share of pairs put together that are right; 1 without any."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of pairs of one customer that were found; 1 without any."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


@dataclass(frozen=True)
class Check:
    """One setting, with the policy as it is and with policies trained without the customers they are tested on.

    Attributes:
        before: Score of the policy as it is.
        after: Score of the trained ones.
        better: Pairs that only training decides rightly, as many as they stand for.
        worse: Pairs that only training decides wrongly.
        spread: Sum of the squares of what those pairs stand for.
    """

    before: Score
    after: Score
    better: float = 0.0
    worse: float = 0.0
    spread: float = 0.0

    @property
    def chance(self) -> float:
        """Return how many decisions a side can be ahead by chance alone (McNemar 1947, one side of 95 %)."""
        return SURE * sqrt(self.spread)

    @property
    def is_worse(self) -> bool:
        """Say whether training did harm beyond chance."""
        return self.worse - self.better > self.chance

    @property
    def is_better(self) -> bool:
        """Say whether training helped beyond chance."""
        return self.better - self.worse > self.chance


def trained_without_harm(material: Material) -> tuple[Trained, dict[str, Check]]:
    """Train on everything; where that does harm, let less move (TRIES).

    Returns:
        The trained policy and its checks. The last try is returned although it does harm.
    """
    everything = np.ones(len(material.pairs.left), dtype=bool)
    for kinds in TRIES:
        checks = checked(material, kinds)
        if not any(check.is_worse for check in checks.values()):
            break
    return train(material, everything, None, kinds), checks


def checked(material: Material, kinds: Collection[str] = KINDS) -> dict[str, Check]:
    """Test training fold by fold, by setting: no tested pair, and no pair of its customer of that fold, has taught."""
    pairs = material.pairs.scaled(material.unseen)
    before = _together(material, material.matching, material.model, np.ones(len(pairs.left), dtype=bool))
    made = {
        match_at: Check(_score(pairs, before[match_at], _half(pairs, range(FOLDS)), range(FOLDS)), Score())
        for match_at in SETTINGS
    }
    for fold in range(FOLDS):
        tested = pairs.tested_in(fold)
        if not tested.any():
            continue
        trained = train(material, ~tested, fold, kinds)
        after = _together(material, trained.matching, trained.model, tested)
        for match_at, check in made.items():
            here = pairs.taken(tested)
            half = _half(here, (fold,))
            was, now = before[match_at][tested] == here.same, after[match_at] == here.same
            made[match_at] = replace(
                check,
                after=check.after + _score(here, after[match_at], half, (fold,)),
                better=check.better + float((half * here.stands_for)[now & ~was].sum()),
                worse=check.worse + float((half * here.stands_for)[was & ~now].sum()),
                spread=check.spread + float((half * here.stands_for**2)[was != now].sum()),
            )
    return made


def _together(
    material: Material, matching: Matching, model: MatchModel, tested: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Say, by setting, which of the tested pairs are put together."""
    given = pd.DataFrame({"index_l": material.pairs.left[tested], "index_r": material.pairs.right[tested]})
    made = {}
    for match_at in SETTINGS:
        table = material.compared(given, material.policy(matching, match_at, model)).table
        made[match_at] = (table["outcome"].eq("match") & table["veto"].isna()).to_numpy(dtype=bool)
    return made


def _half(pairs: LabelledPairs, folds: Collection[int]) -> Numbers:
    """Return what each pair counts in some folds: a pair across two is tested twice and counts half each time."""
    ends = (np.isin(end, list(folds)).astype(np.float64) / 2 for end in (pairs.fold_l, pairs.fold_r))
    half: Numbers = sum(ends, np.zeros(len(pairs.left)))
    return half


def _score(pairs: LabelledPairs, together: NDArray[np.bool_], half: Numbers, folds: Collection[int]) -> Score:
    here = half * pairs.stands_for
    return Score(
        right=float(here[pairs.same & together].sum()),
        wrong=float(here[~pairs.same & together].sum()),
        missed=float(here[pairs.same & ~together].sum()) + float(pairs.missed[list(folds)].sum()),
    )
