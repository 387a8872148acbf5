"""The understood columns of a part, found by where they go. Holds cells; builds no record."""

from dataclasses import dataclass, replace

import pandas as pd

from dq.model import EXTRA as EXTRA_PREFIX
from dq.model import TEXT
from dq.tables.mapping.cells import Cells, read_cells
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.recognition.assign import role_rank
from dq.tables.recognition.targets import EXTRA, IGNORE, WHOLE, Target
from dq.tables.recognition.whole_cells import whole_cell
from dq.tables.text_columns import first_filled, null_text


@dataclass(frozen=True)
class Column:
    """One source column, understood."""

    header: str
    target: Target
    cells: Cells


@dataclass(frozen=True)
class Columns:
    """All mapped columns of a part.

    Attributes:
        columns: In an order that does not depend on the order of the file: by party, role, number and header.
        extras: `extra.<header>` → cells as typed, blanks as null.
        index: 0 … n-1, the positions of the rows.
    """

    columns: tuple[Column, ...]
    extras: dict[str, pd.Series]
    index: pd.Index

    def having(self, column: str, party: str = "") -> tuple[Column, ...]:
        """Return the columns that go to one target column of one party, in order."""
        return tuple(one for one in self.columns if one.target.column == column and one.target.party == party)

    def missing(self) -> pd.Series:
        """Return a column of nulls."""
        return null_text(self.index)

    def first(self, column: str, party: str = "") -> tuple[pd.Series, pd.Series]:
        """Return values and raw text of a column of the record: the first choice that is filled in each row."""
        found = self.having(column, party)
        if not found:
            return self.missing(), self.missing()
        values, raw = found[0].cells.values, found[0].cells.raw
        for one in found[1:]:
            is_open = values.isna() & one.cells.values.notna()
            raw, values = raw.mask(is_open, one.cells.raw), first_filled(values, one.cells.values)
        return values, raw


def read_columns(rows: pd.DataFrame, policy: MappingPolicy) -> Columns:
    """Understand every mapped column of a part.

    Args:
        rows: Source rows with index 0 … n-1.
        policy: How the table was recognised.
    """
    columns: list[Column] = []
    extras: dict[str, pd.Series] = {}
    several = _several(policy)
    for mapped in policy.table.columns:
        if mapped.target.column == IGNORE or mapped.header not in rows:
            continue
        is_extra = mapped.target.column == EXTRA
        if is_extra or mapped.header in several:
            extras[f"{EXTRA_PREFIX}{mapped.header}"] = as_typed(rows[mapped.header])
        if is_extra:
            continue
        column = Column(mapped.header, mapped.target, read_cells(rows[mapped.header], mapped.target, policy))
        columns += _parted(column, policy) if mapped.target.column == WHOLE else [column]
    columns.sort(key=_place)
    return Columns(tuple(columns), extras, rows.index)


_PARTS = {"name": "full_name", "address": "address_text", "phone": "phone", "email": "email"}
"""Part of a whole cell → target column."""


def _parted(column: Column, policy: MappingPolicy) -> list[Column]:
    """Return the columns that a cell with a name, its address and more holds; each keeps the whole cell as raw text."""
    streets = frozenset(policy.words.get("street", {}))
    codes, texts = pd.factorize(column.cells.values)
    parts = [whole_cell(text, streets) for text in texts.tolist()]
    made = []
    for name, target in _PARTS.items():
        texts_of = pd.array([getattr(part, name) or None for part in parts], dtype=TEXT)
        values = pd.Series(texts_of.take(codes, allow_fill=True), index=column.cells.values.index, dtype=TEXT)
        if values.notna().any():
            changes = column.cells.changes if name == "name" else column.cells.changes[:0]
            cells = replace(column.cells, values=values, raw=column.cells.raw.where(values.notna()), changes=changes)
            made.append(Column(column.header, Target(target), cells))
    return made


def as_typed(cells: pd.Series) -> pd.Series:
    """Return the text as typed, null where a cell holds nothing but blanks."""
    text = cells.astype(TEXT)
    return text.where(text.str.strip().fillna("") != "")


def _several(policy: MappingPolicy) -> frozenset[str]:
    """Return the headers whose cells may lose against another cell, or are kept as a word of ours and nowhere as typed.

    They travel as extras too, so nothing is lost.
    """
    targets = [column.target for column in policy.table.columns]
    has_parts = any(target.column in {"first_name", "last_name"} and not target.party for target in targets)
    has_person = has_parts or any(target.column == "full_name" for target in targets)
    has_account = "account" in policy.parent_meanings.values()
    kept = set()
    for column in policy.table.columns:
        target = column.target
        may_lose = (
            (target.number > 1 and target.column in {"full_name", "organization_name", "trade_name", "tax_id"})
            or (target.column == "full_name" and (has_parts or policy.person_and_company == "organization"))
            or (target.column == "organization_name" and has_person and has_account)
            or (target.column == "organization_name" and has_person and policy.person_and_company == "person")
            or target.column.startswith(("opt_", "consent_"))
            or target.column in {"party_type", "address_role", "phone_role", "valid_from", "valid_to"}
        )
        if may_lose:
            kept.add(column.header)
    return frozenset(kept)


def _place(column: Column) -> tuple[str, int, int, str, str]:
    target = column.target
    return target.party, role_rank(target.role), target.number, target.column, column.header
