"""`dq check`: eight contacts of which one loads, told in the CRM's words, and what ends with which exit code."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.terminals import Answer, Terminal

COLUMNS = (
    "Id", "AccountId", "FirstName", "LastName", "Email", "MailingStreet", "MailingCity", "MailingState",
    "MailingPostalCode", "MailingCountry", "Birthdate", "OwnerId",
)  # fmt: skip
GOOD = {
    "AccountId": "A1", "FirstName": "Sarah", "LastName": "Linkous", "MailingStreet": "3947 Pleasant Ct",
    "MailingCity": "Zionsville", "MailingState": "IN", "MailingPostalCode": "46077", "MailingCountry": "United States",
    "Birthdate": "06/30/1961", "OwnerId": "U1",
}  # fmt: skip
CHANGES = [
    {"LastName": "", "FirstName": "Brenda"},
    {"LastName": "Caldwell" + "x" * 73},
    {"MailingCity": "Llanfair" + "x" * 33},
    {"Email": "mary.smith at example.com"},
    {"OwnerId": "U2"},
    {"AccountId": "A9"},
    {"Birthdate": "02/30/1980"},
    {},
]


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """Eight contacts and their account; the owner of one has left, the account of one is not there."""
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "accounts.csv").write_text(
        "Id,Name,BillingStreet,BillingCity,BillingState,BillingPostalCode\n"
        "A1,Granite Robin LLC,57 N Sunset Trl,Owego,NY,13827\nA2,Hardy Farms Inc,9 Oak St,Owego,NY,13827\n",
        encoding="utf-8",
    )
    with (folder / "contacts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, change in enumerate(CHANGES):
            writer.writerow({**GOOD, "Id": f"C{number}", "Email": f"s{number}.linkous@example.com", **change})
    (tmp_path / "owners.csv").write_text("Id,IsActive\nU1,true\nU2,false\n", encoding="utf-8")
    return folder


def contacts(document: dict) -> dict[str, int]:  # type: ignore[type-arg]
    """Return the verdicts of the contacts of the only target."""
    return document["targets"][0]["objects"]["Contact"]  # type: ignore[no-any-return]


CHECK = ("check", "crm", "--target", "salesforce", "--owners", "owners.csv", "--no-match", "--as-of", "2026-11-22")
MAPPED = ("--map", "contacts.OwnerId=owner", "--workers", "1")


def test_eight_contacts_by_bulk_api_and_by_data_loader(crm: Path, terminal: Terminal) -> None:
    answer = terminal.dq(*CHECK, *MAPPED, "--format", "json", "--out", "out", "--unmasked")
    assert answer.code == 3, answer.err
    document = json.loads(answer.out)
    assert contacts(document) == {"reject": 7, "loads": 1}
    told = {trouble["code"] for trouble in document["targets"][0]["troubles"] if trouble["verdict"] == "reject"}
    assert told == {
        "REQUIRED_FIELD_MISSING", "STRING_TOO_LONG", "INVALID_EMAIL_ADDRESS", "INACTIVE_OWNER_OR_USER", "INVALID_FIELD",
    }  # fmt: skip
    (long,) = [t for t in document["targets"][0]["troubles"] if t["rule_id"].endswith("LastName.STRING_TOO_LONG")]
    assert long["examples"][0]["place"] == "crm/contacts line 3"
    by_loader = terminal.dq(*CHECK, *MAPPED, "--format", "json", "--load-path", "data_loader")
    assert contacts(json.loads(by_loader.out)) == {"reject": 5, "alters": 2, "loads": 1}
    assert document["targets"][0]["paths"][1]["loading"] == 5  # three contacts and both accounts
    page = (terminal.folder / "out" / "check.html").read_text(encoding="utf-8")
    assert "3 of 10 rows load into Salesforce today (Bulk API 2.0)." in page
    left, stays = page.index('<th scope="row">U2</th><td><span class="pill t2">inactive'), page.index(">U1</th>")
    assert left < stays, "who has left stands first"
    same = terminal.dq(*CHECK, *MAPPED, "--baseline", "out", "-q")
    assert (same.code, same.out) == (0, "")
    accepted = (terminal.folder / "out" / "proposals.csv").read_text(encoding="utf-8").replace('""', "")
    lines = [line + "yes" if "Email" in line else line for line in accepted.splitlines()]
    (terminal.folder / "accepted.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    after = terminal.dq(*CHECK, *MAPPED, "--apply-proposals", "accepted.csv", "--out", "later", "--fail-under", "40")
    assert after.code == 0, after.out
    assert "4 of 10 rows load" in after.out
    changes = list(csv.DictReader((terminal.folder / "later" / "load_changes.csv").open(encoding="utf-8")))
    assert [(line["field"], line["before"], line["after"]) for line in changes] == [
        ("Email", "mary.smith at example.com", "")
    ]


RULES = """
rules:
  - rule_id: email_is_there
    table: records
    expectation: expect_column_values_to_not_be_null
    arguments: {column: email}
    dimension: completeness
    threshold: 0.99
    weight: 1
    reason: no e-mail
    why: The newsletter goes to everybody.
"""


def test_what_is_there_already_rules_of_ones_own_a_sample_and_a_baseline(terminal: Terminal) -> None:
    names = ("Ann", "Brenda", "Carl", "Doris", "Frank")
    people = [f"p{n},{names[n % 5]},Lee,ann{n}@example.com,9 Oak St,Owego,NY,13827" for n in range(40)]
    people[7] = "p7,Walter,Hodges,,8 Cedar Lane,Bowie,MD,20715"
    people[8] = "p8,Ann,,,9 Oak St,Owego,NY,13827"
    header = "id,first_name,last_name,email,street,city,state,zip"
    (terminal.folder / "people.csv").write_text("\n".join([header, *people]) + "\n", encoding="utf-8")
    there = "Record ID;First Name;Last Name;Email;Street Address;City;State/Region;Postal Code\n"
    there += "x;José;Ruiz;ANN3@example.com;;;;\ny;Zoë;Marsh;nobody@example.com;;;;\n"
    there += "z;Walter;Hodges;;8 Cedar Ln;Bowie;MD;20715\n"
    (terminal.folder / "there.csv").write_text(there, encoding="cp1252")
    (terminal.folder / "rules.yml").write_text(RULES, encoding="utf-8")
    (terminal.folder / "back.csv").write_text("key\np7\np99\n", encoding="utf-8")
    both = ("check", "people.csv", "--target", "hubspot", "--target", "mailing", "--no-match", "--workers", "1")
    asked = (*both, "--existing", "contact=there.csv", "--rules", "rules.yml", "--bring-back", "back.csv")
    first = terminal.dq(*asked, "--out", "first", "--fail-under", "0")
    assert first.code == 3, first.err
    assert "Rule email_is_there fails: 2 of 40" in first.out
    told = "The export of contact has 3 rows, compared by email. By name and address 1 more may be there"
    assert told in " ".join(first.out.split())
    assert "people line 5" in first.out  # ANN3 is there already
    possible = (terminal.folder / "first" / "possible_there.csv").read_text(encoding="utf-8").splitlines()
    found = [line.split(",")[2:6] for line in possible[1:]]
    assert found == [["there.csv", "4", "z", "people:p7"]], "by name and address; who is found by e-mail is told once"
    assert "All targets together: 0 load into every one." in first.out
    assert "too long" in first.out
    page = (terminal.folder / "first" / "check.html").read_text(encoding="utf-8")
    assert "compared by email." in page
    unknown = "1 of 2 lines of back.csv names nobody here: p99"
    assert f"note: {unknown}" in first.out
    assert unknown in page
    assert "No value that one of them demands is refused by another." in page
    some = json.loads(terminal.dq(*asked, "--sample", "10", "--format", "json").out)
    assert [(table["row_count"], table["read_count"]) for table in some["sources"]] == [(10, 40)]
    assert some["targets"][0]["customers"] == 10
    (terminal.folder / "people.csv").write_text("\n".join([header, *people, "p40,Bo,,,,,,"]) + "\n", encoding="utf-8")
    newly = terminal.dq(*both, "--existing", "contact=there.csv", "--baseline", "first")
    assert newly.code == 3
    assert "1 customer is blocked that the baseline had not blocked that way" in newly.out
    nobody = terminal.dq("check", "people.csv", "--target", "salesforce", "--no-match", "--map", "last_name=city")
    assert nobody.code == 2
    assert "--map HEADER=last_name" in nobody.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--target is missing"),
        (("--target", "salesforse"), "did you mean salesforce?"),
        (("--target", "salesforce", "--load-path", "bulk"), "did you mean bulk_api?"),
        (("--target", "salesforce", "--target", "salesforce"), "stands twice"),
        (("--assign", "leads"), "speaks of a target"),
        (("--target", "salesforce", "--owners", "none.csv"), "is no file"),
        (("--target", "salesforce", "--owners", "crm/contacts.csv"), "does not say who is active"),
        (("--target", "salesforce", "--owner-map", "owners.csv"), "lacks the column owner, user_id"),
        (("--owner-map", "owners.csv"), "speaks of a target"),
        (("--target", "salesforce", "--existing", "Client=owners.csv"), "Client=… names no object"),
        (("--target", "salesforce", "--baseline", "crm"), "is no check"),
    ],
)
def test_wrong_use_ends_with_2(crm: Path, terminal: Terminal, options: tuple[str, ...], said: str) -> None:
    answer = terminal.dq("check", "crm", *options)
    assert answer.code == 2
    assert said in answer.err


def test_who_is_on_a_list_is_told_and_a_list_that_hides_somebody_is_refused(terminal: Terminal) -> None:
    people = terminal.folder / "people.csv"
    people.write_text("id,name,email,street,city,state,zip\n1,Mary Kwan,mary@kwan.com,12 Oak St,Owego,NY,13827\n")
    names = {"calls": "email;remark\nMARY@kwan.com;=1+1\n", "torn": "email,name\na@kwan.com,Ann\nb,c,d,e\n"}
    for name, text in {**names, "other": "colour,size\nred,4\n"}.items():
        (terminal.folder / f"{name}.csv").write_bytes(text.encode("utf-16" if name == "calls" else "utf-8"))

    def check(name: str) -> Answer:
        return terminal.dq("check", "people.csv", "--target", "mailing", "--no-match", "--suppress", f"{name}.csv")

    told = check("calls")
    assert (told.code, "suppressed 1 × Piece" in told.out, "calls.csv line 2" in told.out) == (0, True, True), told
    (terminal.folder / "dq.toml").write_text('key = "a secret of the home"\nsuppress = ["calls.csv"]\n')
    always = terminal.dq("check", "people.csv", "--target", "mailing", "--no-match")
    assert "calls.csv line 2" in always.out, "the home's own list needs no option"
    (terminal.folder / "dq.toml").write_text('key = "a secret of the home"\nsuppress = ["gone.csv"]\n')
    gone = terminal.dq("check", "people.csv", "--target", "mailing", "--no-match")
    assert (gone.code, "gone.csv is no file" in gone.said[0]) == (2, True), gone
    (terminal.folder / "dq.toml").unlink()
    torn = check("torn")
    assert (torn.code, torn.said[0]) == (
        2, "dq: torn.csv: 1 piece of it cannot be read, and who stands there would be mailed"
    )  # fmt: skip
    assert "line 3" in torn.said[1]
    other = check("other")
    assert (other.code, other.said[0].startswith("dq: other.csv has no e-mail, phone or address")) == (2, True), other


def test_a_list_of_organisations_with_a_nameless_row_is_judged_as_organisations(
    tmp_path: Path, terminal: Terminal
) -> None:
    rows = ["account_no,name,street,city,state,zip,parent_no"]
    towns = ("Owego,NY,13827", "Reno,NV,89501", "Zionsville,IN,46077", "Gallup,NM,87301", "Rexburg,ID,83440")
    names = ("Tioga State College", "", "Boone University " * 16, "Zuni College", "Teton Academy")
    parents = ("", "", "", "HQ-77", "A0")
    for number, (name, town, parent) in enumerate(zip(names, towns, parents, strict=True)):
        rows.append(f"A{number},{name},{number + 7} Oak St,{town},{parent}")
    (tmp_path / "schools.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    answer = terminal.dq("check", "schools.csv", "--target", "salesforce", "--as-of", "2026-11-22", "--format", "json")
    assert answer.code == 3, answer.err
    (target,) = json.loads(answer.out)["targets"]
    # A contact without a last name would have the whole file refused: no column holds any.
    assert sum(target["objects"]["Account"].values()) == target["customers"] == 5
    assert target["loading"] == 2
    name, parent = sorted(target["fixes"], key=lambda fix: str(fix["fix_id"]))
    assert "there is none (1)" in name["sentence"]
    assert "field holds (1)" in name["sentence"]
    assert parent["fix_id"] == "parent:Account.ParentId"
