"""`dq link` as a whole: a bought list against the customers one has."""

import csv
import json
from dataclasses import replace
from pathlib import Path

from dq.pipeline import run_link
from dq.pipeline.listening import Silence
from tests.pipeline.runs import plan_of, write_csv

CUSTOMERS = [
    ["id", "first name", "last name", "email", "phone", "street", "city", "state", "zip", "email opt out"],
    [
        "1",
        "Ann",
        "Zywicki",
        "ann.zywicki@example.org",
        "217-555-0148",
        "12 Oak St",
        "Springfield",
        "IL",
        "62704",
        "yes",
    ],
    ["2", "Bob", "Quillfeather", "bobq@example.org", "217-555-0199", "7 Elm Ave", "Springfield", "IL", "62704", "no"],
]
LIST = [
    ["id", "name", "e-mail", "telephone", "address", "town", "state", "zip code"],
    ["x1", "Ann Zywicki", "ann.zywicki@example.org", "(217) 555-0148", "12 Oak Street", "Springfield", "IL", "62704"],
    ["x2", "Carla Montalbano", "carla@example.com", "312-555-0123", "100 Lake St", "Chicago", "IL", "60601"],
    ["x3", "Carla Montalbano", "carla@example.com", "312-555-0123", "100 Lake St", "Chicago", "IL", "60601"],
    ["x4", "=HYPERLINK(1)", "dora@globex.com", "", "", "", "", ""],
]


def test_a_list_is_told_apart_and_judged(tmp_path: Path) -> None:
    ours = write_csv(tmp_path / "ours.csv", CUSTOMERS)
    bought = write_csv(tmp_path / "bought.csv", LIST)
    plan = plan_of([ours, bought], tmp_path / "out", part_rows=2)
    result = run_link(replace(plan, link=("ours", "bought"), list_price=100.0), Silence())
    with (result.out / "linked.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["source_key"]: row for row in csv.DictReader(file)}
    assert {key: row["link"] for key, row in rows.items()} == {
        "x1": "existing", "x2": "new", "x3": "new", "x4": "new",
    }  # fmt: skip
    assert rows["x1"]["customer_key"] == "1"
    assert rows["x1"]["do_not_email"] == "true"  # the customer opted out, so the bought row is not mailed either
    assert rows["x3"]["repeats"] == "x2"
    verdict = json.loads((result.out / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["rows"], verdict["existing"], verdict["net_new"], verdict["repeated"]) == (4, 1, 2, 1)
    assert verdict["cost_per_usable"] == 50.0
    with (result.out / "new.csv").open(encoding="utf-8", newline="") as file:
        assert [row["source_key"] for row in csv.DictReader(file)] == ["x2", "x4"]
    suppressed = (result.out / "suppression.csv").read_text(encoding="utf-8")
    assert "x1,do_not_email,ann.zywicki@example.org" in suppressed


HISTORY = [
    line.split("|")
    for line in (
        "id|name|email|phone|street|city|state|zip|email opt out|email opt in|consent date",
        "1|Ann Zywicki|ann.zywicki@acme.com|217-241-7001|12 Oak St|Springfield|IL|62704|yes||2020-01-05",
        "2|Ann Zywicki|ann.zywicki@acme.com|217-241-7001|12 Oak St|Springfield|IL|62704||yes|2024-01-05",
        "3|Bob Quillfeather|bobq@acme.com|217-241-7002|7 Elm Ave|Springfield|IL|62704|yes||2024-01-05",
        "4|Eve Montalbano|eve@acme.com|217-241-7003|9 Elm Ave|Springfield|IL|62704|||",
    )
]
BOUGHT = [
    line.split("|")
    for line in (
        "id|name|email|phone|street|city|state|zip",
        "x1|Ann Zywicki|ann.zywicki@acme.com|217-241-7001|12 Oak St|Springfield|IL|62704",
        "x2|Carla Delgado|bobq@acme.com|312-664-1234|100 Lake St|Chicago|IL|60601",
        "x3|Dora Farrow (deceased)|dora.farrow@globex.com|312-664-1235|101 Lake St|Chicago|IL|60601",
        "x4|Gil Harper|test@test.com|||||",
        "x5|Ida Jansen|ida.jansen@globex.com|312-664-1236|103 Lake St|Chicago|IL|60601",
    )
]


def test_refusals_hold_as_long_as_they_are_the_last_word(tmp_path: Path) -> None:
    ours, bought = write_csv(tmp_path / "ours.csv", HISTORY), write_csv(tmp_path / "bought.csv", BOUGHT)
    plan = plan_of([ours, bought], tmp_path / "out")
    out = run_link(replace(plan, link=("ours", "bought"), list_price=10.0), Silence()).out
    with (out / "suppression.csv").open(encoding="utf-8", newline="") as file:
        suppressed = {(row["source_key"], row["channel"]) for row in csv.DictReader(file)}
    # Ann said yes after no; Bob's refusal holds for his mailbox, whoever the list says it is; the dead are left alone.
    assert not {pair for pair in suppressed if pair[0] in ("x1", "x5")}
    assert ("x2", "do_not_email") in suppressed
    assert ("x2", "do_not_call") not in suppressed
    assert {channel for key, channel in suppressed if key == "x3"} == {
        "do_not_mail", "do_not_email", "do_not_call", "do_not_text",
    }  # fmt: skip
    verdict = json.loads((out / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["existing"], verdict["net_new"], verdict["deceased"]) == (1, 4, 1)
    # A made-up mailbox and a dead person are names nobody can use.
    assert (verdict["usable"], verdict["cost_per_usable"]) == (2, 5.0)
