"""What is done to a row of the audit shows, and is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from dq.store import Store, open_store, sqlite_url
from dq.store.chain import append, verify

LENGTH = 8


def _fill(connection: Connection, length: int = LENGTH) -> None:
    for number in range(1, length + 1):
        append(
            connection,
            at=f"2026-11-22T05:00:{number:02d}.000000Z",
            by="ana",
            action="decide_pair",
            subject_kind="case",
            subject_id=f"c{number}",
            details={"judgement": "SAME", "reason": f"r{number}"},
        )


def _swap(connection: Connection, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute(
            text("UPDATE audit SET number = :after WHERE number = :before"), {"after": after, "before": before}
        )


Tampering = Callable[[Connection], object]
CASES: dict[str, tuple[Tampering, list[tuple[int, str]]]] = {
    "nothing": (lambda _: None, []),
    "reason altered": (
        lambda c: c.execute(text('UPDATE audit SET details = \'{"judgement":"DIFFERENT"}\' WHERE number = 3')),
        [(3, "altered")],
    ),
    "actor altered": (lambda c: c.execute(text("UPDATE audit SET \"by\" = 'bob' WHERE number = 5")), [(5, "altered")]),
    "row removed": (lambda c: c.execute(text("DELETE FROM audit WHERE number = 4")), [(4, "removed")]),
    "rows removed": (lambda c: c.execute(text("DELETE FROM audit WHERE number IN (2, 3)")), [(2, "removed")]),
    "first removed": (lambda c: c.execute(text("DELETE FROM audit WHERE number = 1")), [(1, "removed")]),
    "last removed": (lambda c: c.execute(text("DELETE FROM audit WHERE number = 8")), [(8, "cut")]),
    "two rows swapped": (lambda c: _swap(c, 3, 6), [(3, "moved"), (4, "moved"), (6, "moved"), (7, "moved")]),
    "removed and closed up": (
        lambda c: (
            c.execute(text("DELETE FROM audit WHERE number = 7")),
            c.execute(text("UPDATE audit SET number = 7 WHERE number = 8")),
        ),
        [(7, "moved"), (8, "cut")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_tampering_is_named(store: Store, name: str) -> None:
    tamper, expected = CASES[name]
    with store.write() as connection:
        _fill(connection)
    with store.write() as connection:
        tamper(connection)
    with store.read() as connection:
        verdict = verify(connection)
    assert [(fault.number, fault.kind) for fault in verdict.faults] == expected


def test_an_empty_chain_holds(store: Store) -> None:
    with store.read() as connection:
        assert verify(connection).faults == ()


@given(number=st.integers(1, 5), column=st.sampled_from(["at", "by", "action", "subject_id", "details", "previous"]))
def test_no_cell_can_be_altered_unseen(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, number: int, column: str
) -> None:
    path = tmp_path_factory.mktemp("chain") / "dq.db"
    shutil.copy(migrated_sqlite, path)
    store = open_store(sqlite_url(path))
    with store.write() as connection:
        _fill(connection, 5)
        connection.execute(text(f'UPDATE audit SET "{column}" = "{column}" || \' \' WHERE number = {number}'))
    with store.read() as connection:
        faults = verify(connection).faults
    store.close()
    assert number in {fault.number for fault in faults}
