"""Whom people brought back: by a list, by a decision of a steward, or in a run before this one."""

from typing import Final

import pandas as pd

from dq.model import IS_PARKED, TEXT
from dq.pipeline.lists import customers_listed, log_before, read_list
from dq.pipeline.merging import overrides_of
from dq.pipeline.run import Run
from dq.tables.people_files import read_people_csv

BACK_COLUMNS: Final = ("record_id", "golden_id", "rules", "reason", "by", "on", "origin")
"""One row per record of a customer that people brought back; `rules` are those that would park it today, `origin` is
`list` or `override`. The next run reads it by `record_id`, which outlives a golden id."""
NAMED: Final = 3
"""Lines that name nobody and are shown: enough to see whether the whole list is of something else."""
_NO: Final = ("no", "n", "false", "0", "")
_FOUND: Final = ["id", "reason", "by", "on", "origin"]


def brought_back(run: Run, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the customers that no rule may park: `id`, `reason`, `by`, `on`, `origin`, one row per customer.

    A line of a list that says `park` ends what an earlier run honoured. The decision of a steward stands above lists.
    """
    found = _before(run, crosswalk)
    if run.plan.bring_back is not None:
        listed = read_list(run.plan.bring_back)
        meant = customers_listed(listed, crosswalk)
        unknown = listed.loc[~listed.index.isin(meant["line"]), "named"]
        run.keep("bring_back", {"lines": len(listed), "unknown": len(unknown), "named": list(unknown.head(NAMED))})
        if len(unknown):
            run.listener.say(unknown_lines(run.kept("bring_back"), run.plan.bring_back.name))
        said = meant.merge(listed, left_on="line", right_index=True).drop_duplicates("id", keep="last")
        said["origin"] = "list"
        found = pd.concat([found, said]).drop_duplicates("id", keep="last")
        found = found.loc[found["action"].ne("park")]
    acts = _overrides(run, crosswalk)
    found = pd.concat([found.loc[~found["id"].isin(acts["id"])], acts.loc[acts["action"].eq("back")]])
    return found[_FOUND].astype(TEXT).sort_values("id", ignore_index=True)


def unknown_lines(found: object, file: str) -> str:
    """Say how many lines of a list name nobody, and the first of them; empty where all name somebody.

    Args:
        found: `bring_back` of a run: `lines`, `unknown`, `named`.
        file: Name of the list.
    """
    if not isinstance(found, dict) or not found["unknown"]:
        return ""
    more = ", …" if found["unknown"] > len(found["named"]) else ""
    said = f"{found['unknown']:,} of {found['lines']:,} lines of {file} {'names' if found['unknown'] == 1 else 'name'}"
    return f"{said} nobody here: {', '.join(found['named'])}{more}"


def log_of(back: pd.DataFrame, hits: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `brought_back.csv`.

    Args:
        back: Of `brought_back`.
        hits: Customers and the rules that speak of them.
        crosswalk: `record_id`, `id` of every record.
    """
    rules = hits.groupby("id")["rule"].agg(" ".join)
    rows = crosswalk[["record_id", "id"]].merge(back, on="id")
    rows["rules"] = rows["id"].map(rules).astype(TEXT)
    return rows.rename(columns={"id": "golden_id"})[list(BACK_COLUMNS)].sort_values("record_id", ignore_index=True)


def _before(run: Run, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return what the run before honoured, but for decisions of stewards, which come anew with every run."""
    path = log_before(run.plan.previous)
    if path is None:
        return pd.DataFrame(columns=[*_FOUND, "action"], dtype=TEXT)
    rows = read_people_csv(path, BACK_COLUMNS)
    rows = rows.loc[rows["origin"].ne("override")]
    found = rows.merge(crosswalk[["record_id", "id"]], on="record_id").sort_values("record_id").drop_duplicates("id")
    return found[_FOUND].assign(action="back")


def _overrides(run: Run, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the latest act of a steward per customer."""
    acts = overrides_of(run)
    acts = acts.loc[acts["column"].eq(IS_PARKED)].merge(crosswalk[["record_id", "id"]], on="record_id")
    acts = acts.sort_values(["id", "at", "record_id"]).drop_duplicates("id", keep="last")
    says_no = acts["value"].fillna("").str.strip().str.casefold().isin(_NO)
    said = acts.rename(columns={"at": "on"}).assign(origin="override")
    return said.assign(action=says_no.map({True: "back", False: "park"}).astype(TEXT))[[*_FOUND, "action"]]
