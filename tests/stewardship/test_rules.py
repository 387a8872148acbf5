"""Rules earn their place: what people say about findings, trial, promotion; whole rules that wait."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError, TransitionError
from dq.standards.load import load_standards
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.auditing import audit_page
from dq.stewardship.cards import Step, work_card
from dq.stewardship.house import House, run_of
from dq.stewardship.importing import Added, runs
from dq.stewardship.queue import case_of, queue
from dq.stewardship.removing import remove_run
from dq.stewardship.rule_trust import put_in_force, put_on_trial, rule_trusted, rules_trusted
from dq.stewardship.rule_waivers import end_rule_waiver, rule_waivers, waive_rule
from dq.stewardship.undoing import undo
from dq.stewardship.working import resolve
from dq.store.cases import CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

Night = Callable[..., Added]
People = dict[str, Actor]
RULE = "email_is_valid"


def _given(*keys: str, severity: str = "warn", departments: str = "") -> Given:
    of = departments.split() or ["sales"] * len(keys)
    people = [Person(key, department) for key, department in zip(keys, of, strict=True)]
    return Given(people, violations=[(one.record_id, RULE, "email", "x@") for one in people], severity=severity)


@pytest.fixture
def own(house: House) -> House:
    """Give the house standards of its own, which a lead may change."""
    for name, folder in (("standards", house.standards.folder), ("expectations", house.standards.expectations)):
        shutil.copytree(folder, house.folder / name)
    house.standards = load_standards(house.folder / "standards", house.folder / "expectations")
    return house


def test_a_rule_is_on_trial_until_a_sample_is_confirmed(own: House, people: People, night: Night) -> None:
    put_on_trial(own, people["lea"], RULE, at=NOW)
    rule = next(one for one in own.standards.rules if one.rule_id == RULE)
    assert (rule.trial, rule.severity, rule.weight) == (True, "info", 0.0)
    night(_given(*(f"{number:02}" for number in range(30)), severity="info"))
    asked = queue(own, people["ana"], CaseFilter(), limit=100).cases
    assert {case.kind for case in asked} == {"rule_on_trial"}
    assert len(asked) == own.policy.trial.sample == 20, "a sample, not a mountain"
    with pytest.raises(TransitionError, match="0 of 0"):
        put_in_force(own, people["lea"], RULE, at=NOW)
    for number, case in enumerate(asked):
        opinion = "wrong" if number < 2 else "right"
        work_card(own, people["ana"], case.card_id, [Step(case.case_id, 1, "rule", reason=opinion)], at=NOW)
    trust = rule_trusted(own, people["ana"], RULE)
    assert (trust.right, trust.wrong, trust.false_alarms, trust.is_earned) == (18, 2, 0.1, True)
    assert 0.0 < trust.low < 0.1 < trust.high < 0.35
    assert queue(own, people["ana"], CaseFilter()).total == 0
    with pytest.raises(NotAllowedError):
        put_in_force(own, people["ana"], RULE, at=NOW)
    put_in_force(own, people["lea"], RULE, at=NOW)
    rule = next(one for one in own.standards.rules if one.rule_id == RULE)
    assert (rule.trial, rule.severity) == (False, "warn")
    told = [(row["action"], row["subject_id"]) for row in audit_page(own, people["lea"])[0]]
    assert told[0] == ("put_in_force", RULE)
    assert ("put_on_trial", RULE) in told
    assert rules_trusted(own, people["ana"])[0].rule_id == RULE, "those with most false alarms stand first"


def test_a_rule_with_too_many_false_alarms_stays_on_trial(own: House, people: People, night: Night) -> None:
    put_on_trial(own, people["lea"], RULE, at=NOW)
    night(_given(*(f"{number:02}" for number in range(20)), severity="info"))
    for number, case in enumerate(queue(own, people["ana"], CaseFilter(), limit=100).cases):
        step = Step(case.case_id, 1, "rule", reason="wrong" if number < 3 else "right")
        work_card(own, people["ana"], case.card_id, [step], at=NOW)
    with pytest.raises(TransitionError, match="17 of 20"):
        put_in_force(own, people["lea"], RULE, at=NOW)


def test_only_a_home_with_standards_of_its_own_can_change_them(house: House, people: People) -> None:
    with pytest.raises(SettingsError, match="standards of the package"):
        put_on_trial(house, people["lea"], RULE, at=NOW)


def test_closing_a_case_says_whether_the_rule_was_right(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    one, other = queue(house, people["ana"], CaseFilter()).cases
    resolve(house, people["ana"], one.case_id, version=1, at=NOW, reason="fixed_at_source")
    resolve(house, people["ana"], other.case_id, version=1, at=NOW, reason="right_as_is")
    trust = rule_trusted(house, people["ana"], RULE)
    assert (trust.right, trust.wrong) == (1, 1)


def test_a_whole_rule_waits_and_is_asked_again(house: House, people: People, night: Night) -> None:
    night(_given("1", "2", departments="sales service"))
    until = date(2026, 11, 30)
    words = {"until": until, "reason": "project_pending", "at": NOW}
    with pytest.raises(SettingsError, match="not yours"):
        waive_rule(house, people["lea"], RULE, **words)
    with pytest.raises(NotAllowedError):
        waive_rule(house, people["ana"], RULE, **words, department="sales")
    assert waive_rule(house, people["lea"], RULE, **words, department="sales") == 1
    assert [case.department for case in queue(house, HOUSE, CaseFilter()).cases] == ["service"]
    night(_given("1", "2", "3", departments="sales service sales"), NOW + timedelta(days=1))
    assert queue(house, people["ana"], CaseFilter()).total == 0, "those to come wait too"
    waived = queue(house, people["ana"], CaseFilter(status=("waived",))).cases
    assert {case.waived_until for case in waived} == {"2026-11-30"}
    undo(house, people["lea"], waived[0].case_id, version=waived[0].version, at=NOW)
    assert case_of(house, people["ana"], waived[0].case_id).status == "open"
    number = rule_waivers(house, people["ana"], RULE)[0].number
    assert end_rule_waiver(house, people["lea"], number, at=NOW) == 1, "the other one is open already"
    assert queue(house, people["ana"], CaseFilter()).total == 2
    assert rule_waivers(house, people["ana"]) == []
    with pytest.raises(NotFoundError):
        end_rule_waiver(house, people["lea"], number, at=NOW)


def test_a_rule_that_waits_ends_on_its_day(house: House, people: People, night: Night) -> None:
    night(_given("1"))
    waive_rule(house, HOUSE, RULE, until=date(2026, 11, 25), reason="project_pending", at=NOW)
    night(_given("1"), NOW + timedelta(days=2))
    assert queue(house, people["ana"], CaseFilter()).total == 0
    night(_given("1"), NOW + timedelta(days=3))
    assert queue(house, people["ana"], CaseFilter()).total == 1


def test_a_removed_run_is_gone_and_decisions_stay(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    case = queue(house, people["ana"], CaseFilter()).cases[0]
    resolve(house, people["ana"], case.case_id, version=1, at=NOW, reason="no_better_value")
    night(replace(_given("1"), violations=[]), NOW + timedelta(days=1))
    with pytest.raises(ConflictError, match="everybody sees"):
        remove_run(house, HOUSE, "run002", at=NOW)
    remove_run(house, HOUSE, "run001", at=NOW, reason="wrong extracts")
    assert [row["run_id"] for row in runs(house)] == ["run002"]
    assert not (house.runs_folder / "run001").exists()
    with pytest.raises(NotFoundError):
        run_of(house, "run001")
    assert case_of(house, people["ana"], case.case_id).last_run_id == "run002"
