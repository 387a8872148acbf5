"""A day, not a mountain: what a person is shown first, and what counts as one piece of work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dq.errors import ConflictError, NotAllowedError, SettingsError
from dq.stewardship.absences import set_absence
from dq.stewardship.actor import Actor
from dq.stewardship.cards import Step, work_card
from dq.stewardship.deciding import decide_pair
from dq.stewardship.effects import Effects, effects_of
from dq.stewardship.finding import found_cases
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import card, case_of, facets, many_facets, queue, say_done, today
from dq.stewardship.routing import priority_of, routed, worth_of
from dq.stewardship.working import assign, escalate, resolve, say_rule_is
from dq.store.cases import CaseFilter
from dq.tables.identity import case_id
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
MARIA = [Person("m1", golden_id="GM1", value_amount="9000"), Person("m2", golden_id="GM2", value_amount="500")]
MARIAS = [("crm:m1", "phone_is_possible", "phone", "555"), ("crm:m2", "address_has_a_zip", "zip4", "")]


def _mountain(count: int) -> Given:
    crowd = [Person(f"{number:05d}", golden_id=f"G{number:05d}") for number in range(count)]
    wrong = [(person.record_id, "email_is_valid", "email", "x@") for person in crowd]
    return Given([*crowd, *MARIA], pairs=[("crm:m1", "crm:m2", 0.5)], violations=[*wrong, *MARIAS])


def _found(house: House) -> list[dict[str, Any]]:
    return found_cases(house.tables("run001"), house.standards)


def test_morning(house: House, people: People, night: Night) -> None:
    """Maria Lopez's duplicate, phone and missing +4 are one card among 20,000 open cases, and closed together."""
    night(_mountain(20_000))
    ana = people["ana"]
    day = today(house, ana, NOW)
    assert day.planned == sum(len(each.cases) for each in day.cards) <= 40
    assert day.seconds <= 30 * 60
    assert day.left_over == 20_003 - day.planned
    maria = day.cards[0]
    assert {case.kind for case in maria.cases} == {"possible_match", "invalid_value", "missing_value"}
    assert {case.column_name for case in maria.cases} == {"", "phone", "zip4"}
    assert (maria.card_id, maria.value_at_stake) == ("GM1", 9500.0)
    steps = [
        Step(case.case_id, case.version, "decide", judgement="SAME")
        if case.is_pair
        else Step(case.case_id, case.version, "resolve", reason="asked_customer")
        for case in maria.cases
    ]
    after = work_card(house, ana, maria.card_id, steps, at=NOW)
    assert {case.status for case in after} == {"resolved"}
    later = today(house, ana, NOW + timedelta(hours=1))
    assert (later.done, later.planned) == (3, day.planned), "the day keeps its plan; what is done falls out"
    assert [each.card_id for each in later.cards] == [each.card_id for each in day.cards[1:]]
    tomorrow = today(house, ana, NOW + timedelta(days=1))
    assert (tomorrow.done, tomorrow.yesterday) == (0, {"SAME": 1, "asked_customer": 2})
    assert tomorrow.planned == day.planned or tomorrow.planned <= 40


def test_a_card_is_closed_whole_or_not_at_all(house: House, people: People, night: Night) -> None:
    night(Given(MARIA, pairs=[("crm:m1", "crm:m2", 0.5)], violations=MARIAS))
    cases = card(house, people["ana"], "GM1").cases
    assert len(cases) == 3
    phone = next(case for case in cases if case.rule_id == "phone_is_possible")
    decide_pair(house, people["cleo"], pair_case("crm:m1", "crm:m2"), "DIFFERENT", version=1, at=NOW)
    steps = [
        Step(phone.case_id, phone.version, "resolve", reason="asked_customer"),
        Step(pair_case("crm:m1", "crm:m2"), 1, "decide", judgement="SAME"),
    ]
    with pytest.raises(ConflictError, match="cleo was first"):
        work_card(house, people["ana"], "GM1", steps, at=NOW)
    assert case_of(house, people["ana"], phone.case_id).status == "open"
    with pytest.raises(SettingsError):
        work_card(house, people["ana"], "GM1", [], at=NOW)


def test_worth_is_stake_times_doubt_times_what_waits(house: House, night: Night) -> None:
    night(Given(MARIA, pairs=[("crm:m1", "crm:m2", 0.5)], violations=MARIAS))
    found = {case["rule_id"] or "pair": case for case in _found(house)}
    pair = found["pair"]
    assert (pair["value_at_stake"], pair["uncertainty"], pair["unblocks"]) == (9500.0, 1.0, 2)
    opened = {**pair, **routed(house.policy, pair, date(2026, 11, 20))}
    assert opened["due_on"] == "2026-11-27", "five working days after a Friday"
    worth = worth_of(9500.0, house.policy.customer_value)
    assert priority_of(house.policy, opened, date(2026, 11, 20)) == round(worth * 2, 6)
    assert priority_of(house.policy, opened, date(2026, 11, 28)) == round(worth * 2 * 2, 6), "overdue counts twice"


def test_one_huge_account_does_not_stand_before_everything(house: House, people: People, night: Night) -> None:
    rich = Person("rich", value_amount="900000000")
    night(Given([rich, *MARIA], violations=[("crm:rich", "email_is_valid", "email", "x@"), *MARIAS]))
    stop = {"severity": "stop", "value_at_stake": 5000.0, "uncertainty": 0.5, "unblocks": 1, "due_on": ""}
    names = ("kind", "rule_id", "source", "source_r", "department", "department_r")
    rich_one = vars(queue(house, people["ana"], CaseFilter(record_id=("crm:rich",))).cases[0]) | {"due_on": ""}
    stopping = {**stop, **{name: rich_one[name] for name in names}}
    day = NOW.date()
    assert rich_one["value_at_stake"] == 900_000_000.0, "what a page says stays what it is"
    assert priority_of(house.policy, stopping | {"unblocks": 2}, day) > priority_of(house.policy, rich_one, day)


def test_a_pair_at_even_odds_is_the_most_open(house: House, night: Night) -> None:
    expected = {0.5: 1.0, 0.75: 0.5, 0.25: 0.5, 1.0: 0.05, 0.0: 0.05}
    people = [Person(f"{side}{number}") for number in range(len(expected)) for side in "ab"]
    pairs = [(f"crm:a{number}", f"crm:b{number}", odds) for number, odds in enumerate(expected)]
    night(Given(people, pairs=pairs))
    found = {case["record_id"]: case["uncertainty"] for case in _found(house)}
    assert [found[left] for left, _, _ in pairs] == list(expected.values())


def test_what_is_assigned_is_that_persons_work(house: House, people: People, night: Night) -> None:
    night(Given(MARIA, violations=MARIAS))
    mine, other = (case.case_id for case in queue(house, people["ana"], CaseFilter()).cases)
    taken = assign(house, people["ana"], mine, version=1, at=NOW, to="ana")
    assert taken.assignee == "ana"
    with pytest.raises(NotAllowedError, match="only a lead"):
        assign(house, people["ana"], other, version=1, at=NOW, to="cleo")
    with pytest.raises(SettingsError, match="sees the records"):
        assign(house, people["lea"], other, version=1, at=NOW, to="bob")
    assign(house, people["lea"], other, version=1, at=NOW, to="cleo")
    assert [case.case_id for each in today(house, people["ana"], NOW).cards for case in each.cases] == [mine]
    away = NOW + timedelta(days=7)
    set_absence(house, people["cleo"], "cleo", away.date(), away.date(), "lea", at=NOW)
    assert other in {case.case_id for each in today(house, people["lea"], away).cards for case in each.cases}
    left = escalate(house, people["ana"], mine, version=2, at=NOW)
    assert (left.status, left.pool, left.assignee) == ("disputed", "leads", "")


def test_done_for_today_is_remembered(house: House, people: People, night: Night) -> None:
    night(Given(MARIA, violations=MARIAS))
    assert not today(house, people["ana"], NOW).is_done
    say_done(house, people["ana"], at=NOW)
    assert today(house, people["ana"], NOW).is_done
    assert not today(house, people["ana"], NOW + timedelta(days=1)).is_done


def test_a_rule_can_be_wrong(house: House, people: People, night: Night) -> None:
    night(Given(MARIA, violations=MARIAS))
    case = case_id("invalid_value", "crm:m1", "phone_is_possible", "phone")
    say_rule_is(house, people["ana"], case, "right", at=NOW)
    resolve(house, people["ana"], case, version=1, at=NOW, reason="right_as_is")
    from dq.store import rows
    from dq.store.schema import RULE_OPINIONS

    with house.store.read() as connection:
        assert [row["opinion"] for row in rows.find_all(connection, RULE_OPINIONS)] == ["wrong"]


def test_value_of_what_must_not_be_kept_is_not_kept(house: House, night: Night) -> None:
    given = Given([MARIA[0]], violations=[("crm:m1", "note_has_no_payment_card", "Description", "4111111111111111")])
    night(given)
    found = queue(house, Actor("x", "admin"), CaseFilter()).cases
    assert [(case.kind, case.value, case.pool) for case in found] == [("sensitive_data", "", "privacy")]


def test_infos_make_no_cases(house: House, night: Night) -> None:
    night(replace(_mountain(3), severity="info", pairs=()))
    assert queue(house, Actor("x", "admin"), CaseFilter(status=())).total == 0


def test_many_facets_at_once_are_the_facets_one_by_one(
    house: House, people: dict[str, Actor], night: Callable[..., Added]
) -> None:
    persons = [
        Person(str(key), "sales" if key % 2 else "service", source="crm" if key % 3 else "web") for key in range(9)
    ]
    ids = [person.record_id for person in persons]
    night(
        Given(
            persons,
            pairs=[(ids[0], ids[1], 0.5), (ids[3], ids[4], 0.6)],
            violations=[(one, f"{rule}_is_right", rule, "x") for one in ids for rule in ("email", "phone")],
        )
    )
    columns = ("status", "kind", "rule_id", "source", "department")
    for wanted in (
        CaseFilter(),
        CaseFilter(source=("web",)),
        CaseFilter(rule_id=("email_is_right",), department=("sales",)),
        CaseFilter(status=("resolved",)),
        CaseFilter(kind=("possible_match",), department=("service",), value=("",)),
    ):
        for name in ("ana", "lea"):
            at_once = many_facets(house, people[name], wanted, columns)
            assert at_once == {column: facets(house, people[name], wanted, column) for column in columns}


def test_the_morning_after_says_what_decisions_did(house: House, people: People, night: Night) -> None:
    ana, pair = people["ana"], [Person("1", golden_id="G1"), Person("2", golden_id="G2")]
    wrong = [("crm:1", "email_is_valid", "email", "x@")]
    night(Given(pair, pairs=[("crm:1", "crm:2", 0.5)], violations=wrong))
    for case in queue(house, ana, CaseFilter()).cases:
        if case.is_pair:
            decide_pair(house, ana, case.case_id, "SAME", version=case.version, at=NOW)
        else:
            resolve(house, ana, case.case_id, version=case.version, at=NOW, reason="fixed_at_source")
    since, later = NOW - timedelta(hours=1), NOW + timedelta(days=1)
    assert effects_of(house, ana, since, later) == Effects("", 0, 0, 0, 2), "the next run carries them out"
    night(Given([Person("1", golden_id="G1"), Person("2", golden_id="G1")]), later)
    assert effects_of(house, ana, since, later + timedelta(hours=1)) == Effects("2026-11-24", 1, 0, 1, 0)
    assert effects_of(house, people["cleo"], since, later) == Effects("", 0, 0, 0, 0)
