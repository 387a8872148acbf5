"""Use of the system: sign-ins, decisions, ages of open cases, and how often a second look disagreed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from dq.errors import NotAllowedError
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.approvals import refuse
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.people import add_user
from dq.stewardship.queue import case_of
from dq.stewardship.signing_in import sign_in_by_provider
from dq.stewardship.usage import Looked, usage_of
from dq.stewardship.working import assign
from dq.tables.identity import case_id
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

People = dict[str, Actor]
PERSONS = [Person(str(key)) for key in range(8)] + [Person("9", department="service")]
PAIRS = [("crm:0", "crm:1", 0.5), ("crm:2", "crm:3", 0.5), ("crm:4", "crm:5", 0.5), ("crm:6", "crm:9", 0.5)]
GIVEN = Given(PERSONS, PAIRS, violations=[(f"crm:{key}", "email_is_right", "email", "x") for key in range(3)])


def test_what_a_lead_sees(house: House, people: People, night: Callable[..., Added]) -> None:
    night(GIVEN, at=NOW - timedelta(days=40))
    first, second, third, shared = (pair_case(left, right) for left, right, _ in PAIRS)

    def say(who: str, case: str, answer: str) -> None:
        version = case_of(house, HOUSE, case).version
        decide_pair(house, people[who], case, answer, version=version, at=NOW, seconds=8)  # type: ignore[arg-type]

    say("ana", first, "SAME")
    say("cleo", first, "SAME")  # agrees
    say("ana", second, "SAME")
    say("cleo", second, "DIFFERENT")  # disputed
    say("lea", second, "DIFFERENT")  # ana was wrong, cleo right
    say("ana", third, "SAME")  # nobody looks again
    say("ana", shared, "SAME")  # a proposal, which the other department refuses
    refuse(house, people["bob"], shared, version=case_of(house, HOUSE, shared).version, at=NOW)
    given = case_id("invalid_value", "crm:1", "email_is_right", "email")
    assign(house, people["lea"], given, version=1, at=NOW, to="ana")
    told = {"issuer": "https://id", "subject": "1", "name": "dora", "display_name": "Dora"}
    sign_in_by_provider(house, **told, role="steward", departments=frozenset({"sales"}), at=NOW)
    found = usage_of(house, people["lea"], NOW + timedelta(hours=1))
    by_name = {one.user.name: one for one in found.people}
    assert set(by_name) == {"ana", "bob", "cleo", "dora", "lea"}
    ana = by_name["ana"]
    assert (ana.looked, by_name["cleo"].looked) == (Looked(3, 2), Looked(2, 0))
    assert (ana.decided_week, ana.assigned, ana.seconds) == (2, 1, 8.0)
    assert ana.oldest_on == (NOW - timedelta(days=40)).date().isoformat()
    assert (by_name["dora"].logins, ana.logins, ana.last_login) == (1, 0, "")
    sales = next(one for one in found.departments if one.department == "sales")
    assert (sales.ages, sales.overdue) == ((0, 0, 4, 0), 4)
    assert sales.looked == Looked(5, 2)
    with pytest.raises(NotAllowedError):
        usage_of(house, people["ana"], NOW)


def test_a_lead_of_one_department_sees_no_other(house: House, people: People, night: Callable[..., Added]) -> None:
    night(GIVEN)
    lou = add_user(house, HOUSE, "lou", "lead", frozenset({"service"}), at=NOW).actor
    found = usage_of(house, lou, NOW)
    assert {one.department for one in found.departments} <= {"service", ""}
    assert "ana" not in {one.user.name for one in found.people}
