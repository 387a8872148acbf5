"""The database of a home: tables, migrations, queries. No policy, and nothing about people but what they decided."""

from dq.store.database import Store, open_store, sqlite_url
from dq.store.documents import dump, instant, load
from dq.store.migrating import upgrade

__all__ = ["Store", "dump", "instant", "load", "open_store", "sqlite_url", "upgrade"]
