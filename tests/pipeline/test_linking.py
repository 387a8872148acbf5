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
    ["x4", "=HYPERLINK(1)", "dora@example.com", "", "", "", "", ""],
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
