"""Compares candidate pairs: a level and a weight per comparison, a match weight, an outcome, a veto."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.ceilings import with_ceiling
from dq.matching.encoding import Codes
from dq.matching.evidence import CEILING, Evidence, weigh_organizations, weigh_persons
from dq.matching.folding import as_series
from dq.matching.known import Known
from dq.matching.known_cache import known_of
from dq.matching.model import MatchModel
from dq.matching.pair_columns import PAIR_COLUMNS, PLACES, Joined, Kept, words
from dq.matching.reachable import reachable_organizations, reachable_persons
from dq.matching.vetoes import NEVER_MERGED, RELATIVES, SPOUSE, vetoes_of
from dq.model import Frames
from dq.standards import RowPolicy
from dq.standards.matching import Matching, Thresholds

_CHUNK = 500_000
"""Pairs compared at a time: about 200 MB of levels, codes and weights."""


@dataclass(frozen=True)
class MatchPolicy:
    """Policy of comparing: that of the run, and where a pair is a match.

    Attributes:
        row: Policy of the run.
        match_at: `safe` or `balanced`.
        keep_all: Keep plain non-matches too; only for explaining.
        model: What was learned; None for the fixed values of the policy.
        known: All records, encoded; None where they come with the pairs as `features`.
    """

    row: RowPolicy
    match_at: str = "safe"
    keep_all: bool = False
    model: MatchModel | None = None
    known: Known | None = None

    @cached_property
    def matching(self) -> Matching:
        """Return the matching policy, with the learned shares where there are any."""
        fixed = self.row.standards.matching
        return self.model.applied(fixed) if self.model else fixed

    @property
    def held_back_threshold(self) -> float:
        """Return where a pair that a ceiling holds back is a match: at `safe` at the policy's highest."""
        if self.match_at == "balanced":
            return self.thresholds.match_threshold
        return self.matching.thresholds.safe.highest

    @property
    def thresholds(self) -> Thresholds:
        """Return the thresholds of `match_at`."""
        if self.model is not None:
            learned = self.model.thresholds
            return learned.balanced if self.match_at == "balanced" else learned.safe
        bounds = self.matching.thresholds
        chosen = bounds.balanced if self.match_at == "balanced" else bounds.safe
        return Thresholds(match_threshold=chosen.highest, review_threshold=chosen.review)


def compare_pairs(frames: Frames, policy: MatchPolicy) -> Frames:
    """Weigh candidate pairs and keep those that are a match, a possible match, or vetoed.

    Args:
        frames: `pairs` with `index_l`, `index_r`, `rule`; where the policy knows no records, `features` of **all**
            records, sorted by `record_id`: the frequencies of values are counted there, so that the result does not
            depend on how pairs are cut.
        policy: Policy of comparing.

    Returns:
        `pairs`: columns PAIR_COLUMNS and PLACES, in the order of the pairs given.
    """
    pairs = frames["pairs"]
    generic = policy.model.generic_values if policy.model else None
    known = policy.known or known_of(frames["features"], policy.row.standards, generic)
    made = [
        _compared(pairs.iloc[start : start + _CHUNK], known, policy) for start in range(0, max(len(pairs), 1), _CHUNK)
    ]
    return {"pairs": pd.concat(made, ignore_index=True)}


def _compared(pairs: pd.DataFrame, known: Known, policy: MatchPolicy) -> pd.DataFrame:
    left, right = (pairs[name].to_numpy(dtype=np.int64) for name in ("index_l", "index_r"))
    persons = known.is_person[left] & known.is_person[right]
    matters = np.ones(len(left), dtype=bool) if policy.keep_all else _matters(left, right, persons, known, policy)
    parts = []
    model = policy.model
    for chosen, weigh, learned in (
        (persons, weigh_persons, model.person if model else None),
        (~persons, weigh_organizations, model.organization if model else None),
    ):
        rows = np.flatnonzero(chosen & matters)
        evidence = weigh(known, left[rows], right[rows], policy.matching, learned)
        evidence = with_ceiling(evidence, policy.matching.ceilings)
        marked = known.never_merge[left[rows]] & known.never_merge[right[rows]]
        couples = known.spouses[left[rows]] * known.spouses[right[rows]] < 0
        parts.append(_kept(rows, evidence, {NEVER_MERGED: marked, SPOUSE: couples}, policy))
    joined = Joined(parts)
    columns = joined.columns()
    numbers = pairs["rule"].to_numpy(dtype=np.int64)[joined.rows]
    columns["blocking_rule"] = words((*policy.matching.blocking.names(), None), numbers)
    for side, places in (("l", left[joined.rows]), ("r", right[joined.rows])):
        columns[f"index_{side}"] = places.astype(np.int32)
        columns[f"record_id_{side}"] = as_series(known.record_ids.arrow.take(pa.array(places)))
    return pd.DataFrame({name: columns[name] for name in (*PAIR_COLUMNS, *PLACES)})


def _matters(
    left: Codes, right: Codes, persons: NDArray[np.bool_], known: Known, policy: MatchPolicy
) -> NDArray[np.bool_]:
    """Say which pairs may be kept; of the rest it shows without comparing texts that they are non-matches."""
    least, model, found = policy.thresholds.review_threshold, policy.model, np.zeros(len(left), dtype=bool)
    least = min(least, policy.thresholds.match_threshold, policy.held_back_threshold)
    relatives = policy.matching.vetoes.given_name in ("always", policy.match_at)
    rows = np.flatnonzero(persons)
    found[rows] = reachable_persons(
        known, left[rows], right[rows], policy.matching, model.person if model else None, least, relatives=relatives
    )
    rows = np.flatnonzero(~persons)
    found[rows] = reachable_organizations(
        known, left[rows], right[rows], policy.matching, model.organization if model else None, least
    )
    return found


def _kept(
    rows: NDArray[np.int64], evidence: Evidence, marked: dict[str, NDArray[np.bool_]], policy: MatchPolicy
) -> Kept:
    weights = evidence.total
    veto = vetoes_of(evidence, policy.matching.vetoes, policy.match_at)
    for reason, pairs in marked.items():
        veto[pairs] = reason
    thresholds = policy.thresholds
    held_back = evidence.weights[CEILING] < 0
    outcome = np.where(
        weights >= np.where(held_back, policy.held_back_threshold, thresholds.match_threshold),
        0,
        np.where(weights >= thresholds.review_threshold, 1, 2),
    )
    vetoed = veto != ""
    outcome[~evidence.is_supported] = 2
    chosen = np.ones(len(rows), dtype=bool) if policy.keep_all else (outcome < 2) | (veto == RELATIVES)
    outcome[vetoed] = 2
    return Kept(rows, np.flatnonzero(chosen), evidence, weights, outcome, veto)
