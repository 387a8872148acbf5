"""Verdicts as rows: what failed, whose it is, what it says, and how many were judged. Decides nothing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dq.model import EXTRA, TEXT, VIOLATIONS
from dq.quality.cells import source_text
from dq.quality.checks import Check, condition_mask
from dq.quality.suites import Verdict

COUNTS = ("rule_id", "source", "department", "evaluated", "failed", "nulls", "total")
"""One row per rule, source and department; `nulls` are rows without a value, `total` = `evaluated` + `nulls`."""

_IDS = ("source", "department", "record_id", "golden_id", "contact_point_id")


def violations_of(
    rows: pd.DataFrame,
    view: pd.DataFrame,
    checks: Sequence[Check],
    verdicts: Sequence[Verdict],
    meanings: dict[str, str],
) -> pd.DataFrame:
    """Return one violation per failing row and check, sorted as `violations.parquet` is.

    Args:
        rows: The table the checks were run on.
        view: The view of it.
        checks: What was asked.
        verdicts: What came out, in the order of `checks`.
        meanings: Flag (`email:invalid`) → what it means.
    """
    blocks = [
        _block(rows.iloc[verdict.failed_at], view.iloc[verdict.failed_at], check, meanings)
        for check, verdict in zip(checks, verdicts, strict=True)
        if verdict.failed
    ]
    columns = list(VIOLATIONS.columns)
    if not blocks:
        return pd.DataFrame(columns=columns, dtype=TEXT)
    found = pd.concat(blocks, ignore_index=True)
    return found.sort_values(list(VIOLATIONS.sort), ignore_index=True, na_position="first")[columns]


def _block(failing: pd.DataFrame, seen: pd.DataFrame, check: Check, meanings: dict[str, str]) -> pd.DataFrame:
    rule = check.rule
    constants = {
        "layer": rule.layer,
        "rule_id": rule.rule_id,
        "dimension": rule.dimension,
        "severity": rule.severity,
        "column": check.column,
    }
    block = failing.reindex(columns=list(_IDS)).astype(TEXT)
    for name, text in constants.items():
        block[name] = pd.Series(text, index=failing.index, dtype=TEXT)
    if "column" in failing.columns:
        block["column"] = failing["column"].str.removeprefix(EXTRA).astype(TEXT)
    block["value"] = _shown(failing, check.shows)
    block["reason"] = _reasons(seen, check, meanings).to_numpy()
    return block.astype(TEXT)


def _shown(failing: pd.DataFrame, shows: Sequence[str]) -> pd.Series:
    """Return the source text of the columns, joined by `, `; null where all are empty."""
    first, *others = (source_text(failing, column) for column in shows)
    if not others:
        return first
    joined = first.fillna("")
    for texts in others:
        filled = texts.fillna("")
        joined = joined + np.where((joined != "") & (filled != ""), ", ", "") + filled
    return joined.astype(TEXT).where(joined != "")


def _reasons(seen: pd.DataFrame, check: Check, meanings: dict[str, str]) -> pd.Series:
    """Return the rule's sentence; for a doubt followed by what the doubt means and what is proposed."""
    doubts = check.arguments.get("doubts")
    if not isinstance(doubts, list):
        return pd.Series(check.rule.reason, index=seen.index, dtype=TEXT)
    words = seen[check.inputs[0]].astype(TEXT)
    flags = check.inputs[0].rpartition("?")[2].split("+")
    sentence = {text: _sentence(check.rule.reason, text, flags, doubts, meanings) for text in words.unique()}
    return words.map(sentence).astype(TEXT)


def _sentence(reason: str, words: str, flags: list[str], doubts: list[str], meanings: dict[str, str]) -> str:
    said = []
    for word in words.split():
        code, _, proposal = word.partition("=")
        if code not in doubts:
            continue
        meaning = next((meanings[f"{flag}:{code}"] for flag in flags if f"{flag}:{code}" in meanings), "")
        said.append(f"perhaps {proposal}" if proposal else meaning)
    return ": ".join([reason, "; ".join(filter(None, dict.fromkeys(said)))]) if any(said) else reason


def counts_of(rows: pd.DataFrame, checks: Sequence[Check], verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return the counts of each rule per source and department (see `COUNTS`); sums over parts are sums of rows."""
    groups = rows.reindex(columns=["source", "department"]).astype(TEXT)
    codes, names = pd.factorize(pd.MultiIndex.from_frame(groups.fillna("")), sort=True)
    size = len(names)
    blocks = []
    for check, verdict in zip(checks, verdicts, strict=True):
        looked_at = np.bincount(codes[condition_mask(rows, check.rule)], minlength=size)
        judged = np.bincount(codes[verdict.evaluated_at], minlength=size)
        counts = pd.DataFrame(
            {
                "rule_id": check.rule.rule_id,
                "source": names.get_level_values(0) if size else [],
                "department": names.get_level_values(1) if size else [],
                "evaluated": judged,
                "failed": np.bincount(codes[verdict.failed_at], minlength=size),
                "nulls": looked_at - judged,
                "total": looked_at,
            }
        )
        blocks.append(counts.loc[counts["total"] > 0])
    return sum_counts(pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=list(COUNTS)))


def sum_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Add up counts of several checks or parts; text keys null where they are empty."""
    keys = ["rule_id", "source", "department"]
    numbers = ["evaluated", "failed", "nulls", "total"]
    texts = counts[keys].astype(TEXT).fillna("")
    summed = texts.join(counts[numbers].astype("int64")).groupby(keys, sort=True, as_index=False)[numbers].sum()
    for key in ("source", "department"):
        summed[key] = summed[key].astype(TEXT).where(summed[key] != "")
    return summed.astype({"rule_id": TEXT})
