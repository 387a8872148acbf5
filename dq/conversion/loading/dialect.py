"""Rows of a batch in the words of a load path: headers, dates, what empties a field."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.conversion.loading.batches import Batch
from dq.conversion.loading.operations import CHANGED
from dq.conversion.rows import ROW_COLUMNS
from dq.model import TEXT
from dq.standards.expressions import date_pattern
from dq.standards.targets import Target

_DATES = ("date", "datetime")


@dataclass(frozen=True)
class Sheet:
    """Content of a load file.

    Attributes:
        rows: One row per row of the batch, text, null where the cell is empty.
        headers: Column of `rows` → header in the file.
        unsaid: Fields that should be emptied and that this load path cannot empty: `row_id`, `field`.
    """

    rows: pd.DataFrame
    headers: Mapping[str, str]
    unsaid: pd.DataFrame


def sheet(target: Target, path: str, batch: Batch) -> Sheet:
    """Return what the file of a batch holds.

    An insert holds every field that any row fills. An update holds the key and the fields that any row changes: a
    cell that does not change is empty, and one that shall be emptied holds the path's mark for that. Where an empty
    cell empties the field, an update holds whole rows.

    Args:
        target: What is loaded into.
        path: The load path.
        batch: Its rows.
    """
    fields = target.in_force(batch.thing)
    key = target.objects[batch.thing].key
    rows, way = batch.rows, target.paths[path]
    partly = batch.work == "update" and way.empty == "keeps"
    given = [name for name, field in fields.items() if name in rows.columns and field.writable]
    if batch.work == "insert":
        names = [name for name in given if name == key or rows[name].notna().any()]
    elif not partly:
        names = given
    else:
        touched = set(" ".join(rows[CHANGED]).split())
        names = [name for name in given if name == key or name in touched]
    cells, unsaid = {}, []
    for name in names:
        values = rows[name]
        if fields[name].type in _DATES:
            values = _dated(values, way.date_format)
        if partly and name != key:
            changes = (" " + rows[CHANGED] + " ").str.contains(f" {name} ", regex=False)
            emptied = changes & rows[name].isna()
            if way.null:
                values = values.mask(emptied, way.null)
            elif emptied.any():
                unsaid.append(pd.DataFrame({"row_id": rows.loc[emptied, "row_id"], "field": name}))
            values = values.where(changes)
        cells[name] = values.astype(TEXT)
    empty = pd.DataFrame({"row_id": pd.Series(dtype=TEXT), "field": pd.Series(dtype=TEXT)})
    return Sheet(
        pd.DataFrame(cells, index=rows.index),
        {name: fields[name].header or name for name in names},
        pd.concat([empty, *unsaid], ignore_index=True),
    )


def _dated(values: pd.Series, form: str) -> pd.Series:
    dates = pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    return dates.dt.strftime(date_pattern(form)).astype(TEXT).fillna(values)


def fields_of(rows: pd.DataFrame) -> list[str]:
    """Return the columns of a target's rows that are fields."""
    return [column for column in rows.columns if column not in (*ROW_COLUMNS, "target_id", CHANGED)]
