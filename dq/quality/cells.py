"""The cells of the raw layer as rows: what is asked of every cell is asked once, whatever column it stands in."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dq.model import (
    ADDRESS_COLUMNS,
    EXTRA,
    NAME_COLUMNS,
    ORGANIZATION_COLUMNS,
    STANDARDIZED_COLUMNS,
    TEXT,
    UNSPLIT_POINT_COLUMNS,
    UNSPLIT_RECORD_COLUMNS,
    Frames,
    raw,
)
from dq.quality.segments import CODE
from dq.standards.ingest import Ingest

NOTE_LENGTH = 9
"""A shorter text holds neither a card number nor a social security number."""

_RECORD_COLUMNS = (*STANDARDIZED_COLUMNS, *UNSPLIT_RECORD_COLUMNS, "status")
_POINT_COLUMNS = ("value", *ADDRESS_COLUMNS, *UNSPLIT_POINT_COLUMNS)
_NAMES = {*NAME_COLUMNS, *ORGANIZATION_COLUMNS, *UNSPLIT_RECORD_COLUMNS}
_COLUMNS = ("record_id", "contact_point_id", "source", "department", "column", "text", "null_token")


def cells_of(frames: Frames, ingest: Ingest) -> Frames:
    """Return `cells` (one row per filled source cell) and `notes` (the longer ones without a canonical home).

    A cell is the source's own text where it is kept (`<column>_raw`), else the mapped value. `null_token` is the
    token of `standards/ingest.yml` that the cell consists of, empty text where it holds anything else.
    """
    records = frames["records"]
    extras = tuple(sorted(column for column in records.columns if column.startswith(EXTRA)))
    blocks = _blocks(records, (*_RECORD_COLUMNS, *extras), ingest)
    points = frames.get("contact_points")
    if points is not None and len(points):
        blocks += _blocks(with_owner(points, records), _POINT_COLUMNS, ingest)
    if not blocks:
        return {name: pd.DataFrame(columns=list(_COLUMNS), dtype=TEXT) for name in ("cells", "notes")}
    notes = [block.loc[block["text"].str.len() >= NOTE_LENGTH] for block in blocks if _is_extra(block)]
    cells = pd.concat(blocks, ignore_index=True)
    return {"cells": cells, "notes": pd.concat([cells.iloc[:0], *notes], ignore_index=True)}


def _is_extra(block: pd.DataFrame) -> bool:
    """Say whether the cells are of a column without a canonical home."""
    return str(block["column"].iloc[0]).startswith(EXTRA)


def with_owner(points: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return contact points with the `source`, `department` and segments of their record."""
    wanted = ["record_id", "source", "department", *([CODE] if CODE in records else [])]
    owners = records.reindex(columns=wanted).drop_duplicates("record_id")
    owned = points.drop(columns=["source", "department"], errors="ignore").merge(owners, on="record_id", how="left")
    if CODE in owned:
        owned[CODE] = owned[CODE].fillna(-1).astype("int64")
    return owned.astype({"source": TEXT, "department": TEXT})


def _blocks(rows: pd.DataFrame, columns: Iterable[str], ingest: Ingest) -> list[pd.DataFrame]:
    blocks = []
    subjects = rows.reindex(columns=["record_id", "contact_point_id", "source", "department"]).astype(TEXT)
    if CODE in rows:
        subjects[CODE] = rows[CODE]
    for column in columns:
        texts = source_text(rows, column)
        filled = texts.notna()
        if not filled.any():
            continue
        block = subjects.loc[filled]
        tokens = ingest.name_null_tokens if column in _NAMES else ingest.null_tokens
        # The value of a contact point is told by its kind: `phone` says more than `value`.
        kinds = rows.loc[filled, "kind"] if column == "value" else column
        block["column"] = pd.Series(kinds, index=block.index, dtype=TEXT)
        block["text"] = texts[filled]
        block["null_token"] = _null_tokens(block["text"], tokens)
        blocks.append(block)
    return blocks


def source_text(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return what the source says in that column: `<column>_raw` where it is filled, else the column; text."""
    nothing = pd.Series(np.nan, index=rows.index, dtype=TEXT)
    value = rows[column].astype(TEXT) if column in rows else nothing
    if raw(column) not in rows:
        return value
    original = rows[raw(column)].astype(TEXT)
    return original.where(original.notna(), value)


def name_text(records: pd.DataFrame) -> pd.Series:
    """Return the name of each record as its source has it: of the organisation, else first and last name.

    A cell that was split stands behind both parts and is taken once.
    """
    first, last = source_text(records, "first_name"), source_text(records, "last_name")
    both = first.notna() & last.notna() & (first != last)
    person = (first.where(both, last) + " " + last).where(both, first.where(first.notna(), last))
    organization = source_text(records, "organization_name")
    return organization.where(organization.notna(), person)


def _null_tokens(texts: pd.Series, tokens: Iterable[str]) -> pd.Series:
    known = {token.casefold() for token in tokens}
    longest = max(map(len, known), default=0)
    bare = texts.str.strip()
    is_short = bare.str.len() <= longest
    found = pd.Series("", index=texts.index, dtype=TEXT)
    distinct = {text: text.casefold() for text in bare[is_short].unique() if text.casefold() in known}
    if distinct:
        hits = bare.isin(list(distinct))
        found[hits] = bare[hits].map(distinct)
    return found
