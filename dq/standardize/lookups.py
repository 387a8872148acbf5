"""Known dirty values: replaces a listed value by what it stands for, with the reason beside the entry."""

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from dq.model import CONTACT_KINDS, TEXT
from dq.standardize.changes import all_changes, value_changes
from dq.standardize.distinct import column_of
from dq.standards.lookups import Lookup

Entries = Mapping[tuple[str, str], Lookup]
"""Folded value and source (empty for every source) → the lookup."""


def apply_lookups(frame: pd.DataFrame, lookups: tuple[Lookup, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace known dirty values in any column of records or contact points.

    A lookup for `email`, `phone`, `mobile`, `fax` or `website` applies to the `value` of contact points of that kind,
    and not to the flat columns of records, which are a view of them. A lookup for one source goes before one for all.

    Args:
        frame: Records or contact points; gives `source`.
        lookups: Entries of `standards/lookups.yml`.

    Returns:
        The frame with values replaced or removed, and the changes.
    """
    found = []
    is_points = "kind" in frame.columns
    for column, entries in _by_column(lookups).items():
        target = "value" if is_points and column in CONTACT_KINDS else column
        if target not in frame.columns:
            continue
        before = column_of(frame, target)
        replaced, reasons = _replace(frame, before, entries)
        if target != column:
            of_kind = (column_of(frame, "kind") == column).to_numpy(dtype=bool)
            replaced, reasons = replaced.where(of_kind, before), reasons.where(of_kind)
        found.append(value_changes(frame, target, before, replaced, reasons))
        frame = frame.assign(**{target: replaced})
    return frame, all_changes(found)


@lru_cache(maxsize=8)
def _by_column(lookups: tuple[Lookup, ...]) -> dict[str, Entries]:
    columns: dict[str, dict[tuple[str, str], Lookup]] = {}
    for lookup in lookups:
        columns.setdefault(lookup.column, {})[(lookup.folded, lookup.source)] = lookup
    return dict(sorted(columns.items()))


def _replace(frame: pd.DataFrame, before: pd.Series, entries: Entries) -> tuple[pd.Series, pd.Series]:
    codes, distinct = pd.factorize(before)
    folded = [str(value).strip().casefold() for value in distinct]
    known = {value for value, _ in entries}
    hits = pd.Series([value in known for value in folded] + [False])
    rows = hits.to_numpy()[codes]
    after: list[str | None] = before.astype(object).where(before.notna(), None).tolist()
    reasons: list[str | None] = [None] * len(after)
    if rows.any():
        sources = column_of(frame, "source").fillna("").tolist()
        for position in rows.nonzero()[0].tolist():
            value = folded[codes[position]]
            lookup = entries.get((value, sources[position])) or entries.get((value, ""))
            if lookup is not None:
                after[position] = lookup.becomes or None
                reasons[position] = f"lookup: {lookup.reason}"
    index = before.index
    return pd.Series(pd.array(after, dtype=TEXT), index=index), pd.Series(pd.array(reasons, dtype=TEXT), index=index)
