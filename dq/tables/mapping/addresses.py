"""Addresses of a part: pieces in several columns joined into lines, one point per address, the country of each row."""

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from dq.model import FLAGS, TEXT, raw
from dq.tables.mapping.cells import join_text
from dq.tables.mapping.columns import Column, Columns
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.recognition.targets import ADDRESS_PIECES
from dq.tables.text_columns import null_text, same_text

_LINE1: Final = (
    "house_number",
    "house_suffix",
    "street_predirectional",
    "street_name",
    "address_line1",
    "street_suffix",
    "street_postdirectional",
)
_BARE_UNIT: Final = r"(?i)^(?:[A-Z]?\d{1,5}[A-Z]?|[A-Z]|[A-Z]-?\d{1,4})$"
_BARE_BOX: Final = r"(?i)^#?\s*[A-Z]?\d{1,6}[A-Z]?$"
_WHOLE: Final = r"(?i)(?:^|[,\s])[A-Z]{2}\.?,?\s+\d{5}(?:-?\d{4})?$"
_CANADIAN: Final = r"(?i)^[A-Z]\d[A-Z][ -]?\d[A-Z]\d$"
_UNIT_WORDS: Final = (
    ("apt", "Apt"),
    ("apart", "Apt"),
    ("suite", "Suite"),
    ("ste", "Suite"),
    ("flat", "Flat"),
    ("room", "Room"),
    ("floor", "Floor"),
    ("lot", "Lot"),
    ("space", "Space"),
)
_PIECES: Final = ("address_text", "last_line", "city", "state", "zip5", "zip4")

Group = tuple[str, int]


def address_points(columns: Columns, party: str, policy: MappingPolicy) -> list[pd.DataFrame]:
    """Return one frame of address points per address of the party, in order of role and number.

    Each has `position`, `kind`, `role`, `order`, the address columns, `address_text`, `last_line`, their raw text,
    `country` decided for the row (null: unknown) and `flags`.
    """
    groups: dict[Group, dict[str, list[Column]]] = {}
    for column in columns.columns:
        if column.target.column in ADDRESS_PIECES and column.target.party == party:
            group = (column.target.role, column.target.number)
            groups.setdefault(group, {}).setdefault(column.target.column, []).append(column)
    points: list[pd.DataFrame] = []
    for place, ((role, number), pieces) in enumerate(groups.items()):
        shown = role or ("primary" if number == 1 else "other")
        points.extend(_points_of(columns, pieces, shown, place, policy))
    return points


def _points_of(
    columns: Columns, pieces: Mapping[str, list[Column]], role: str, place: int, policy: MappingPolicy
) -> list[pd.DataFrame]:
    frame = pd.DataFrame({"position": columns.index.to_numpy()}, index=columns.index)
    _put_line1(frame, columns, pieces)
    _put_line2(frame, columns, pieces)
    for name in _PIECES:
        values, typed = _joined(columns, pieces, (name,))
        frame[name], frame[raw(name)] = values, typed
    _put_country(frame, columns, pieces, policy)
    _put_role(frame, pieces, role, policy)
    for name in ("valid_from", "valid_to"):
        frame[name], _ = _joined(columns, pieces, (name,))
    frame["kind"] = same_text("address", frame.index)
    frame["order"] = place
    filled = frame[["address_line1", "address_line2", *_PIECES]].notna().any(axis=1)
    return [part for part in _apart(frame[filled]) if not part.empty]


def _joined(
    columns: Columns, pieces: Mapping[str, list[Column]], names: tuple[str, ...]
) -> tuple[pd.Series, pd.Series]:
    found = [column for name in names for column in pieces.get(name, [])]
    if not found:
        return columns.missing(), columns.missing()
    return join_text([column.cells.values for column in found]), join_text([column.cells.raw for column in found])


def _put_line1(frame: pd.DataFrame, columns: Columns, pieces: Mapping[str, list[Column]]) -> None:
    """Join the street line: number, street, unit, in the order of an envelope; a box stands alone or above it."""
    street, typed = _joined(columns, pieces, _LINE1)
    unit, unit_raw = _unit(columns, pieces)
    box, box_raw = _joined(columns, pieces, ("po_box",))
    box = box.mask(box.str.contains(_BARE_BOX, regex=True), "PO Box " + box.str.lstrip("# "))
    line = join_text([street, unit])
    frame["address_line1"] = line.where(line.notna(), box)
    frame["#box"] = box.where(line.notna())
    frame[raw("address_line1")] = join_text([typed, unit_raw, box_raw.where(line.isna())])
    frame["#box_raw"] = box_raw.where(line.notna())


def _unit(columns: Columns, pieces: Mapping[str, list[Column]]) -> tuple[pd.Series, pd.Series]:
    """Return the unit with its designator: its own column's, the cell's own, else the word of the header."""
    values, typed = _joined(columns, pieces, ("unit",))
    kinds, kinds_raw = _joined(columns, pieces, ("unit_type",))
    if "unit" in pieces and "unit_type" not in pieces:
        header = pieces["unit"][0].header.lower()
        word = next((shown for sign, shown in _UNIT_WORDS if sign in header), "Unit")
        is_bare = values.str.contains(_BARE_UNIT, regex=True)
        values = values.mask(is_bare, word + " " + values)
    return join_text([kinds.where(values.notna()), values]), join_text([kinds_raw, typed])


def _put_line2(frame: pd.DataFrame, columns: Columns, pieces: Mapping[str, list[Column]]) -> None:
    """Join what stands above the street: care of, building, further lines, a box beside a street."""
    care, care_raw = _joined(columns, pieces, ("care_of",))
    if "care_of" in pieces:
        is_attention = re.search(r"(?i)att", pieces["care_of"][0].header) is not None
        marked = care.str.contains(r"(?i)^(?:c/o|c\.o\.|care of|att)", regex=True)
        care = care.where(marked, ("Attn " if is_attention else "c/o ") + care)
    second = [column for name in ("address_line2", "address_line3") for column in pieces.get(name, [])]
    values = [care, *(column.cells.values for column in second), frame.pop("#box")]
    typed = [care_raw, *(column.cells.raw for column in second), frame.pop("#box_raw")]
    frame["address_line2"] = join_text(values, ", ")
    frame[raw("address_line2")] = join_text(typed)


def _put_country(
    frame: pd.DataFrame, columns: Columns, pieces: Mapping[str, list[Column]], policy: MappingPolicy
) -> None:
    """Decide the country of each row: its own cell, else the source's where nothing in the row contradicts."""
    cells, typed = _joined(columns, pieces, ("country",))
    folded = cells.str.lower().str.replace(".", "", regex=False).str.strip()
    default = _default_country(frame, policy)
    frame[raw("country")] = typed
    if "country" not in pieces:
        frame["country"], frame[FLAGS] = default, columns.missing()
        return
    known = folded.map(policy.countries).astype(TEXT)
    unknown = cells.notna() & known.isna()
    frame["country"] = known.where(cells.notna(), default)
    frame[FLAGS] = same_text("country:unknown", frame.index).where(unknown)


def _default_country(frame: pd.DataFrame, policy: MappingPolicy) -> pd.Series:
    default = same_text(policy.country, frame.index)
    if policy.country != "US":
        return default
    code = frame["zip5"].str.strip()
    is_canadian = code.str.contains(_CANADIAN, regex=True)
    state = frame["state"].str.lower().str.replace(".", "", regex=False)
    is_foreign_code = code.str.contains(r"[A-Za-z]", regex=True)
    is_american = state.isin(policy.states)
    is_province = state.isin(policy.provinces) & ~is_american
    is_foreign_state = state.isin(policy.regions) & ~is_american
    has_zip = code.str.contains(r"^\d{5}(?:-?\d{4})?$", regex=True)
    default = default.mask(is_foreign_code | (is_foreign_state & ~has_zip))
    return default.mask(is_canadian | (is_province & ~has_zip), "CA")


def _put_role(frame: pd.DataFrame, pieces: Mapping[str, list[Column]], role: str, policy: MappingPolicy) -> None:
    shown = same_text(role, frame.index)
    for column in pieces.get("address_role", []):
        said = column.cells.values.str.lower().map(policy.words.get("role", {})).astype(TEXT)
        shown = shown.where(said.isna(), said)
    frame["role"] = shown


def _apart(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Read a whole address in the street cell as one, and tell two addresses in one row apart.

    A row with both a whole address and a street line has two addresses; where only the whole one is there, the other
    cells of the group belong to it.
    """
    alone = frame[["city", "state", "zip5", "last_line", "address_text"]].isna().all(axis=1)
    whole = alone & frame["address_line1"].str.contains(_WHOLE, regex=True)
    frame = frame.assign(
        address_text=frame["address_text"].where(~whole, frame["address_line1"]),
        address_line1=frame["address_line1"].mask(whole),
    )
    both = frame["address_text"].notna() & frame["address_line1"].notna()
    second = pd.DataFrame()
    if both.any():
        texts = frame[both].copy()
        emptied = ("address_line1", "address_line2", "last_line", "city", "state", "zip5", "zip4")
        for name in emptied:
            texts[name] = null_text(texts.index)
            texts[raw(name)] = null_text(texts.index)
        second = _with_whole_raw(texts.assign(order=texts["order"] + 50))
        empty = null_text(frame.index)
        frame = frame.assign(
            address_text=frame["address_text"].mask(both, empty),
            address_text_raw=frame["address_text_raw"].mask(both, empty),
        )
    return [_with_whole_raw(frame), second]


def _with_whole_raw(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column that will be cut out of a whole cell that cell as its raw text (CONTRACTS 4)."""
    whole = frame[raw("address_text")].where(frame["address_text"].notna())
    whole = whole.where(whole.notna(), frame[raw("address_line1")].where(frame["address_text"].notna()))
    line = whole.where(whole.notna(), frame[raw("last_line")].where(frame["last_line"].notna()))
    filled = {raw("address_line1"): frame[raw("address_line1")].where(frame[raw("address_line1")].notna(), whole)}
    for name in ("city", "state", "zip5"):
        filled[raw(name)] = frame[raw(name)].where(frame[raw(name)].notna(), line)
    return frame.assign(**filled)
