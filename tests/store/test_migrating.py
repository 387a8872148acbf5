"""From the first revision up and down, on both databases, and the schema of the code is where they end."""

import pytest
from sqlalchemy import inspect, text

from dq.errors import SettingsError
from dq.store import Store, rows, upgrade
from dq.store.migrating import current, differences, downgrade, revisions
from dq.store.schema import METADATA, RUNS


def test_every_revision_up_and_down_again(empty_store: Store) -> None:
    steps = revisions()
    assert current(empty_store) is None
    for revision in steps:
        upgrade(empty_store, revision)
        assert current(empty_store) == revision
    assert differences(empty_store) == []
    for revision in [*steps[-2::-1], "base"]:
        downgrade(empty_store, revision)
        assert current(empty_store) == (None if revision == "base" else revision)
    assert set(inspect(empty_store.engine).get_table_names()) <= {"alembic_version"}
    upgrade(empty_store)
    assert differences(empty_store) == []


def test_what_was_stored_under_the_first_revision_is_there_under_the_last(empty_store: Store) -> None:
    upgrade(empty_store, revisions()[0])
    with empty_store.write() as connection:
        connection.execute(text("INSERT INTO runs (run_id, run_key) VALUES ('r1', 'k')"))
    upgrade(empty_store)
    with empty_store.read() as connection:
        found = rows.find(connection, RUNS, run_id="r1")
    assert found is not None
    assert found["run_key"] == "k"


def test_bringing_up_what_is_up_to_date_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert current(store) == revisions()[-1]
    assert set(METADATA.tables) <= set(inspect(store.engine).get_table_names())


def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        upgrade(store)
