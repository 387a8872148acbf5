"""Keys, transactions and writers behave alike in both databases."""

import threading
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import text

from dq.errors import SettingsError
from dq.store import Store, dump, load, open_store, rows, sqlite_url
from dq.store.chain import append, verify
from dq.store.schema import AUDIT, CASES, OVERRIDES, RUNS

WRITERS, EACH = 4, 25


def test_keys_that_differ_by_case_only_are_two(store: Store) -> None:
    with store.write() as connection:
        for key in ("0018Z00002abc", "0018Z00002ABC", "0018Z00002aBC"):
            rows.add(connection, RUNS, {"run_id": key})
    with store.read() as connection:
        assert rows.count(connection, RUNS, run_id="0018Z00002ABC") == 1
        assert rows.find(connection, RUNS, run_id="0018z00002abc") is None
        assert [row["run_id"] for row in rows.find_all(connection, RUNS)] == [
            "0018Z00002ABC",
            "0018Z00002aBC",
            "0018Z00002abc",
        ]


def test_order_is_that_of_bytes(store: Store) -> None:
    keys = ["a", "B", "ä", "_", "Z", "é", "crm/contacts:1", "crm:1", "crm-1"]
    with store.write() as connection:
        rows.add_all(connection, RUNS, [{"run_id": key} for key in keys])
    with store.read() as connection:
        found = [row["run_id"] for row in rows.find_all(connection, RUNS, order=("run_id",))]
    assert found == sorted(keys, key=str.encode)


def test_an_error_takes_everything_back(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            rows.add(connection, RUNS, {"run_id": "r"})
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert rows.count(connection, RUNS) == 0


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), store.write() as connection:
        rows.add(connection, OVERRIDES, {"record_id": "crm:1", "supersedes": 99})


def test_many_keys_are_found_in_one_go(store: Store) -> None:
    names = [f"r{number:05d}" for number in range(1200)]
    with store.write() as connection:
        rows.add_all(connection, RUNS, [{"run_id": name} for name in names])
        assert rows.change(connection, RUNS, {"run_key": "k"}, run_id="r00007") == 1
        assert rows.remove(connection, RUNS, run_id="r00008") == 1
    with store.read() as connection:
        found = rows.find_keys(connection, RUNS, "run_id", [*names, "nobody"])
    assert [row["run_id"] for row in found] == [name for name in names if name != "r00008"]


def _write(store: Store, writer: int) -> None:
    for number in range(EACH):
        with store.write() as connection:
            name = f"{writer}-{number}"
            append(connection, at="", by=str(writer), action="a", subject_kind="run", subject_id=name, details={})
            rows.add(connection, RUNS, {"run_id": name})


def _check(store: Store, writers: int) -> None:
    with store.read() as connection:
        verdict = verify(connection)
        assert (verdict.count, verdict.faults) == (writers * EACH, ())
        assert rows.count(connection, RUNS) == writers * EACH


def test_writers_at_once_lose_nothing_and_the_chain_holds(store: Store) -> None:
    threads = [threading.Thread(target=_write, args=(store, writer)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _check(store, WRITERS)


def _write_in_a_process(url: str, writer: int) -> None:
    store = open_store(url)
    _write(store, writer)
    store.close()


def test_two_processes_at_once_lose_nothing(database_url: str) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=_write_in_a_process, args=(database_url, number)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    store = open_store(database_url)
    _check(store, 2)
    store.close()


def test_a_reader_is_not_held_up_by_a_writer(store: Store) -> None:
    with store.write() as writing, store.read() as reading:
        rows.add(writing, RUNS, {"run_id": "r"})
        assert rows.count(reading, RUNS) == 0


def test_sqlite_is_set_up_for_several_people(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "new folder" / "dq.db"))
    with store.read() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")}
    store.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1}


@pytest.mark.parametrize("url", ["mysql://host/name", "not an address", "nothing://x"])
def test_what_is_no_database_is_said(url: str) -> None:
    with pytest.raises(SettingsError):
        open_store(url)


def test_documents_are_canonical() -> None:
    assert dump({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'
    assert load(dump({"b": 1, "a": 2})) == {"a": 2, "b": 1}


def test_every_key_column_is_compared_byte_by_byte(store: Store) -> None:
    named = {"case_id", "record_id", "record_id_r", "golden_id", "department", "source", "rule_id"}
    for column in CASES.columns:
        if column.name in named:
            impl = column.type.dialect_impl(store.engine.dialect)
            assert getattr(impl, "collation", None) in ("C", "BINARY"), column.name
    assert AUDIT.c.number.autoincrement is False


def test_a_text_with_a_nul_is_refused_or_finds_nothing(store: Store) -> None:
    with suppress(SettingsError), store.read() as connection:
        assert rows.find(connection, RUNS, run_id="a\x00b") is None
    with store.read() as connection:
        assert rows.count(connection, RUNS) == 0
