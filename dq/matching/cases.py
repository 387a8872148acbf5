"""Possible matches as questions for a steward."""

import pandas as pd

from dq.matching.evidence import CEILING, COMPARISONS
from dq.model import CASES, TEXT
from dq.tables.identity import case_id

KIND = "possible_match"


def possible_match_cases(pairs: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return a case per possible match, and per match left out for a fact, whose records are not in one cluster yet.

    Args:
        pairs: Compared pairs with judgements applied.
        clusters: `record_id`, `cluster_id`.

    Returns:
        Columns of CASES, sorted by `case_id`; `evidence` names the levels, strongest first.
    """
    cluster_of = clusters.set_index("record_id")["cluster_id"]
    open_pairs = pairs[pairs["outcome"].isin([KIND, "match"]) & pairs["match_weight"].notna()]
    apart = open_pairs["record_id_l"].map(cluster_of).to_numpy(dtype=object) != open_pairs["record_id_r"].map(
        cluster_of
    ).to_numpy(dtype=object)
    open_pairs = open_pairs[apart].reset_index(drop=True)
    cases = pd.DataFrame(
        {
            "case_id": [
                case_id(KIND, left, right)
                for left, right in zip(open_pairs["record_id_l"], open_pairs["record_id_r"], strict=True)
            ],
            "kind": KIND,
            "record_id": open_pairs["record_id_l"],
            "record_id_r": open_pairs["record_id_r"],
            "severity": "warn",
            "evidence": _evidence(open_pairs),
        }
    )
    cases = cases.reindex(columns=list(CASES.columns))
    texts = [name for name in CASES.columns if name != "value_at_stake"]
    cases = cases.astype(dict.fromkeys(texts, TEXT) | {"value_at_stake": "float64"})
    return cases.sort_values("case_id", ignore_index=True)


def _evidence(pairs: pd.DataFrame) -> pd.Series:
    """Return weight and levels as text: `weight 5.3: last_name exact +9.1, birth_date two_parts +2.9`."""
    columns = [name for name in COMPARISONS if name in pairs]
    texts = []
    for row in pairs.to_dict("records"):
        found = [(float(row[f"{name}_weight"]), name, row[name]) for name in columns if isinstance(row[name], str)]
        found.sort(key=lambda part: (-abs(part[0]), part[1]))
        levels = ", ".join(
            f"{name} {level} {weight:+.1f}" for weight, name, level in found if name != CEILING or weight
        )
        texts.append(f"weight {float(row['match_weight']):.1f}: {levels}")
    return pd.Series(texts, dtype=TEXT)
