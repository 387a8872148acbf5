"""Consent and dates of creation in the fields of each target: the most restrictive word of all contact points holds."""

import pandas as pd
import pytest

from dq.conversion import GOLDEN_GRAIN, Customers, build_rows, find, judge
from dq.conversion.loading import batches, plan_load, sheet
from dq.model import ADDRESS_COLUMNS, TEXT
from tests.conversion.loads import AS_OF, shipped

PEOPLE = pd.DataFrame(
    {
        "golden_id": ["G1", "G2", "G3", "G4"],
        "party_type": "person",
        "last_name": "Linkous",
        "organization_name": "Granite Robin LLC",
        "created_at": ["2019-03-04T00:00:00Z", "2020-01-01T10:30:00Z", None, None],
        "do_not_email": [False, None, None, False],
        "do_not_call": [None, True, None, None],
    }
).astype({"golden_id": TEXT, "party_type": TEXT, "last_name": TEXT, "organization_name": TEXT, "created_at": TEXT})
PEOPLE = PEOPLE.astype({"do_not_email": "boolean", "do_not_call": "boolean"})
POINTS = pd.DataFrame(
    [
        ("G1", "p1", "email", "primary", "old@example.com", "opt_out"),
        ("G1", "p2", "email", "work", "new@example.com", "opt_in"),
        ("G1", "p3", "fax", "work", "+13015550100", "opt_out"),
        ("G2", "p4", "phone", "primary", "+13015550101", "opt_in"),
        ("G2", "p5", "mobile", "primary", "+13015550102", "opt_in"),
        ("G2", "p6", "address", "home", None, "opt_out"),
        ("G3", "p7", "email", "primary", "who@example.com", "unknown"),
    ],
    columns=["golden_id", "contact_point_id", "kind", "role", "value", "consent"],
)
POINTS = POINTS.reindex(columns=[*POINTS.columns, *ADDRESS_COLUMNS]).astype(TEXT)
WORKS = pd.DataFrame(columns=["from_golden_id", "type", "to_golden_id", "source"], dtype=TEXT)
FLAGS = {
    "salesforce": {"HasOptedOutOfEmail": "email", "DoNotCall": "call", "HasOptedOutOfFax": "fax", "CreatedDate": ""},
    "dynamics": {
        "donotemail": "email", "donotbulkemail": "email", "donotphone": "call", "donotfax": "fax",
        "overriddencreatedon": "",
    },
    "hubspot": {"dq_no_email": "email", "dq_no_call": "call", "dq_created_at": ""},
}  # fmt: skip
SAID = {
    "email": ["true", "", "", "false"],
    "call": ["", "true", "", ""],
    "fax": ["true", "", "", ""],
    "": ["2019-03-04T00:00:00Z", "2020-01-01T10:30:00Z", "", ""],
}


@pytest.mark.parametrize("name", sorted(FLAGS))
@pytest.mark.parametrize("policy", ["accounts_and_contacts", "leads", "companies_and_contacts"])
def test_the_most_restrictive_word_is_loaded(name: str, policy: str) -> None:
    target = shipped(name)
    chosen = policy if policy in target.assign else next(iter(target.assign))
    rows = build_rows(target, chosen, Customers(PEOPLE, WORKS, POINTS, GOLDEN_GRAIN))
    (thing,) = rows.objects
    own, path = rows.objects[thing], next(iter(target.paths))
    for field, channel in FLAGS[name].items():
        if field in target.in_force(thing):
            assert own[field].fillna("").tolist() == SAID[channel], field
    if "donotpostalmail" in own:
        assert own["donotpostalmail"].fillna("").tolist() == ["", "true", "", ""]
    blockers, verdicts = judge(target, name, path, rows, find(target, rows, AS_OF))
    needing = blockers[blockers["check"] == "needs_right"]
    assert needing["row_id"].tolist() == ([] if name == "hubspot" else ["G1", "G2"])
    assert set(needing["verdict"]) <= {"needs_org"}
    assert verdicts["would_load"].all()
    plans = plan_load(target, rows, set(own["row_id"]), {}, {})
    (batch,) = batches(target, plans, None)
    assert {field for field in FLAGS[name] if field in own} <= set(sheet(target, path, batch).rows.columns)


def test_a_date_of_creation_goes_in_once_and_is_never_updated() -> None:
    target = shipped("salesforce")
    rows = build_rows(target, "accounts_and_contacts", Customers(PEOPLE, WORKS, POINTS, GOLDEN_GRAIN))
    there = {"Contact": rows.objects["Contact"].assign(target_id="003", CreatedDate=None, LastName="Other")}
    (plan,) = plan_load(target, rows, set(rows.objects["Contact"]["row_id"]), there, {}).values()
    assert set(plan.updates["changed_fields"]) == {"LastName"}
