"""The rows at the boundary of what CRMs take, per load path, each with what is known about it."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dq.conversion import Surroundings, find, judge
from dq.conversion.files import check_file
from tests.conversion.loads import AS_OF, rows_of, shipped

CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases/load_boundaries.csv").open(encoding="utf-8")))


def spelled(text: str) -> str | None:
    """Return a value of the table: `x*81` is 81 characters, `lines*256` three lines, `email*81` an address."""
    kind, star, size = text.partition("*")
    if not star:
        return text or None
    if kind == "email":
        return "x" * (int(size) - len("@example.com")) + "@example.com"
    return "x" * int(size) if kind == "x" else "x" * 100 + "\n" + "x" * 100 + "\n" + "x" * (int(size) - 202)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['row']}-{case['target']}-{case['path']}-{case['field']}"
)
def test_a_row_at_the_boundary(case: dict[str, str]) -> None:
    target = shipped(case["target"], case["feature"])
    thing, field, value = case["object"], case["field"], case["value"]
    if value in ("crlf", "header"):
        headers, line_end = ([field], "") if value == "header" else ([], value)
        blockers = check_file(target, case["target"], case["path"], thing, headers, line_end)
    else:
        changes = [{field: spelled(value)}]
        if value == "twice":
            changes = [{field: value}, {field: value}]
        elif value == "nowhere":
            changes = [{"parent_row_id": value}]
        rows = rows_of(target, thing, *changes)
        blockers, verdicts = judge(target, case["target"], case["path"], rows, find(target, rows, AS_OF))
        judged = verdicts.loc[verdicts["object"].eq(thing), "verdict"].tolist()
        assert judged == (["loads"] * (len(judged) - 1) + [case["verdict"]])
    told = [tuple(line) for line in blockers[["verdict", "code", "certainty"]].to_numpy()]
    assert told == ([] if case["verdict"] == "loads" else [(case["verdict"], case["code"], case["certainty"])])


def test_every_row_of_the_table_is_there_for_every_load_path() -> None:
    found = {(int(case["row"]), case["target"], case["path"]) for case in CASES}
    ways = {
        ("salesforce", "bulk_api"),
        ("salesforce", "data_loader"),
        ("dynamics", "web_api"),
        ("hubspot", "import"),
    }
    assert {(row, *way) for row in range(1, 23) for way in ways} <= found
    assert {row for row, _, _ in found} == set(range(1, 23))
    assert all(case["certainty"] or case["verdict"] == "loads" for case in CASES)


EIGHT = [
    {"LastName": None},
    {"LastName": "x" * 81},
    {"MailingCity": "x" * 41},
    {"MailingState": "CA"},
    {"OwnerId": "gone@example.com"},
    {"parent_row_id": "P9"},
    {"Birthdate": "02/30/1980"},
    {},
]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "bulk_api",
            [
                "REQUIRED_FIELD_MISSING Required fields are missing: [LastName]",
                f"STRING_TOO_LONG Last Name: data value too large: {'x' * 81} (max length=80)",
                f"STRING_TOO_LONG Mailing City: data value too large: {'x' * 41} (max length=40)",
                "FIELD_INTEGRITY_EXCEPTION There's a problem with this state, even though it may appear correct. Please"
                " select a state from the list of valid states.: Mailing State/Province",
                "INACTIVE_OWNER_OR_USER operation performed with inactive user [gone@example.com] as owner of Contact",
                "INVALID_FIELD Foreign key external ID: P9 not found for field AccountId in entity Contact",
                "INVALID_FIELD Failed to deserialize field Birthdate. Due to, '02/30/1980' is not a valid value for the"
                " type xsd:date",
            ],
        ),
        (
            "data_loader",
            [
                "REQUIRED_FIELD_MISSING Required fields are missing: [LastName]",
                "TRUNCATED cut to 80 characters, no error",
                "TRUNCATED cut to 40 characters, no error",
                "FIELD_INTEGRITY_EXCEPTION There's a problem with this state, even though it may appear correct. Please"
                " select a state from the list of valid states.: Mailing State/Province",
                "INACTIVE_OWNER_OR_USER operation performed with inactive user [gone@example.com] as owner of Contact",
                "INVALID_FIELD Foreign key external ID: P9 not found for field AccountId in entity Contact",
                "DATE_NOT_PARSED Error converting value to correct data type: Failed to parse date: 02/30/1980",
            ],
        ),
    ],
)
def test_eight_contacts(path: str, told: list[str]) -> None:
    target = shipped("salesforce", "state_country_picklists")
    owners = pd.DataFrame({"owner": ["gone@example.com"], "is_active": [False]})
    rows = rows_of(target, "Contact", *EIGHT)
    blockers, verdicts = judge(
        target, "salesforce", path, rows, find(target, rows, AS_OF, Surroundings({}, owners=owners))
    )
    contacts = verdicts.loc[verdicts["object"].eq("Contact")]
    loading, cut = int(contacts["would_load"].sum()), int(contacts["verdict"].eq("alters").sum())
    assert (loading, cut) == ((1, 0) if path == "bulk_api" else (3, 2))
    by_row = blockers.sort_values("row_id")
    assert (by_row["code"] + " " + by_row["message"]).tolist() == told
