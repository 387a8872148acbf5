"""`dq apply` on the terminal: files of decisions, what it refuses, a home without anything to do."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.terminals import Terminal
from tests.finished import FinishedRun
from tests.pipeline.runs import table

HEADER = "judgement_id,record_id_l,record_id_r,judgement,reason,by,judged_at,content_l,content_r,supersedes\n"


@pytest.fixture(scope="module")
def finished(sample_run: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run, linked: these commands may not write into it, and others look at it."""
    return shutil.copytree(sample_run.out, tmp_path_factory.mktemp("finished") / "out", copy_function=os.link)


def test_decisions_from_files(finished: Path, terminal: Terminal) -> None:
    rows = table(finished, "crosswalk.csv")
    one, other = rows.loc[rows["cluster_size"] == "1", "record_id"].tolist()[:2]
    judgements = terminal.folder / "judgements.csv"
    judgements.write_text(f"{HEADER}J1,{one},{other},SAME,,ann,2026-11-21T10:00:00Z,,,\n", encoding="utf-8")
    answer = terminal.dq("apply", finished, "--out", "new", "--judgements", judgements, "--workers", "1")
    assert answer.code == 0, answer.err
    assert "golden records are chosen anew" in answer.out
    golden = table(terminal.folder / "new", "crosswalk.csv").set_index("record_id")["golden_id"]
    assert golden[one] == golden[other]
    assert table(finished, "crosswalk.csv").equals(rows)


def test_what_it_refuses(finished: Path, terminal: Terminal) -> None:
    assert terminal.dq("apply", finished, "--out", "new").said[0] == "dq: no decisions were named"
    assert terminal.dq("apply", finished, "--judgements", "j.csv").said[0] == "dq: --out is missing"
    assert terminal.dq("apply", ".", "--out", "new", "--judgements", "j.csv").code == 2
    itself = terminal.dq("apply", finished, "--out", finished, "--judgements", finished / "judgements.csv")
    assert (itself.code, itself.said[0]) == (2, f"dq: --out {finished} is the run that the decisions are about")
    assert terminal.dq("apply", "--out", "new").code == 2
    assert terminal.dq("apply").said[0] == "dq: there is no home here"
    # In a home with a key of its own, golden ids would be others.
    (terminal.folder / "dq.toml").write_text('key = "a secret of the home"\n', encoding="utf-8")
    overrides = terminal.folder / "overrides.csv"
    overrides.write_text("record_id,column,value,reason,by,at\n", encoding="utf-8")
    answer = terminal.dq("apply", finished, "--out", "new", "--overrides", overrides)
    assert answer.code == 2
    assert "more than decisions changed since that run: the home has another key" in answer.err
    assert "dq apply --full" in answer.err
    assert "the home has no run yet" in terminal.dq("apply").err
    assert not (terminal.folder / "new").exists()
