"""A run that is killed, that meets another one, or whose disk is full: the old result stands, and it can go on."""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dq.errors import ConflictError
from dq.pipeline.run import open_run
from tests.finished import FinishedRun
from tests.pipeline.runs import CONVERSION, differences, plan_of, run, table, write_csv

ROOT = Path(__file__).parents[2]
COMMAND = "from dq.cli import main; main()"
PEOPLE = [["id", "name", "city", "state"], ["1", "Mary Kwan", "Dayton", "OH"], ["2", "Bob Ray", "Akron", "OH"]]


def start(sources: list[Path], out: Path, code: str = COMMAND, **options: object) -> "subprocess.Popen[str]":
    targets = [word for choice in CONVERSION.targets for word in ("--target", choice.name)]
    same = ["--as-of", "2026-11-21", "--workers", "1", "--log-json", "--assign", "households", *targets]
    arguments = [*map(str, sources), "--out", str(out), *same]
    return subprocess.Popen(
        [sys.executable, "-c", code, "run", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,  # type: ignore[call-overload]
    )


def killed_when(process: "subprocess.Popen[str]", step: str) -> None:
    """Kill the process without warning as soon as it says that the step begins."""
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line)
        if event["event"] == "begin" and event["step"] == step:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_a_killed_run_goes_on_and_comes_to_the_same_result(sample_run: FinishedRun, tmp_path: Path) -> None:
    step = "survive"
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("{}")
    killed_when(start(sample_run.sources, out), step)
    assert [path.name for path in out.iterdir()] == ["manifest.json"]  # the old result stands
    (staging,) = tmp_path.glob("out.staging-*")
    read = (staging / "state" / "read.json").stat().st_mtime_ns
    done = {path.name for path in (staging / "state").glob("done-*.json")}
    assert "done-ingest.json" in done
    assert f"done-{step}.json" not in done
    with open_run(plan_of(sample_run.sources, out, conversion=CONVERSION)) as again:
        assert (again.staging / "state" / "read.json").stat().st_mtime_ns == read  # what is done is not done again
    run(sample_run.sources, out, conversion=CONVERSION)
    assert differences(out, sample_run.out) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "people.csv", PEOPLE)
    with open_run(plan_of([source], tmp_path / "out")):
        with pytest.raises(ConflictError):
            run([source], tmp_path / "out")
        with pytest.raises(ConflictError):
            run([source], tmp_path / "out", match_at="balanced")
    assert not (tmp_path / "out").exists()


def test_a_changed_option_and_fresh_start_over(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "people.csv", PEOPLE)
    out = tmp_path / "out"

    def unfinished(**options: object) -> tuple[str, object]:
        with open_run(plan_of([source], out, **options)) as opened:
            before = opened.kept("mark")
            opened.keep("mark", "here")
            return opened.staging.name, before

    name, _ = unfinished()
    assert unfinished() == (name, "here")
    assert unfinished(fresh=True) == (name, None)
    other, mark = unfinished(country="CA")
    assert (other == name, mark) == (False, None)
    assert [path.name for path in tmp_path.glob("out.staging-*")] == [other]


LIMITED = (
    """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, resource.RLIM_INFINITY))
"""
    + COMMAND
)


def test_a_full_disk_stops_cleanly_and_the_run_goes_on_afterwards(sample_run: FinishedRun, tmp_path: Path) -> None:
    # No file may grow beyond this size: what the system answers is handled like a full disk.
    out = tmp_path / "out"
    process = start(sample_run.sources, out, LIMITED % 60_000)
    _, errors = process.communicate(timeout=300)
    last = [line for line in errors.splitlines() if not line.startswith("{")]
    assert process.returncode == 2, errors
    assert last[0].startswith("dq: ")
    assert "room" in last[0] or "space" in last[0]
    assert "Traceback" not in errors
    assert not out.exists()
    run(sample_run.sources, out, conversion=CONVERSION)
    assert differences(out, sample_run.out) == []


def test_memory_is_not_taken_by_a_line_without_end(tmp_path: Path) -> None:
    """A line over the limit is one reject; its text is not kept."""
    source = tmp_path / "people.csv"
    with source.open("w", encoding="utf-8") as file:
        file.write("id,name,city,state\n1,Mary Kwan,Dayton,OH\n2,")
        for _ in range(20):
            file.write("x" * 1_000_000)
        file.write(",Akron,OH\n3,Bob Ray,Akron,OH\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_run(plan_of([source], tmp_path / "out")) as opened:
        from dq.pipeline.ingest import read_tables

        (read,) = read_tables(opened)
    assert (read.row_count, read.reject_count, read.read_count) == (2, 1, 3)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


def test_identical_rows_are_numbered_and_merged_without_comparing_all_with_all(tmp_path: Path) -> None:
    rows = [
        ["Mary Kwan", "12 Oak St", "Springfield", "IL", "62704", "m.kwan@gmail.com"]
    ] * 2100  # more than `every_pair` of matching.yml, which compares a small file whole
    source = write_csv(tmp_path / "web.csv", [["name", "street", "city", "state", "zip", "email"], *rows])
    out = run([source], tmp_path / "out").out
    crosswalk = table(out, "crosswalk.csv")
    first = crosswalk["record_id"].min()
    assert sorted(crosswalk["record_id"]) == sorted([first, *(f"{first}~{n}" for n in range(2, 2_101))])
    assert len(table(out, "pairs.parquet")) < 20 * len(rows)
    assert crosswalk["golden_id"].nunique() == 1


def test_columns_without_a_value_and_hundreds_of_columns(tmp_path: Path) -> None:
    headers = [f"c{place}" for place in range(300)]
    cells = [[str(row * place) if place % 3 else "" for place in range(300)] for row in range(4)]
    rows = [[str(row), "Mary Kwan", *cells[row]] for row in range(4)]
    source = write_csv(tmp_path / "wide.csv", [["id", "name", *headers], *rows])
    out = run([source], tmp_path / "out").out
    records = table(out, "records.parquet")
    extras = [name for name in records.columns if name.startswith("extra.")]
    assert len(extras) > 250
    assert records["extra.c3"].isna().all()
    assert "c299" in table(out, "golden.csv").columns
