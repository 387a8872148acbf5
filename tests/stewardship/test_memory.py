"""What people decided stays decided, until a record changes materially; then the case says what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dq.errors import ConflictError, SourceError
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House
from dq.stewardship.importing import Added, add_run, runs
from dq.stewardship.queue import case_of, queue, today
from dq.stewardship.reporting import report_customer
from dq.stewardship.telling import history
from dq.stewardship.undoing import undo
from dq.stewardship.working import reopen, resolve, waive
from dq.store.cases import CaseFilter
from dq.tables.identity import case_id
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
ONE, TWO = Person("1"), Person("2")
PAIR = Given([ONE, TWO], pairs=[("crm:1", "crm:2", 0.6)])
SILENT = Given([ONE, TWO])
CASE = pair_case("crm:1", "crm:2")
RULE = Given([ONE], violations=[("crm:1", "email_is_valid", "email", "x@")])
VIOLATION = case_id("invalid_value", "crm:1", "email_is_valid", "email")


def test_disagreement_and_memory(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    decide_pair(house, people["cleo"], CASE, "DIFFERENT", version=2, at=NOW)
    decide_pair(house, people["lea"], CASE, "DIFFERENT", version=3, at=NOW)
    changed = replace(SILENT, people=[ONE, replace(TWO, phone="+12015559999")])
    for number in range(1, 31):  # thirty nights without change, whether or not the run asks again
        added = night(PAIR if number % 2 else SILENT, NOW + timedelta(days=number))
        assert (added.cases.returned, added.cases.open) == (0, 0)
        assert today(house, people["ana"], NOW + timedelta(days=number)).cards == ()
    added = night(changed, NOW + timedelta(days=31))
    assert added.cases.returned == 1
    case = case_of(house, people["ana"], CASE)
    assert (case.status, case.returned_because, case.outcome) == ("open", "phone", "DIFFERENT")
    assert case.uncertainty == 1.0, "what the answer rested on is no longer so, however sure the machine is"
    assert history(house, people["ana"], CASE)[-1]["action"] == "returns: phone changed"
    assert [card.cases for card in today(house, people["ana"], NOW + timedelta(days=31)).cards] == [(case,)]


def test_a_returned_case_waits_and_goes_when_the_change_is_taken_back(
    house: House, people: People, night: Night
) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    changed = replace(SILENT, people=[ONE, replace(TWO, phone="+12015559999")])
    night(changed, NOW + timedelta(days=1))
    version = case_of(house, people["ana"], CASE).version
    night(changed, NOW + timedelta(days=2))
    waits = case_of(house, people["ana"], CASE)
    assert (waits.status, waits.returned_because, waits.version) == ("open", "phone", version)
    night(SILENT, NOW + timedelta(days=3))
    assert case_of(house, people["ana"], CASE).status == "resolved"
    night(changed, NOW + timedelta(days=4))
    again = case_of(house, people["ana"], CASE)
    decide_pair(house, people["ana"], CASE, "SAME", version=again.version, at=NOW)
    assert night(changed, NOW + timedelta(days=5)).cases.returned == 0


def test_a_record_that_is_gone_ends_the_question(house: House, people: People, night: Night) -> None:
    night(PAIR)
    night(Given([ONE]), NOW + timedelta(days=1))
    assert case_of(house, people["ana"], CASE).status == "gone"
    night(PAIR, NOW + timedelta(days=2))
    assert case_of(house, people["ana"], CASE).status == "open"


def test_a_resolved_violation_stays_resolved_while_the_record_is_as_it_was(
    house: House, people: People, night: Night
) -> None:
    night(RULE)
    resolve(house, people["ana"], VIOLATION, version=1, at=NOW, reason="no_better_value")
    assert night(RULE, NOW + timedelta(days=1)).cases.decided == 1
    other = replace(RULE, people=[replace(ONE, last_name="Lopes")])
    night(other, NOW + timedelta(days=2))
    case = case_of(house, people["ana"], VIOLATION)
    assert (case.status, case.returned_because) == ("open", "last_name")


def test_what_was_fixed_is_gone_and_comes_back_decided(house: House, people: People, night: Night) -> None:
    night(RULE)
    resolve(house, people["ana"], VIOLATION, version=1, at=NOW, reason="no_better_value")
    night(Given([ONE]), NOW + timedelta(days=1))
    assert case_of(house, people["ana"], VIOLATION).status == "resolved"
    night(replace(RULE, people=[replace(ONE, last_name="Lopes")], violations=[]), NOW + timedelta(days=2))
    assert case_of(house, people["ana"], VIOLATION).status == "resolved", "changed, and no rule speaks against it"


def test_a_waiver_ends_on_its_day(house: House, people: People, night: Night) -> None:
    night(RULE)
    until = date(2026, 11, 27)
    waive(house, people["ana"], VIOLATION, version=1, at=NOW, until=until, reason="waiting_for_customer")
    night(RULE, NOW + timedelta(days=4))
    assert case_of(house, people["ana"], VIOLATION).status == "waived", "until the 27th, that day included"
    night(RULE, NOW + timedelta(days=5))
    case = case_of(house, people["ana"], VIOLATION)
    assert (case.status, case.returned_because, case.waived_until) == ("open", "", "")


def test_a_waived_case_returns_early_where_the_record_changes(house: House, people: People, night: Night) -> None:
    night(RULE)
    until = date(2026, 12, 27)
    waive(house, people["ana"], VIOLATION, version=1, at=NOW, until=until, reason="waiting_for_customer")
    night(replace(RULE, people=[replace(ONE, phone="+12015559999")]), NOW + timedelta(days=1))
    case = case_of(house, people["ana"], VIOLATION)
    assert (case.status, case.returned_because) == ("open", "phone")


def test_what_a_run_said_cannot_be_undone_and_what_is_open_can_be_asked_again(
    house: House, people: People, night: Night
) -> None:
    from dq.errors import TransitionError

    night(RULE)
    night(Given([ONE]), NOW + timedelta(days=1))
    with pytest.raises(TransitionError):
        undo(house, people["ana"], VIOLATION, version=2, at=NOW)
    night(RULE, NOW + timedelta(days=2))
    found = case_of(house, people["ana"], VIOLATION)
    closed = resolve(house, people["ana"], VIOLATION, version=found.version, at=NOW, reason="asked_customer")
    assert reopen(house, people["ana"], VIOLATION, version=closed.version, at=NOW).status == "open"


def test_a_report_stays_until_somebody_answers_it(house: House, people: People, night: Night) -> None:
    night(SILENT)
    case = report_customer(house, people["vic"], "crm:1", "moved to Boston", at=NOW)
    night(SILENT, NOW + timedelta(days=1))
    assert case_of(house, people["ana"], case.case_id).status == "open"
    night(Given([TWO]), NOW + timedelta(days=2))
    assert case_of(house, people["ana"], case.case_id).status == "gone"


def test_a_run_is_taken_in_once_and_only_where_there_is_one(house: House, night: Night) -> None:
    night(PAIR)
    run = house.runs_folder / "run001"
    with pytest.raises(ConflictError, match="already"):
        add_run(house, HOUSE, run, at=NOW)
    with pytest.raises(SourceError):
        add_run(house, HOUSE, house.folder, at=NOW)
    assert [row["run_id"] for row in runs(house)] == ["run001"]
    assert queue(house, HOUSE, CaseFilter()).total == 1
