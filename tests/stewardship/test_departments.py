"""Nobody sees or changes what another department owns, whichever door they try."""

from collections.abc import Callable
from datetime import date

import pytest

from dq.engine.querying import TABLES, Filter
from dq.errors import NotFoundError
from dq.stewardship import bulk, records
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.cards import Step, work_card
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import card, case_of, facets, queue, today
from dq.stewardship.reporting import report_customer
from dq.stewardship.telling import history, judgements_of
from dq.stewardship.undoing import undo
from dq.stewardship.values import override_value
from dq.stewardship.working import assign, escalate, reopen, resolve, say_rule_is, waive
from dq.store.cases import CaseFilter
from dq.tables.identity import case_id
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
GIVEN = Given(
    [
        Person("1", "sales"),
        Person("2", "service", last_name="Ortiz"),
        Person("3", "", last_name="Nobody"),
        Person("4", "sales", golden_id="GS"),
        Person("5", "service", golden_id="GS", last_name="Lopez-Vega"),
    ],
    pairs=[("crm:1", "crm:2", 0.5)],
    violations=[(f"crm:{key}", "email_is_valid", "email", f"x{key}@") for key in "12345"],
)
OURS, THEIRS, NOBODYS = (case_id("invalid_value", f"crm:{key}", "email_is_valid", "email") for key in "123")
SHARED = pair_case("crm:1", "crm:2")

DOORS: dict[str, Callable[[House, Actor], object]] = {
    "case": lambda h, a: case_of(h, a, THEIRS),
    "history": lambda h, a: history(h, a, THEIRS),
    "judgements": lambda h, a: judgements_of(h, a, THEIRS),
    "records": lambda h, a: records.records_of_case(h, a, THEIRS),
    "record": lambda h, a: records.record(h, a, "run001", "crm:2"),
    "customer": lambda h, a: records.customer(h, a, "G2"),
    "no such customer": lambda h, a: records.customer(h, a, "G999"),
    "card": lambda h, a: card(h, a, "G2x"),
    "resolve": lambda h, a: resolve(h, a, THEIRS, version=1, at=NOW, reason="no_better_value"),
    "waive": lambda h, a: waive(h, a, THEIRS, version=1, at=NOW, until=date(2026, 12, 1), reason="project_pending"),
    "reopen": lambda h, a: reopen(h, a, THEIRS, version=1, at=NOW),
    "escalate": lambda h, a: escalate(h, a, THEIRS, version=1, at=NOW),
    "assign": lambda h, a: assign(h, a, THEIRS, version=1, at=NOW, to="ana"),
    "undo": lambda h, a: undo(h, a, THEIRS, version=1, at=NOW),
    "opinion": lambda h, a: say_rule_is(h, a, THEIRS, "wrong", at=NOW),
    "override": lambda h, a: override_value(
        h, a, THEIRS, "email", "y@example.com", version=1, at=NOW, reason="asked_customer"
    ),
    "work card": lambda h, a: work_card(h, a, "G2", [Step(THEIRS, 1, "resolve", reason="no_better_value")], at=NOW),
    "report": lambda h, a: report_customer(h, a, "crm:2", "wrong", at=NOW),
    "decide": lambda h, a: decide_pair(h, a, THEIRS, "SAME", version=1, at=NOW),
}


def test_a_guessed_id_is_answered_as_one_that_does_not_exist(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    for name, door in DOORS.items():
        with pytest.raises(NotFoundError):
            pytest.fail(f"{name}: {door(house, people['ana'])}")
    assert case_of(house, people["bob"], THEIRS).version == 1, "nothing was changed"


def test_lists_hold_ones_own(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    every = CaseFilter(status=())
    seen = {name: {case.case_id for case in queue(house, people[name], every).cases} for name in people}
    assert seen["ana"] == seen["vic"]
    assert {OURS, SHARED} <= seen["ana"]
    assert not {THEIRS, NOBODYS} & seen["ana"]
    assert {THEIRS, SHARED} <= seen["bob"]
    assert NOBODYS in seen["lea"], "a lead sees what no department owns"
    assert NOBODYS not in seen["cleo"]
    assert queue(house, HOUSE, every).total == 6
    assert facets(house, people["ana"], every, "department") == [("sales", 3)]
    assert bulk.preview(house, people["ana"], bulk.Pattern(rule_id=("email_is_valid",))).count == 2
    assert {case.department for each in today(house, people["bob"], NOW).cards for case in each.cases} <= {
        "service",
        "sales",  # the half of a pair
    }


def test_every_table_of_a_run_is_scoped(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    known = {"crm:1", "crm:4", "G1", "GS"}
    nothing = Actor("x", "steward", frozenset({"elsewhere"}))
    keys = ("record_id", "record_id_l", "record_id_r", "golden_id")
    for table in TABLES:
        everything = house.tables("run001").page(table, limit=100)
        mine = records.page(house, people["ana"], table, limit=100)
        for row in mine.rows:
            named = {row.get(key) for key in keys} - {None}
            assert not named or named & known, (table, row)
        assert len(mine.rows) == mine.total < max(everything.total, 1) or table in ("pairs", "cases"), table
        assert records.page(house, nothing, table).total == 0


def test_the_other_half_is_masked(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    left, right = records.records_of_case(house, people["ana"], SHARED)
    assert (left.is_mine, left.is_masked, left.values["last_name"]) == (True, False, "Lopez")
    assert (right.is_mine, right.is_masked, right.values["last_name"]) == (False, True, "O••••")
    assert right.values["department"] == "service"


def test_a_shared_customer_hides_what_may_come_from_the_other_department(
    house: House, people: People, night: Night
) -> None:
    night(GIVEN)
    shared = records.customer(house, people["ana"], "GS")
    assert [(seen.record_id, seen.is_masked) for seen in shared.records] == [("crm:4", False), ("crm:5", True)]
    assert shared.golden["last_name"] == "L••••-V•••"
    assert {row["record_id"] for row in shared.violations} == {"crm:4"}
    row = records.page(house, people["ana"], "golden", [Filter("golden_id", "=", "GS")]).rows[0]
    assert row["last_name"] == "L••••-V•••"
    assert records.customer(house, people["cleo"], "GS").golden["last_name"] == "Lopez-Vega"


def test_a_viewer_sees_personal_data_masked(house: House, people: People, night: Night) -> None:
    night(GIVEN)
    seen = records.record(house, people["vic"], "run001", "crm:1")
    assert (seen.is_masked, seen.values["last_name"], seen.values["record_id"]) == (True, "L••••", "crm:1")
    violation = records.page(house, people["vic"], "violations").rows[0]
    assert violation["value"] == "x•@"
    assert violation["rule_id"] == "email_is_valid"


def test_a_customer_of_three_departments_is_work_of_all_three(house: House, people: People, night: Night) -> None:
    departments = ("billing", "sales", "service")
    three = [Person(str(number), name, golden_id="GT") for number, name in enumerate(departments)]
    blocker = ("GT", "salesforce.Contact.Email.INVALID_EMAIL_ADDRESS", "bad_email", "x@", "reject")
    night(Given(three, blockers=[blocker]))
    (case,) = queue(house, people["ana"], CaseFilter()).cases
    assert (case.department, case.department_r) == ("billing", "service")
    assert facets(house, people["ana"], CaseFilter(), "kind") == [("blocked", 1)]
    assert [one.cases for one in today(house, people["ana"], NOW).cards] == [(case,)]
    after = resolve(house, people["ana"], case.case_id, version=case.version, at=NOW, reason="fixed_at_source")
    assert after.status == "waiting", "it is others', too"
    night(Given([three[0], three[2]], blockers=[blocker]))
    with pytest.raises(NotFoundError):
        case_of(house, people["ana"], case.case_id)
