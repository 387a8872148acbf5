"""Names of records: which party they name, and prefix, first, middle, last and suffix of persons.

Two persons in one cell stay in one piece, in the column they came in or, for a whole name, in `last_name`. Nicknames in
quotes or brackets, instructions and roles are taken out of the name; the change keeps them.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from dq.model import NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.standardize.changes import all_changes, value_changes
from dq.standardize.distinct import column_of, missing, standardize_distinct, with_flags
from dq.standardize.name_cells import PARTS, split_names
from dq.standardize.name_doubts import doubts, whole_name_doubts
from dq.standardize.name_notes import strip_notes
from dq.standardize.name_parts import (
    Part,
    standardize_first,
    standardize_last,
    standardize_middle,
    standardize_suffixes,
    standardize_titles,
)
from dq.standardize.name_places import place_parties
from dq.standardize.name_tables import NameTables, name_tables
from dq.standards import Hints, RowPolicy

Step = tuple[pd.DataFrame, pd.DataFrame]
"""Records after a step, and the changes of that step."""

_BY_COLUMN: dict[str, Callable[[str, NameTables], Part]] = {
    "prefix": standardize_titles,
    "first_name": standardize_first,
    "middle_name": standardize_middle,
    "last_name": standardize_last,
    "suffix": standardize_suffixes,
}
_DOUBTED = ("first_name", "middle_name", "last_name", *ORGANIZATION_COLUMNS)
_WHOLE_IN_LAST = r"\w ?,\s*\w"
"""`Smith, John` in the last-name column of a row without a first name."""


def standardize_names(records: pd.DataFrame, policy: RowPolicy) -> Step:
    """Decide the kind of party of every record and standardise names of persons.

    Args:
        records: As mapped. `full_name` holds names not split yet; it is null afterwards.
        policy: Standards, and the order of names per column (`hints.name_orders`).

    Returns:
        The records, same rows and order, `party_type` filled where there is a name, and one change per altered value.
        Names of organisations found in `full_name` or `last_name` are in `organization_name`, still as typed:
        `standardize_organizations` comes next.
    """
    tables = name_tables(policy.standards)
    records, moved = place_parties(_with_columns(records), policy.standards)
    records, split, is_split = _split_whole_names(records, policy.hints, tables)
    records, parts = _standardize_parts(records, ~is_split, tables)
    flags = [doubts(records[column], column, tables) for column in _DOUBTED]
    return with_flags(records, *flags, whole_name_doubts(records, tables)), all_changes([moved, split, parts])


def _with_columns(records: pd.DataFrame) -> pd.DataFrame:
    columns = (*NAME_COLUMNS, *ORGANIZATION_COLUMNS, "full_name", "party_type")
    records = records.assign(**{column: column_of(records, column) for column in columns})
    confidence = records["party_confidence"] if "party_confidence" in records else np.nan
    return records.assign(party_confidence=pd.Series(confidence, index=records.index, dtype="float64"))


# ---- whole names --------------------------------------------------------------------------------------------------
def _split_whole_names(
    records: pd.DataFrame, hints: Hints, tables: NameTables
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Split `full_name`, and a `last_name` that holds the whole name, into parts; parts already there stay.

    Returns:
        The records, the changes, and which rows were split.
    """
    cells, last = records["full_name"], records["last_name"]
    is_alone = cells.isna() & records["first_name"].isna() & (records["party_type"] == "person")
    in_last = is_alone & last.str.contains(_WHOLE_IN_LAST, regex=True, na=False).astype(bool)
    cells = cells.where(~in_last, last)
    is_split = cells.notna()
    if not is_split.any():
        return records, all_changes([]), is_split
    noted = strip_notes(cells, tables)
    parts = _split_by_order(noted["value"], _is_last_first(records, hints), tables)
    written = {part: _first_given(records[part].where(~(in_last & (part == "last_name"))), parts[part]) for part in PARTS}
    changes = all_changes(
        value_changes(records, column, cells.where(rows), parts["whole"].where(rows), "name_split")
        for column, rows in (("full_name", is_split & ~in_last), ("last_name", in_last))
    )
    records = records.assign(**written, full_name=missing(records.index))
    return with_flags(records, noted["flags"].where(is_split), parts["flags"]), changes, is_split


def _first_given(given: pd.Series, other: pd.Series) -> pd.Series:
    return given.where(given.notna(), other)


def _is_last_first(records: pd.DataFrame, hints: Hints) -> pd.Series:
    """Say per record whether its source writes the surname first where there is no comma."""
    if not hints.name_orders:
        return pd.Series(False, index=records.index)
    place = column_of(records, "source").fillna("") + "/" + column_of(records, "source_table").fillna("") + "/full_name"
    last_first = {key for key, order in hints.name_orders.items() if order == "last_first"}
    return place.isin(last_first).astype(bool)


def _split_by_order(names: pd.Series, is_last_first: pd.Series, tables: NameTables) -> pd.DataFrame:
    """Split names, each distinct one once; adds the name as a `whole` and the `flags`."""
    pieces = []
    plain = names.set_axis(pd.RangeIndex(len(names)))
    for order in (False, True):
        rows = plain[is_last_first.to_numpy(dtype=bool) == order]
        if rows.notna().any() or (not order and not pieces):
            codes, distinct = pd.factorize(rows)
            parts = split_names(pd.Series(distinct, dtype=TEXT), tables, is_last_first=order)
            parts = _with_whole(parts)
            taken = {column: parts[column].array.take(codes, allow_fill=True) for column in parts}
            pieces.append(pd.DataFrame(taken, index=rows.index))
        else:
            pieces.append(pd.DataFrame(index=rows.index, columns=[*PARTS, "whole", "flags"], dtype=TEXT))
    return pd.concat(pieces).sort_index().set_axis(names.index)


def _with_whole(parts: pd.DataFrame) -> pd.DataFrame:
    """Add the parts in their usual order as one text, and what is doubtful about them."""
    whole = parts["prefix"]
    for part in PARTS[1:]:
        both = whole.str.cat(parts[part], sep=" ")
        whole = _first_given(_first_given(both, whole), parts[part])
    flags = pd.Series(np.where(parts["is_together"], "name:two_people", ""), index=parts.index, dtype=TEXT)
    return parts[list(PARTS)].assign(whole=whole, flags=flags.replace("", None))


# ---- parts --------------------------------------------------------------------------------------------------------
def _standardize_parts(records: pd.DataFrame, rows: pd.Series, tables: NameTables) -> Step:
    """Standardise the part columns; what belongs to another column moves there."""
    before = {part: records[part] for part in PARTS}
    after, reasons, flags = {}, {}, []
    moved: dict[str, list[tuple[pd.Series, str]]] = {"prefix": [], "middle_name": [], "suffix": []}
    for part in PARTS:
        outcome = standardize_distinct(records[part], lambda text, part=part: _BY_COLUMN[part](text, tables))  # type: ignore[misc]
        outcome = outcome.reindex(columns=list(Part._fields)).astype(TEXT)
        after[part], reasons[part] = outcome["value"], outcome["reason"]
        flags.append(outcome["flags"])
        moved["prefix"].append((outcome["prefix"], "prefix_moved"))
        moved["middle_name"].append((outcome["middle"], "initial_moved"))
        moved["suffix"].append((outcome["suffix"], "suffix_moved"))
    for part, found in moved.items():
        for values, reason in found:
            joined = _joined(after[part], values)
            reasons[part] = reasons[part].where(joined.fillna("") == after[part].fillna(""), reason)
            after[part] = joined
    changes = [value_changes(records, part, before[part], after[part], reasons[part]) for part in PARTS]
    return with_flags(records.assign(**after), *flags), all_changes(changes)


def _joined(values: pd.Series, more: pd.Series) -> pd.Series:
    """Append what was moved, unless the column has it already."""
    if not more.notna().any():
        return values
    has_it = (" " + values + " ").fillna("").to_numpy(dtype=object)
    new = [piece if piece == piece and f" {piece} " not in there else None for piece, there in zip(more, has_it, strict=True)]
    pieces = pd.Series(new, index=more.index, dtype=TEXT)
    return _first_given(_first_given(values.str.cat(pieces, sep=" "), values), pieces)
