"""Who waits for a customer above: chains, circles, errors of one's own, other departments, and what is let be."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dq.engine.querying import RunTables, Visible
from dq.errors import NotFoundError
from dq.standards.load import Standards
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.blocked_cases import blocked_cases
from dq.stewardship.blocker_waivers import waive_blocker
from dq.stewardship.held_up import Above, held_up, roots_of, waited_for
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import case_of, queue
from dq.stewardship.whom_to_ask import waits_for
from dq.stewardship.working import resolve
from dq.store.cases import Case, CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, write_run

ORPHAN = "salesforce.Contact.AccountId.INVALID_FIELD"
EMAIL = "salesforce.Contact.Email.INVALID_EMAIL_ADDRESS"
INDUSTRY = "salesforce.Account.Industry.INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
Night = Callable[..., Added]
Blocker = tuple[str, str, str, str, str]


def below(customer: str, parent: str) -> Blocker:
    return (customer, ORPHAN, "parent_missing", parent, "reject")


def wrong(customer: str, value: str = "x@") -> Blocker:
    return (customer, EMAIL, "bad_email", value, "reject")


PEOPLE = [Person(str(number), golden_id=f"G{number}") for number in range(1, 8)]
PEOPLE[2] = Person("3", department="service", golden_id="G3")
CHAIN = Given(PEOPLE, blockers=[wrong("G1"), below("G2", "G1"), below("G3", "G2"), below("G4", "G1"), wrong("G4", "y")])


def blocked(house: House, actor: Actor = HOUSE) -> dict[str, Case]:
    return {case.golden_id: case for case in queue(house, actor, CaseFilter(kind=("blocked",)), limit=500).cases}


def test_who_waits_hangs_on_the_case_above(house: House, people: dict[str, Actor], night: Night) -> None:
    alone = night(replace(CHAIN, blockers=[wrong("G1")]))
    assert alone.cases.new == 1
    before = blocked(house)["G1"]
    assert night(CHAIN).cases.new == 1, "G4 has an error of its own; G2 and, below it, G3 only wait"
    cases = blocked(house)
    assert set(cases) == {"G1", "G4"}
    assert cases["G1"].case_id == before.case_id, "who waits is no part of the question"
    assert cases["G1"].evidence.endswith("the target takes. 2 customers wait for it")
    assert (cases["G1"].unblocks, before.unblocks) == (3, 1)
    assert cases["G1"].priority == pytest.approx(3 * before.priority)
    assert "AccountId" not in cases["G4"].evidence
    assert cases["G4"].value == "y"
    found = held_up(house.tables("run002"), Above("salesforce", golden_id="G1"))
    assert [(row["golden_id"], row["has_own"]) for row in found.lines] == [("G2", False), ("G3", False), ("G4", True)]
    assert (found.total, found.customers, found.also, found.others) == (3, 2, 1, 0)
    gone = night(replace(CHAIN, blockers=[wrong("G4", "y")])).cases
    assert (gone.gone, gone.new) == (1, 0), "mended above, and all below load"


def test_a_steward_of_another_department_learns_whom_to_ask(
    house: House, people: dict[str, Actor], night: Night
) -> None:
    night(CHAIN)
    bob, lea = people["bob"], people["lea"]
    case = blocked(house)["G1"]
    assert blocked(house, bob) == {}
    (his,) = waits_for(house, bob, "G3", at=NOW)
    assert (his.golden_id, his.is_mine, his.case_id, his.department) == ("G1", False, "", "sales")
    assert his.whom == ("ana", "cleo", "lea"), "who works cases of sales; a viewer does not"
    assert his.errors == ("Contact.Email: not an e-mail address the target takes",)
    with pytest.raises(NotFoundError):
        case_of(house, bob, case.case_id)
    (hers,) = waits_for(house, lea, "G3", at=NOW)
    assert (hers.is_mine, hers.case_id, hers.status) == (True, case.case_id, "open")
    seen = held_up(house.tables("run001"), Above("salesforce"), Visible(house.sees(bob)))
    assert [row["golden_id"] for row in seen.lines] == ["G3"]
    assert (seen.customers, seen.others) == (1, 2), "G2 and G4 are not his"
    with pytest.raises(NotFoundError):
        waits_for(house, bob, "G2", at=NOW)


def test_who_waits_follows_what_became_of_the_case_above(house: House, people: dict[str, Actor], night: Night) -> None:
    night(CHAIN)
    case = blocked(house)["G1"]
    resolve(house, people["ana"], case.case_id, version=case.version, at=NOW, reason="fixed_at_source")
    assert night(CHAIN).cases.new == 0, "decided above: nobody below is asked either"
    assert waits_for(house, people["lea"], "G3", at=NOW)[0].status == "resolved"
    said: dict[str, Any] = {"until": date(2026, 11, 30), "reason": "project_pending", "at": NOW}
    waive_blocker(house, HOUSE, "salesforce", rule_id=EMAIL, **said)
    assert night(CHAIN).cases.new == 0
    (told,) = waits_for(house, people["lea"], "G3", at=NOW)
    assert (told.status, told.let_be_until) == ("resolved", "2026-11-30")


def test_a_value_of_the_one_above_is_worth_all_who_wait(house: House, night: Night) -> None:
    values = [
        ("G1", INDUSTRY, "not_in_picklist", "Mining", "reject"),
        ("G5", INDUSTRY, "not_in_picklist", "Mining", "reject"),
    ]
    night(replace(CHAIN, blockers=[*values, below("G2", "G1"), below("G6", "G5"), below("G7", "G6")]))
    (case,) = queue(house, HOUSE, CaseFilter(kind=("unmapped_value",))).cases
    assert case.unblocks == 5
    assert case.evidence.endswith(". 3 customers wait for it")
    assert blocked(house) == {}
    found = held_up(house.tables("run001"), Above("salesforce", rule_id=INDUSTRY, value="Mining"))
    assert [row["golden_id"] for row in found.lines] == ["G2", "G6", "G7"]
    assert [row["customers"] for row in waited_for(house.tables("run001"), "salesforce")] == [2, 1]


def test_a_suppressed_parent_and_a_circle_leave_nobody_unasked(house: House, night: Night) -> None:
    circle = [below("G1", "G2"), below("G2", "G3"), below("G3", "G1"), below("G4", "G3")]
    unwanted = [("G5", EMAIL, "on_list", "", "suppressed"), below("G6", "G5"), below("G5", "G1")]
    night(replace(CHAIN, blockers=[*circle, *unwanted]))
    assert set(blocked(house)) == {"G1", "G2", "G3", "G4", "G6"}, "nothing else is wrong, so each is asked"
    night(replace(CHAIN, blockers=[*circle, *unwanted, wrong("G2")]))
    assert set(blocked(house)) == {"G2", "G6"}
    assert blocked(house)["G2"].unblocks == 4
    assert roots_of(house.tables("run002"), "G2") == [], "in a circle nobody waits for themselves"


def test_every_refused_customer_is_asked_about_or_waits_for_one_who_is(tmp_path: Path, standards: Standards) -> None:
    dice = random.Random(7)
    names = [f"G{number}" for number in range(300)]
    parents = {name: dice.choice([one for one in names if one != name]) for name in names if dice.random() < 0.8}
    errs = {name for name in names if dice.random() < 0.15}
    blockers = [*(below(name, parent) for name, parent in parents.items()), *(wrong(name) for name in errs)]
    write_run(tmp_path / "run", Given([Person(name[1:]) for name in names], blockers=blockers, as_of="2026-11-23"))
    tables = RunTables(tmp_path / "run")
    refused = {*parents, *errs}

    def root(name: str) -> str:
        """Walk up to the first with an error of its own, or to a parent that is not refused; empty in a circle."""
        passed = {name}
        while name not in errs and parents[name] in refused:
            name = parents[name]
            if name in passed:
                return ""
            passed.add(name)
        return name

    roots = {name: root(name) for name in refused}
    asked = Counter(
        {str(row["golden_id"]): int(str(row["held_up"])) for row in blocked_cases(tables, standards.stewardship, [])}
    )
    assert set(asked) == {name for name in refused if roots[name] in (name, "")}
    assert asked == Counter(found for name, found in roots.items() if found not in (name, ""))
    waiting = held_up(tables, Above("salesforce"), limit=1000)
    assert {row["golden_id"] for row in waiting.lines if not row["has_own"]} == refused - set(asked)
    tables.close()


def test_thousands_of_refused_customers_are_not_held_against_each_other(tmp_path: Path, standards: Standards) -> None:
    """A planner that compares every two of them fills the disk before it answers."""
    heads = [f"G{number}" for number in range(0, 20_000, 10)]
    under = [below(f"G{number}", f"G{number // 10 * 10}") for number in range(20_000) if number % 10]
    blockers = [*(wrong(name) for name in heads), *under]
    write_run(tmp_path / "run", Given([Person("0")], blockers=blockers, as_of="2026-11-23"))
    tables = RunTables(tmp_path / "run")
    cases = blocked_cases(tables, standards.stewardship, [])
    assert [case["unblocks"] for case in cases] == [20_000], "so many of one rule are one case"
    assert held_up(tables, Above("salesforce"), limit=0).customers == len(under)
    tables.close()
