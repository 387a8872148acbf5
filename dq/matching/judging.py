"""What people decided about pairs: SAME and DIFFERENT stand above every weight. Writes no judgement."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dq.matching.pair_columns import PAIR_COLUMNS, PLACES
from dq.model import TEXT


@dataclass(frozen=True)
class Judged:
    """The judgements that hold, as pairs with the smaller record first, sorted.

    Attributes:
        same_l: Records judged SAME as those of `same_r`.
        same_r: Their partners.
        different_l: Records judged DIFFERENT from those of `different_r`.
        different_r: Their partners.
    """

    same_l: np.ndarray
    same_r: np.ndarray
    different_l: np.ndarray
    different_r: np.ndarray


def judged_pairs(judgements: pd.DataFrame) -> Judged:
    """Return the judgement that holds for each pair: superseded ones fall, then the latest stands.

    Args:
        judgements: Rows of the table `judgements`; may be empty. UNSURE takes back what was judged before.
    """
    if judgements.empty:
        none = np.empty(0, dtype=object)
        return Judged(none, none, none, none)
    holding = standing(judgements)
    ids = holding[["record_id_l", "record_id_r"]].to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "low": [min(pair) for pair in ids],
            "high": [max(pair) for pair in ids],
            "judgement": holding["judgement"].to_numpy(dtype=object),
            "at": holding["judged_at"].fillna("").to_numpy(dtype=object),
            "id": holding["judgement_id"].to_numpy(dtype=object),
        }
    )
    latest = rows.sort_values(["low", "high", "at", "id"], kind="stable").drop_duplicates(["low", "high"], keep="last")
    same, different = (latest[latest["judgement"].eq(word)] for word in ("SAME", "DIFFERENT"))
    low, high = "low", "high"
    return Judged(*(part[side].to_numpy(dtype=object) for part in (same, different) for side in (low, high)))


def standing(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return the judgements that no other one supersedes."""
    return judgements[~judgements["judgement_id"].isin(judgements["supersedes"].dropna())]


def changed_pairs(before: pd.DataFrame, after: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the pairs, smaller record first, whose judgement is another one now, with the one that held before.

    Args:
        before: Rows of the table `judgements`.
        after: The same, later.

    Returns:
        Pair → SAME or DIFFERENT, the empty text where nothing held; sorted by pair.
    """
    was, now = (_words(judged_pairs(judgements)) for judgements in (before, after))
    moved = sorted(pair for pair in was.keys() | now.keys() if was.get(pair) != now.get(pair))
    return {pair: was.get(pair, "") for pair in moved}


def _words(judged: Judged) -> dict[tuple[str, str], str]:
    same = dict.fromkeys(zip(judged.same_l.tolist(), judged.same_r.tolist(), strict=True), "SAME")
    return same | dict.fromkeys(zip(judged.different_l.tolist(), judged.different_r.tolist(), strict=True), "DIFFERENT")


def apply_judgements(pairs: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Let judgements decide the outcome of pairs, and add judged pairs that were not compared.

    Args:
        pairs: Compared pairs (PAIR_COLUMNS).
        judgements: Rows of the table `judgements`.

    Returns:
        `pairs` sorted by `record_id_l`, `record_id_r`: a SAME pair is a match without veto, a DIFFERENT one a non-match
        with the veto `judged_different`; the weight stays the machine's, null where it compared nothing. PLACES are
        left out where people judged: they may name records that nobody compared.
    """
    if judgements.empty:
        order = PLACES if set(PLACES) <= set(pairs.columns) else ("record_id_l", "record_id_r")
        return pairs.sort_values(list(order), ignore_index=True)
    judged = judged_pairs(judgements)
    decided = pd.DataFrame(
        {
            "record_id_l": np.concatenate([judged.same_l, judged.different_l]),
            "record_id_r": np.concatenate([judged.same_r, judged.different_r]),
            "decided": ["match"] * len(judged.same_l) + ["non_match"] * len(judged.different_l),
        }
    ).astype(TEXT)
    merged = pairs.merge(decided, how="outer", on=["record_id_l", "record_id_r"], sort=True)
    by_hand = merged["decided"].notna()
    merged["outcome"] = merged["decided"].fillna(merged["outcome"])
    different = pd.Series("judged_different", index=merged.index, dtype=TEXT).where(merged["decided"].eq("non_match"))
    merged["veto"] = merged["veto"].where(~by_hand, different)
    return merged[list(PAIR_COLUMNS)].reset_index(drop=True)
