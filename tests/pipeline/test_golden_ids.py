"""Golden ids are given once and inherited from the result published before."""

from pathlib import Path

from dq.pipeline import run_match
from dq.pipeline.listening import Silence
from dq.settings import load_settings
from dq.text.keyed_ids import keyed_ids
from tests.finished import FinishedRun
from tests.pipeline.runs import plan_of, table


def test_customers_keep_their_id_when_a_source_goes(sample_run: FinishedRun, tmp_path: Path) -> None:
    run_match(plan_of(sample_run.sources[1:], tmp_path / "less", previous=sample_run.out), Silence())
    before = table(sample_run.out, "crosswalk.csv").set_index("record_id")["golden_id"]
    after = table(tmp_path / "less", "crosswalk.csv").set_index("record_id")["golden_id"]
    # Fewer records are other evidence: a customer may fall apart or be joined, but an id never moves to strangers.
    assert (after == before[after.index]).mean() > 0.95
    for golden_id, members in after.groupby(after).groups.items():
        assert golden_id not in set(before) or golden_id in set(before[members])


def test_without_a_result_before_ids_are_those_of_the_smallest_record(sample_run: FinishedRun) -> None:
    smallest = table(sample_run.out, "crosswalk.csv").groupby("golden_id")["record_id"].min()
    assert keyed_ids("G", "golden", smallest, load_settings().key).to_pylist() == smallest.index.tolist()
