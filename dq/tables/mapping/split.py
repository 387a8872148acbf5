"""Cells with several phones, e-mails or links: one value each, with the role and kind that a label or note names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.model import TEXT

_PARTS: Final = {
    "phone": re.compile(r"\s*(?:[;|,]|\s+(?:or|and|y|und|et|/|&)\s+|/(?=\s*\(?\+?\d))\s*"),
    "email": re.compile(r"\s*[;|,]\s*|\s+(?:or|and|/|&)\s+|\s*/\s*|\s+(?=[^\s@<>]+@)"),
    "website": re.compile(r"\s*[;|,]\s+|\s*[;|]\s*|\s+(?:or|and|&)\s+|\s+(?=(?:https?://|www\.))"),
}
_MAYBE: Final = {"phone": r"[;|,/&a-zA-Z]|\d\D*(?:\d\D*){13}", "email": r"[;|,/ ]|^[^@]*\d[^@]*$", "website": r"[;|, ]"}
_BRACKET: Final = re.compile(r"\s*[(\[]([^()\[\]]*[A-Za-z][^()\[\]]*)[)\]]\s*")
_LABEL: Final = re.compile(r"^\s*([A-Za-z]+(?: [A-Za-z]+)?)\s*[.:#-]*\s*(?=[+(\d])")
_TRAILING: Final = re.compile(r"(?<=\d)\s*[-–]?\s+([A-Za-z]{4,})\s*$")
_PHONE_ALONE: Final = re.compile(r"\+?[\d\s().\-]{7,20}(?:\s*(?:x|ext\.?)\s*\d{1,6})?")
_DIGITS_LEAST: Final = 7
"""A phone has seven digits or more: shorter pieces are area codes and extensions, not numbers of their own."""


@dataclass(frozen=True)
class Piece:
    """One value of a cell."""

    value: str
    role: str = ""
    kind: str = ""


def split_cell(cell: str, kind: str, words: Mapping[str, Mapping[str, str]]) -> tuple[Piece, ...]:
    """Split one cell into its values; a cell that holds one value comes back whole.

    >>> roles = {"role": {"work": "work"}, "phone_kind": {"cell": "mobile"}}
    >>> [piece.value for piece in split_cell("555-0148; 555-0199 x12 (wife)", "phone", roles)]
    ['555-0148', '555-0199 x12']
    >>> split_cell("310/246-1501", "phone", roles)
    (Piece(value='310/246-1501', role='', kind=''),)
    >>> split_cell("cell: 617-332-3333", "phone", roles)
    (Piece(value='617-332-3333', role='', kind='mobile'),)

    A column of contacts may hold both: what is plainly of the other kind becomes one of that kind.

    >>> [(piece.value, piece.kind) for piece in split_cell("(555) 010-4477; a@b.com", "email", roles)]
    [('(555) 010-4477', 'phone'), ('a@b.com', '')]
    """
    mixed = _mixed(cell, kind, words)
    if mixed:
        return mixed
    if kind != "phone":
        parts = [part for part in _PARTS[kind].split(cell) if part]
        is_list = len(parts) > 1 and all(("@" in part) if kind == "email" else ("." in part) for part in parts)
        return tuple(Piece(part) for part in parts) if is_list else (Piece(cell),)
    parts = [part for part in _joined_notes(_PARTS["phone"].split(cell)) if part]
    if len(parts) < 2 or not all(sum(c.isdigit() for c in part) >= _DIGITS_LEAST for part in parts):
        return (_phone(cell, words),)
    return tuple(_phone(part, words) for part in parts)


def _mixed(cell: str, kind: str, words: Mapping[str, Mapping[str, str]]) -> tuple[Piece, ...]:
    """Return the values of a cell with phones among e-mails or e-mails among phones; none where it holds one kind."""
    if kind == "website" or (kind == "phone" and "@" not in cell):
        return ()
    parts = [part for part in re.split(r"\s*[;|,]\s*", cell) if part]
    mails = [part for part in parts if "@" in part and not any(sign.isspace() for sign in part)]
    phones = [part for part in parts if _PHONE_ALONE.fullmatch(part) and sum(map(str.isdigit, part)) >= _DIGITS_LEAST]
    if len(mails) + len(phones) < len(parts) or not (phones if kind == "email" else mails):
        return ()
    other = "email" if kind == "phone" else "phone"
    as_found = {part: Piece(part, kind="" if kind == "email" else other) for part in mails}
    for part in phones:
        as_found[part] = Piece(part, kind=other) if kind == "email" else _phone(part, words)
    return tuple(as_found[part] for part in parts)


def _joined_notes(parts: list[str]) -> list[str]:
    """Put pieces without a digit (a note behind a comma) and bare extensions back to the number before them."""
    joined: list[str] = []
    for part in parts:
        is_note = not any(character.isdigit() for character in part)
        is_extension = re.fullmatch(r"(?i)(?:x|ext\.?|extension)\s*\d{1,6}", part.strip()) is not None
        if joined and (is_note or is_extension):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def _phone(text: str, words: Mapping[str, Mapping[str, str]]) -> Piece:
    role = kind = ""
    value = text
    for note in [*_BRACKET.findall(text), *_LABEL.findall(text), *_TRAILING.findall(text)]:
        for word in re.findall(r"[a-z]+", note.lower()):
            role = role or words.get("role", {}).get(word, "")
            kind = kind or words.get("phone_kind", {}).get(word, "")
    value = _BRACKET.sub(" ", value)
    label = _LABEL.match(value)
    if label and label.group(1).lower() not in {"x", "ext"}:
        value = value[label.end() :]
    value = _TRAILING.sub("", value).strip(" ,;:-")
    return Piece(value or text, role, kind)


def split_cells(values: pd.Series, kind: str, words: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Split a column of cells.

    Args:
        values: Filled cells only.
        kind: `phone`, `email` or `website`.
        words: Words for roles and kinds of phones.

    Returns:
        One row per value, index as in `values`: `value`, `order` (place in its cell), `role`, `kind` (empty: as the
        column).
    """
    suspects = values.str.contains(_MAYBE[kind], regex=True)
    whole = pd.DataFrame({"value": values[~suspects], "order": 0, "role": "", "kind": ""})
    if not suspects.any():
        return _typed(whole)
    cells = values[suspects]
    pieces = {cell: split_cell(cell, kind, words) for cell in cells.unique().tolist()}
    rows = [
        (index, piece.value, order, piece.role, piece.kind)
        for index, cell in zip(cells.index.tolist(), cells.tolist(), strict=True)
        for order, piece in enumerate(pieces[cell])
    ]
    split = pd.DataFrame(rows, columns=["index", "value", "order", "role", "kind"]).set_index("index")
    return _typed(pd.concat([whole, split]))


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype({"value": TEXT, "order": "int64", "role": TEXT, "kind": TEXT})
