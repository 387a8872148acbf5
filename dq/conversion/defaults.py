"""What empty cells of a field could be filled with: where nearly all others say one thing, or policy names a value."""

from typing import Final

import pandas as pd

from dq.conversion.rows import TargetRows
from dq.model import TEXT
from dq.standards.targets import DOMINANT, Target, TargetField

FILLED: Final = 20
"""Rows that have to say something before most of them say anything about the rest."""
DOMINATES: Final = 0.95
"""Share of the filled rows from which on one value stands for the empty ones: at most one guess in twenty is wrong
if the empty ones are like the others."""


def propose_defaults(target: Target, rows: TargetRows) -> list[dict[str, object]]:
    """Return a proposal per field whose empty cells could be filled, in the words of `proposals.PROPOSALS`.

    Args:
        target: What is to be loaded into; `default` of a field says what may be filled, and countries may be.
        rows: What would be loaded.
    """
    found: list[dict[str, object]] = []
    for thing, own in rows.objects.items():
        for key, field in target.in_force(thing).items():
            empty = default_cells(target, thing, key, own)
            if not empty.any():
                continue
            value, why = _default(target, field, own, key)
            if value:
                line = {"object": thing, "field": key, "check": "required", "action": "default", "proposed": value}
                line |= {"likeness": "", "loses": "no", "why": why}
                found.append({**line, "value": None, "source": None, "rows": int(empty.sum())})
    return found


def default_cells(target: Target, thing: str, key: str, rows: pd.DataFrame) -> pd.Series:
    """Return which rows a default of a field would fill: its empty cells; a country only beside a state.

    Args:
        target: What is to be loaded into.
        thing: The object.
        key: The field.
        rows: Of the object.
    """
    nobody = pd.Series(False, index=rows.index)
    field = target.in_force(thing)[key]
    is_country = field.place == "country"
    if not (field.writable and (is_country or field.default)) or (key not in rows.columns and not field.required):
        return nobody
    empty = rows[key].isna() if key in rows.columns else ~nobody
    if not is_country:
        return empty
    states = [name for name, one in target.in_force(thing).items() if one.requires == key and name in rows.columns]
    beside = nobody
    for state in states:
        beside = beside | rows[state].notna()
    return empty & beside


def _default(target: Target, field: TargetField, rows: pd.DataFrame, key: str) -> tuple[str, str]:
    """Return a value and why it may stand for empty cells; nothing where none may."""
    if field.default and field.default != DOMINANT:
        return field.default, f"{target.title}'s file says so"
    filled = rows[key].dropna() if key in rows.columns else pd.Series(dtype=TEXT)
    if len(filled) < FILLED:
        return "", ""
    counts = filled.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    value, count = str(counts.index[0]), int(counts.iloc[0])
    listed = field.picklist and (not field.listed_with or target.features.get(field.listed_with))
    if count < DOMINATES * len(filled) or (listed and value not in target.picklists[field.picklist]):
        return "", ""
    return value, f"{count:,} of {len(filled):,} that are filled say so"
