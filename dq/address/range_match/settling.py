"""Answers settled to findings: what the other ZIPs said is put beside what the own one said, then graded and worded."""

from typing import Final

import numpy as np
import pandas as pd

from dq.address.findings import FINDINGS
from dq.address.range_match.choice import ANSWERED, named_few
from dq.address.range_match.corrections import corrections
from dq.address.range_match.grading import footnotes, outcomes, point_numbers
from dq.address.range_match.last_lines import judge_last_lines
from dq.address.range_match.plus4 import delivery_points
from dq.address.range_match.sentences import sentences
from dq.address.range_match.streets import EXACT, SPELLING
from dq.address.words import load_words
from dq.model import TEXT, Frames
from dq.standards import Standards

COMPLETE: Final = "usps_zip4"
"""The source that has every street: only what it lacks speaks against an address, and only in it is one alone unique.

Other sources (points, potential ranges) say what they have as it is written, and nothing else.
"""


def settle(frames: Frames, standards: Standards) -> Frames:
    """Settle the answers of one part.

    Args:
        frames: `answers` of the addresses in their own ZIPs; `elsewhere`, answers in other ZIPs, also of addresses of
            other parts; optionally `cities`.
        standards: Words and style.

    Returns:
        `findings`: columns of FINDINGS, sorted by `address_key`.
    """
    settled = _with_other_zips(frames["answers"], frames["elsewhere"])
    settled = settled.join(judge_last_lines(settled, frames.get("cities")))
    outcome = outcomes(settled)
    is_complete = settled["source"].fillna(COMPLETE) == COMPLETE
    is_as_written = settled["level"].isin([EXACT, SPELLING]) & settled["choices"].isna() & ~settled["is_moved"]
    outcome = outcome.where(is_complete | is_as_written)
    is_placed = outcome.notna() & settled["level"].notna() & settled["choices"].isna()
    settled[["city_note", "preferred_city"]] = settled[["city_note", "preferred_city"]].where(is_placed)
    is_reached = is_placed & (outcome != "no_delivery")
    zip4 = settled["plus4"].where(is_reached).astype(TEXT)
    words = load_words(standards)
    findings = pd.DataFrame(
        {
            "address_key": settled["address_key"],
            "source": settled["source"].fillna(COMPLETE),
            "evidence_on": settled["record_vintage"].fillna(settled["zip_vintage"]).fillna(settled["city_vintage"]),
            "outcome": outcome,
            "zip4": zip4,
            "delivery_point": delivery_points(settled["found_zip5"], zip4, point_numbers(settled)),
            "footnotes": footnotes(settled, outcome, settled["city_note"]),
            "corrections": corrections(settled, words, standards.style),
            "detail": sentences(settled, outcome),
        }
    )
    findings = findings[outcome.notna()].reindex(columns=list(FINDINGS)).astype(TEXT)
    return {"findings": findings.sort_values("address_key", ignore_index=True)}


def _with_other_zips(answers: pd.DataFrame, elsewhere: pd.DataFrame) -> pd.DataFrame:
    """Return answers with `found_zip5` and `is_moved`: the one other ZIP that has an address which its own has not.

    An address that its own ZIP answers only when altered, while another ZIP has it as written, has two readings.
    """
    keys = answers.loc[answers["is_open"], "address_key"]
    found = elsewhere[elsewhere["level"].notna() & elsewhere["address_key"].isin(keys)]
    result = answers.assign(found_zip5=answers["zip5"], is_moved=False)
    if found.empty:
        return result
    result = result.set_index("address_key", drop=False)
    counts = found["address_key"].value_counts()
    is_unanswered = result["level"].isna()
    single = found[found["address_key"].isin(counts.index[counts == 1]) & found["choices"].isna()]
    single = single[single["address_key"].isin(result.index[is_unanswered])].set_index("address_key", drop=False)
    moved = result.loc[single.index].copy()
    moved[list(ANSWERED)] = single[list(ANSWERED)]
    moved = moved.assign(found_zip5=single["zip5"], is_moved=True)
    others = found[~found["address_key"].isin(single.index)]
    readings = (others["zip5"] + " " + others["record_line"]).groupby(others["address_key"]).agg(named_few)
    is_doubtful = result.index.isin(readings.index) & result["choices"].isna().to_numpy()
    own = (result["zip5"] + " " + result["record_line"] + ", ").where(~is_unanswered, "")
    texts = own + result["address_key"].map(readings).astype(TEXT)
    result["choices"] = result["choices"].mask(is_doubtful, texts).astype(TEXT)
    result["is_moved"] = np.where(is_doubtful, True, result["is_moved"])
    settled = pd.concat([result[~result.index.isin(moved.index)], moved])
    return settled.reset_index(drop=True)
