"""Brings a database to a revision of the schema and back. The revisions are in `migrations/versions`."""

from pathlib import Path
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dq.errors import SettingsError
from dq.store.database import Store
from dq.store.schema import METADATA

FOLDER: Final = Path(__file__).parent / "migrations"


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring the database forward to a revision, in one transaction.

    Raises:
        SettingsError: The database was made by a newer version of dq.
    """
    scripts = _scripts()
    if revision == "head" and current(store) == scripts.get_current_head():
        return  # the usual start: no write lock is taken
    _move(store, lambda at, _: scripts._upgrade_revs(revision, at))


def downgrade(store: Store, revision: str) -> None:
    """Bring the database back to a revision; `base` removes every table. What newer tables held is lost."""
    scripts = _scripts()
    _move(store, lambda at, _: scripts._downgrade_revs(revision, at))


def current(store: Store) -> str | None:
    """Return the revision of the database, None where it has no tables.

    Raises:
        SettingsError: The database was made by a newer version of dq.
    """
    with store.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in revisions():
        raise SettingsError(f"the database has revision {found}, which this dq does not know", "update dq")
    return found


def revisions() -> list[str]:
    """Return every revision from the first to the newest."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def differences(store: Store) -> list[object]:
    """Return what distinguishes the database from the schema of this version; empty where they agree."""
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": METADATA})
        return list(compare_metadata(context, METADATA))


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def _move(store: Store, steps: Any) -> None:
    with store.write() as connection:
        if store.is_sqlite:
            # A table that is rebuilt is dropped for a moment, and others may point to it; checked again at commit.
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        _run(connection, steps)


def _run(connection: Connection, steps: Any) -> None:
    scripts = _scripts()
    config = Config()
    with EnvironmentContext(config, scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
        environment.run_migrations()
