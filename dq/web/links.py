"""Links out of the app: to where a record was typed, by the pattern its source's file gives."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from dq.stewardship.house import House


def record_link(house: House, record: Mapping[str, Any]) -> str:
    """Return where a record was typed, empty where its source names no such place.

    Only http and https: a source's file must not be able to put a script behind a link.
    """
    pattern = house.standards.source(str(record.get("source") or "")).record_url
    key = record.get("source_key")
    if not pattern or not key:
        return ""
    link = pattern.replace("{source_key}", quote(str(key), safe=""))
    return link if urlsplit(link).scheme in ("http", "https") else ""
