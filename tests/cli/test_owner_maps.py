"""Who takes over from whom in each of several targets: the home's map of one target, the one for all, one named."""

import json
import shutil
from pathlib import Path

import pytest

from dq.settings import load_settings
from tests.cli.terminals import Terminal

MAP = "owner,department,user_id,name,active\n"
CHECK = ("check", "crm.csv", "--no-match", "--as-of", "2026-11-22", "--workers", "1", "--map", "Keeper=owner")
BOTH = ("--target", "salesforce", "--target", "hubspot")


@pytest.fixture
def home(terminal: Terminal) -> Path:
    """A home with three companies of three owners, a map for all targets and one for HubSpot alone."""
    folder = terminal.folder
    (folder / "dq.toml").write_text('key = "a secret of the tests of owner maps"\n', encoding="utf-8")
    shutil.copytree(load_settings().standards, folder / "standards")
    rows = "K1,Oak Ltd,ann,Owego\nK2,Elm Inc,bob,Owego\nK3,Ash Co,cid,Owego\n"
    (folder / "crm.csv").write_text("id,company,Keeper,city\n" + rows, encoding="utf-8")
    (folder / "standards" / "user_map.csv").write_text(MAP + "ann,,U1,Ann,yes\nbob,,U2,Bob,yes\n", encoding="utf-8")
    (folder / "standards" / "user_map_hubspot.csv").write_text(MAP + "cid,,H3,Cid,yes\n", encoding="utf-8")
    return folder


def taken_over(terminal: Terminal, *options: str) -> dict[str, dict[str, str]]:
    """Check the companies; return target → owner → user, empty where nobody takes over."""
    answer = terminal.dq(*CHECK, *options, "--format", "json", "--fail-under", "0")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)["targets"]
    return {one["target"]: {line["owner"]: line["user_id"] or "" for line in one["owners"]} for one in found}


def test_each_target_has_its_own_users(terminal: Terminal, home: Path) -> None:
    for_all, for_hubspot = {"ann": "U1", "bob": "U2", "cid": ""}, {"ann": "", "bob": "", "cid": "H3"}
    kept = taken_over(terminal, *BOTH, "--out", "both")
    assert kept == {"salesforce": for_all, "hubspot": for_hubspot}
    # A map of one target that a run leaves bears the name under which the home reads it: filled in, it is put in force.
    assert taken_over(terminal, "--target", "hubspot", "--out", "one") == {"hubspot": for_hubspot}
    made = home / "one" / "user_map_hubspot.csv"
    filled = made.read_text(encoding="utf-8-sig").replace("ann,,,,", "ann,,H1,Ann,yes")
    (home / "standards" / made.name).write_text(filled, encoding="utf-8")
    assert taken_over(terminal, *BOTH) == {"salesforce": for_all, "hubspot": {"ann": "H1", "bob": "", "cid": "H3"}}
    (home / "standards" / "sources").mkdir(exist_ok=True)
    (home / "standards" / "sources" / "crm.yml").write_text("columns: {Keeper: owner}\n", encoding="utf-8")
    book = terminal.dq("workbook", "make", "crm.csv", "--target", "salesforce", "--workers", "1")
    assert "2 of 3 rows load into Salesforce" in book.out, "the workbook counts by the same map"
    # What is typed stands above both.
    named = str(home / "standards" / "user_map.csv")
    assert taken_over(terminal, *BOTH, "--owner-map", named) == {"salesforce": for_all, "hubspot": for_all}


def test_the_map_of_no_target_is_refused(terminal: Terminal, home: Path) -> None:
    (home / "standards" / "user_map_hubspto.csv").write_text(MAP, encoding="utf-8")
    refused = terminal.dq(*CHECK, *BOTH)
    assert refused.code == 2
    assert "user_map_hubspto.csv is the owner map of no target" in refused.err
    assert "did you mean user_map_hubspot.csv?" in refused.err
