"""What leads decide about a conversion: blockers that are let be until a day, customers that come back from parking."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dq.engine.querying import Visible
from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.model import BLOCKERS, LOAD_VERDICTS, PARKED, Table
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.auditing import audit_page, verify_audit
from dq.stewardship.blocked import blocked_in, customers_by_verdict
from dq.stewardship.blocker_waivers import blocker_waivers, end_blocker_waiver, waive_blocker
from dq.stewardship.bringing_back import bring_back, brought_back, listed_back, park_again
from dq.stewardship.exporting import overrides
from dq.stewardship.house import House, run_of
from dq.stewardship.importing import Added
from dq.stewardship.parked import parked_customers, parked_rules, shown
from dq.stewardship.waiting import waiting_decisions
from dq.tables.writing import write_csv_for_people
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person

Night = Callable[..., Added]
People = dict[str, Actor]
DATE_RULE = "crm9.Contact.Birthdate.BAD_DATE"
OWNER_RULE = "crm9.Contact.OwnerId.NO_USER"
REFUSED = [
    ("G1", DATE_RULE, "bad_date", "Birthdate", "02/30/1980"),
    ("G1", OWNER_RULE, "owner_unknown", "OwnerId", "pat"),
    ("G2", DATE_RULE, "bad_date", "Birthdate", "1980"),
    ("G3", DATE_RULE, "bad_date", "Birthdate", "0"),
    ("G4", OWNER_RULE, "owner_unknown", "OwnerId", "pat"),
    ("G5", OWNER_RULE, "owner_inactive", "OwnerId", "kim"),
]
"""Customer, rule, check, field, value."""


@pytest.fixture
def house(house: House, night: Night) -> House:
    """Give a house with a run of eight customers: G1, G4 of sales, G2 of service, G3 of both; G7 to G9 are parked."""
    people = [
        Person("1", "sales", "G1"),
        Person("2", "service", "G2"),
        Person("3", "sales", "G3"),
        Person("4", "service", "G3"),
        Person("5", "sales", "G4"),
        Person("6", "service", "G5"),
        Person("7", "sales", "G7"),
        Person("8", "service", "G8"),
        Person("9", "sales", "G9"),
        Person("10", "service", "G9"),
    ]
    added = night(Given(people))
    folder = house.runs_folder / added.run_id
    refused = {one[0] for one in REFUSED}
    _write(folder, BLOCKERS, [_blocker(*one) for one in REFUSED])
    out = ("G7", "G8", "G9")
    loads = [_verdict(name, "reject" if name in refused else "loads") for name in ("G1", "G2", "G3", "G4", "G5")]
    _write(folder, LOAD_VERDICTS, [*loads, *(_verdict(name, "parked", "park") for name in out)])
    parked: list[dict[str, Any]] = [
        {"source": "crm", "source_key": one.key, "record_id": one.record_id, "golden_id": one.golden_id}
        | {"rule": "test" if one.golden_id == "G7" else "inactive", "approver": "'=Ana", "accepted_on": "2026-11-01"}
        | {"reason": "nothing since 2019", "value": {"G7": "10.10", "G9": "99.95"}.get(one.golden_id)}
        for one in people
        if one.golden_id in out
    ]
    rows = pd.DataFrame(parked, columns=list(PARKED.columns), dtype="str")
    write_csv_for_people(rows, folder / "parked.csv", list(PARKED.columns))
    house.forget(added.run_id)
    return house


def _blocker(golden_id: str, rule_id: str, check: str, field: str, value: str) -> dict[str, Any]:
    target, thing, _, code = rule_id.split(".")
    named = {"target": target, "path": "api", "object": thing, "row_id": golden_id, "golden_id": golden_id}
    named |= {"field": field, "check": check, "code": code, "rule_id": rule_id, "verdict": "reject"}
    return named | {"certainty": "seen", "value": value, "message": f"{code}: {value}"}


def _verdict(golden_id: str, verdict: str, thing: str = "Contact") -> dict[str, Any]:
    named = {"target": "crm9", "path": "api", "object": thing, "row_id": golden_id, "golden_id": golden_id}
    return named | {"verdict": verdict, "certainty": "seen", "would_load": verdict == "loads"}


def _write(folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    columns = [pa.array([row.get(name) for row in rows], kind) for name, kind in table.columns.items()]
    pq.write_table(pa.table(columns, names=list(table.columns)), folder / f"{table.name}.parquet")


def _blocked(house: House, actor: Actor, at: Any = NOW) -> tuple[dict[str, tuple[int, int]], int]:
    """Return rule → rows and rows let be, and rows that are open, as somebody sees them."""
    tables = house.tables(str(run_of(house)["run_id"]))
    found = blocked_in(tables, "crm9", blocker_waivers(house, HOUSE, at), Visible(house.sees(actor)))
    return {line.rule_id: (line.rows, line.waived) for line in found.lines}, found.open_rows


def test_an_error_of_a_field_is_let_be_until_a_day_and_is_open_again_then(house: House, people: People) -> None:
    until = date(2026, 11, 30)
    said: dict[str, Any] = {"until": until, "reason": "project_pending", "at": NOW, "comment": "after the weekend"}
    assert _blocked(house, HOUSE) == ({DATE_RULE: (3, 0), OWNER_RULE: (3, 0)}, 5)
    number = waive_blocker(house, HOUSE, "crm9", rule_id=DATE_RULE, **said)
    assert _blocked(house, HOUSE) == ({DATE_RULE: (3, 3), OWNER_RULE: (3, 0)}, 3), "G1 waits for its owner, too"
    with pytest.raises(ConflictError, match="dq let it be until 2026-11-30"):
        waive_blocker(house, HOUSE, "crm9", rule_id=DATE_RULE, **said)
    (one,) = blocker_waivers(house, people["ana"], NOW)
    assert (one.number, one.by, one.reason, one.comment, one.is_over) == (
        number, "dq", "project_pending", "after the weekend", False
    )  # fmt: skip
    later = NOW + timedelta(days=8)
    (over,) = blocker_waivers(house, people["ana"], later)
    assert over.is_over
    assert _blocked(house, HOUSE, later)[1] == 5
    waive_blocker(house, HOUSE, "crm9", rule_id=DATE_RULE, **{**said, "until": date(2026, 12, 24), "at": later})
    assert [one.is_over for one in blocker_waivers(house, HOUSE, later)] == [False, True]
    end_blocker_waiver(house, HOUSE, number, at=later)
    with pytest.raises(NotFoundError):
        end_blocker_waiver(house, HOUSE, number, at=later)
    actions = [row["action"] for row in audit_page(house, HOUSE)[0]][:3]
    assert actions == ["end_blocker_waiver", "waive_blocker", "waive_blocker"]
    assert verify_audit(house).faults == ()


def test_a_lead_lets_customers_of_own_departments_be(house: House, people: People) -> None:
    said: dict[str, Any] = {"until": date(2026, 11, 30), "reason": "project_pending", "at": NOW}
    with pytest.raises(NotAllowedError):
        waive_blocker(house, people["ana"], "crm9", rule_id=DATE_RULE, department="sales", **said)
    with pytest.raises(SettingsError, match="not yours"):
        waive_blocker(house, people["lea"], "crm9", rule_id=DATE_RULE, **said)
    number = waive_blocker(house, people["lea"], "crm9", rule_id=DATE_RULE, department="sales", **said)
    rows, left = _blocked(house, HOUSE)
    assert (rows[DATE_RULE], left) == ((3, 1), 5), "G3 is of service as well, and G1 waits for its owner"
    assert _blocked(house, people["ana"]) == ({DATE_RULE: (2, 1), OWNER_RULE: (2, 0)}, 3)
    assert blocker_waivers(house, people["bob"], NOW) == []
    with pytest.raises(NotFoundError):
        end_blocker_waiver(house, Actor("sid", "lead", frozenset({"service"})), number, at=NOW)
    end_blocker_waiver(house, people["lea"], number, at=NOW)


def test_an_owner_whom_nobody_takes_over_from_is_let_be(house: House) -> None:
    said: dict[str, Any] = {"until": date(2026, 11, 30), "reason": "project_pending", "at": NOW}
    number = waive_blocker(house, HOUSE, "crm9", owner="pat", **said)
    tables = house.tables(str(run_of(house)["run_id"]))
    found = blocked_in(tables, "crm9", blocker_waivers(house, HOUSE, NOW))
    assert {line.owner: (line.rows, line.waived) for line in found.owners} == {"pat": (2, 2), "kim": (1, 0)}
    assert {line.rule_id: line.waived for line in found.lines} == {DATE_RULE: 0, OWNER_RULE: 2}
    assert found.open_rows == 4
    for wrong, error in (
        ({"owner": "nobody like that"}, NotFoundError),
        ({"owner": "pat", "rule_id": DATE_RULE}, SettingsError),
        ({}, SettingsError),
        ({"rule_id": DATE_RULE, "until": NOW.date()}, SettingsError),
        ({"rule_id": DATE_RULE, "reason": "because"}, SettingsError),
    ):
        with pytest.raises(error):
            waive_blocker(house, HOUSE, "crm9", **{**said, **wrong})
    row = audit_page(house, HOUSE, action="waive_blocker")[0][0]
    assert row["subject_id"] == str(number)
    assert "pat" not in str(row), "an owner is a person: the audit has the number only"


def test_customers_are_counted_as_somebody_sees_them(house: House, people: People) -> None:
    tables = house.tables(str(run_of(house)["run_id"]))
    assert {name: count for name, count in customers_by_verdict(tables)["crm9"].items() if count} == {
        "reject": 5, "parked": 3,
    }  # fmt: skip
    mine = customers_by_verdict(tables, Visible(house.sees(people["ana"])))["crm9"]
    assert (mine["reject"], mine["parked"]) == (3, 2)
    rules = {one.rule: (one.customers, one.records, one.value) for one in parked_rules(house, HOUSE)}
    assert rules == {"inactive": (2, 3, 99.95), "test": (1, 1, 10.10)}
    assert parked_rules(house, HOUSE)[0].approver == "'=Ana", "one guard is taken off, what stood there stays"
    found = parked_customers(house, people["ana"])
    assert [row["golden_id"] for row in found.rows] == ["G9", "G7"]
    hers = {one.golden_id: (one.value, one.is_mine) for one in shown(house, people["ana"], found.rows)}
    assert hers == {"G9": (None, False), "G7": (10.10, True)}
    assert parked_customers(house, HOUSE, "inactive", limit=1).total == 2


def test_a_customer_is_brought_back_and_left_to_the_rules_again(house: House, people: People) -> None:
    lea, sid = people["lea"], Actor("sid", "lead", frozenset({"service"}))
    with pytest.raises(NotAllowedError):
        bring_back(house, people["ana"], "G7", reason="asked_customer", at=NOW)
    with pytest.raises(NotAllowedError, match="another department"):
        bring_back(house, sid, "G9", reason="asked_customer", at=NOW)
    for unknown in ("G1", "G7", "G99"):
        with pytest.raises(NotFoundError):
            bring_back(house, sid, unknown, reason="asked_customer", at=NOW)
    assert bring_back(house, lea, "G9", reason="asked_customer", at=NOW) == 2
    with pytest.raises(ConflictError):
        bring_back(house, HOUSE, "G9", reason="asked_customer", at=NOW)
    pinned = overrides(house)
    assert list(pinned["record_id"]) == ["crm:10", "crm:9"]
    assert set(pinned["column"] + "=" + pinned["value"]) == {"is_parked=no"}
    assert waiting_decisions(house).count == 2
    (one,) = brought_back(house, people["ana"])
    assert (one.golden_id, one.by, one.is_mine) == ("G9", "lea", False)
    with pytest.raises(NotAllowedError):
        park_again(house, sid, "G9", at=NOW)
    assert park_again(house, lea, "G9", at=NOW) == 2
    assert overrides(house).empty
    with pytest.raises(NotFoundError):
        park_again(house, lea, "G9", at=NOW)
    actions = [row["action"] for row in audit_page(house, HOUSE)[0]][:2]
    assert actions == ["park_again", "bring_back"]


def test_whom_a_list_brought_back_is_shown_with_the_words_of_the_list(house: House, people: People) -> None:
    assert listed_back(house, HOUSE) == [], "a run of an earlier version has no such file"
    run_id = str(run_of(house)["run_id"])
    known = house.tables(run_id).sql("SELECT record_id, golden_id FROM crosswalk WHERE golden_id IN ('G2', 'G3')", [])
    rows = pd.DataFrame(known).assign(rules="inactive", reason="called us", by="Ben", on="2026-11-20", origin="list")
    rows.loc[rows["golden_id"].eq("G2"), ["reason", "by", "on"]] = None
    columns = ["record_id", "golden_id", "rules", "reason", "by", "on", "origin"]
    write_csv_for_people(rows, house.runs_folder / run_id / "brought_back.csv", columns)
    house.forget(run_id)

    def told(actor: Actor) -> list[tuple[str, int, str, str, str, bool]]:
        found = listed_back(house, actor)
        assert all(one.by_list for one in found)
        return [(one.golden_id, len(one.record_ids), one.reason, one.by, one.at, one.is_mine) for one in found]

    assert told(people["lea"]) == [("G2", 1, "", "", "", True), ("G3", 2, "called us", "Ben", "2026-11-20", True)]
    assert told(Actor("sid", "lead", frozenset({"service"}))) == [
        ("G2", 1, "", "", "", True),
        ("G3", 2, "", "Ben", "2026-11-20", False),
    ], "the reason of a shared customer is not his"
