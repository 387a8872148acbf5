"""A merge taken apart: the next run gives its members back exactly, under ids that tell where they come from."""

from pathlib import Path

import pandas as pd
import pytest

from dq.errors import ConflictError, NotFoundError
from dq.pipeline.unmerging import unmerge
from tests.finished import FinishedRun
from tests.pipeline.runs import run, table


def test_members_come_back_as_they_were(customers_run: FinishedRun, tmp_path: Path) -> None:
    first = customers_run.out
    before = table(first, "crosswalk.csv").set_index("record_id")["golden_id"]
    assert before["crm:1"] == before["crm:2"] == before["crm:3"]
    judgements = tmp_path / "judgements.csv"
    done = unmerge(first, before["crm:1"], judgements, by="steward", reason="=two people", apart=("crm:3",))
    assert done.written == 2
    assert sorted(done.members["record_id"]) == ["crm:1", "crm:2", "crm:3"]
    second = run(customers_run.sources, tmp_path / "second", previous=first, judgements=judgements).out
    after = table(second, "crosswalk.csv").set_index("record_id")["golden_id"]
    assert after["crm:1"] == after["crm:2"] == before["crm:1"]
    assert after["crm:3"] not in set(before)
    events = table(second, "golden_events.csv")[["event", "golden_id", "other_golden_id"]].values.tolist()
    assert events == [["split_from", after["crm:3"], before["crm:1"]]]
    golden = table(second, "golden.parquet").set_index("golden_id")
    assert golden.loc[after["crm:3"], "phone"] == "217-555-0149"


def test_everybody_taken_apart_is_exactly_who_they_were(customers_run: FinishedRun, tmp_path: Path) -> None:
    first = customers_run.out
    golden_id = table(first, "crosswalk.csv").set_index("record_id")["golden_id"]["crm:1"]
    unmerge(first, golden_id, tmp_path / "judgements.csv", by="steward", reason="three people")
    second = run(customers_run.sources, tmp_path / "second", previous=first, judgements=tmp_path / "judgements.csv").out
    golden = table(second, "golden.parquet").merge(table(second, "crosswalk.csv")[["record_id", "golden_id"]])
    records = table(second, "records.parquet")
    assert len(golden) == len(records) == 4
    columns = [name for name in golden if name in records and not name.startswith("do_not_")]
    left, right = (rows.set_index("record_id").sort_index()[columns[:-1]] for rows in (golden, records))
    pd.testing.assert_frame_equal(left, right, check_dtype=False)
    assert table(second, "provenance.parquet").empty
    # The records themselves never changed: a merge chooses among them and alters none.
    pd.testing.assert_frame_equal(records, table(first, "records.parquet"))


def test_a_second_thought_supersedes_the_first(customers_run: FinishedRun, tmp_path: Path) -> None:
    first = customers_run.out
    golden_id = table(first, "crosswalk.csv").set_index("record_id")["golden_id"]["crm:1"]
    judgements = tmp_path / "judgements.csv"
    unmerge(first, golden_id, judgements, by="a", reason="r")
    before = table(tmp_path, "judgements.csv")
    unmerge(first, golden_id, judgements, by="b", reason="r", apart=("crm:3",))
    rows = table(tmp_path, "judgements.csv")
    assert len(rows) == len(before) + 2 == 5
    assert set(rows.loc[rows["supersedes"] != "", "supersedes"]) <= set(before["judgement_id"])


def test_what_cannot_be_taken_apart_is_refused(customers_run: FinishedRun, tmp_path: Path) -> None:
    first = customers_run.out
    golden = table(first, "crosswalk.csv").set_index("record_id")["golden_id"]
    with pytest.raises(NotFoundError, match="no golden record G0"):
        unmerge(first, "G0", tmp_path / "j.csv", by="a", reason="r")
    with pytest.raises(NotFoundError, match="crm:4 is no record"):
        unmerge(first, golden["crm:1"], tmp_path / "j.csv", by="a", reason="r", apart=("crm:4",))
    with pytest.raises(ConflictError, match="holds 1 records"):
        unmerge(first, golden["crm:4"], tmp_path / "j.csv", by="a", reason="r")
    with pytest.raises(NotFoundError, match="no finished run"):
        unmerge(tmp_path, "G0", tmp_path / "j.csv", by="a", reason="r")
