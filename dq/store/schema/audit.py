"""The chain of everything that was done."""

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from dq.store.columns import document, key, stamp, text
from dq.store.schema.metadata import METADATA

AUDIT: Final = Table(  # one row per action, each chained to the one before
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    stamp("at"),
    text("by"),
    text("action"),
    text("subject_kind"),
    key("subject_id"),
    document("details"),  # ids, codes and counts; never a personal value
    key("previous"),
    key("hash"),
    Index(None, "subject_kind", "subject_id"),
)

AUDIT_HEAD: Final = Table(  # one row: how long the chain is and where it ends
    "audit_head",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    key("hash"),
)
