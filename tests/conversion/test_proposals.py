"""What is proposed for blocked rows, what an accepted proposal does, and what customers become."""

from datetime import date

import pandas as pd
import pytest

from dq.conversion import GOLDEN_GRAIN, Customers, build_rows, find, judge
from dq.conversion.fixes import rank_fixes
from dq.conversion.proposals import apply_proposals, propose
from dq.model import TEXT
from dq.standards.targets import TargetField
from tests.conversion.loads import AS_OF, rows_of, shipped

SPELLINGS = {"state": {"ca": "California", "calif": "California"}}


def show(value: str, field: TargetField) -> str:
    return value


@pytest.mark.parametrize(
    ("target", "thing", "field", "value", "feature", "action", "proposed"),
    [
        ("dynamics", "lead", "leadsourcecode", "Trade show ", "", "map", "Trade Show"),
        ("dynamics", "lead", "leadsourcecode", "Tradeshow", "", "map", "Trade Show"),
        ("dynamics", "contact", "gendercode", "M", "", "map", "Male"),
        ("dynamics", "contact", "gendercode", "Unknown", "", None, None),
        ("salesforce", "Contact", "MailingState", "Calif", "state_country_picklists", "map", "California"),
        ("salesforce", "Contact", "Title", "x" * 130, "", "cut", "x" * 128),
        ("salesforce", "Contact", "LastName", "x" * 81, "", None, None),
        ("salesforce", "Contact", "Email", "mary at example.com", "", "blank", ""),
        ("salesforce", "Contact", "Birthdate", "02/30/1980", "", "blank", ""),
    ],
)
def test_what_is_proposed(
    target: str, thing: str, field: str, value: str, feature: str, action: str | None, proposed: str | None
) -> None:
    facts = shipped(target, feature)
    path = next(iter(facts.paths))
    rows = rows_of(facts, thing, {field: value})
    blockers, _ = judge(facts, target, path, rows, find(facts, rows, AS_OF))
    found = propose(facts, target, rows, blockers, SPELLINGS)
    assert found[["action", "proposed"]].to_numpy().tolist() == ([] if action is None else [[action, proposed]])
    changed, changes = apply_proposals(facts, target, rows, found.assign(accepted="yes"))
    assert len(changes) == len(found)
    _, verdicts = judge(facts, target, path, changed, find(facts, changed, AS_OF))
    assert verdicts["would_load"].all() == (action is not None)
    same, none = apply_proposals(facts, target, rows, found)
    assert none.empty
    assert same.objects[thing].equals(rows.objects[thing])


def test_fixes_are_counted_over_parents_and_children() -> None:
    target = shipped("salesforce")
    contacts = rows_of(target, "Contact", {}, {"LastName": None}, {"LastName": None, "Email": "none"})
    objects = dict(contacts.objects)
    objects["Account"] = objects["Account"].assign(Name=None, golden_id="P0")
    rows = type(contacts)(objects, contacts.parked, {})
    findings = find(target, rows, AS_OF)
    blockers, verdicts = judge(target, "salesforce", "bulk_api", rows, findings)
    assert not verdicts["would_load"].any()
    proposals = propose(target, "salesforce", rows, blockers, {})
    fixes = rank_fixes(target, rows, blockers, verdicts, proposals, show)
    told = [(fix.fix_id, fix.adds, fix.alone, fix.touches, fix.loads_after) for fix in fixes]
    assert told == [
        ("ask:Account.Name", 2, 2, 4, 2),
        ("ask:Contact.LastName", 1, 0, 2, 3),
        ("blank:Contact.Email", 1, 0, 1, 4),
    ]


PEOPLE = pd.DataFrame(
    {
        "golden_id": ["G1", "G2", "G3", "G4"],
        "household_id": [None, "H1", "H1", None],
        "party_type": ["organization", "person", "person", "person"],
        "status": [None, None, None, "Prospect"],
        "organization_name": ["Granite Robin LLC", None, None, None],
        "first_name": [None, "Sarah", "Tom", "Ann"],
        "last_name": [None, "Linkous", "Linkous", "Ryder"],
        "extra.Lead Source": [None, "Web", None, "Trade Fair"],
    },
    dtype=TEXT,
)
WORKS = pd.DataFrame({"from_golden_id": ["G4"], "type": ["works_for"], "to_golden_id": ["G1"], "source": ["crm"]})
NO_POINTS = pd.DataFrame(columns=["golden_id", "contact_point_id", "kind", "role", "value"], dtype=TEXT)


@pytest.mark.parametrize(
    ("policy", "expected", "parked"),
    [
        ("accounts_and_contacts", {"Account": ["G1"], "Contact": ["G2", "G3", "G4"]}, []),
        ("households", {"Account": ["G1", "H:H1"], "Contact": ["G2", "G3", "G4"]}, []),
        ("person_accounts", {"Account": ["G1"], "PersonAccount": ["G2", "G3"], "Contact": ["G4"]}, []),
        ("park_contacts_without_account", {"Account": ["G1"], "Contact": ["G4"]}, ["G2", "G3"]),
        ("leads", {"Lead": ["G1", "G2", "G3", "G4"]}, []),
    ],
)
def test_who_becomes_what(policy: str, expected: dict[str, list[str]], parked: list[str]) -> None:
    target = shipped("salesforce")
    rows = build_rows(target, policy, Customers(PEOPLE, WORKS, NO_POINTS, GOLDEN_GRAIN))
    assert {name: own["row_id"].tolist() for name, own in rows.objects.items()} == expected
    assert rows.parked["row_id"].tolist() == parked
    assert rows.parked["parent_row_id"].dropna().unique().tolist() == (["H:H1"] if parked else [])
    if policy == "households":
        assert rows.objects["Contact"]["AccountId"].tolist() == ["H:H1", "H:H1", "G1"]
        assert rows.objects["Account"]["Name"].tolist() == ["Granite Robin LLC", "Linkous Household"]
    if policy == "leads":
        lead = rows.objects["Lead"].set_index("row_id")
        assert lead.at["G4", "Company"] == "Granite Robin LLC"
        assert lead.at["G4", "LeadSource"] == "Trade Fair"
        assert rows.made_of["Lead"]["LeadSource"] == "column Lead Source"
    _, verdicts = judge(target, "salesforce", "bulk_api", rows, find(target, rows, date(2026, 11, 22)))
    assert len(verdicts) == rows.count() + len(rows.parked)
