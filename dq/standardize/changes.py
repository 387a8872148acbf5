"""Collects what standardising altered: one row per altered value with the reason. Consent and flags are no values."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dq.model import CHANGES, FLAGS, TEXT, raw
from dq.standardize.distinct import column_of, missing

_NOT_VALUES = frozenset(
    {FLAGS, "consent", "consent_at", "consent_source", "created_is_date_only", "updated_is_date_only"}
)


def no_changes() -> pd.DataFrame:
    """Return the table of changes without a row."""
    return pd.DataFrame({column: pd.array([], dtype=TEXT) for column in CHANGES.columns})


def value_changes(
    frame: pd.DataFrame, column: str, before: pd.Series, after: pd.Series, reasons: pd.Series | str
) -> pd.DataFrame:
    """Return one change per row whose value differs.

    Args:
        frame: Gives `record_id` and, for contact points, `contact_point_id`.
        column: Name of the column that changed.
        before: Values before; a missing one that got a value is a change, too.
        after: Values after, same index.
        reasons: Reason of each row, or one for all.
    """
    differs = (before.fillna("") != after.fillna("")).to_numpy(dtype=bool)
    if not differs.any():
        return no_changes()
    index = pd.RangeIndex(int(differs.sum()))
    given = pd.Series(reasons, index=frame.index, dtype=TEXT) if isinstance(reasons, str) else reasons
    parts = {
        "record_id": column_of(frame, "record_id"),
        "contact_point_id": column_of(frame, "contact_point_id"),
        "column": pd.Series(column, index=frame.index, dtype=TEXT),
        "before": before,
        "after": after,
        "reason": given,
    }
    return pd.DataFrame({name: part[differs].set_axis(index).astype(TEXT) for name, part in parts.items()})


def frame_changes(before: pd.DataFrame, after: pd.DataFrame, reasons: Mapping[str, pd.Series | str]) -> pd.DataFrame:
    """Compare two states of the same rows column by column.

    Args:
        before: Rows before a step.
        after: The same rows, in the same order, after it.
        reasons: Column → reason of each row, or one for all; only these columns are compared.
    """
    found = [
        value_changes(after, column, column_of(before, column), column_of(after, column), reason)
        for column, reason in reasons.items()
        if column in after.columns and column not in _NOT_VALUES
    ]
    return all_changes(found)


def all_changes(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join tables of changes into one, in the order given; the writer sorts all changes of a run at once."""
    parts = [changes for changes in found if len(changes)]
    if not parts:
        return no_changes()
    joined = pd.concat(parts, ignore_index=True)
    for column in CHANGES.columns:
        if column not in joined.columns:
            joined[column] = missing(joined.index)
    return joined[list(CHANGES.columns)]


def keep_raw(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Fill `<column>_raw` where a frame came without it, so that what was typed stays beside what became of it."""
    fresh = {raw(column): column_of(frame, column) for column in columns if raw(column) not in frame}
    return frame.assign(**fresh)
