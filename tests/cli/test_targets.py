"""What a CRM says about itself becomes facts of a target; what fields are made of stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from dq.errors import SourceError
from dq.pipeline.target_files import describe, differences, import_facts
from dq.settings import load_settings
from dq.standards.targets import load_target
from tests.cli.terminals import Terminal

SETTINGS = load_settings()


def salesforce_field(name: str, kind: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "label": name, "type": kind, "nillable": True, "createable": True, **facts}


CONTACT = {
    "name": "Contact",
    "fields": [
        salesforce_field("LastName", "string", length=80, nillable=False),
        salesforce_field("FirstName", "string", length=30),
        salesforce_field("AccountId", "reference", length=18, referenceTo=["Account"]),
        salesforce_field("Name", "string", length=121, createable=False),
        salesforce_field("DoNotCall", "boolean", nillable=False),
        salesforce_field(
            "LeadSource",
            "picklist",
            length=255,
            restrictedPicklist=True,
            picklistValues=[{"value": "Web", "active": True}, {"value": "Old", "active": False}],
        ),
        salesforce_field("Ext_Id__c", "double", precision=18, scale=0, externalId=True),
        salesforce_field("Tier__c", "string", length=5, nillable=False, defaultedOnCreate=False),
    ],
}
ATTRIBUTES = {
    "value": [
        {
            "EntityLogicalName": "contact",
            "LogicalName": "lastname",
            "AttributeType": "String",
            "MaxLength": 60,
            "RequiredLevel": {"Value": "ApplicationRequired"},
            "DisplayName": {"UserLocalizedLabel": {"Label": "Last Name"}},
        },
        {
            "LogicalName": "gendercode",
            "AttributeType": "Picklist",
            "OptionSet": {"Options": [{"Label": {"UserLocalizedLabel": {"Label": "Female"}}}]},
        },
        {"LogicalName": "numberofchildren", "AttributeType": "Integer", "MinValue": 0, "MaxValue": 20},
    ]
}
PROPERTIES = {
    "results": [
        {"name": "email", "label": "Email", "type": "string", "hasUniqueValue": True},
        {"name": "tier", "label": "Tier", "type": "enumeration", "options": [{"value": "gold"}]},
        {"name": "hs_id", "label": "Id", "type": "number", "modificationMetadata": {"readOnlyValue": True}},
    ]
}


def written(folder: Path, document: object) -> Path:
    path = folder / "describe.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "document", "thing", "key", "facts"),
    [
        ("salesforce", CONTACT, None, "LastName", {"required": True, "length": 80, "value": "last_name"}),
        ("salesforce", CONTACT, None, "FirstName", {"required": False, "length": 30, "value": "first_name"}),
        ("salesforce", CONTACT, None, "AccountId", {"type": "reference", "refers_to": "Account"}),
        ("salesforce", CONTACT, None, "Name", {"writable": False}),
        ("salesforce", CONTACT, None, "DoNotCall", {"required": False, "type": "boolean"}),
        ("salesforce", CONTACT, None, "LeadSource", {"restricted": True, "picklist": "Contact_LeadSource"}),
        ("salesforce", CONTACT, None, "Ext_Id__c", {"key": True, "unique": False, "digits": 18}),
        ("salesforce", CONTACT, None, "Tier__c", {"required": True, "source": "instance"}),
        ("dynamics", ATTRIBUTES, None, "lastname", {"length": 60, "required": True, "label": "Last Name"}),
        ("dynamics", ATTRIBUTES, None, "gendercode", {"picklist": "contact_gendercode"}),
        ("dynamics", ATTRIBUTES, None, "numberofchildren", {"maximum": 20.0}),
        ("hubspot", PROPERTIES, "contact", "tier", {"restricted": True, "picklist": "contact_tier"}),
        ("hubspot", PROPERTIES, "contact", "hs_id", {"writable": False}),
    ],
)
def test_metadata_become_facts(
    tmp_path: Path, name: str, document: object, thing: str | None, key: str, facts: dict[str, object]
) -> None:
    described = describe(SETTINGS, name, written(tmp_path, document), thing)
    out = tmp_path / "targets" / f"{name}.yml"
    import_facts(SETTINGS, name, Path("describe.json"), described, out)
    target = load_target(tmp_path, name)
    field = target.objects[described.thing].fields[key]
    assert {fact: getattr(field, fact) for fact in facts} == facts
    others = [one for one in target.objects if one != described.thing]
    shipped = load_target(SETTINGS.standards, name)
    assert all(target.objects[one] == shipped.objects[one] for one in others)
    assert target.checks == shipped.checks


def test_differences_name_what_breaks(tmp_path: Path) -> None:
    described = describe(SETTINGS, "salesforce", written(tmp_path, CONTACT), None)
    found = {(one.field, one.fact): (one.before, one.now, one.breaks) for one in differences(described)}
    assert found["FirstName", "length"] == ("40", "30", True)
    assert found["LeadSource", "restricted"] == ("false", "true", True)
    assert found["LeadSource", "values"] == ("Other, Partner Referral, Phone Inquiry, Purchased List", "", True)
    assert found["Tier__c", "field"] == ("", "text", True)
    assert found["Email", "field"] == ("email", "", True)
    assert ("LastName", "length") not in found


@pytest.mark.parametrize(
    ("document", "thing", "said"),
    [
        ({**CONTACT, "name": "Opportunity"}, None, "describes Opportunity"),
        (CONTACT, "Account", "describes Contact, not Account"),
        ({"something": []}, "Contact", "no sObject describe"),
        ([], "Contact", "no description of an object"),
        ({"name": "Contact", "fields": ["LastName"]}, None, "field 1 of the file is not as its CRM describes one"),
        ({"fields": [{"name": "Name", "type": "string"}, {}]}, "Contact", "field 2 of the file"),
        ({"value": ["lastname"]}, "Contact", "field 1 of the file"),
        ({"results": [{"name": "email"}, 5]}, "Contact", "field 2 of the file"),
    ],
)
def test_a_describe_of_something_else_is_refused(
    tmp_path: Path, document: object, thing: str | None, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        describe(SETTINGS, "salesforce", written(tmp_path, document), thing)


def test_on_the_terminal(tmp_path: Path, terminal: Terminal) -> None:
    file = written(tmp_path, CONTACT)
    listed = terminal.dq("target", "list")
    assert all(name in listed.out for name in ("salesforce", "dynamics", "hubspot", "mailing", "generic"))
    assert "last_name" in terminal.dq("target", "show", "salesforce", "--object", "Contact").out
    assert "! FirstName length: 40 → 30" in terminal.dq("target", "diff", "salesforce", str(file)).out
    assert terminal.dq("target", "import", "salesforce", str(file)).code == 2
    wrong = terminal.dq("target", "show", "salesforce", "--object", "Client")
    assert (wrong.code, wrong.said[0]) == (2, "dq: --object Client is unknown")
    assert terminal.dq("target", "diff", "salesforce", str(tmp_path)).said[0] == f"dq: {tmp_path} is no file"
    assert terminal.dq("target", "import", "salesforce", str(file), "--out", ".").code == 2
    assert terminal.dq("target", "import", "salesforce", str(file), "--out", str(file / "own.yml")).code == 2
    done = terminal.dq("target", "import", "salesforce", str(file), "--out", "own.yml")
    assert (done.code, (tmp_path / "own.yml").is_file()) == (0, True)


def test_a_home_that_follows_what_ships_does_not_change_what_ships(tmp_path: Path, terminal: Terminal) -> None:
    shipped = (SETTINGS.standards / "targets" / "salesforce.yml").read_bytes()
    (tmp_path / "dq.toml").write_text('key = "a key of the tests, long enough"\n', encoding="utf-8")
    refused = terminal.dq("target", "import", "salesforce", str(written(tmp_path, CONTACT)))
    assert (refused.code, refused.said[0]) == (
        2,
        "dq: there is no home with standards of its own to keep the target in",
    )
    assert (SETTINGS.standards / "targets" / "salesforce.yml").read_bytes() == shipped
