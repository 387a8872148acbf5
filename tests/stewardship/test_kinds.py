"""Which kind of case a violation makes: rules of targets, values that no list knows, contracts of sources."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import ANY

from dq.standards.load import Standards
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.blocker_waivers import end_blocker_waiver, waive_blocker
from dq.stewardship.cards import Step, work_card
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import card, queue
from dq.store.cases import CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

REFUSED = "salesforce.Contact.Email.INVALID_EMAIL_ADDRESS"
UNKNOWN = "salesforce.Contact.Salutation.INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
CONTRACT = "source_keeps_its_contract"
AUDIT = "salesforce.Contact.CreatedDate.AUDIT_FIELD"
BORN = "salesforce.Contact.Birthdate.INVALID_FIELD"
EMAIL = ("G1", REFUSED, "bad_email", "x@", "reject")
BIRTH = ("G1", BORN, "bad_date", "2023-02-30", "reject")
OTHERS = (
    ("G2", REFUSED, "bad_email", "y@", "reject"),
    ("G1", UNKNOWN, "not_in_picklist", "Dr. med.", "reject"),
    ("G2", UNKNOWN, "not_in_picklist", "Dr. med.", "reject"),
    ("G1", AUDIT, "needs_right", "2024-08-14", "needs_org"),
    ("G2", AUDIT, "needs_right", "2024-08-14", "needs_org"),
    ("G2", "salesforce.Contact.AccountId.NO_ACCOUNT", "no_parent", "", "pollutes"),
)
GIVEN = Given(
    [Person("1", golden_id="G1", value_amount="500"), Person("2", department="service", golden_id="G2")],
    violations=[
        ("crm", CONTRACT, "state", "phone2"),
        ("crm", CONTRACT, "state", "fax"),
        ("crm:1", "state_is_a_usps_code", "state", "TXX"),
    ],
    blockers=[EMAIL, BIRTH, *OTHERS],
)
Night = Callable[..., Added]
OF_TARGETS = CaseFilter(kind=("blocked", "unmapped_value"), rule_id=(REFUSED, BORN, UNKNOWN))


def test_the_kind_of_a_rule(standards: Standards) -> None:
    kind = standards.stewardship.kind_of_rule
    assert [kind(rule) for rule in (REFUSED, UNKNOWN, CONTRACT, "state_is_a_usps_code", "name_is_a_name")] == [
        "blocked", "unmapped_value", "broken_contract", "unmapped_value", "placeholder",
    ]  # fmt: skip
    assert kind("dynamics.contact.gendercode.PicklistValueNotMapped") == "unmapped_value"
    assert kind("hubspot.contact.email.INVALID_EMAIL") == "blocked"
    assert kind("email_is_odd") == "invalid_value"


def test_what_a_target_refuses_is_work_of_whoever_owns_the_customer(
    house: House, people: dict[str, Actor], night: Night
) -> None:
    assert night(GIVEN).cases.new == 6, "two customers, a value, two columns of a contract, a state"
    hers = queue(house, people["ana"], CaseFilter(), limit=50).cases
    assert sorted(case.kind for case in hers) == ["blocked", "unmapped_value"]
    assert {case.card_id for case in hers} == {"G1"}
    blocked = next(case for case in hers if case.kind == "blocked")
    assert (blocked.golden_id, blocked.value_at_stake, blocked.department, blocked.pool) == (
        "G1", 500.0, "sales", "stewards",
    )  # fmt: skip
    assert blocked.evidence == (
        "salesforce would refuse it. Contact.Birthdate: a text that is no date; "
        "Contact.Email: not an e-mail address the target takes"
    )
    unmapped = queue(house, HOUSE, CaseFilter(rule_id=(UNKNOWN,))).cases
    assert [(case.kind, case.value, case.unblocks, case.department) for case in unmapped] == [
        ("unmapped_value", "Dr. med.", 2, "")
    ], "one for both departments, and so the lead's"
    contract = queue(house, HOUSE, CaseFilter(kind=("broken_contract",)), limit=50).cases
    assert sorted(case.value for case in contract) == ["fax", "phone2"]
    assert {(case.pool, case.source) for case in contract} == {("engineering", "crm")}
    assert queue(house, people["ana"], CaseFilter(kind=("broken_contract",))).total == 0, "nobody's: the lead's"


def test_a_decision_on_a_blocked_customer_stands_while_the_blockers_are_the_same(
    house: House, people: dict[str, Actor], night: Night
) -> None:
    night(GIVEN)
    hers = queue(house, people["ana"], CaseFilter(), limit=50).cases
    steps = [Step(case.case_id, case.version, "resolve", reason="fixed_at_source") for case in hers]
    assert len(work_card(house, people["ana"], card(house, people["ana"], "G1").card_id, steps, at=NOW)) == 2
    assert night(GIVEN).cases.decided == 2, "closed for these values: the next night does not ask again"
    other = night(replace(GIVEN, blockers=[(*EMAIL[:3], "x@y", "reject"), BIRTH, *OTHERS])).cases
    assert (other.new, other.decided) == (1, 2), "another value is another question"
    gone = night(replace(GIVEN, blockers=[EMAIL, BIRTH])).cases
    assert (gone.new, gone.gone) == (0, 3), "G1 as it was decided; G2 and the value are no longer refused"


def test_what_is_let_be_asks_nobody(house: House, people: dict[str, Actor], night: Night) -> None:
    night(GIVEN)
    before = {case.golden_id: case.case_id for case in queue(house, HOUSE, CaseFilter(kind=("blocked",))).cases}
    said: dict[str, Any] = {"until": date(2026, 11, 30), "reason": "project_pending", "at": NOW}
    waive_blocker(house, HOUSE, "salesforce", rule_id=REFUSED, **said)
    number = waive_blocker(house, HOUSE, "salesforce", rule_id=BORN, **said)
    assert {case.golden_id for case in queue(house, HOUSE, OF_TARGETS).cases} == {""}, "at once, not with the next run"
    end_blocker_waiver(house, HOUSE, number, at=NOW)
    assert {case.golden_id for case in queue(house, HOUSE, OF_TARGETS).cases} == {"", "G1"}, (
        "her date of birth asks again"
    )
    (waits,) = queue(house, HOUSE, CaseFilter(status=("waived",))).cases
    assert (waits.golden_id, waits.waived_until, waits.outcome) == ("G2", "2026-11-30", "")
    waive_blocker(house, HOUSE, "salesforce", rule_id=UNKNOWN, department="sales", **said)
    assert night(GIVEN).cases.gone == 1
    left = queue(house, HOUSE, OF_TARGETS).cases
    assert {case.golden_id: (case.case_id, case.unblocks) for case in left} == {"G1": (before["G1"], 1), "": (ANY, 1)}
    assert "Email" not in next(case.evidence for case in left if case.golden_id), "her date of birth is left"
    later = night(GIVEN, NOW + timedelta(days=8))
    assert (later.cases.new, later.cases.gone) == (0, 0)
    assert {case.golden_id for case in queue(house, HOUSE, OF_TARGETS).cases} == {"G1", "G2", ""}


def test_what_refuses_thousands_is_one_case(house: House, night: Night, standards: Standards) -> None:
    limit = standards.stewardship.most_of_a_rule
    refused = [(f"G{number}", REFUSED, "bad_email", f"{number}@", "reject") for number in range(limit + 1)]
    owners = [(f"G{number}", "crm9.Contact.OwnerId.NO_USER", "owner_unknown", "pat", "reject") for number in range(9)]
    given = Given([Person("1", golden_id="G1")], blockers=refused[:limit])
    assert night(given).cases.new == limit
    more = night(replace(given, blockers=[*refused, *owners])).cases
    assert (more.new, more.gone) == (2, limit)
    found = queue(house, HOUSE, CaseFilter(kind=("blocked",))).cases
    assert {(case.source, case.value, case.unblocks) for case in found} == {
        ("salesforce", "", limit + 1), ("crm9", "pat", 9),
    }  # fmt: skip
