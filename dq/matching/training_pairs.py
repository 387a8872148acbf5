"""Pairs whose truth people know, from a labelled file or from judgements, dealt into folds by customer.

A labelled file says of each record who it is: its pairs are a fair sample of what matching meets. Judgements come
mostly from the review queue: they say what pairs of one weight are, and nothing about how many there are of each.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.components import connected
from dq.matching.encoding import Codes
from dq.matching.estimation import Numbers
from dq.matching.judging import judged_pairs

FOLDS: Final = 5
"""Cross-validation leaves out a fifth of the customers at a time, the usual choice (Kohavi 1995)."""
MOST_PAIRS: Final = 10
"""Pairs of one customer count as so many at most, those of five records."""

LEAST_STRANGERS: Final = 20
"""Fewer pairs of different customers say nothing about how many were not labelled."""


@dataclass(frozen=True)
class LabelledPairs:
    """Labelled pairs in a fixed order.

    Attributes:
        left: Place of the smaller record among all, sorted by `record_id`.
        right: Place of the other.
        same: Whether they are one customer.
        judged: Whether a person judged the pair; otherwise a labelled file tells.
        stands_for: How many such pairs of the run it stands for: more than 1 for different customers where not all
            records are labelled, or not all pairs are looked at.
        counts: How much the pair teaches: as much, but less where a customer has many.
        fold_l: Fold of the customer of `left`.
        fold_r: Fold of the customer of `right`: another one only where they are different customers.
        missed: Pairs of one customer, by fold, that no blocking rule brings together.
        who: True customer of each record of the run as a code, -1 where the file does not tell.
        fold_of: Fold of each record of the run, -1 where it has no label.
        customers: How many customers the labels know.
    """

    left: Codes
    right: Codes
    same: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    stands_for: Numbers
    counts: Numbers
    fold_l: Codes
    fold_r: Codes
    missed: Numbers
    who: Codes
    fold_of: Codes
    customers: int

    def taken(self, chosen: NDArray[np.bool_]) -> "LabelledPairs":
        """Return some of the pairs; what is known of the records stays."""
        per_pair = ("left", "right", "same", "judged", "stands_for", "counts", "fold_l", "fold_r")
        kept = {name: getattr(self, name)[chosen] for name in per_pair}
        return replace(self, **kept)

    def scaled(self, times: float) -> "LabelledPairs":
        """Return the pairs with those of different customers standing for more; judged ones stand for themselves."""
        factor = np.where(self.same | self.judged, 1.0, times)
        return replace(self, stands_for=self.stands_for * factor, counts=self.counts * factor)

    def tested_in(self, fold: int) -> NDArray[np.bool_]:
        """Say which pairs have a customer in a fold; all others teach when that fold is tested."""
        tested: NDArray[np.bool_] = (self.fold_l == fold) | (self.fold_r == fold)
        return tested


def labelled_pairs(
    record_ids: pd.Series, candidates: pd.DataFrame, truth: pd.DataFrame, judgements: pd.DataFrame
) -> LabelledPairs:
    """Return the labelled pairs of a run.

    Args:
        record_ids: All records, sorted.
        candidates: `index_l`, `index_r`, `every`: candidate pairs of records that the truth knows, and how many of its
            kind each stands for.
        truth: `record_id` as among the records, `true_id`; may be empty. Records not in the run are left out.
        judgements: Rows of the table `judgements`; may be empty. Where the truth knows both records, it holds.
    """
    places = pd.Index(record_ids)
    who = _who(places, truth)
    left, right = (candidates[name].to_numpy(dtype=np.int64) for name in ("index_l", "index_r"))
    judged_l, judged_r, judged_same = _judged(places, judgements, who)
    left, right = np.concatenate([left, judged_l]), np.concatenate([right, judged_r])
    by_person = np.arange(len(left)) >= len(candidates)
    same = who[left] == who[right]
    same[by_person] = judged_same
    stands_for = np.concatenate([candidates["every"].to_numpy(dtype=np.float64), np.ones(len(judged_l))])
    heads = _customers(who, judged_l[judged_same], judged_r[judged_same])
    folds = _folds(record_ids, heads, np.unique(np.concatenate([np.flatnonzero(who >= 0), judged_l, judged_r])))
    order = np.lexsort((right, left))
    return LabelledPairs(
        left=left[order],
        right=right[order],
        same=same[order],
        judged=by_person[order],
        stands_for=stands_for[order],
        counts=(stands_for * _counts(heads[left], same))[order],
        fold_l=folds[left][order],
        fold_r=folds[right][order],
        missed=_missed(who, folds, left[same & ~by_person]),
        who=who,
        fold_of=folds,
        customers=len(np.unique(heads[folds >= 0])),
    )


def _who(places: pd.Index, truth: pd.DataFrame) -> Codes:
    """Return a code of the true customer of each record, -1 where the truth does not know it."""
    who = np.full(len(places), -1, dtype=np.int64)
    at = places.get_indexer(pd.Index(truth["record_id"]))
    who[at[at >= 0]] = pd.factorize(truth["true_id"])[0][at >= 0]
    return who


def _judged(places: pd.Index, judgements: pd.DataFrame, who: Codes) -> tuple[Codes, Codes, NDArray[np.bool_]]:
    """Return the judged pairs of records of the run, and which are SAME."""
    judged = judged_pairs(judgements)
    left = places.get_indexer(pd.Index(np.concatenate([judged.same_l, judged.different_l])))
    right = places.get_indexer(pd.Index(np.concatenate([judged.same_r, judged.different_r])))
    same = np.arange(len(left)) < len(judged.same_l)
    known = (left >= 0) & (right >= 0)
    known &= ~((who[left] >= 0) & (who[right] >= 0))
    return np.minimum(left, right)[known], np.maximum(left, right)[known], same[known]


def _customers(who: Codes, same_l: Codes, same_r: Codes) -> Codes:
    """Return the smallest record of each record's customer."""
    records = np.flatnonzero(who >= 0)
    order = records[np.argsort(who[records], kind="stable")]
    alike = who[order[1:]] == who[order[:-1]]
    left, right = np.concatenate([order[:-1][alike], same_l]), np.concatenate([order[1:][alike], same_r])
    return connected(left, right, len(who))


def _folds(record_ids: pd.Series, heads: Codes, labelled: Codes) -> Codes:
    """Deal customers into folds by the hash of their smallest record, so that neighbours in a file are parted."""
    firsts = np.unique(heads[labelled])
    names = record_ids.to_numpy(dtype=object)[firsts]
    hashes = [hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names]
    dealt = np.full(len(heads), -1, dtype=np.int64)
    dealt[firsts[sorted(range(len(firsts)), key=lambda place: hashes[place])]] = np.arange(len(firsts)) % FOLDS
    folds = np.full(len(heads), -1, dtype=np.int64)
    folds[labelled] = dealt[heads[labelled]]
    return folds


def _counts(customers: Codes, same: NDArray[np.bool_]) -> Numbers:
    """Return what each pair counts: all pairs of one customer MOST_PAIRS together at most."""
    pairs = np.bincount(customers[same], minlength=int(customers.max(initial=0)) + 1)
    counts = np.ones(len(customers))
    counts[same] = np.minimum(1.0, MOST_PAIRS / pairs[customers[same]])
    return counts


def _missed(who: Codes, folds: Codes, found: Codes) -> Numbers:
    """Return how many pairs of one customer are no candidates, by fold."""
    known = who >= 0
    sizes = np.bincount(who[known]).astype(np.float64)
    fold_of_customer = np.zeros(len(sizes), dtype=np.int64)
    fold_of_customer[who[known]] = folds[known]
    pairs = np.bincount(fold_of_customer, weights=sizes * (sizes - 1) / 2, minlength=FOLDS).astype(np.float64)
    missed: Numbers = pairs[:FOLDS] - np.bincount(folds[found], minlength=FOLDS)[:FOLDS]
    return missed


def random_pairs(pairs: LabelledPairs, is_person: NDArray[np.bool_], count: int) -> pd.DataFrame:
    """Return random pairs of labelled records of different customers, the same for the same records.

    Args:
        pairs: What is known of the records.
        is_person: Party type of each record.
        count: How many of each party type, before pairs of one customer are taken out.

    Returns:
        `index_l`, `index_r`, `fold_l`, `fold_r`.
    """
    chance = np.random.default_rng(0)
    made = []
    for of_party in (is_person, ~is_person):
        places = np.flatnonzero(of_party & (pairs.who >= 0))
        if len(places) >= 2:
            one = chance.integers(0, len(places), count)
            other = (one + chance.integers(1, len(places), count)) % len(places)
            made.append(places[np.sort(np.column_stack([one, other]), axis=1)])
    ends = np.concatenate(made) if made else np.empty((0, 2), dtype=np.int64)
    ends = ends[pairs.who[ends[:, 0]] != pairs.who[ends[:, 1]]]
    left, right = ends[:, 0], ends[:, 1]
    return pd.DataFrame(
        {"index_l": left, "index_r": right, "fold_l": pairs.fold_of[left], "fold_r": pairs.fold_of[right]}
    )


def unseen(strangers: Numbers, outside: Numbers) -> float:
    """Return how many pairs of different customers of the run stand behind one that is labelled.

    Where half of the customers are labelled, a labelled record meets as many strangers that are not: those pairs, half
    of which count as its own, say how many. Only weights are looked at that no two records of one customer have.

    Args:
        strangers: What each labelled pair of different customers stands for, of such weights.
        outside: What each pair of a labelled and another record stands for, of such weights.
    """
    if len(strangers) < LEAST_STRANGERS:
        return 1.0
    return round(float((strangers.sum() + outside.sum() / 2) / strangers.sum()), 6)
