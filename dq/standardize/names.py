"""Names of records: which party they name, and prefix, first, middle, last and suffix of persons.

Two persons in one cell stay in one piece, in the column they came in or, for a whole name, in `last_name`. Nicknames in
quotes or brackets, instructions and roles are taken out of the name; the change keeps them.
"""

from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from dq.model import NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.standardize.changes import all_changes, no_changes, value_changes
from dq.standardize.distinct import column_of, missing, standardize_distinct, with_flags
from dq.standardize.name_case import restore_names
from dq.standardize.name_cells import PARTS, split_names
from dq.standardize.name_doubts import doubts, whole_name_doubts
from dq.standardize.name_notes import strip_notes
from dq.standardize.name_parts import Part, standardize_part, together_flag
from dq.standardize.name_places import place_parties
from dq.standardize.name_tables import NameTables, name_tables
from dq.standards import Hints, RowPolicy
from dq.text import clean, map_distinct

Step = tuple[pd.DataFrame, pd.DataFrame]
"""Records after a step, and the changes of that step."""

_DOUBTED = ("first_name", "middle_name", "last_name")
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
    records, split = _split_cells(records, "full_name", policy.hints, tables)
    records, behind = _split_cells(records, "last_name", policy.hints, tables)
    records, parts = _standardize_parts(records, tables)
    flags = [doubts(records[column], column, tables) for column in _DOUBTED]
    return with_flags(records, *flags, whole_name_doubts(records, tables)), all_changes([moved, split, behind, parts])


def _with_columns(records: pd.DataFrame) -> pd.DataFrame:
    columns = (*NAME_COLUMNS, *ORGANIZATION_COLUMNS, "full_name", "party_type")
    records = records.assign(**{column: column_of(records, column) for column in columns})
    if "party_confidence" not in records:
        records["party_confidence"] = np.nan
    return records.assign(party_confidence=records["party_confidence"].astype("float64"))


# ---- whole names --------------------------------------------------------------------------------------------------
def _split_cells(records: pd.DataFrame, column: str, hints: Hints, tables: NameTables) -> Step:
    """Split the whole names in `full_name`, or in the `last_name` of rows without a first name, into parts.

    Parts that are there already stay; where the whole name says otherwise, the change keeps what it said.
    """
    cells = records[column]
    if column == "last_name":
        is_alone = records["first_name"].isna() & (records["party_type"] == "person")
        is_whole = clean(cells).str.contains(_WHOLE_IN_LAST, regex=True, na=False).astype(bool)
        cells = cells.where(is_alone & is_whole)
    has_cell = cells.notna()
    if not has_cell.any():
        return records.assign(full_name=missing(records.index)), no_changes()
    noted = strip_notes(cells, tables.notes)
    parts = _split_by_order(noted["value"], _is_last_first(records, hints), tables)
    given = {part: records[part].where(~has_cell) if part == column else records[part] for part in PARTS}
    clash = has_cell.to_numpy() & _clash(given, parts)
    reasons = pd.Series(np.where(clash, "name_conflict", "name_split"), index=records.index, dtype=TEXT)
    changes = value_changes(records, column, cells, parts["whole"].where(has_cell & ~clash), reasons)
    records = records.assign(**{part: _first_given(given[part], parts[part]) for part in PARTS})
    records = records.assign(full_name=missing(records.index))
    return with_flags(records, noted["flags"].where(has_cell), parts["flags"]), changes


def _clash(given: dict[str, pd.Series], parts: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say where a column holds something else than the whole name says."""
    clash = np.zeros(len(parts), dtype=bool)
    for part, values in given.items():
        differs = values.notna() & parts[part].notna() & (values.fillna("") != parts[part].fillna(""))
        clash |= differs.to_numpy(dtype=bool)
    return clash


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
    pieces: list[pd.DataFrame] = []
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
def _standardize_parts(records: pd.DataFrame, tables: NameTables) -> Step:
    """Standardise the part columns; what belongs to another column moves there."""
    before = {part: records[part] for part in PARTS}
    after, reasons, flags = {}, {}, []
    moved: dict[str, list[tuple[pd.Series, str]]] = {"prefix": [], "middle_name": [], "suffix": []}
    for part in PARTS:
        outcome = standardize_distinct(records[part], partial(standardize_part, column=part, tables=tables))
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
    after["middle_name"] = restore_names(after["middle_name"], "middle_name", tables)
    flags.append(map_distinct(after["middle_name"], together_flag))
    changes = [value_changes(records, part, before[part], after[part], reasons[part]) for part in PARTS]
    return with_flags(records.assign(**after), *flags), all_changes(changes)


def _joined(values: pd.Series, more: pd.Series) -> pd.Series:
    """Append what was moved, unless the column has it already."""
    if not more.notna().any():
        return values
    moved = np.flatnonzero(more.notna().to_numpy())
    there = values.iloc[moved].fillna("")
    new = np.zeros(len(more), dtype=bool)
    new[moved] = [f" {piece} " not in f" {old} " for piece, old in zip(more.iloc[moved], there, strict=True)]
    pieces = more.where(new)
    # Marks alone are no value that something could be appended to.
    words = values.where(pieces.isna() | values.str.contains(r"[^\W_]", regex=True, na=False).astype(bool))
    return _first_given(_first_given(words.str.cat(pieces, sep=" "), words), pieces)
