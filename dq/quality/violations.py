"""Verdicts as rows: what failed, whose it is, what it says, and how many were judged. Decides nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dq.model import EXTRA, TEXT, VIOLATIONS
from dq.quality.cells import source_text
from dq.quality.checks import Check, code_of
from dq.quality.segments import CODE
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
    """Return one violation per failing row and check.

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
    return pd.concat([pd.DataFrame(columns=list(VIOLATIONS.columns), dtype=TEXT), *blocks], ignore_index=True)


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
    found = seen[check.inputs[0]].astype(TEXT)
    sentences = {text: _sentence(check.rule.reason, text.split(), doubts, meanings) for text in found.unique()}
    return found.map(sentences).astype(TEXT)


def _sentence(reason: str, found: list[str], doubts: list[str], meanings: dict[str, str]) -> str:
    """Add to the rule's sentence what is proposed, and which of several doubts it is."""
    said = []
    for doubt in found:
        flag, _, proposal = doubt.partition("=")
        if code_of(doubt) in doubts and (proposal or len(doubts) > 1):
            said.append(f"perhaps {proposal}" if proposal else meanings.get(flag, ""))
    told = "; ".join(filter(None, dict.fromkeys(said)))
    return f"{reason}: {told}" if told else reason


def counts_of(
    rows: pd.DataFrame, view: pd.DataFrame, checks: Sequence[Check], verdicts: Sequence[Verdict]
) -> pd.DataFrame:
    """Return the counts of each rule per source, department and combination of segments (`COUNTS` and `CODE`)."""
    codes, names = _groups(rows)
    count = partial(np.bincount, minlength=len(names))
    looked_at: dict[str | None, Any] = {None: count(codes)}
    blocks = []
    for check, verdict in zip(checks, verdicts, strict=True):
        if check.condition not in looked_at:
            looked_at[check.condition] = count(codes[view[check.condition].to_numpy()])
        total, judged = looked_at[check.condition], count(codes[verdict.evaluated_at])
        blocks.append(np.array([judged, count(codes[verdict.failed_at]), total - judged, total]))
    if not blocks:
        return pd.DataFrame(columns=[*COUNTS, CODE])
    counts = pd.DataFrame(np.hstack(blocks).T, columns=["evaluated", "failed", "nulls", "total"])
    owners = pd.concat([names] * len(blocks), ignore_index=True)
    rule_ids = np.repeat([check.rule.rule_id for check in checks], len(names))
    counted = owners.assign(rule_id=pd.Series(rule_ids, dtype=TEXT)).join(counts)
    return counted.loc[counted["total"] > 0]


def _groups(rows: pd.DataFrame) -> "tuple[np.ndarray[tuple[int], np.dtype[np.intp]], pd.DataFrame]":
    """Return the number of the place of each row, and what each place is; missing is the empty text."""
    keys = rows.reindex(columns=["source", "department"]).astype(TEXT).fillna("")
    sources, departments = (pd.factorize(keys[column]) for column in keys)
    segments = rows[CODE].to_numpy(dtype=np.int64) if CODE in rows else np.full(len(rows), -1)
    width, cuts = max(len(departments[1]), 1), max(int(segments.max(initial=-1)) + 2, 1)
    places, codes = np.unique((sources[0] * width + departments[0]) * cuts + segments + 1, return_inverse=True)
    owners, cut = np.divmod(places, cuts)
    names = {
        "source": pd.Series(sources[1].take(owners // width), dtype=TEXT),
        "department": pd.Series(departments[1].take(owners % width), dtype=TEXT),
        CODE: cut - 1,
    }
    return codes, pd.DataFrame(names)


def sum_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Add up counts of several checks or parts; text keys null where they are empty."""
    keys = ["rule_id", "source", "department"]
    numbers = ["evaluated", "failed", "nulls", "total"]
    texts = counts[keys].astype(TEXT).fillna("")
    summed = texts.join(counts[numbers].astype("int64")).groupby(keys, sort=True, as_index=False)[numbers].sum()
    for key in ("source", "department"):
        summed[key] = summed[key].astype(TEXT).where(summed[key] != "")
    return summed.astype({"rule_id": TEXT})
