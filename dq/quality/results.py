"""Counts as results: does each rule hold, per source. Rates come from counts, never from Great Expectations."""

from collections.abc import Sequence

import pandas as pd

from dq.model import TEXT
from dq.quality.violations import sum_counts
from dq.standards import Standards

RESULTS = (
    "rule_id", "layer", "table", "source", "dimension", "severity", "weight", "threshold", "owner", "why",
    "evaluated", "failed", "nulls", "total", "pass_rate", "passes",
)  # fmt: skip
"""One row per rule and source. `pass_rate` = 1 - `failed` / `evaluated`, null where nothing was evaluated; such a rule
passes."""


def summarize(counts: pd.DataFrame, standards: Standards, by: Sequence[str] = ("source",)) -> pd.DataFrame:
    """Return what the rules come to, sorted by rule.

    Args:
        counts: `rule_counts` of any number of parts and layers.
        standards: Where the rules stand; a rule without counts gets one row with zeros.
        by: `source`, `department`, both, or nothing for one row per rule.

    Returns:
        Columns of `RESULTS`, with the columns of `by` in place of `source`. Golden records have no source.
    """
    rules = pd.DataFrame(
        [
            rule.model_dump(
                include={"rule_id", "layer", "table", "dimension", "severity", "weight", "threshold", "owner", "why"}
            )
            for rule in standards.rules
        ]
    )
    keys = ["rule_id", *by]
    numbers = ["evaluated", "failed", "nulls", "total"]
    summed = sum_counts(counts).groupby(keys, dropna=False, sort=True, as_index=False)[numbers].sum()
    results = rules.merge(summed, on="rule_id", how="left")
    results[numbers] = results[numbers].fillna(0).astype("int64")
    share = results["failed"] / results["evaluated"].where(results["evaluated"] > 0)
    results["pass_rate"] = 1.0 - share
    results["passes"] = results["pass_rate"].isna() | (results["pass_rate"] >= results["threshold"])
    texts = dict.fromkeys(("rule_id", "layer", "table", "dimension", "severity", "owner", "why", *by), TEXT)
    columns = [name for column in RESULTS for name in (by if column == "source" else (column,))]
    return results.astype(texts)[columns].sort_values(keys, ignore_index=True, na_position="first")


def failed_stops(results: pd.DataFrame) -> pd.DataFrame:
    """Return the results that keep golden records from being written: rules of severity `stop` that do not hold."""
    return results.loc[results["severity"].eq("stop") & ~results["passes"]].reset_index(drop=True)
