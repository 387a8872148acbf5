"""Two commands with equal inputs share a staging folder; neither publishes what the other began."""

from pathlib import Path

from dq.pipeline import MATCH_STEPS, run_all
from dq.pipeline import _do as do_step
from dq.pipeline.listening import Silence
from dq.pipeline.planning import make_plan
from dq.pipeline.run import open_run


def test_a_run_does_not_publish_the_unfinished_result_of_a_match(tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("id,name,zip,state\n1,Mary Kwan,62704,IL\n2,Bob Ray,02139,MA\n")
    plan = make_plan([str(source)], tmp_path / "out", as_of="2026-11-21", workers=1)
    with open_run(plan) as run:
        for name, step in MATCH_STEPS.items():
            do_step(run, name, step)
        (run.result / "left_over.csv").write_text("of the match")
    run_all(plan, Silence())
    names = {path.name for path in plan.out.iterdir()}
    assert {"golden.csv", "scorecard.html", "violations.parquet"} <= names
    assert "left_over.csv" not in names
