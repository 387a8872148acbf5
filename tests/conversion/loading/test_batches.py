"""Batches: parents before children, siblings together, a customer once per file; nothing lost, nothing twice."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.conversion import TargetRows
from dq.conversion.loading import batches, loaded_after, plan_load
from dq.model import TEXT
from tests.conversion.loads import shipped


@st.composite
def accounts(draw: st.DrawFn) -> pd.DataFrame:
    """Accounts that may stand below each other, some rows of one customer."""
    count = draw(st.integers(1, 12))
    rows = []
    for number in range(count):
        parent = draw(st.one_of(st.none(), st.integers(0, count - 1)))
        rows.append(
            {
                "row_id": f"A{number}",
                "golden_id": draw(st.sampled_from(["G1", "G2", f"G{number + 10}"])),
                "record_id": None,
                "parent_row_id": None if parent is None or parent >= number else f"A{parent}",
                "Name": f"House {number}",
            }
        )
    return pd.DataFrame(draw(st.permutations(rows))).astype(TEXT)


@given(accounts(), st.integers(1, 5))
def test_every_row_goes_in_once_after_its_parent_and_alone_of_its_customer(rows: pd.DataFrame, most: int) -> None:
    target = shipped("salesforce")
    everything = TargetRows({"Account": rows}, pd.DataFrame(columns=["row_id"]), {})
    plans = plan_load(target, everything, set(rows["row_id"]), {}, {})
    made = list(batches(target, plans, most))
    assert [batch.name for batch in made] == sorted(batch.name for batch in made)
    assert sorted(row for batch in made for row in batch.rows["row_id"]) == sorted(rows["row_id"])
    place = {row: number for number, batch in enumerate(made) for row in batch.rows["row_id"]}
    for batch in made:
        assert len(batch.rows) <= most
        assert not batch.rows["golden_id"].duplicated().any()
    for line in rows.dropna(subset="parent_row_id").to_dict("records"):
        assert place[line["parent_row_id"]] < place[line["row_id"]]


def test_what_no_file_can_empty_is_still_there_for_the_next_delta() -> None:
    target = shipped("salesforce")
    row = {"row_id": "C1", "golden_id": "C1", "record_id": None, "parent_row_id": None, "LastName": "Linkous"}
    then = pd.DataFrame([{**row, "target_id": "003", "Phone": "+13015550100", "MailingCity": "Bowie"}]).astype(TEXT)
    wanted = pd.DataFrame([{**row, "Phone": None, "MailingCity": "Laurel"}]).astype(TEXT)
    now = TargetRows({"Contact": wanted}, pd.DataFrame(columns=["row_id"]), {})
    said = pd.DataFrame({"row_id": ["C1"], "loaded": ["yes"], "target_id": ["003"]}, dtype=TEXT)
    changed = {}
    for path in ("data_loader", "bulk_api"):
        plans = plan_load(target, now, {"C1"}, {"Contact": then}, {})
        after = loaded_after(target, path, {"Contact": then}, plans, said)
        changed[path] = plan_load(target, now, {"C1"}, after, {})["Contact"].updates["changed_fields"].tolist()
    assert changed == {"data_loader": ["Phone"], "bulk_api": []}
