"""Acceptance packs: the same customers for the same seed, every old row beside the new record, defects counted back."""

from pathlib import Path

import pandas as pd
import pytest

from dq.errors import NotFoundError, SettingsError
from dq.pipeline.acceptance import make_packs, read_packs
from tests.finished import FinishedRun
from tests.workbooks import cells_of, saved


def test_defects_come_back_counted(sample_run: FinishedRun, tmp_path: Path) -> None:
    ((department, count, file),) = make_packs(sample_run.out, tmp_path / "a", None, 1)
    ((_, _, again),) = make_packs(sample_run.out, tmp_path / "b", "everybody", 1)
    assert file.read_bytes() == again.read_bytes()
    cells = cells_of(file.read_bytes())
    head, *lines = cells["Customers"]
    place = {title: number for number, title in enumerate(head)}
    kinds = pd.DataFrame(lines, columns=head).drop_duplicates("Customer")["Chosen as"].value_counts().to_dict()
    assert kinds["random"] == 30
    assert kinds["largest"] == 20
    assert sum(kinds.values()) == count
    golden = pd.read_parquet(sample_run.out / "golden.parquet", columns=["golden_id", "cluster_size"])
    sizes = golden.set_index("golden_id")["cluster_size"].astype(int)
    for line in lines:
        if line[place["Field"]] == "the customer":
            assert sum(bool(line[place[f"Old {n}"]]) for n in range(1, 6)) == min(5, sizes[line[0]])

    firsts = [line for line in lines if line[place["Chosen as"]] == "random" and line[place["Field"]] == "the customer"]
    for line in firsts[:20]:
        line[place["Initials"]] = "AL"
    wrong = [line for line in lines if line[place["Field"]] == "address" and line[0] in {one[0] for one in firsts[:20]}]
    for line in wrong[:3]:
        line[place["Verdict"]], line[place["Severity"]], line[place["What is wrong"]] = "defect", "serious", "=1+1"
    file.write_bytes(saved(cells))
    found = read_packs([file])
    (one,) = found["departments"]
    assert (one["department"], department) == ("everybody", "everybody")
    assert one["customers"]["random"] == {"given": 30, "looked": 20, "wrong": 3}
    assert one["wrong_rate"]["low"] < one["wrong_rate"]["rate"] == 0.15 < one["wrong_rate"]["high"]
    assert one["defects"] == [{"field": "address", "severity": "serious", "count": 3}]
    assert found["defects"] == {"stops the load": 0, "serious": 3, "minor": 0}

    wrong[0][place["Severity"]] = "bad"
    firsts[25][place["Verdict"]], firsts[25][place["Severity"]] = "defect", "minor"
    firsts[26][place["What is wrong"]] = "something"
    file.write_bytes(saved(cells))
    with pytest.raises(SettingsError) as refused:
        read_packs([file, again])
    for said in ("a defect needs a severity", "nobody's initials stand on", "is not marked as defect"):
        assert said in refused.value.message
    with pytest.raises(SettingsError, match="stands in two files"):
        read_packs([again, again])
    with pytest.raises(NotFoundError, match="no department North"):
        make_packs(sample_run.out, tmp_path, "North", 1)
