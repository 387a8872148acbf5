"""What a committee decides on: counts and sums per source and owner, what is still open, and who let it be."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

SOURCES_SHOWN: Final = 5
OWNERS_SHOWN: Final = 5
BLOCKERS_SHOWN: Final = 5
"""Lines of a table: four tables and the signatures fit one page of A4; the others are summed in one line."""
NOBODY: Final = "(no owner)"


def customer_lines(
    records: pd.DataFrame, golden: pd.DataFrame, verdicts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what sources and customers bring, and whether it loads.

    Args:
        records: `record_id`, `golden_id`, `source`, `value_amount` (text).
        golden: `golden_id`, `owner`, `value_amount` (text).
        verdicts: Of one target and load path: `golden_id`, `would_load`, one row per row of the load.

    Returns:
        Per source: `source`, `records`, `customers`, `loading`, `value`, `value_loading`; per owner: `owner`,
        `customers`, `loading`, `value`, `value_loading`, the most customers first. Values are whole hundredths.
    """
    loads = verdicts.dropna(subset="golden_id").groupby("golden_id")["would_load"].all()
    told = records.assign(value=_hundredths(records["value_amount"]), loads=_said(records["golden_id"], loads))
    sources = told.groupby("source", sort=True).agg(records=("record_id", "size"), value=("value", "sum"))
    distinct = told.drop_duplicates(["source", "golden_id"]).groupby("source", sort=True)
    sources["customers"], sources["loading"] = distinct.size(), distinct["loads"].sum().astype("int64")
    sources["value_loading"] = told["value"].where(told["loads"], 0).groupby(told["source"]).sum()
    whole = golden.assign(
        owner=golden["owner"].fillna(NOBODY),
        value=_hundredths(golden["value_amount"]),
        loads=_said(golden["golden_id"], loads),
    )
    whole["value_loading"] = whole["value"].where(whole["loads"], 0)
    owners = whole.groupby("owner", sort=True).agg(
        customers=("golden_id", "size"),
        loading=("loads", "sum"),
        value=("value", "sum"),
        value_loading=("value_loading", "sum"),
    )
    owners = owners.reset_index().sort_values(["customers", "owner"], ascending=[False, True], ignore_index=True)
    return sources.reset_index(), owners


def _said(customers: pd.Series, loads: pd.Series) -> pd.Series:
    return customers.map(loads).astype("boolean").fillna(False).astype(bool)


def _hundredths(amounts: pd.Series) -> pd.Series:
    """Return amounts as whole hundredths: sums of whole numbers do not depend on their order."""
    return (pd.to_numeric(amounts, errors="coerce") * 100).round().fillna(0).astype("int64")


def shortened(lines: pd.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return the first lines, and the others as one; the first column names them, the others are summed."""
    name, *numbers = (str(column) for column in lines.columns)
    shown = [{str(key): line[key] for key in line} for line in lines.head(most).astype("object").to_dict("records")]
    rest = lines.iloc[most:]
    if len(rest):
        shown.append({name: f"{len(rest):,} others", **{number: int(rest[number].sum()) for number in numbers}})
    return shown


def open_blockers(
    readiness: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return what keeps rows out, the most rows first, each with who let it be; and what is not shown.

    What is not shown is counted: `kinds`, and `rows` of those that nobody let be.

    Args:
        readiness: Of one target, as in `readiness.json`.
        held: Rule → `waived` (rows that somebody let be), `waivers` (who did) and `over` (who did until a day that has
            passed); a rule that nobody ever let be need not be there.
    """
    nobody: Mapping[str, Any] = {"waived": 0, "waivers": [], "over": []}
    kinds = [trouble for trouble in readiness["troubles"] if trouble["verdict"] == "reject"]
    lines = [
        {
            "what": f"{trouble['object']}.{trouble['field']}",
            "code": trouble["code"],
            "check": trouble["check"],
            "rows": trouble["rows"],
            **held.get(trouble["rule_id"], nobody),
        }
        for trouble in kinds
    ]
    rest = lines[BLOCKERS_SHOWN:]
    return lines[:BLOCKERS_SHOWN], {"kinds": len(rest), "rows": sum(line["rows"] - line["waived"] for line in rest)}
