"""Which party a record names, and in which columns its name belongs. Splits no name."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from dq.model import TEXT, raw
from dq.standardize.changes import value_changes
from dq.standardize.distinct import column_of
from dq.standardize.party import decide_party
from dq.standards import Standards

Mask = npt.NDArray[np.bool_]

FROM_COLUMNS = 0.95
"""Confidence where only the filled columns tell: a firm typed into a contact's columns is a usual mistake."""
EVIDENT = 0.97
"""Confidence from which a lone last name is read as the name of an organisation; below it a surname stays one."""

BORN = 5.0
"""Log odds by which a birth date speaks for a person: one filled row of 150 holds the day a firm was founded. Only
words that are a firm's beyond doubt (LLC) outweigh it; `Poppy Fox` and a misspelt `Amlia` do not."""


def place_parties(records: pd.DataFrame, standards: Standards) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill `party_type` where it is null, and move names of organisations into `organization_name`.

    Args:
        records: With all name columns, `full_name`, `party_type` and `party_confidence`.
        standards: Gives the words and weights.

    Returns:
        The records and the changes of values that left their column.
    """
    cell, last = records["full_name"], records["last_name"]
    has_cell, has_organization = cell.notna().to_numpy(), records["organization_name"].notna().to_numpy()
    has_person = (records["first_name"].notna() | last.notna()).to_numpy()
    undecided = records["party_type"].isna().to_numpy()
    lone = undecided & ~has_cell & ~has_organization & records["first_name"].isna().to_numpy() & last.notna().to_numpy()
    judged = cell.where(undecided & has_cell & ~has_organization).where(~lone, last)
    decided = _with_births(decide_party(judged, standards), column_of(records, "birth_on").notna().to_numpy(dtype=bool))
    by_words = (decided["party_type"] == "organization").to_numpy(dtype=bool)
    evident = lone & by_words & (decided["party_confidence"] >= EVIDENT).to_numpy(dtype=bool)
    columns = np.select([has_person | has_cell, has_organization], ["person", "organization"], default="")
    from_columns = pd.Series(columns, index=records.index, dtype=TEXT).replace("", None)
    use_words = decided["party_type"].notna().to_numpy() & (~lone | evident)
    kind = decided["party_type"].where(use_words, from_columns)
    confidence = decided["party_confidence"].where(use_words, FROM_COLUMNS).where(kind.notna())
    known = records["party_confidence"]
    records = records.assign(
        party_type=records["party_type"].where(~undecided, kind),
        party_confidence=known.where(known.notna() | ~undecided, confidence),
    )
    return _move_organizations(records, evident)


def _with_births(decided: pd.DataFrame, is_born: Mask) -> pd.DataFrame:
    """Return the decisions with what a birth date adds to the words."""
    sure = decided["party_confidence"].fillna(0.5).to_numpy(dtype=np.float64)
    is_organization = (decided["party_type"] == "organization").to_numpy(dtype=bool)
    odds = np.where(is_organization, 1.0, -1.0) * np.log(sure / (1.0 - sure)) - BORN
    made = pd.Series(np.where(odds > 0, "organization", "person"), index=decided.index, dtype=TEXT)
    confidence = np.minimum(np.round(1.0 / (1.0 + np.exp(-np.abs(odds))), 4), 0.998)
    changed = pd.Series(is_born & is_organization, index=decided.index)
    return decided.assign(
        party_type=decided["party_type"].mask(changed, made),
        party_confidence=decided["party_confidence"].mask(changed, confidence),
    )


def _move_organizations(records: pd.DataFrame, from_last: Mask) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Move whole names of organisations to `organization_name` where that is free."""
    cell, last, name = records["full_name"], records["last_name"], records["organization_name"]
    is_organization = (records["party_type"] == "organization").to_numpy(dtype=bool)
    from_cell = cell.notna().to_numpy() & is_organization & name.isna().to_numpy()
    names = name.where(~from_cell, cell).where(~from_last, last)
    changes = value_changes(records, "last_name", last, last.where(~from_last), "organization_in_last_name")
    moved = records.assign(organization_name=names, full_name=cell.where(~from_cell), last_name=last.where(~from_last))
    if raw("organization_name") in records:
        typed = column_of(records, raw("organization_name"))
        moved[raw("organization_name")] = typed.where(typed.notna().to_numpy() | ~(from_cell | from_last), names)
    return moved, changes
