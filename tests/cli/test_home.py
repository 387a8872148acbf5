"""Runs, people, tokens and the audit on the terminal, in a home."""

import io
import sqlite3

import pytest

from tests.cli.terminals import Terminal
from tests.stewardship.runs import Given, Person, write_run
from tests.workbooks import cells_of, filled

PEOPLE = [Person("1"), Person("2")]
WORDS = "correct horse battery staple\n"


@pytest.fixture
def home(terminal: Terminal) -> Terminal:
    """Return a terminal in a home with one finished run beside it."""
    (terminal.folder / "dq.toml").write_text('key = "a secret of the home"\n', encoding="utf-8")
    given = Given(PEOPLE, pairs=[("crm:1", "crm:2", 0.5)], run_id="r1", as_of="2026-11-23")
    write_run(terminal.folder / "out", given)
    return terminal


def test_outside_a_home_it_says_how_to_make_one(terminal: Terminal) -> None:
    answer = terminal.dq("runs")
    assert answer.code == 2
    assert answer.said == ["dq: there is no home here", "    make a folder with a dq.toml (`key = …`) and start there"]


def test_a_run_comes_into_the_home_once(home: Terminal) -> None:
    assert "no run yet" in home.dq("runs").out
    answer = home.dq("runs", "add", "out")
    assert answer.out.splitlines() == [
        "Run r1 is in the home.",
        "Cases: 1 new, 0 came back, 0 go on, 0 went away, 0 stay decided; 0 decided by rules that replay.",
    ]
    assert home.dq("runs").out.splitlines()[1].split() == ["r1", "2026-11-23", "2", "2", "shown", "complete"]
    assert home.dq("runs", "add", "out").said[0] == "dq: the home has run r1 already"
    assert home.dq("runs", "add", ".").code == 2
    assert home.dq("runs", "decisions", "--out", "next").out.split() == ["next/judgements.csv", "next/overrides.csv"]


def test_people_and_tokens(home: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nobody may sign in yet" in home.dq("user", "list").out
    monkeypatch.setattr("sys.stdin", io.StringIO(WORDS))
    added = home.dq("user", "add", "ana", "--role", "steward", "--department", "sales", "--password-stdin")
    assert added.out == "ana may sign in as steward.\n"
    assert home.dq("user", "add", "bob", "--role", "lead", "--department", "*", "--no-password").code == 0
    assert home.dq("user", "add", "eve", "--role", "steward", "--no-password").said[0] == "dq: eve would see no record"
    assert home.dq("user", "add", "eve", "--role", "boss", "--no-password").said[1] == (
        "    roles: viewer, steward, lead, admin"
    )
    assert [line.split() for line in home.dq("user", "list").out.splitlines()[1:]] == [
        ["ana", "steward", "sales", "active", "password"],
        ["bob", "lead", "*", "active", "nothing"],
    ]
    token = home.dq("token", "issue", "ana", "--purpose", "bi", "--scope", "read").out.strip()
    assert token.startswith("dq_")
    assert home.dq("token", "list").out.splitlines()[1].split()[:4] == ["1", "ana", "bi", "read"]
    assert home.dq("token", "revoke", "1").out == "Token 1 opens nothing any more.\n"
    assert home.dq("token", "list").out.splitlines()[1].split()[-1] == "ended"
    assert home.dq("user", "role", "ana", "closed").out == "ana is closed.\n"
    assert home.dq("user", "role", "nobody", "lead").said[0] == "dq: there is no user 'nobody'"


def test_the_audit_names_what_was_altered(home: Terminal) -> None:
    home.dq("runs", "add", "out")
    home.dq("user", "add", "bob", "--role", "admin", "--no-password")
    holds = home.dq("audit", "verify")
    assert holds.code == 0
    assert holds.out.startswith("The audit holds: 2 rows, the last has the hash ")
    last = holds.out.split()[-1].rstrip(".")
    assert home.dq("audit", "verify", "--expect", last).code == 0
    with sqlite3.connect(home.folder / "var" / "dq.db") as connection:
        connection.execute("UPDATE audit SET details = '{}' WHERE number = 2")
    altered = home.dq("audit", "verify")
    assert (altered.code, altered.out) == (3, "row 2 is not what was written\n")
    assert altered.said[0] == "dq: the audit does not hold: 1 of 2 rows"
    assert home.dq("audit", "verify", "--expect", "0" * 63 + "1").code == 3


def test_the_password_never_reaches_the_screen(home: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    home.dq("user", "add", "ana", "--role", "admin", "--no-password")
    monkeypatch.setattr("sys.stdin", io.StringIO("too short\n"))
    refused = home.dq("user", "password", "ana", "--password-stdin")
    assert refused.code == 2
    assert "too short" not in refused.out + refused.err.replace("a password has at least", "")


def test_a_pack_goes_out_and_comes_back(home: Terminal) -> None:
    home.dq("runs", "add", "out")
    home.dq("user", "add", "ana", "--role", "steward", "--department", "sales", "--no-password")
    assert "No pack was made yet" in home.dq("pack", "list").out
    assert home.dq("pack", "make", "ana", "--out", "nowhere/ana.xlsx").said[0] == (
        "dq: --out nowhere/ana.xlsx is no place for a file"
    )
    assert home.dq("pack", "make", "ana", "--out", "ana.xlsx").out == "Pack 1 for ana: 1 cases in ana.xlsx\n"
    made = home.folder / "ana.xlsx"
    case_id = str(cells_of(made.read_bytes())["Pairs"][1][0])
    made.write_bytes(filled(made.read_bytes(), "Pairs", {case_id: {"Answer": "Same customer"}}))
    assert "1 answers can be saved" in home.dq("pack", "check", "ana.xlsx").out
    assert home.dq("pack", "take", "ana.xlsx").out.splitlines() == [
        "Pack 1 of ana: 1 answers saved.",
        "Saved before: 0. Left open: 0. Not in the file: 0.",
    ]
    assert home.dq("pack", "list").out.splitlines()[1].split()[:4] == ["1", "ana", "today", "1"]
    assert home.dq("pack", "take", "dq.toml").code == 2
    assert home.dq("pack", "take", "nowhere.xlsx").said[0] == "dq: there is no file nowhere.xlsx"
    assert home.dq("pack", "make", "ana", "--all", "--out", "x.xlsx").said[0] == "dq: no case waits for ana"
