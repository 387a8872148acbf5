"""Who was loaded and is parked today: said, and nothing is done to them."""

import json
from pathlib import Path

import pandas as pd

from dq.pipeline.loading import make_load, take_answers
from tests.pipeline.loading.houses import House, contacts, run_folder, salesforce

IDS = [f"C{number:05d}" for number in range(20)]
PARKED = ["C00003", "C00004"]
GONE = "C00007"
MERGED = {"C00005": "C00004"}
"""Merged into a customer that is parked."""


def test_a_customer_loaded_before_and_parked_now_has_an_outcome_of_its_own(tmp_path: Path) -> None:
    house = House()
    run_folder(tmp_path / "friday", contacts(IDS, {}), {f"r{one}": one for one in IDS}, salesforce())
    make_load(tmp_path / "friday", "salesforce", tmp_path / "first", tag="mock")
    take_answers(
        tmp_path / "first", tuple(house.take(path) for path in sorted((tmp_path / "first").glob("*-*.csv"))), ()
    )

    alive = [one for one in IDS if one not in (*PARKED, *MERGED, GONE)]
    # The first one was the only member of a household, whose account is the second row that is there.
    parked = pd.DataFrame({"row_id": PARKED[:1], "golden_id": PARKED[:1], "parent_row_id": PARKED[1:]}, dtype="str")
    rows = contacts(alive, {}).with_parked(parked)
    now = {f"r{one}": MERGED.get(one, one) for one in IDS if one != GONE}
    run_folder(tmp_path / "saturday", rows, now, salesforce())
    notes = tmp_path / "notes.csv"
    notes.write_text("object,id,source,parent_key,parent_id\nNote,n1,crm,rC00003,\n", encoding="utf-8")
    made = make_load(tmp_path / "saturday", "salesforce", tmp_path / "delta", since="mock", children=(notes,))

    counts = made["counts"]["Contact"]
    assert {work: count for work, count in counts.items() if count} == {
        "unchanged": 16,
        "gone": 1,
        "parked": 2,
        "merge": 1,
    }
    read = {name: pd.read_csv(tmp_path / "delta" / f"{name}.csv", dtype=str) for name in ("parked", "gone", "children")}
    assert list(read["parked"]["row_id"]) == PARKED
    assert read["parked"]["target_id"].notna().all()
    assert list(read["gone"]["row_id"]) == [GONE]
    assert list(read["children"]["outcome"]) == ["parked"]
    assert json.loads((tmp_path / "delta" / "load.json").read_text())["files"] == []
