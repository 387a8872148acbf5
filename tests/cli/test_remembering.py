"""What somebody accepts for one target is applied to it from then on, and proposed to the next one."""

import csv
import shutil
from pathlib import Path

import pytest

from dq.settings import load_settings
from tests.cli.terminals import Terminal

ACCOUNTS = (
    "Id,Name,Industry,BillingStreet,BillingCity,BillingState,BillingPostalCode\n"
    "A1,Granite Robin LLC,Underwriting,5 Oak St,Owego,NY,13827\n"
    "A2,Hardy Farms Inc,Underwriting,6 Oak St,Owego,NY,13827\n"
    "A3,Bell Roofing Inc,Consulting,7 Oak St,Owego,NY,13827\n"
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def home(terminal: Terminal) -> Terminal:
    """Return a terminal in a home with standards of its own."""
    (terminal.folder / "dq.toml").write_text('key = "a key of the tests, long enough"\n', encoding="utf-8")
    (terminal.folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    shutil.copytree(load_settings().standards, terminal.folder / "standards")
    return terminal


def test_a_mapping_accepted_for_one_target_is_proposed_to_another(home: Terminal) -> None:
    def check(target: str, out: str) -> list[str]:
        answer = home.dq("check", "crm=accounts.csv", "--target", target, "--no-match", "--out", out, "--workers", "1")
        assert answer.code in (0, 3), answer.err
        return answer.out.splitlines()

    assert "1 of 3 rows load into Dynamics 365 today (Web API)." in check("dynamics", "first")
    (proposed,) = rows_of(home.folder / "first" / "proposals.csv")
    assert (proposed["value"], proposed["proposed"], proposed["rows"]) == ("Underwriting", "", "2")
    with (home.folder / "accepted.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, proposed)
        writer.writeheader()
        writer.writerow({**proposed, "proposed": "Insurance", "accepted": "yes"})
    kept = home.dq("target", "remember", "accepted.csv", "--by", "Mary Kwan")
    assert kept.code == 0, kept.err

    assert "3 of 3 rows load into Dynamics 365 today (Web API)." in check("dynamics", "second")
    changed = rows_of(home.folder / "second" / "load_changes.csv")
    assert [(line["before"], line["after"]) for line in changed] == [("Underwriting", "Insurance")] * 2

    check("salesforce", "other")
    words = {line["value"]: line for line in rows_of(home.folder / "other" / "picklists.csv")}
    learned = words["Underwriting"]
    assert (learned["legal"], learned["how"], learned["accepted_by"]) == ("Insurance", "learned", "Mary Kwan")
    (offered,) = rows_of(home.folder / "other" / "proposals.csv")
    assert (offered["proposed"], offered["accepted_before_by"], offered["accepted"]) == ("Insurance", "Mary Kwan", "")
    assert not (home.folder / "other" / "load_changes.csv").exists(), "nobody accepted it for this target"
