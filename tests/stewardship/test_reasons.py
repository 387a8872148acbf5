"""Reasons of one's own: added, called otherwise, no longer offered; what was decided before reads as it did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.auditing import audit_page, verify_audit
from dq.stewardship.bulk import Decision, Pattern, bulk_rules, decide_all, preview
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import queue
from dq.stewardship.reasons import add_reason, change_reason, offered, reasons, titles
from dq.stewardship.telling import history
from dq.stewardship.working import resolve
from dq.store.cases import Case, CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

Night = Callable[..., Added]
People = dict[str, Actor]
RULE = "email_is_valid"
CODE = "waiting_for_the_notary"


def _given(*keys: str) -> Given:
    people = [Person(key) for key in keys]
    return Given(people, violations=[(one.record_id, RULE, "email", "x@") for one in people])


def _open(house: House, actor: Actor) -> list[Case]:
    return list(queue(house, actor, CaseFilter(), limit=50, offset=0).cases)


def test_a_reason_is_versions_and_the_past_reads_as_it_did(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    first, second = _open(house, people["ana"])
    with pytest.raises(SettingsError, match=CODE):
        resolve(house, people["ana"], first.case_id, version=first.version, reason=CODE, at=NOW)
    with pytest.raises(NotAllowedError):
        add_reason(house, people["ana"], "waiting for the notary", ["resolve"], at=NOW)
    made = add_reason(house, people["lea"], " waiting for  the notary", ["waive", "resolve"], at=NOW)
    assert (made.code, made.title, made.closes) == (CODE, "waiting for the notary", ("resolve", "waive"))
    resolve(house, people["ana"], first.case_id, version=first.version, reason=CODE, at=NOW)
    later = NOW + timedelta(hours=1)
    changed = change_reason(house, people["lea"], CODE, version=1, title="at the notary's", at=later)
    with pytest.raises(ConflictError, match="lea changed"):
        change_reason(house, people["lea"], CODE, version=1, title="elsewhere", at=later)
    resolve(house, people["ana"], second.case_id, version=second.version, reason=CODE, at=later + timedelta(hours=1))
    events = [history(house, people["ana"], case.case_id)[0] for case in (first, second)]
    said = [titles(house).said(event["reason"], event["at"]) for event in events]
    assert said == ["waiting for the notary", "at the notary's"]
    assert [one.version for one in (changed, *reasons(house)[-1][1])] == [2, 1]
    rows, _ = audit_page(house, people["lea"], action="change_reason")
    assert [row["subject_id"] for row in rows] == [CODE]
    assert verify_audit(house).faults == ()


def test_what_is_no_longer_offered_holds_where_it_was_chosen(house: House, people: People, night: Night) -> None:
    night(_given("1", "2"))
    pattern = Pattern(rule_id=(RULE,))
    expected = preview(house, people["lea"], pattern).count
    decision = Decision("resolve", "no_better_value")
    decide_all(house, people["lea"], "empty mails", pattern, decision, expected=expected, at=NOW)
    change_reason(house, people["lea"], "no_better_value", version=0, is_offered=False, at=NOW)
    assert "no_better_value" not in [one.code for one in offered(house, "resolve")]
    assert "no_better_value" not in [one.code for one in offered(house, "waive")]
    assert night(_given("1", "2", "3"), NOW + timedelta(days=1)).by_rules == 1, "the rule goes on"
    assert [rule.name for rule in bulk_rules(house, people["lea"])] == ["empty mails"]
    with pytest.raises(SettingsError, match="nothing was changed"):
        change_reason(house, people["lea"], "no_better_value", version=1, is_offered=False, at=NOW)


def test_the_standards_may_change_and_what_they_said_stays(house: House, people: People) -> None:
    change_reason(house, people["lea"], "relatives", version=0, title="one family", at=NOW)
    without = house.policy.model_copy(update={"reasons": ()})
    house.standards = replace(house.standards, stewardship=without)
    assert titles(house).said("relatives", "2020-01-01") == "relatives"
    assert titles(house).said("relatives") == "one family"


@pytest.mark.parametrize(
    ("title", "closes", "message"),
    [
        ("", ["resolve"], "a title"),
        ("x" * 81, ["resolve"], "a title"),
        ("on hold", [], "offered for something"),
        ("on hold", ["burn"], "offered for something"),
        ("Relatives", ["decide"], "the house has the reason"),
    ],
)
def test_reasons_that_do_not_do(house: House, people: People, title: str, closes: list[str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        add_reason(house, people["lea"], title, closes, at=NOW)


def test_two_reasons_never_read_alike(house: House, people: People) -> None:
    with pytest.raises(SettingsError, match="another reason"):
        change_reason(house, people["lea"], "relatives", version=0, title="The details agree", at=NOW)
    with pytest.raises(NotFoundError):
        change_reason(house, people["lea"], "nobody_knows", version=0, title="nobody knows", at=NOW)
