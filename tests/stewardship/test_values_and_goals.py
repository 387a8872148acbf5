"""Pinned values, goals, typed numbers, and what the next run is handed."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.model import JUDGEMENTS_TABLE, OVERRIDES
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.approvals import approve, refuse
from dq.stewardship.deciding import decide_pair
from dq.stewardship.exporting import overrides, write_decisions
from dq.stewardship.goals import Metric, business_numbers, change_goal, goals, set_goal, trend, type_number
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import case_of
from dq.stewardship.undoing import undo
from dq.stewardship.values import override_value, overrides_of, withdraw_override
from dq.stewardship.working import resolve
from dq.tables.identity import case_id
from dq.tables.people_files import read_people_csv
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
GIVEN = Given(
    [Person("1"), Person("2"), Person("3", "service"), Person("4", "service")],
    pairs=[("crm:1", "crm:2", 0.5)],
    violations=[
        ("crm:1", "email_is_valid", "email", "x@"),
        ("crm:1", "phone_is_possible", "phone", "5"),
        ("crm:3", "email_is_valid", "email", "y@"),
    ],
)
EMAIL = case_id("invalid_value", "crm:1", "email_is_valid", "email")
PHONE = case_id("invalid_value", "crm:1", "phone_is_possible", "phone")


def _set(house: House, actor: Actor, case: str, column: str, value: str, version: int = 1) -> str:
    words = {"reason": "asked_customer"}
    return override_value(house, actor, case, column, value, version=version, at=NOW, **words).status


def test_a_pinned_value_closes_the_case_and_goes_to_the_next_run(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    assert _set(house, people["ana"], EMAIL, "email", "maria@example.com") == "resolved"
    assert overrides(house).to_dict("records") == [
        {
            "record_id": "crm:1",
            "column": "email",
            "value": "maria@example.com",
            "reason": "asked_customer",
            "by": "ana",
            "at": "2026-11-23T08:00:00.000000Z",
        }
    ]
    assert undo(house, people["ana"], EMAIL, version=2, at=NOW).status == "open"
    assert overrides(house).empty
    assert [row["state"] for row in overrides_of(house, people["ana"], "crm:1")] == ["withdrawn"]
    with pytest.raises(NotFoundError):
        overrides_of(house, people["bob"], "crm:1")


@pytest.mark.parametrize(("answer", "status", "count"), [(approve, "resolved", 1), (refuse, "open", 0)])
def test_what_identifies_a_customer_is_changed_by_two(
    house: House, people: People, night: Night, answer: Callable[..., object], status: str, count: int
) -> None:
    night(GIVEN)
    assert _set(house, people["ana"], EMAIL, "tax_id", "12-3456789") == "waiting"
    assert overrides(house).empty
    with pytest.raises(NotAllowedError, match="another person"):
        answer(house, people["cleo"], EMAIL, version=2, at=NOW)
    answer(house, people["lea"], EMAIL, version=2, at=NOW)
    assert case_of(house, people["ana"], EMAIL).status == status
    assert len(overrides(house)) == count


def test_the_latest_value_holds_until_it_is_withdrawn(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    _set(house, people["ana"], EMAIL, "email", "one@example.com")
    _set(house, people["ana"], PHONE, "email", "two@example.com")
    assert overrides(house)["value"].tolist() == ["two@example.com"]
    with pytest.raises(NotFoundError):
        withdraw_override(house, people["bob"], 2, at=NOW)
    withdraw_override(house, people["ana"], 2, at=NOW)
    assert overrides(house)["value"].tolist() == ["one@example.com"]


def test_only_columns_records_and_reasons_that_exist(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    with pytest.raises(SettingsError, match="cannot be pinned"):
        _set(house, people["ana"], EMAIL, "material", "x")
    with pytest.raises(NotFoundError, match="not of this case"):
        override_value(
            house, people["ana"], EMAIL, "email", "x", version=1, at=NOW, reason="asked_customer", record_id="crm:3"
        )
    with pytest.raises(SettingsError, match="reasons"):
        override_value(house, people["ana"], EMAIL, "email", "x", version=1, at=NOW, reason="fixed_at_source")


def test_the_next_run_can_read_what_was_decided(house: House, people: People, night: Night, tmp_path: Path) -> None:
    night(GIVEN)
    decide_pair(house, people["ana"], pair_case("crm:1", "crm:2"), "DIFFERENT", version=1, at=NOW)
    _set(house, people["ana"], EMAIL, "email", "=cmd")
    judged, pinned = write_decisions(house, tmp_path / "decisions")
    found = read_people_csv(judged, tuple(JUDGEMENTS_TABLE.columns))
    assert found["judgement"].tolist() == ["DIFFERENT"]
    assert read_people_csv(pinned, tuple(OVERRIDES.columns))["value"].tolist() == ["=cmd"]
    assert write_decisions(house, tmp_path / "again")[0].read_bytes() == judged.read_bytes()


def test_goals_are_measured_by_what_one_sees(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    everything = trend(house, HOUSE, Metric())
    assert [(point.value, point.tested, point.failed) for point in everything] == [(50.0, 4, 2)]
    assert trend(house, people["ana"], Metric())[0].value == 50.0
    assert trend(house, people["ana"], Metric(department="service")) == []
    assert trend(house, HOUSE, Metric(department="service", dimension="validity"))[0].failed == 1
    night(GIVEN, NOW + timedelta(days=1))
    assert [point.as_of for point in trend(house, HOUSE, Metric())] == ["2026-11-23", "2026-11-24"]


def test_a_goal_is_set_changed_and_closed_by_leads(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    due = date(2027, 3, 1)
    with pytest.raises(NotAllowedError):
        set_goal(house, people["ana"], "clean", Metric(), 90, due, "ana", at=NOW)
    goal = set_goal(house, people["lea"], "clean", Metric(department="sales"), 90, due, "ana", at=NOW)
    assert (goal.start_value, goal.target, goal.version) == (50.0, 90.0, 1)
    assert [each.name for each in goals(house, people["ana"])] == ["clean"]
    assert goals(house, people["bob"]) == []
    changed = change_goal(house, people["lea"], goal.number, version=1, at=NOW, target=95)
    assert (changed.target, changed.due_on, changed.version) == (95.0, "2027-03-01", 2)
    with pytest.raises(ConflictError):
        change_goal(house, people["lea"], goal.number, version=1, at=NOW, target=80)
    change_goal(house, people["lea"], goal.number, version=2, at=NOW, close=True)
    assert goals(house, people["lea"]) == []
    for target, day in ((101, due), (90, date(2026, 11, 23))):
        with pytest.raises(SettingsError):
            set_goal(house, people["lea"], "x", Metric(), target, day, "ana", at=NOW)
    with pytest.raises(NotFoundError):
        change_goal(house, people["lea"], 99, version=1, at=NOW, close=True)


def test_numbers_of_the_business_are_typed_and_replaced(house: House, people: People) -> None:
    day = date(2026, 11, 20)
    type_number(house, people["ana"], "returned mail", day, 120, at=NOW, department="sales")
    type_number(house, people["ana"], "returned mail", day, 118, at=NOW, department="sales")
    type_number(house, people["lea"], "service calls", day, 7, at=NOW)
    with pytest.raises(NotAllowedError):
        type_number(house, people["ana"], "x", day, 1, at=NOW, department="service")
    assert [(row["name"], row["value"]) for row in business_numbers(house, people["ana"])] == [
        ("returned mail", 118.0),
        ("service calls", 7.0),
    ]
    assert [row["name"] for row in business_numbers(house, people["bob"])] == ["service calls"]


def test_a_resolution_that_policy_guards_waits(house: House, people: People, night: Night) -> None:
    from dataclasses import replace

    from dq.standards.stewardship import Approval

    night(GIVEN)
    guarded = (Approval(action="resolve", kinds=("invalid_value",)),)
    policy = house.policy.model_copy(update={"approvals": guarded})
    house.standards = replace(house.standards, stewardship=policy)
    assert resolve(house, people["ana"], EMAIL, version=1, at=NOW, reason="asked_customer").status == "waiting"
    done = approve(house, people["lea"], EMAIL, version=2, at=NOW)
    assert (done.status, done.outcome) == ("resolved", "asked_customer")
