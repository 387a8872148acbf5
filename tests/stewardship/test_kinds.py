"""Which kind of case a violation makes: rules of targets, values that no list knows, contracts of sources."""

from collections.abc import Callable
from dataclasses import replace

from dq.standards.load import Standards
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.cards import Step, work_card
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import card, case_of, queue
from dq.store.cases import CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

REFUSED = "salesforce.Contact.Email.INVALID_EMAIL_ADDRESS"
UNKNOWN = "salesforce.Contact.Salutation.INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
CONTRACT = "source_keeps_its_contract"
GIVEN = Given(
    [Person("1", golden_id="G1", value_amount="500"), Person("2", department="service", golden_id="G2")],
    violations=[
        ("G1", REFUSED, "Email", "x@"),
        ("G1", UNKNOWN, "Salutation", "Dr. med."),
        ("G2", REFUSED, "Email", "y@"),
        ("crm", CONTRACT, "state", "phone2"),
        ("crm", CONTRACT, "state", "fax"),
        ("crm:1", "state_is_a_usps_code", "state", "TXX"),
    ],
)


def test_the_kind_of_a_rule(standards: Standards) -> None:
    kind = standards.stewardship.kind_of_rule
    assert [kind(rule) for rule in (REFUSED, UNKNOWN, CONTRACT, "state_is_a_usps_code", "name_is_a_name")] == [
        "blocked", "unmapped_value", "broken_contract", "unmapped_value", "placeholder",
    ]  # fmt: skip
    assert kind("dynamics.contact.gendercode.PicklistValueNotMapped") == "unmapped_value"
    assert kind("hubspot.contact.email.INVALID_EMAIL") == "blocked"
    assert kind("email_is_odd") == "invalid_value"


def test_what_a_target_refuses_is_work_of_whoever_owns_the_customer(
    house: House, people: dict[str, Actor], night: Callable[..., Added]
) -> None:
    assert night(GIVEN).cases.new == 6
    hers = queue(house, people["ana"], CaseFilter(), limit=50).cases
    assert sorted(case.kind for case in hers) == ["blocked", "unmapped_value", "unmapped_value"]
    assert {case.card_id for case in hers} == {"G1"}
    blocked = next(case for case in hers if case.kind == "blocked")
    assert (blocked.golden_id, blocked.value_at_stake, blocked.department) == ("G1", 500.0, "sales")
    contract = queue(house, HOUSE, CaseFilter(kind=("broken_contract",)), limit=50).cases
    assert sorted(case.value for case in contract) == ["fax", "phone2"]
    assert {(case.pool, case.source) for case in contract} == {("engineering", "crm")}
    assert queue(house, people["ana"], CaseFilter(kind=("broken_contract",))).total == 0, "nobody's: the lead's"
    steps = [Step(case.case_id, case.version, "resolve", reason="fixed_at_source") for case in hers]
    assert len(work_card(house, people["ana"], card(house, people["ana"], "G1").card_id, steps, at=NOW)) == 3
    assert night(GIVEN).cases.decided == 3, "closed for these values: the next night does not ask again"
    assert case_of(house, people["ana"], blocked.case_id).status == "resolved"
    other = replace(GIVEN, violations=[("G1", REFUSED, "Email", "x@y"), *GIVEN.violations[1:]])
    assert night(other).cases.new == 1, "another value is another question"
