"""`dq address`: one address shown, the list for a mail house, what asking a provider would take."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.terminals import Terminal
from tests.pipeline.runs import write_csv

ROWS = [
    ["id", "name", "street", "city", "state", "zip", "email"],
    ["1", "Ann Zywicki", "12 Oak Street", "Springfield", "IL", "62704", "ann@example.org"],
    ["2", "Ann Zywicki", "12 OAK ST.", "SPRINGFIELD", "IL", "62704", "other@example.org"],
    ["3", "=Bob Quill", "7 Elm Ave Apt 4", "Springfield", "IL", "62704", ""],
    ["4", "Cleo Ng", "221B Baker St", "London", "", "", ""],
]


@pytest.fixture
def with_library(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("DQ_REFERENCE", str(terminal.folder / "library"))
    return terminal


def test_an_address_is_shown_with_parts_outcome_and_evidence(terminal: Terminal) -> None:
    answer = terminal.dq("address", "742 evergreen terr apt 2b springfield il 62704")
    assert answer.code == 0
    lines = [line.rstrip() for line in answer.out.splitlines()]
    assert lines[:3] == ["742 EVERGREEN TER APT 2B", "SPRINGFIELD IL 62704", ""]
    shown = dict(line.split(None, 1) for line in lines[3:])
    assert shown["number"] == "742"
    assert shown["outcome"] == "consistent"
    assert float(shown["confidence"]) > 0.9


def test_words_need_no_quotes_and_json_is_for_programs(terminal: Terminal) -> None:
    answer = terminal.dq("address", "--format", "json", "12", "Oak", "St,", "Springfield", "IL", "62704")
    document = json.loads(answer.out)
    assert (document["address_line1"], document["city"], document["zip5"]) == ("12 OAK ST", "SPRINGFIELD", "62704")


@pytest.mark.parametrize("text", ["", "?", "x" * 5000, "=1+1", "\u0000\u202e", "<b>12 Oak</b>", "PO BOX"])
def test_anything_is_answered(terminal: Terminal, text: str) -> None:
    answer = terminal.dq("address", "show", "--", text)
    assert (answer.code, answer.err) == (0, "")


def test_the_mail_house_gets_distinct_addresses_and_names_only(with_library: Terminal) -> None:
    source = write_csv(with_library.folder / "crm.csv", ROWS)
    assert with_library.dq("standardize", source, "--out", "out", "--quiet", "--workers", 1).code == 0
    answer = with_library.dq("address", "export", "out", "--bureau", "--out", "list.csv")
    assert answer.code == 0
    assert "2 rows, 2 distinct addresses" in answer.out
    with (with_library.folder / "list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["address_line1"] for row in rows) == ["12 OAK ST", "7 ELM AVE APT 4"]
    assert "example.org" not in (with_library.folder / "list.csv").read_text(encoding="utf-8")


def test_what_came_back_is_loaded_and_used(with_library: Terminal) -> None:
    source = write_csv(with_library.folder / "crm.csv", ROWS)
    with_library.dq("standardize", source, "--out", "out", "--quiet", "--workers", 1)
    with_library.dq("address", "export", "out", "--out", "list.csv")
    with (with_library.folder / "list.csv").open(encoding="utf-8", newline="") as file:
        sent = list(csv.DictReader(file))
    told = [[*row.values(), "1234", "Y", "2026-11-20"] for row in sent]
    write_csv(with_library.folder / "back.csv", [[*sent[0], "ZIP4_OUT", "DPV_CONFIRM", "CASS_DATE"], *told])
    answer = with_library.dq("reference", "load", "bureau", "back.csv")
    assert (answer.code, answer.err) == (0, "")
    answer = with_library.dq("standardize", source, "--out", "out", "--workers", 1, "--as-of", "2026-11-22")
    assert "confirmed 75.0%" in answer.out
    shown = with_library.dq("address", "12 oak street springfield il 62704").out
    assert "12 OAK ST\nSPRINGFIELD IL 62704-1234" in shown
    assert "bureau:2026-11-20" in shown
    assert "dpv:Y" in shown


def test_a_dry_run_says_what_asking_takes_and_needs_no_secret(with_library: Terminal) -> None:
    source = write_csv(with_library.folder / "crm.csv", ROWS)
    with_library.dq("standardize", source, "--out", "out", "--quiet", "--workers", 1)
    answer = with_library.dq("address", "verify", "out", "--provider", "smarty", "--dry-run", "--price", "0.10")
    assert answer.code == 0
    assert "2 addresses in 1 calls" in answer.out
    assert "cost: 0.20" in answer.out
    assert not (with_library.folder / "library").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("verify", "out", "--provider", "acme", "--dry-run"), "there is no provider acme"),
        (("export", "nowhere", "--out", "x.csv"), "is no finished run"),
        (("export", "out", "--out", "."), "--out . is no place for a file"),
        (("export", "out", "--out", "none/x.csv"), "--out none/x.csv is no place for a file"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(terminal: Terminal, arguments: tuple[str, ...], says: str) -> None:
    answer = terminal.dq("address", *arguments)
    assert answer.code == 2
    assert says in answer.said[0]
    assert len(answer.said) == 2


def test_secrets_are_asked_for_by_name(with_library: Terminal) -> None:
    source = write_csv(with_library.folder / "crm.csv", ROWS[:2])
    with_library.dq("standardize", source, "--out", "out", "--quiet", "--workers", 1)
    answer = with_library.dq("address", "verify", Path("out"), "--provider", "usps")
    assert answer.code == 2
    assert "DQ_USPS_CLIENT_ID" in answer.said[0]
