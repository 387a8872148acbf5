"""Canonical JSON: one text per value, so that documents can be compared and hashed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime


def dump(value: object) -> str:
    """Return `value` as JSON with sorted keys and no blanks.

    >>> dump({"b": 1, "a": ["é"]})
    '{"a":["é"],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def load(text: str) -> dict[str, object]:
    """Return the mapping that `dump` wrote."""
    found = json.loads(text)
    assert isinstance(found, Mapping)
    return dict(found)


def instant(at: datetime) -> str:
    """Return an instant as the store keeps it.

    >>> instant(datetime(2026, 11, 22, 5, 18, 19, tzinfo=UTC))
    '2026-11-22T05:18:19.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
