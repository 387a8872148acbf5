"""What a decision rested on, so that it can be told later what changed: a keyed hash per column, never a value."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dq.engine.querying import RunTables
from dq.model import ADDRESS_COLUMNS, IDENTIFIER_COLUMNS, NAME_COLUMNS, ORGANIZATION_COLUMNS

OWN_COLUMNS: Final = (
    *(column for column in NAME_COLUMNS if column != "job_title"),
    *ORGANIZATION_COLUMNS,
    "birth_on",
    *IDENTIFIER_COLUMNS,
)
"""Columns of a record that its material hash covers (dq.standardize.material); contact points come by their kind."""
_POINT_COLUMNS: Final = ("value", "extension", *ADDRESS_COLUMNS)
_LENGTH: Final = 16
"""Hex digits kept per column: 64 bits, among a few dozen columns of one record."""

Fingerprint = dict[str, Any]
"""`material`, `content` and `columns` (column or kind of contact point → hash) of one record."""


def fingerprints(tables: RunTables, record_ids: Iterable[str], key: bytes) -> dict[str, Fingerprint]:
    """Return what decisions about these records rest on now; a record that the run lacks is left out.

    Args:
        tables: The run that was looked at.
        record_ids: Records.
        key: Secret of the home.
    """
    wanted = sorted(set(record_ids))
    points: dict[str, dict[str, list[str]]] = {}
    points_of = ("record_id", "kind", *_POINT_COLUMNS)
    for row in tables.rows_of("contact_points", "record_id", wanted, columns=points_of):
        values = "\x1f".join(str(row.get(column) or "") for column in _POINT_COLUMNS)
        points.setdefault(str(row["record_id"]), {}).setdefault(str(row["kind"]), []).append(values)
    found: dict[str, Fingerprint] = {}
    for row in tables.rows_of(
        "records", "record_id", wanted, columns=("record_id", "material", "content", *OWN_COLUMNS)
    ):
        record_id = str(row["record_id"])
        texts = {column: str(row[column]) for column in OWN_COLUMNS if row.get(column)}
        texts |= {kind: "\x1d".join(sorted(given)) for kind, given in points.get(record_id, {}).items()}
        found[record_id] = {
            "material": row.get("material") or "",
            "content": row.get("content") or "",
            "columns": {name: _hash(name, text, key) for name, text in sorted(texts.items())},
        }
    return found


def materials(tables: RunTables, record_ids: Sequence[str]) -> dict[str, str]:
    """Return the material hash of records; one that the run lacks is left out."""
    query = "SELECT record_id, material FROM records WHERE record_id IN (SELECT unnest(?::VARCHAR[]))"
    rows = tables.sql(query, [sorted(set(record_ids))])
    return {str(row["record_id"]): str(row["material"] or "") for row in rows}


def has_changed(before: Mapping[str, Fingerprint], now: Mapping[str, str]) -> bool:
    """Tell whether a record changed materially since; a record that is gone has not."""
    return any(record in now and now[record] != was.get("material") for record, was in before.items())


def changed_columns(before: Mapping[str, Fingerprint], now: Mapping[str, Fingerprint]) -> tuple[str, ...]:
    """Return the columns (or kinds of contact point) that differ, over all records, sorted.

    >>> was = {"crm:1": {"material": "a", "columns": {"phone": "1", "email": "2"}}}
    >>> changed_columns(was, {"crm:1": {"material": "b", "columns": {"phone": "3", "email": "2"}}})
    ('phone',)
    """
    found: set[str] = set()
    for record_id in set(before) & set(now):
        one, other = before[record_id].get("columns", {}), now[record_id].get("columns", {})
        found |= {column for column in set(one) | set(other) if one.get(column) != other.get(column)}
    return tuple(sorted(found))


def _hash(name: str, text: str, key: bytes) -> str:
    return hmac.digest(key, f"{name}\x1e{text}".encode(), hashlib.sha256).hex()[:_LENGTH]
