"""Where clusters and the truth part: wrong merges and misses as pairs to look at, and precision along the weight."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import pandas as pd

Z_95: Final = 1.959964
"""Standard normal quantile of a two-sided interval of 95 %."""
CURVE_STEPS: Final = (-3, 0, 1, 3, 5, 7, 9, 11, 13, 15, 20)
"""Match weights the curve is read at: both thresholds of the policy and what lies around them."""


@dataclass(frozen=True)
class Mistakes:
    """Pairs that went wrong, the most convincing ones first, and how a threshold would have done.

    Attributes:
        wrong: Matches between different customers: `record_id_l`, `record_id_r`, `match_weight`. Every wrong merge
            holds at least one of them.
        missed: Pairs of one customer that ended apart; the weight is null where a pair was not compared or weighed
            too little to be kept.
        curve: `match_weight`, `precision`, `recall` of the compared pairs from that weight on, before clustering.
    """

    wrong: pd.DataFrame
    missed: pd.DataFrame
    curve: pd.DataFrame


def find_mistakes(pairs: pd.DataFrame, clusters: pd.DataFrame, truth: pd.DataFrame) -> Mistakes:
    """Hold weighed pairs and clusters against the truth.

    Args:
        pairs: `record_id_l`, `record_id_r`, `match_weight`, `outcome`.
        clusters: `record_id`, `golden_id`.
        truth: `record_id` as in the clusters, `true_id`. Other records are left out.
    """
    true_of = truth.set_index("record_id")["true_id"]
    made_of = clusters.set_index("record_id")["golden_id"]
    columns = ["record_id_l", "record_id_r", "match_weight", "outcome"]
    known = pairs.loc[pairs["record_id_l"].isin(true_of.index) & pairs["record_id_r"].isin(true_of.index), columns]
    left, right = known["record_id_l"], known["record_id_r"]
    is_true = (left.map(true_of) == right.map(true_of)).to_numpy(dtype=bool)
    is_made = (left.map(made_of) == right.map(made_of)).to_numpy(dtype=bool)
    is_match = known["outcome"].eq("match").to_numpy(dtype=bool)
    compared_misses = known[is_true & ~is_made]
    missed = pd.concat([compared_misses, _not_kept(known[is_true], true_of, made_of)], ignore_index=True)
    return Mistakes(
        wrong=_ordered(known[~is_true & is_made & is_match]),
        missed=_ordered(missed),
        curve=_curve(known["match_weight"].to_numpy(dtype=np.float64), is_true, _true_pairs(true_of, made_of)),
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) without trials.

    >>> [round(bound, 4) for bound in wilson(998, 1000)]
    [0.9927, 0.9995]
    """
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, Z_95**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z_95 * sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _ordered(pairs: pd.DataFrame) -> pd.DataFrame:
    keys = ["match_weight", "record_id_l", "record_id_r"]
    order = pairs.sort_values(keys, ascending=[False, True, True], na_position="last", ignore_index=True)
    return order[["record_id_l", "record_id_r", "match_weight"]]


def _not_kept(compared: pd.DataFrame, true_of: pd.Series, made_of: pd.Series) -> pd.DataFrame:
    """Return one pair per two neighbouring clusters of one customer that no kept pair joins."""
    rows = pd.DataFrame({"record_id": true_of.index, "true_id": true_of.to_numpy()})
    rows["golden_id"] = rows["record_id"].map(made_of)
    heads = rows.dropna().sort_values(["true_id", "record_id"]).drop_duplicates(["true_id", "golden_id"])
    following = heads.groupby("true_id")["record_id"].shift(-1)
    apart = pd.DataFrame({"record_id_l": heads["record_id"], "record_id_r": following}).dropna()
    met = pd.MultiIndex.from_frame(compared[["record_id_l", "record_id_r"]].astype(object))
    is_new = ~pd.MultiIndex.from_frame(apart.astype(object)).isin(met)
    return apart[is_new].assign(match_weight=np.nan)


def _true_pairs(true_of: pd.Series, made_of: pd.Series) -> int:
    sizes = true_of[true_of.index.isin(made_of.index)].value_counts().to_numpy(dtype=np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _curve(weights: np.ndarray, is_true: np.ndarray, true_pairs: int) -> pd.DataFrame:
    rows = []
    for least in CURVE_STEPS:
        taken = weights >= least
        found, right = int(taken.sum()), int((taken & is_true).sum())
        precision = right / found if found else 1.0
        rows.append((float(least), precision, right / true_pairs if true_pairs else 1.0))
    return pd.DataFrame(rows, columns=["match_weight", "precision", "recall"])
