"""Opens the database of a home: SQLite beside the runs, or PostgreSQL. Knows no table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, NoSuchModuleError, OperationalError

from dq.errors import ConflictError, SettingsError

BUSY_SECONDS: Final = 30
"""How long a writer waits for another: an import of 20,000 cases holds the write lock for a few seconds."""


class Store:
    """The database of a home. Every statement runs in a transaction of `read` or `write`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database for its whole life."""
        with self.engine.connect() as connection, _named(self):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection whose changes hold together or not at all; an error inside takes all of them back.

        On SQLite the write lock is taken at the start: a transaction that reads first and writes later would fail
        where another wrote in between, without waiting for it.

        Raises:
            ConflictError: Another writer held the database for longer than BUSY_SECONDS.
        """
        writing = {"dq_writes": True}
        with self.engine.connect() as connection, _named(self), connection.execution_options(**writing).begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _named(store: Store) -> Iterator[None]:
    """Say in the words of this project that the database is busy, or that a value is none."""
    try:
        yield
    except OperationalError as error:
        if store.is_sqlite and "locked" in str(error.orig):
            raise ConflictError("somebody else is writing to the database", "try again in a moment") from error
        raise
    except DataError as error:
        # PostgreSQL knows no text with a NUL in it; SQLite would take it and find nothing.
        raise SettingsError("a value holds what the database cannot keep", "leave control characters out") from error


def open_store(url: str) -> Store:
    """Open the database at `url` (`sqlite:///path`, `postgresql://…`); a SQLite file is made where there is none.

    Raises:
        SettingsError: The address is no database this can use, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return Store(_sqlite(parsed))
        if parsed.get_backend_name() == "postgresql":
            return Store(_postgresql(parsed))
    except ArgumentError as error:
        raise SettingsError("DQ_DATABASE_URL is no address of a database", "postgresql://user@host/name") from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise SettingsError(
            "the driver of the database is not installed", "install the extra: pip install 'dq[postgres]'"
        ) from error
    raise SettingsError(
        f"DQ_DATABASE_URL names {parsed.get_backend_name()}, which is not supported", "use sqlite:/// or postgresql://"
    )


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file, its folder made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(path)).render_as_string()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    # The driver's own handling of transactions is switched off: it begins late and never IMMEDIATE.
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        # NORMAL is safe under WAL: a power cut may lose the last transaction, never the file.
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("dq_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    # psycopg 3 is the driver of the extra `postgres`, whatever the address calls it.
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, isolation_level="READ COMMITTED")
