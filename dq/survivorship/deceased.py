"""Golden records of the dead: marked where any of their records says so, and closed to what policy names."""

import pandas as pd

from dq.model import IS_DECEASED, PROVENANCE
from dq.standards.survivorship import Deceased


def with_deceased(
    golden: pd.DataFrame, records: pd.DataFrame, policy: Deceased, overrides: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark golden records and close their channels.

    One record that says so is enough: a system that has not heard of a death does not deny it. A person who pins
    `is_deceased` decides, either way.

    Args:
        golden: Golden records with their do-not columns.
        records: Their records, sorted by `golden_id`, `record_id`.
        policy: Which do-not columns a death sets, and which words deny it.
        overrides: Values pinned by people.

    Returns:
        The golden records with `is_deceased`, and provenance of the mark for customers of several records and of pins.
    """
    says = records[IS_DECEASED].fillna(False).astype(bool)
    saying = records.loc[says, ["golden_id", "record_id", "cluster_size"]].drop_duplicates("golden_id")
    saying = saying.assign(value="true", rule="any_record")
    pinned = _pinned(records, policy, overrides)
    saying = pd.concat([saying.loc[~saying["golden_id"].isin(pinned["golden_id"])], pinned], ignore_index=True)
    is_deceased = golden["golden_id"].isin(saying.loc[saying["value"] == "true", "golden_id"])
    closed: dict[str, pd.Series] = {column: golden[column].mask(is_deceased, True) for column in policy.closes}
    told = saying.loc[(saying["cluster_size"] > 1) | (saying["rule"] == "override")]
    marks = told.assign(column=IS_DECEASED).reindex(columns=list(PROVENANCE.columns)).astype("str")
    return golden.assign(**closed, is_deceased=is_deceased), marks


def _pinned(records: pd.DataFrame, policy: Deceased, overrides: pd.DataFrame | None) -> pd.DataFrame:
    """Return the latest act of people per golden id: `golden_id`, `record_id`, `cluster_size`, `value`, `rule`."""
    columns = ["golden_id", "record_id", "cluster_size"]
    if overrides is None or overrides.empty:
        return records.iloc[:0][columns].assign(value="", rule="")
    acts = overrides.loc[overrides["column"] == IS_DECEASED].merge(records[columns], on="record_id")
    acts = acts.sort_values(["golden_id", "at", "record_id"]).drop_duplicates("golden_id", keep="last")
    denied = acts["value"].fillna("").str.strip().str.lower().isin(["", *policy.no])
    acts["value"] = denied.map({True: "false", False: "true"}).astype("str")
    return acts[[*columns, "value"]].assign(rule="override")
