"""Kinds of columns: what a key, an instant, a day and a document are in both databases."""

from typing import Any, Final

from sqlalchemy import Column, Integer, Text
from sqlalchemy.types import TypeEngine

KEY: Final[TypeEngine[str]] = (
    Text().with_variant(Text(collation="C"), "postgresql").with_variant(Text(collation="BINARY"), "sqlite")
)
"""Text compared byte by byte in both databases: Salesforce ids may differ by case only."""


def key(name: str, *arguments: Any, **options: Any) -> Column[str]:
    """Return a column of identities, never null; empty where there is none."""
    if not options.get("primary_key"):
        options.setdefault("server_default", "")
    return Column(name, KEY, *arguments, nullable=False, **options)


def text(name: str) -> Column[str]:
    """Return a column of text, never null: the empty text says that there is none, so that keys can be unique."""
    return Column(name, Text, nullable=False, server_default="")


def stamp(name: str) -> Column[str]:
    """Return a column of instants as text, `2026-11-22T05:18:19.000000Z`: UTC, and sorts as time does."""
    return Column(name, KEY, nullable=False, server_default="")


def day(name: str) -> Column[str]:
    """Return a column of days as text, `2026-11-22`; empty where there is none."""
    return Column(name, KEY, nullable=False, server_default="")


def document(name: str) -> Column[str]:
    """Return a column of canonical JSON (dq.store.documents); `{}` where there is none."""
    return Column(name, Text, nullable=False, server_default="{}")


def count(name: str, default: int = 0) -> Column[int]:
    """Return a column of whole numbers, never null."""
    return Column(name, Integer, nullable=False, server_default=str(default))
