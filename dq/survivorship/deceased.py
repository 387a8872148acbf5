"""Golden records of the dead: marked where any of their records says so, and closed to what policy names."""

import pandas as pd

from dq.model import IS_DECEASED, PROVENANCE
from dq.standards.survivorship import Deceased


def with_deceased(golden: pd.DataFrame, records: pd.DataFrame, policy: Deceased) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark golden records and close their channels.

    One record that says so is enough: a system that has not heard of a death does not deny it.

    Args:
        golden: Golden records with their do-not columns.
        records: Their records, sorted by `golden_id`, `record_id`.
        policy: Which do-not columns a death sets.

    Returns:
        The golden records with `is_deceased`, and provenance of the mark for customers of several records.
    """
    says = records[IS_DECEASED].fillna(False).astype(bool)
    saying = records.loc[says].drop_duplicates("golden_id")
    is_deceased = golden["golden_id"].isin(saying["golden_id"])
    closed: dict[str, pd.Series] = {column: golden[column].mask(is_deceased, True) for column in policy.closes}
    merged = saying.loc[saying["cluster_size"] > 1]
    marks = pd.DataFrame(
        {"golden_id": merged["golden_id"], "column": IS_DECEASED, "value": "true", "record_id": merged["record_id"]}
    ).assign(rule="any_record")
    marks = marks.reindex(columns=list(PROVENANCE.columns)).astype("str")
    return golden.assign(**closed, is_deceased=is_deceased), marks
