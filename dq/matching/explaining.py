"""Why a pair is a match or not: a waterfall of weights that sums to the match weight, and one sentence."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dq.matching.ceilings import SENTENCES
from dq.matching.compare import MatchPolicy, compare_pairs
from dq.matching.evidence import CEILING, COMPARISONS
from dq.matching.firm_features import TOWN_CUT
from dq.matching.pair_columns import weight_column
from dq.matching.scoring import DECIMALS, GENERIC
from dq.matching.vetoes import REASONS

_SHOWN = {
    "first_name": ("first", "middle"),
    "middle_name": ("middle",),
    "last_name": ("last",),
    "birth_date": ("birth_on",),
    "phone": ("phones",),
    "email": ("emails",),
    "website": ("domains",),
    "address": ("addresses",),
    "name": ("names",),
    CEILING: (),
}
"""Comparison → features it looked at, where they are not named alike."""


@dataclass(frozen=True)
class Explanation:
    """One pair, explained.

    Attributes:
        sentence: The outcome and its main reasons.
        waterfall: `comparison`, `value_l`, `value_r`, `level` (in words), `weight`; the first row is the prior, and the
            weights sum to `match_weight`.
        match_weight: Sum of the waterfall.
        match_probability: What the weight means as a probability.
        outcome: `match`, `possible_match` or `non_match`.
        veto: Reason code, empty where there is none.
        basis: What the weights stand on where that is not the run itself, as a sentence.
    """

    sentence: str
    waterfall: pd.DataFrame
    match_weight: float
    match_probability: float
    outcome: str
    veto: str
    basis: str = ""


def compare_one(features: pd.DataFrame, record_id_l: str, record_id_r: str, policy: MatchPolicy) -> pd.DataFrame:
    """Compare one pair that no blocking rule brought together, or that was a plain non-match.

    Args:
        features: Features of all records, sorted by `record_id`.
        record_id_l: One of them.
        record_id_r: Another.
        policy: Policy of the run.

    Returns:
        One row of compared pairs.
    """
    places = sorted(pd.Index(features["record_id"]).get_indexer([record_id_l, record_id_r]))
    pair = pd.DataFrame({"index_l": [places[0]], "index_r": [places[1]], "rule": [-1]})
    return compare_pairs({"pairs": pair, "features": features}, replace(policy, keep_all=True))["pairs"]


def explain(pair: pd.DataFrame, features: pd.DataFrame, policy: MatchPolicy) -> Explanation:
    """Explain one compared pair.

    Args:
        pair: One row of compared pairs (PAIR_COLUMNS).
        features: Features of (at least) its two records.
        policy: Policy of the run.
    """
    row = pair.iloc[0]
    known = features.set_index("record_id")
    left, right = (known.loc[[str(row[side])]].iloc[0] for side in ("record_id_l", "record_id_r"))
    records = [("prior", "", "", "before any evidence", float(row[weight_column("prior")]))]
    for comparison in COMPARISONS:
        level = row[comparison]
        if isinstance(level, str):
            weight = float(row[weight_column(comparison)])
            records.append(
                (
                    comparison,
                    _shown(comparison, left),
                    _shown(comparison, right),
                    _words(row, comparison, policy),
                    weight,
                )
            )
    waterfall = pd.DataFrame(records, columns=["comparison", "value_l", "value_r", "level", "weight"])
    veto = row["veto"] if isinstance(row["veto"], str) else ""
    total = round(float(waterfall["weight"].sum()), DECIMALS)
    return Explanation(
        sentence=_sentence(waterfall, total, str(row["outcome"]), veto, policy),
        waterfall=waterfall,
        match_weight=total,
        match_probability=float(row["match_probability"]),
        outcome=str(row["outcome"]),
        veto=veto,
    )


def _shown(comparison: str, features: "pd.Series[Any]") -> str:
    values = [features[name] for name in _SHOWN.get(comparison, (comparison,))]
    text = " ".join(str(value) for value in values if isinstance(value, str))
    if comparison == "address":
        return "; ".join(" ".join(part for part in one.split("|") if part) for one in text.split(";"))
    if comparison == "name":
        return "; ".join(one for one in text.split("|") if not one.startswith(TOWN_CUT))
    return text.replace("|", "; ")


def _words(row: "pd.Series[Any]", comparison: str, policy: MatchPolicy) -> str:
    """Return a level in the words of the policy."""
    level = str(row[comparison])
    if comparison == CEILING:
        return SENTENCES[level]
    if level == GENERIC:
        return "shared by too many customers to say anything"
    person = isinstance(row["first_name"], str) or isinstance(row["last_name"], str)
    ladders = (policy.matching.person, policy.matching.organization)
    for ladder in ladders if person or comparison not in type(ladders[1]).model_fields else ladders[::-1]:
        found = getattr(ladder, comparison, None)
        if found is not None and hasattr(found, level):
            return str(getattr(found, level).say)
    return level


def _sentence(waterfall: pd.DataFrame, total: float, outcome: str, veto: str, policy: MatchPolicy) -> str:
    evidence = waterfall[~waterfall["comparison"].isin(["prior", CEILING])]
    best = evidence[evidence["weight"] > 1].nlargest(3, "weight", keep="first")
    worst = evidence[evidence["weight"] < -1].nsmallest(2, "weight", keep="first")
    words = {"match": "Match", "possible_match": "Possible match", "non_match": "No match"}[outcome]
    threshold = policy.thresholds.match_threshold
    parts = [f"{words} (weight {total:.1f}, a match from {threshold:g})"]
    if veto:
        parts.append(f"forbidden because {REASONS.get(veto, veto)}")
    if len(best):
        parts.append("for it: " + ", ".join(best["level"]))
    if len(worst):
        parts.append("against it: " + ", ".join(worst["level"]))
    capped = waterfall[waterfall["comparison"].eq(CEILING)]
    if len(capped):
        parts.append("held back: " + capped["level"].iloc[0])
    return "; ".join(parts) + "."
