"""Phones, e-mails and links of a part as contact points: pieces joined, several values in one cell told apart."""

from typing import Final

import pandas as pd

from dq.model import FLAGS, TEXT
from dq.tables.mapping.cells import join_text
from dq.tables.mapping.columns import Column, Columns
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.mapping.split import split_cells
from dq.tables.recognition.targets import CHANNELS
from dq.tables.text_columns import null_text, same_text

_SCIENTIFIC: Final = r"(?i)^\d(?:[.,]\d+)?E\+\d{1,3}$"
_PHONES: Final = ("phone", "mobile", "fax")


def channel_points(columns: Columns, party: str, policy: MappingPolicy) -> list[pd.DataFrame]:
    """Return one frame of points per column of phones, e-mails or links of the party.

    Each has `position`, `kind`, `role`, `order`, `value`, `extension`, `value_raw` (the whole cell) and `flags`.
    """
    points: list[pd.DataFrame] = []
    slots = [column for column in columns.columns if column.target.column in CHANNELS and column.target.party == party]
    for place, column in enumerate(slots):
        points.append(_points_of(columns, column, place, policy))
    points.extend(_joined_phones(columns, slots, party, policy))
    return [frame for frame in points if not frame.empty]


def _points_of(columns: Columns, column: Column, place: int, policy: MappingPolicy) -> pd.DataFrame:
    values = column.cells.values.dropna()
    typed = column.cells.raw
    area = _piece(columns, "phone_area", column)
    if area is not None and column.target.column in _PHONES:
        short = values.str.count(r"\d") <= 7
        with_area = join_text(["(" + area.cells.values.loc[values.index] + ")", values])
        values = values.mask(short & area.cells.values.loc[values.index].notna(), with_area)
        typed = join_text([area.cells.raw, typed])
    return _split(columns, column, values, typed, place, policy)


def _split(
    columns: Columns, column: Column, values: pd.Series, typed: pd.Series, place: int, policy: MappingPolicy
) -> pd.DataFrame:
    kind, role = column.target.column, column.target.role or "primary"
    family = "phone" if kind in _PHONES else kind
    frame = split_cells(values, family, policy.words)
    frame["position"] = frame.index.to_numpy()
    frame["value_raw"] = typed.reindex(frame.index)
    said = frame["role"].where(frame["role"] != "")
    # The second number of a cell is no longer the primary one, unless its label says what it is.
    default = same_text(role, frame.index).mask((frame["order"] > 0) & (role == "primary"), "other")
    frame["role"] = said.where(said.notna(), default)
    is_other = frame["kind"].isin(("phone", "email")) & (frame["kind"] != family)
    frame["kind"] = frame["kind"].where((frame["kind"] != "") & ((kind == "phone") | is_other), kind)
    frame["order"] += place * 100
    frame = _with_said_kind(frame, columns, column, policy)
    frame["extension"] = _extension(frame, columns, column)
    damaged = frame["value"].str.contains(_SCIENTIFIC, regex=True) & (family == "phone")
    frame[FLAGS] = same_text("phone:spreadsheet_number", frame.index).where(damaged)
    return frame.reset_index(drop=True)


def _piece(columns: Columns, name: str, beside: Column) -> Column | None:
    """Return the piece that belongs to a phone column: same role, else the only one without a role."""
    found = columns.having(name, beside.target.party)
    same = [column for column in found if column.target.role == beside.target.role]
    return same[0] if same else None


def _with_said_kind(frame: pd.DataFrame, columns: Columns, column: Column, policy: MappingPolicy) -> pd.DataFrame:
    """Apply a column that says what the phone is (`PHONE_TYPE`: HOME, MOBILE)."""
    piece = _piece(columns, "phone_role", column)
    if piece is None or column.target.column != "phone":
        return frame
    said = piece.cells.values.str.lower().reindex(frame.index)
    kinds = said.map(policy.words.get("phone_kind", {})).astype(TEXT)
    roles = said.map(policy.words.get("role", {})).astype(TEXT).where(kinds.isna())
    return frame.assign(kind=frame["kind"].where(kinds.isna(), kinds), role=frame["role"].where(roles.isna(), roles))


def _extension(frame: pd.DataFrame, columns: Columns, column: Column) -> pd.Series:
    empty = null_text(frame.index)
    piece = _piece(columns, "phone_extension", column)
    if piece is None or column.target.column != "phone":
        return empty
    # An extension belongs to the first number of the cell.
    return piece.cells.values.reindex(frame.index).where(frame["order"] % 100 == 0)


def _joined_phones(columns: Columns, slots: list[Column], party: str, policy: MappingPolicy) -> list[pd.DataFrame]:
    """Join phones that come in pieces only: area code, exchange, number."""
    frames = []
    for place, column in enumerate(columns.having("phone_number", party)):
        if any(slot.target.column == "phone" and slot.target.role == column.target.role for slot in slots):
            continue
        area, exchange = _piece(columns, "phone_area", column), _piece(columns, "phone_exchange", column)
        before = [piece for piece in (area, exchange) if piece is not None]
        number = column.cells.values
        pieces = [
            *(["(" + area.cells.values + ")"] if area else []),
            *([exchange.cells.values] if exchange else []),
            number,
        ]
        typed = join_text([*(piece.cells.raw for piece in before), column.cells.raw])
        values = join_text(pieces).where(number.notna()).dropna()
        as_phone = Column(column.header, type(column.target)("phone", column.target.role, party), column.cells)
        frames.append(_split(columns, as_phone, values, typed, len(slots) + place, policy))
    return frames
