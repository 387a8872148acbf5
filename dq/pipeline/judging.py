"""Decides whether a check says ready: enough customers load, nothing new keeps anybody out, one's own rules hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq.text.counts import counted

_KEY: Final = ["target", "path", "object", "field", "check", "customer"]


def judge_check(document: Mapping[str, Any], folder: Path, fail_under: float, baseline: Path | None) -> dict[str, Any]:
    """Return `ready` and the reasons, as sentences.

    Args:
        document: Content of `check.json`.
        folder: Where the check left its blockers.
        fail_under: Percent of customers that have to load, per target.
        baseline: Folder of an earlier check: then only customers it had not blocked in the same way count.
    """
    reasons = [
        f"the rule “{rule['rule_id']}” fails: {rule['failed']:,} of {rule['evaluated']:,}"
        for rule in document["rules"]
        if not rule["passes"]
    ]
    if baseline is not None:
        new = new_blockers(baseline, folder)
        count = new["customer"].nunique()
        if count:
            fields = ", ".join(sorted(set(new["object"] + "." + new["field"]))[:5])
            are = f"{counted(count, 'customer')} {'is' if count == 1 else 'are'}"
            reasons.append(f"{are} blocked that the baseline had not blocked that way: {fields}")
        return {"ready": not reasons, "reasons": reasons, "newly_blocked": int(count)}
    for target in document["targets"]:
        if 100 * target["rate"] < fail_under:
            due = target["customers"] - target["parked"] - target["suppressed"]
            reasons.append(
                f"{target['title']}: {target['loading']:,} of {due:,} {target['unit']} load, "
                f"{fail_under:g} % are asked for"
            )
    return {"ready": not reasons, "reasons": reasons}


def new_blockers(before: Path, now: Path) -> pd.DataFrame:
    """Return the refusals of a check that an earlier one did not have: same customer, field and check are the same."""
    old, new = _refusals(before), _refusals(now)
    merged = new.merge(old.drop_duplicates(), on=_KEY, how="left", indicator=True)
    return merged.loc[merged["_merge"].eq("left_only"), _KEY].reset_index(drop=True)


def _refusals(folder: Path) -> pd.DataFrame:
    rows: pd.DataFrame = pq.read_table(folder / "blockers.parquet").to_pandas()
    rows = rows.loc[rows["verdict"].eq("reject")]
    rows = rows.assign(customer=rows["golden_id"].fillna(rows["record_id"]).fillna(rows["row_id"]))
    return rows[_KEY]
