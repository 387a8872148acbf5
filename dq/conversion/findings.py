"""Finds where the rows of a target fall short of it, whatever the load path: cells, groups of fields, batch, owners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dq.conversion.cells import check_cells, nowhere
from dq.conversion.rows import TargetRows
from dq.model import TEXT
from dq.standards.targets import Target, TargetField, parent_field

FINDINGS = ("object", "row_id", "field", "check", "value")
"""One row per row of the target, field and check; `value` is the text that falls short, null where nothing stands."""
SUPPRESSION = "suppression"
"""Field that a finding about a list of customers stands under."""


@dataclass(frozen=True)
class Surroundings:
    """What the target holds already, as far as files say.

    Attributes:
        existing: Object → export of it, columns named like fields or their labels.
        owners: Who may own records: `owner`, `is_active`; null: nothing is known of them.
        listed: Customers on a list of those not to be reached: `id`, `value` (which list, and by what).
        columns: Object → columns that somebody means to load by name, to be held against its fields.
    """

    existing: Mapping[str, pd.DataFrame]
    owners: pd.DataFrame | None = None
    columns: Mapping[str, tuple[str, ...]] | None = None
    listed: pd.DataFrame | None = None


ALONE = Surroundings({})
"""Nothing is known but the rows themselves."""


def find(target: Target, rows: TargetRows, as_of: date, around: Surroundings = ALONE) -> pd.DataFrame:
    """Return the findings of all rows, in load order; parents that would not load are no finding (see `verdicts`).

    Args:
        target: What they are held against.
        rows: What would be loaded.
        as_of: The day of the run, for ages.
        around: What is there already.
    """
    blocks = []
    for name, own in rows.objects.items():
        blocks += _fields(target, name, own, as_of)
        blocks += _groups(target, name, own)
        blocks += _batch(target, name, own, around.existing.get(name))
        blocks += _parents(target, name, own, rows)
        blocks += _listed(name, own, around.listed)
        blocks += _owners(target, name, own, around.owners)
    blocks = [block for block in blocks if len(block)]
    if not blocks:
        return pd.DataFrame({column: nowhere(pd.Index([])) for column in FINDINGS})
    return pd.concat(blocks, ignore_index=True).astype(TEXT)


def _fields(target: Target, name: str, rows: pd.DataFrame, as_of: date) -> list[pd.DataFrame]:
    found = []
    for key, field in target.in_force(name).items():
        if not field.writable or field.type == "reference" or not (field.required or key in rows.columns):
            continue
        values = rows[key] if key in rows.columns else nowhere(rows.index)
        for check, mask in check_cells(values, field, target, rows, as_of):
            found.append(_block(name, rows, mask, key, check, values))
    return found


def _groups(target: Target, name: str, rows: pd.DataFrame) -> list[pd.DataFrame]:
    found = []
    for group in target.objects[name].one_of:
        empty = pd.Series(True, index=rows.index)
        for key in group:
            if key in rows.columns:
                empty &= rows[key].isna()
        found.append(_block(name, rows, empty, ", ".join(group), "one_of", nowhere(rows.index)))
    return found


def _batch(target: Target, name: str, rows: pd.DataFrame, existing: pd.DataFrame | None) -> list[pd.DataFrame]:
    """Return what stands twice in the load or is in the target already."""
    found = []
    there = None if existing is None else _known_columns(existing, target.in_force(name))
    for key, field in target.in_force(name).items():
        if key not in rows.columns:
            continue
        plain = rows[key].str.strip().str.casefold()
        if field.unique or field.key:
            # The first by row id loads; those after it are the ones refused.
            found.append(_block(name, rows, plain.notna() & plain.duplicated(), key, "duplicate_in_batch", rows[key]))
        if there is not None and key in there and _tells(field):
            known = set(there[key].dropna().str.strip().str.casefold())
            found.append(_block(name, rows, plain.isin(known), key, "duplicate_existing", rows[key]))
    return found


def compared_by(target: Target, name: str, rows: pd.DataFrame, existing: pd.DataFrame) -> tuple[str, ...]:
    """Return the fields by which rows of an object are held against an export of it."""
    fields = target.in_force(name)
    there = _known_columns(existing, fields)
    return tuple(
        key
        for key, field in fields.items()
        if _tells(field) and key in rows and key in there and there[key].notna().any()
    )


def _tells(field: TargetField) -> bool:
    """Tell whether equal values of a field are one and the same thing in the eyes of the target."""
    return field.unique or field.key or field.type == "email"


def _known_columns(existing: pd.DataFrame, fields: Mapping[str, TargetField]) -> pd.DataFrame:
    """Return an export with its columns named as the fields are."""
    labels = {field.label.casefold(): key for key, field in fields.items() if field.label}
    names = {key.casefold(): key for key in fields}
    called = {column: names.get(column.casefold()) or labels.get(column.casefold()) for column in existing.columns}
    kept = [column for column, key in called.items() if key]
    renamed = existing[kept].rename(columns={column: str(called[column]) for column in kept}).astype(TEXT)
    return renamed.loc[:, ~renamed.columns.duplicated()]


def _parents(target: Target, name: str, rows: pd.DataFrame, everything: TargetRows) -> list[pd.DataFrame]:
    field = parent_field(target, name)
    if field is None:
        return []
    above = everything.objects.get(target.in_force(name)[field].refers_to)
    known = set() if above is None else set(above["row_id"])
    parents = rows["parent_row_id"]
    missing = _block(name, rows, parents.notna() & ~parents.isin(known), field, "parent_missing", parents)
    if target.in_force(name)[field].refers_to == name:
        return [missing]  # the highest of its own kind has no parent, and that is right
    return [missing, _block(name, rows, parents.isna(), field, "no_parent", nowhere(rows.index))]


def _owners(target: Target, name: str, rows: pd.DataFrame, owners: pd.DataFrame | None) -> list[pd.DataFrame]:
    if owners is None:
        return []
    active = dict(zip(owners["owner"].str.casefold(), owners["is_active"], strict=True))
    found = []
    for key, field in target.in_force(name).items():
        if field.refers_to != "owner" or key not in rows.columns:
            continue
        said = rows[key].str.casefold().map(active)
        found.append(_block(name, rows, rows[key].notna() & said.isna(), key, "owner_unknown", rows[key]))
        found.append(_block(name, rows, said.eq(False), key, "owner_inactive", rows[key]))
    return found


def _listed(name: str, rows: pd.DataFrame, listed: pd.DataFrame | None) -> list[pd.DataFrame]:
    if listed is None or listed.empty:
        return []
    said = rows["golden_id"].fillna(rows["record_id"]).map(listed.set_index("id")["value"]).astype(TEXT)
    return [_block(name, rows, said.notna(), SUPPRESSION, "on_list", said)]


def _block(name: str, rows: pd.DataFrame, mask: pd.Series, key: str, check: str, values: pd.Series) -> pd.DataFrame:
    index = rows.index[mask.to_numpy(dtype=bool, na_value=False)]
    return pd.DataFrame(
        {"object": name, "row_id": rows.loc[index, "row_id"], "field": key, "check": check, "value": values.loc[index]}
    )
