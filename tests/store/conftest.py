"""Every test of the store runs on both databases."""

from tests.databases import (
    database_url,
    empty_store,
    empty_url,
    migrated_postgresql,
    migrated_sqlite,
    postgresql_url,
    store,
)

__all__ = [
    "database_url",
    "empty_store",
    "empty_url",
    "migrated_postgresql",
    "migrated_sqlite",
    "postgresql_url",
    "store",
]
