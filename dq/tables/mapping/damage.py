"""Rows whose cells stand one column off: found by cells that fit their neighbour's type and not their own."""

from typing import Final

import pandas as pd

from dq.tables.mapping.columns import as_typed
from dq.tables.mapping.policy import MappingPolicy

_LEAST: Final = 2
"""One cell in the wrong column is a typo; two neighbours that fit the same shift are a shifted row."""
_SHAPES: Final = {
    "email": r"^[^\s@]+@[^\s@]+\.[A-Za-z]{2,}$",
    "zip5": r"^\d{5}(?:-\d{4})?$",
    "phone": r"^\+?1?[-. (]*\d{3}[-. )/]*\d{3}[-. ]*\d{4}(?:\s*(?:x|ext).*)?$",
    "birth_on": r"^(?:\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}-\d{2}-\d{2}.*)$",
    "created_at": r"^(?:\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}-\d{2}-\d{2}.*)$",
    "website": r"(?i)^(?:https?://|www\.)\S+$",
}


def shifted_rows(rows: pd.DataFrame, policy: MappingPolicy) -> pd.Series:
    """Return the rows in which at least two cells fit the column beside them and not their own.

    Args:
        rows: Source rows with index 0 … n-1.
        policy: How the table was recognised; the order of its columns is the order of the file.
    """
    headers = [column.header for column in policy.table.columns if column.header in rows]
    kinds = {column.header: _kind(column.target.column) for column in policy.table.columns}
    typed = [header for header in headers if kinds[header]]
    shifted = pd.Series(False, index=rows.index)
    if len(typed) < _LEAST or rows.empty:
        return shifted
    cells = {header: as_typed(rows[header]).str.strip() for header in headers}
    fits: dict[tuple[str, str], pd.Series] = {}
    for step in (1, -1):
        hits = pd.Series(0, index=rows.index)
        for place, header in enumerate(headers):
            there = place + step
            if not kinds[header] or not 0 <= there < len(headers):
                continue
            beside = headers[there]
            if kinds[beside] == kinds[header]:
                continue
            hits += _fits(cells, beside, kinds[header], policy, fits) & ~_belongs(
                cells, beside, kinds[beside], policy, fits
            )
        shifted |= hits >= _LEAST
    return shifted


def _kind(column: str) -> str:
    if column in {"mobile", "fax"}:
        return "phone"
    if column in {"updated_at", "verified_on"}:
        return "created_at"
    return column if column in _SHAPES or column == "state" else ""


def _fits(
    cells: dict[str, pd.Series], header: str, kind: str, policy: MappingPolicy, known: dict[tuple[str, str], pd.Series]
) -> pd.Series:
    """Return the cells of a column that have the shape of a kind."""
    if (header, kind) not in known:
        if kind == "state":
            codes = tuple(state for state in policy.states if len(state) == 2)
            known[header, kind] = cells[header].str.lower().isin(codes)
        else:
            known[header, kind] = cells[header].str.contains(_SHAPES[kind], regex=True)
    return known[header, kind]


def _belongs(
    cells: dict[str, pd.Series], header: str, kind: str, policy: MappingPolicy, known: dict[tuple[str, str], pd.Series]
) -> pd.Series:
    """Return the cells that fit their own column; in an untyped column nothing does, so that a shift shows there."""
    if not kind:
        return pd.Series(False, index=cells[header].index)
    return _fits(cells, header, kind, policy, known)
