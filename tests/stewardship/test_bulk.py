"""One decision for all cases of a pattern: previewed, named, replayed, taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.standards.stewardship import Approval
from dq.stewardship import bulk
from dq.stewardship.actor import Actor
from dq.stewardship.auditing import verify_audit
from dq.stewardship.bulk_replay import joined
from dq.stewardship.exporting import judgements, overrides
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import case_of, facets, queue
from dq.store.cases import CaseFilter
from dq.tables.identity import case_id
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

Night = Callable[..., Added]
People = dict[str, Actor]
PATTERN = bulk.Pattern(rule_id=("email_is_valid",), value=("none@",))
GIVE_UP = bulk.Decision("resolve", "no_better_value")


def _given(*keys: str, department: str = "sales") -> Given:
    people = [Person(key, department) for key in keys]
    wrong = [(person.record_id, "email_is_valid", "email", "none@") for person in people]
    return Given(people, violations=wrong)


def _case(key: str) -> str:
    return case_id("invalid_value", f"crm:{key}", "email_is_valid", "email")


def test_a_decision_for_many_is_looked_at_first_and_replays(house: House, people: People, night: Night) -> None:
    night(_given("1", "2", "3"))
    seen = bulk.preview(house, people["ana"], PATTERN)
    assert (seen.count, len(seen.examples), seen.needs_lead) == (3, 3, False)
    rule = bulk.decide_all(
        house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=3, at=NOW, exclusions=[_case("2")]
    )
    assert (rule.hits, rule.state, rule.version) == (2, "active", 1)
    assert [case.case_id for case in queue(house, people["ana"], CaseFilter()).cases] == [_case("2")]
    added = night(_given("1", "2", "3", "4"), NOW + timedelta(days=1))
    assert added.by_rules == 1
    assert case_of(house, people["ana"], _case("4")).status == "resolved"
    assert case_of(house, people["ana"], _case("2")).status == "open"
    with house.store.read() as connection:
        assert joined(connection, "run002") == {"no mail": 1}
    assert verify_audit(house).faults == ()


def test_what_changed_is_looked_at_by_a_person(house: House, people: People, night: Night) -> None:
    night(_given("1"))
    bulk.decide_all(house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=1, at=NOW)
    changed = _given("1")
    night(replace(changed, people=[replace(changed.people[0], phone="+12015559999")]), NOW + timedelta(days=1))
    case = case_of(house, people["ana"], _case("1"))
    assert (case.status, case.returned_because) == ("open", "phone")


def test_more_cases_than_were_shown_are_not_decided(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    with pytest.raises(ConflictError, match="2 cases match by now, not 1"):
        bulk.decide_all(house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=1, at=NOW)
    assert bulk.bulk_rules(house, people["ana"]) == []


def test_a_rule_reaches_no_further_than_its_author(house: House, people: People, night: Night) -> None:
    night(_given("1"))
    bulk.decide_all(house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=1, at=NOW)
    both = _given("1", "2")
    night(replace(both, people=[both.people[0], replace(both.people[1], department="service")]), NOW)
    assert case_of(house, people["bob"], _case("2")).status == "open"


def test_exclusions_make_a_new_version_and_retiring_opens_what_it_closed(
    house: House, people: People, night: Night
) -> None:
    night(_given("1", "2"))
    bulk.decide_all(house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=2, at=NOW)
    rule = bulk.exclude(house, people["ana"], "no mail", [_case("1")], at=NOW)
    assert (rule.version, rule.exclusions, rule.hits, rule.state) == (2, (_case("1"),), 1, "active")
    assert case_of(house, people["ana"], _case("1")).status == "open"
    with pytest.raises(NotAllowedError):
        bulk.retire(house, people["cleo"], "no mail", at=NOW)
    gone = bulk.retire(house, people["lea"], "no mail", at=NOW, reopen=True)
    assert (gone.state, gone.hits) == ("retired", 0)
    assert queue(house, people["ana"], CaseFilter()).total == 2
    with pytest.raises(NotFoundError):
        bulk.retire(house, people["lea"], "another", at=NOW)


def test_many_at_once_wait_for_the_lead(house: House, people: People, night: Night) -> None:
    policy = house.policy.model_copy(update={"approvals": (Approval(action="bulk", at_least=2),)})
    house.standards = replace(house.standards, stewardship=policy)
    night(_given("1", "2"))
    assert bulk.preview(house, people["ana"], PATTERN).needs_lead
    rule = bulk.decide_all(house, people["ana"], "no mail", PATTERN, GIVE_UP, expected=2, at=NOW)
    assert (rule.state, rule.hits) == ("proposed", 0)
    assert bulk.approve_rule(house, people["lea"], "no mail", at=NOW).hits == 2


def test_a_value_for_many_is_taken_back_with_the_rule(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    decision = bulk.Decision("override", "asked_department", column="email", value="")
    bulk.decide_all(house, people["ana"], "no mail", PATTERN, decision, expected=2, at=NOW)
    assert overrides(house)["record_id"].tolist() == ["crm:1", "crm:2"]
    bulk.retire(house, people["ana"], "no mail", at=NOW, reopen=True)
    assert overrides(house).empty


def test_a_waiver_for_many_ends(house: House, people: People, night: Night) -> None:
    night(_given("1"))
    decision = bulk.Decision("waive", "project_pending", days=3)
    bulk.decide_all(house, people["ana"], "later", PATTERN, decision, expected=1, at=NOW)
    case = case_of(house, people["ana"], _case("1"))
    assert (case.status, case.waived_until) == ("waived", "2026-11-26")


@pytest.mark.parametrize(
    ("pattern", "decision"),
    [
        (bulk.Pattern(), GIVE_UP),
        (PATTERN, bulk.Decision("resolve", "i like it")),
        (PATTERN, bulk.Decision("waive", "project_pending", days=0)),
        (PATTERN, bulk.Decision("override", "asked_customer")),
    ],
)
def test_what_is_not_complete_is_refused(
    house: House, people: People, night: Night, pattern: bulk.Pattern, decision: bulk.Decision
) -> None:
    night(_given("1"))
    with pytest.raises(SettingsError):
        bulk.decide_all(house, people["ana"], "x", pattern, decision, expected=1, at=NOW)


def test_many_pairs_are_decided_alike_and_each_can_be_taken_back(house: House, people: People, night: Night) -> None:
    pairs = [(f"crm:a{number}", f"crm:b{number}", 0.97) for number in range(3)] + [("crm:a9", "crm:b9", 0.6)]
    crowd = [Person(record[4:]) for pair in pairs for record in pair[:2]]
    night(Given(crowd, pairs=pairs))
    wanted = bulk.Pattern(kind=("possible_match",), value=("95 to 99 %",))
    assert facets(house, people["ana"], CaseFilter(), "value") == [("95 to 99 %", 3), ("50 to 80 %", 1)]
    same = bulk.Decision("decide", "", judgement="SAME")
    assert (bulk.preview(house, people["ana"], wanted).count, bulk.preview(house, people["bob"], wanted).count) == (
        3,
        0,
    )
    assert bulk.decide_all(house, people["ana"], "sure ones", wanted, same, expected=3, at=NOW).hits == 3
    found = judgements(house)
    assert (found["judgement"].tolist(), set(found["by"])) == (["SAME"] * 3, {"ana"})
    assert len(found["content_l"][0]) == 64, "what it rests on is kept: a change brings it back"
    more = Given([*crowd, Person("a5"), Person("b5")], pairs=[*pairs, ("crm:a5", "crm:b5", 0.97)])
    assert night(more, NOW + timedelta(days=1)).by_rules == 1
    bulk.retire(house, people["ana"], "sure ones", at=NOW, reopen=True)
    assert judgements(house).empty
    assert queue(house, people["ana"], CaseFilter(kind=("possible_match",))).total == 5


def test_joining_many_customers_needs_a_lead(house: House, people: People, night: Night) -> None:
    pairs = [(f"crm:a{number:02}", f"crm:b{number:02}", 0.97) for number in range(10)]
    night(Given([Person(record[4:]) for pair in pairs for record in pair[:2]], pairs=pairs))
    wanted = bulk.Pattern(kind=("possible_match",), source=("crm",))
    same = bulk.Decision("decide", "", judgement="SAME")
    rule = bulk.decide_all(house, people["ana"], "all of crm", wanted, same, expected=10, at=NOW)
    assert (rule.state, rule.hits) == ("proposed", 0)
    assert bulk.approve_rule(house, people["lea"], "all of crm", at=NOW).hits == 10
    with pytest.raises(SettingsError, match="every pair"):
        bulk.decide_all(house, people["lea"], "x", bulk.Pattern(kind=("possible_match",)), same, expected=0, at=NOW)
    with pytest.raises(SettingsError, match="pairs are"):
        bulk.decide_all(house, people["lea"], "x", wanted, GIVE_UP, expected=0, at=NOW)
