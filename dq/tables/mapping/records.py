"""The records of a part: ids, content hashes, flags and extras around what the parties say."""

from typing import Final

import pandas as pd

from dq.model import ADDRESS_COLUMNS, RECORDS, TEXT
from dq.tables.identity import (
    ENTRY,
    FIELD,
    ORGANIZATION_PART,
    content_hashes,
    personal_keys,
    row_hashes,
    source_prefix,
)
from dq.tables.mapping.columns import Columns, as_typed
from dq.tables.mapping.consent import Consents
from dq.tables.mapping.damage import shifted_rows
from dq.tables.mapping.parties import Parties
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.mapping.shape import LINE, ROW, complete_records
from dq.tables.recognition.keys import damaged_key
from dq.tables.text_columns import joined_entries, same_text

_DAMAGED: Final = r"(?i)^\d(?:[.,]\d+)?E\+\d{1,3}$"
_NOT_CONTENT: Final = frozenset(
    ("record_id", "source", "source_key", "party_confidence", "line_number", "content", "material")
) | {*ADDRESS_COLUMNS, "email", "phone", "mobile", "website"}
_POINT_CONTENT: Final = (
    "kind",
    "role",
    "value",
    "extension",
    "address_text",
    "last_line",
    *ADDRESS_COLUMNS,
    "consent",
    "consent_at",
)
_CONTENT_COLUMNS: Final = frozenset(
    name for name in (*RECORDS.columns, "full_name") if name not in _NOT_CONTENT and not name.endswith("_raw")
)


def build_records(
    rows: pd.DataFrame,
    columns: Columns,
    parties: Parties,
    points: pd.DataFrame,
    consents: Consents,
    policy: MappingPolicy,
) -> pd.DataFrame:
    """Return the records of a part: the main one of every row in row order, then the organisations cut out."""
    # Extras come in one piece: assigned one by one, thousands of columns take time that grows with their square.
    extras = pd.DataFrame(columns.extras, index=columns.index)
    main = pd.concat([parties.main.assign(**consents.do_not, **_keys(columns, policy)), extras], axis=1)
    main["flags"] = _flags(rows, columns, consents, policy)
    second = parties.organization
    if policy.department is not None:
        main = main.assign(department=main["department"].fillna(policy.department))
        second = second.assign(department=second["department"].fillna(policy.department))
    main = main.assign(position=columns.index.to_numpy(), part=same_text("", main.index))
    second = second.assign(position=second.index.to_numpy(), part=same_text(ORGANIZATION_PART, second.index))
    records = pd.concat([main, second], ignore_index=True) if len(second) else main.reset_index(drop=True)
    records["content"] = content_hashes(_content_texts(records, points), policy.key)
    keys = _source_keys(rows, columns, records, policy)
    records["source_key"] = keys.array.take(records["position"].to_numpy())
    records["record_id"] = source_prefix(policy.source, policy.table.table) + records["source_key"] + records["part"]
    hashes = _row_hashes(rows, policy)
    places = records["position"].to_numpy()
    records["row_hash"] = hashes.array.take(places)
    records["row"] = rows[ROW].to_numpy()[places]
    records["line_number"] = rows[LINE].to_numpy()[places] if LINE in rows else 0
    records["source"] = same_text(policy.source, records.index)
    records["source_table"] = same_text(policy.table.table, records.index)
    return complete_records(records)


def _keys(columns: Columns, policy: MappingPolicy) -> dict[str, pd.Series]:
    found = {}
    for name in ("account_key", "parent_key"):
        values = columns.missing()
        for column in columns.having(name):
            cells = parent_values(column.cells.values, column.header, policy)
            values = values.where(values.notna(), cells)
        found[name] = values
    return found


def parent_values(values: pd.Series, header: str, policy: MappingPolicy) -> pd.Series:
    """Return keys as the table they point to writes them: hashed where that table's key is personal."""
    _, is_hashed = policy.parents.get(header, ("", False))
    return personal_keys(values, policy.key) if is_hashed else values


def _source_keys(rows: pd.DataFrame, columns: Columns, records: pd.DataFrame, policy: MappingPolicy) -> pd.Series:
    """Return the key of each row: its key column's cell, else `h` and the start of its content hash."""
    by_content = "h" + records.loc[records["part"] == "", "content"].str[:16]
    by_content.index = columns.index
    header = policy.table.key
    if header is None or header not in rows:
        return by_content
    typed = as_typed(rows[header]).str.strip()
    damaged = typed[typed.str.contains(_DAMAGED, regex=True)]
    if not damaged.empty and not policy.table.is_key_personal:
        raise damaged_key(policy.table.table, header, min(damaged))
    keys = personal_keys(typed, policy.key) if policy.table.is_key_personal else typed
    return keys.where(keys.notna(), by_content).astype(TEXT)


def _flags(rows: pd.DataFrame, columns: Columns, consents: Consents, policy: MappingPolicy) -> pd.Series:
    """Return doubts about the row as a whole, as flags."""
    broken = pd.Series(False, index=columns.index)
    for column in columns.columns:
        broken |= column.cells.doubtful
    flags = same_text("", columns.index)
    for word, doubted in (
        ("row:consent_unreadable", consents.unreadable),
        ("row:mojibake", broken),
        ("row:shifted", shifted_rows(rows, policy)),
    ):
        flags = flags.mask(doubted, flags + " " + word) if doubted.any() else flags
    flags = flags.str.strip()
    return flags.where(flags != "")


def _content_texts(records: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """Return what is hashed: filled columns by name, then the points of the record, sorted."""
    names = [name for name in sorted(_CONTENT_COLUMNS & set(records.columns)) if records[name].notna().any()]
    texts = joined_entries([(name, records[name].astype(TEXT)) for name in names], records.index, FIELD, ENTRY)
    second = records["part"] != ""
    offsets = pd.Series(records.index[second], index=records.loc[second, "position"], dtype="int64")
    places = points["position"].where(points["party"] == "", points["position"].map(offsets)).astype("int64")
    shown = [name for name in _POINT_CONTENT if name in points and points[name].notna().any()]
    columns = [(name, points[name].astype(TEXT)) for name in shown]
    lines: list[list[str]] = [[] for _ in range(len(records))]
    for place, line in zip(places.tolist(), joined_entries(columns, points.index, FIELD, FIELD), strict=True):
        lines[place].append(line)
    return [text + ENTRY.join(sorted(own)) for text, own in zip(texts, lines, strict=True)]


def _row_hashes(rows: pd.DataFrame, policy: MappingPolicy) -> pd.Series:
    headers = sorted(column.header for column in policy.table.columns if column.header in rows)
    texts = joined_entries([(header, rows[header].astype(TEXT)) for header in headers], rows.index, FIELD, ENTRY)
    return pd.Series(row_hashes(texts), index=rows.index)
