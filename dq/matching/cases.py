"""Possible matches and contradictions as questions for a steward; the strongest, as many as a team can answer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.clustering import ends_of, first_rows
from dq.matching.evidence import CEILING, COMPARISONS
from dq.matching.folding import text_array
from dq.matching.judging import judged_pairs
from dq.matching.vetoes import REASONS
from dq.model import CASES, TEXT
from dq.standards.matching import ReviewShare
from dq.tables.identity import case_id

KIND = "possible_match"
CONTRADICTION = "contradiction"


@dataclass(frozen=True)
class Questions:
    """What stewards are asked.

    Attributes:
        cases: Columns of CASES, sorted by `case_id`.
        left_out: Possible matches weaker than those asked, beyond what the policy lets a review hold.
    """

    cases: pd.DataFrame
    left_out: int


@dataclass(frozen=True)
class Open:
    """Which possible matches stewards are asked about.

    Attributes:
        rows: Rows of the pairs, the heaviest first.
        left_out: Possible matches weaker than those asked, beyond what the policy lets a review hold.
    """

    rows: NDArray[np.int64]
    left_out: int


def questions(
    pairs: pd.DataFrame, clusters: pd.DataFrame, judgements: pd.DataFrame, review: ReviewShare, match_at: str
) -> Questions:
    """Return a case per possible match whose records are not in one cluster, and per contradiction between judgements.

    Args:
        pairs: Compared pairs with judgements applied and bridges cut.
        clusters: `record_id`, `cluster_id`.
        judgements: Rows of the table `judgements`.
        review: How many cases a review holds; contradictions always stay.
        match_at: `safe` or `balanced`.
    """
    asked = open_questions(pairs, clusters, review, match_at)
    return Questions(cases_of(pairs.iloc[asked.rows].reset_index(drop=True), judgements), asked.left_out)


def open_questions(pairs: pd.DataFrame, clusters: pd.DataFrame, review: ReviewShare, match_at: str) -> Open:
    """Choose the possible matches that stewards are asked about; arguments as of `questions`."""
    labels = first_rows(clusters)
    left, right = ends_of(pairs, text_array(clusters["record_id"]))
    apart = (labels[left] != labels[right]) | (left < 0) | (right < 0)
    weights = pairs["match_weight"].to_numpy(dtype=np.float64)
    rows = np.flatnonzero(apart & pairs["outcome"].isin([KIND, "match"]).to_numpy() & ~np.isnan(weights))
    most = review.most(len(clusters), match_at)
    strongest = rows[weights[rows] >= _nth(weights[rows], most)]
    ordered = (
        pairs[["match_weight", "record_id_l", "record_id_r"]]
        .iloc[strongest]
        .set_index(strongest)
        .sort_values(["match_weight", "record_id_l", "record_id_r"], ascending=[False, True, True], kind="stable")
    )
    asked = ordered.index.to_numpy(dtype=np.int64)[:most]
    return Open(asked, len(rows) - len(asked))


def cases_of(strongest: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Return a case per pair that is asked about, and per contradiction between judgements, sorted by `case_id`."""
    asked = _cases(KIND, strongest, _evidence(strongest))
    return pd.concat([asked, contradictions(judgements)], ignore_index=True).sort_values("case_id", ignore_index=True)


def _nth(weights: NDArray[np.float64], most: int | None) -> float:
    """Return the weight below which no pair is among the `most` heaviest."""
    return float(np.partition(weights, -most)[-most]) if most and most < len(weights) else -np.inf


def contradictions(judgements: pd.DataFrame) -> pd.DataFrame:
    """Return a case per pair judged DIFFERENT that judgements SAME join all the same: A = B, B = C, A is not C.

    Both cannot hold; the records stay apart until somebody decides again.
    """
    judged = judged_pairs(judgements)
    mates: dict[str, list[str]] = {}
    for one, other in zip(judged.same_l.tolist(), judged.same_r.tolist(), strict=True):
        mates.setdefault(one, []).append(other)
        mates.setdefault(other, []).append(one)
    rows = []
    for one, other in zip(judged.different_l.tolist(), judged.different_r.tolist(), strict=True):
        path = _path(mates, one, other)
        if path:
            chain = " = ".join(path)
            rows.append((one, other, f"judged DIFFERENT, and SAME along {chain}"))
    found = pd.DataFrame(rows, columns=["record_id_l", "record_id_r", "evidence"], dtype="str")
    return _cases(CONTRADICTION, found, found["evidence"])


def _path(mates: dict[str, list[str]], start: str, end: str) -> list[str]:
    """Return the shortest chain of judgements SAME from one record to another, empty where there is none."""
    before: dict[str, str] = {start: ""}
    waiting = [start]
    for record in waiting:
        if record == end:
            chain = [end]
            while before[chain[-1]]:
                chain.append(before[chain[-1]])
            return chain[::-1]
        for mate in sorted(mates.get(record, [])):
            if mate not in before:
                before[mate] = record
                waiting.append(mate)
    return []


def _cases(kind: str, pairs: pd.DataFrame, evidence: pd.Series) -> pd.DataFrame:
    ids = zip(pairs["record_id_l"], pairs["record_id_r"], strict=True)
    cases = pd.DataFrame(
        {
            "case_id": [case_id(kind, left, right) for left, right in ids],
            "kind": kind,
            "record_id": pairs["record_id_l"],
            "record_id_r": pairs["record_id_r"],
            "severity": "warn",
            "evidence": evidence.to_numpy(dtype=object),
        }
    )
    cases = cases.reindex(columns=list(CASES.columns))
    texts = [name for name in CASES.columns if name != "value_at_stake"]
    return cases.astype(dict.fromkeys(texts, TEXT) | {"value_at_stake": "float64"})


def _evidence(pairs: pd.DataFrame) -> pd.Series:
    """Return weight and levels as text: `weight 5.3: last_name exact +9.1, birth_date two_parts +2.9`.

    A matched pair that was cut says why at the end.
    """
    columns = [name for name in COMPARISONS if name in pairs]
    found: list[list[tuple[float, str, str]]] = [[] for _ in range(len(pairs))]
    for name in columns:
        levels, weights = pairs[name], pairs[f"{name}_weight"].to_numpy(dtype=np.float64)
        said = np.flatnonzero(levels.notna() & ((name != CEILING) | (weights != 0)))
        for row, level, weight in zip(said.tolist(), levels.iloc[said].tolist(), weights[said].tolist(), strict=True):
            found[row].append((weight, name, level))
    texts = []
    for parts, total, veto in zip(found, pairs["match_weight"].tolist(), pairs["veto"].tolist(), strict=True):
        parts.sort(key=lambda part: (-abs(part[0]), part[1]))
        told = ", ".join(f"{name} {level} {weight:+.1f}" for weight, name, level in parts)
        why = f"; left apart: {REASONS.get(veto, veto)}" if isinstance(veto, str) else ""
        texts.append(f"weight {total:.1f}: {told}{why}")
    return pd.Series(texts, dtype=TEXT)
