"""Every command once, as a person uses it, on small sample extracts."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dq.pipeline.evidence import explain_pair
from dq.settings import load_settings
from tests.cli.terminals import ROOT, Answer, Terminal
from tests.pipeline.runs import sample_sources, table

HEAVY = ("pandas", "pyarrow", "duckdb", "great_expectations", "prefect", "usaddress", "rapidfuzz", "altair")
AT_THE_END = "import atexit, sys; atexit.register(lambda: print('loaded:', *sorted({'prefect', %s} & {*sys.modules})));"
START = AT_THE_END % ", ".join(map(repr, HEAVY)) + "from dq.cli import main; main()"


def in_its_own_process(*arguments: str | Path, folder: Path) -> Answer:
    """Run a command and print at its end which heavy libraries it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", START, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Finished:
    """A finished run: its extracts, its folder and what the terminal got."""

    sources: list[Path]
    out: Path
    answer: Answer


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("finished")
    sources = sample_sources(folder / "extracts")
    options = ("--out", "out", "--as-of", "2026-11-21", "--workers", "1", "--log-json")
    answer = in_its_own_process("run", *sources, *options, folder=folder)
    assert answer.code == 0, answer.err
    return Finished(sources, folder / "out", answer)


@pytest.mark.parametrize("command", [(), ("run",), ("explain",), ("sample",)])
def test_help_loads_no_heavy_library(command: tuple[str, ...], tmp_path: Path) -> None:
    answer = in_its_own_process(*command, "--help", folder=tmp_path)
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "loaded:"


def test_a_run_never_loads_prefect(finished: Finished) -> None:
    assert "prefect" not in finished.answer.out.splitlines()[-1]


def test_log_lines_are_json_and_hold_no_cell(finished: Finished) -> None:
    lines = [json.loads(line) for line in finished.answer.said]
    assert {line["event"] for line in lines} == {"say", "begin", "advance", "done"}
    assert [line["step"] for line in lines if line["event"] == "begin"] == [
        "ingest", "standardize", "verify", "match", "cluster", "survive", "validate", "report",
    ]  # fmt: skip
    logged = finished.answer.err
    personal = table(finished.out, "records.parquet")
    columns = ("record_id", "first_name", "last_name", "organization_name", "email", "phone_raw", "address_line1_raw")
    for column in columns:
        for value in personal[column].dropna().unique():
            assert len(value) < 4 or not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", logged), value


def test_the_last_lines_say_what_matters(finished: Finished) -> None:
    lines = json.loads(finished.answer.said[-1])["lines"]
    assert lines[0].startswith("Score ")
    assert lines[1].startswith("Duplicates: ")
    assert lines[-1] == "Scorecard: out/scorecard.html"


def a_pair(out: Path, outcome: str) -> tuple[str, str, float]:
    pairs = table(out, "pairs.parquet")
    row = pairs.loc[pairs["outcome"] == outcome].iloc[0]
    return row["record_id_l"], row["record_id_r"], float(row["match_weight"])


def test_the_weights_of_an_explanation_sum_to_the_match_weight(finished: Finished, terminal: Terminal) -> None:
    left, right, weight = a_pair(finished.out, "match")
    explanation = explain_pair(finished.out, left, right)
    assert explanation.waterfall["weight"].sum() == pytest.approx(weight, abs=1e-4)
    answer = terminal.dq("explain", finished.out, left, right)
    assert answer.code == 0
    assert f"{weight:+.2f}" in answer.out


def test_a_pair_that_nothing_brought_together_is_explained_as_well(finished: Finished, terminal: Terminal) -> None:
    rows = table(finished.out, "records.parquet")
    people = rows.loc[rows["party_type"] == "person", "record_id"]
    answer = terminal.dq("explain", finished.out, people.iloc[0], people.iloc[-1])
    assert answer.code == 0
    assert "sum" in answer.out


def test_an_unknown_record_is_told(finished: Finished, terminal: Terminal) -> None:
    answer = terminal.dq("explain", finished.out, "crm:none", a_pair(finished.out, "match")[0])
    assert answer.code == 2
    assert answer.said[0].endswith("has no record crm:none")


def test_evaluate_holds_the_run_against_the_truth(finished: Finished, terminal: Terminal) -> None:
    truth = next(finished.sources[0].parent.rglob("true_clusters.csv"))
    text, document = (terminal.dq("evaluate", finished.out, truth, "--format", f) for f in ("text", "json"))
    found = json.loads(document.out)
    assert 0.5 < found["recall"] <= 1
    assert found["precision"] > 0.9
    assert f"{found['precision']:.4f}" in text.out
    assert found["unknown"] == 0


def test_profile_says_what_every_column_is(
    finished: Finished, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # a narrow terminal folds headers
    answer = terminal.dq("profile", finished.sources[1])
    assert answer.code == 0
    headers = finished.sources[1].read_text("cp1252").splitlines()[0].split(";")
    assert [header for header in headers if header not in answer.out] == []


@pytest.mark.parametrize("place", [0, 1, 2], ids=["related tables", "billing", "web"])
def test_a_saved_mapping_gives_the_same_mapping(
    finished: Finished, terminal: Terminal, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, settings = finished.sources[place], load_settings()
    home = terminal.folder / "home"
    for folder in (settings.standards, settings.expectations):
        shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("build", "sources"))
    (home / "dq.toml").write_text('key = "a secret of at least sixteen"\n')
    name = source.stem
    before = terminal.dq(
        "profile", source, "--format", "json", "--save-mapping", home / "standards" / "sources" / f"{name}.yml"
    )
    monkeypatch.setenv("DQ_HOME", str(home))
    after = terminal.dq("profile", source, "--format", "json")
    one, other = json.loads(before.out), json.loads(after.out)
    shown = [{key: line[key] for key in ("table", "header", "mapped_to")} for line in one["mapping"]]
    assert [{key: line[key] for key in ("table", "header", "mapped_to")} for line in other["mapping"]] == shown
    assert one["country"] == other["country"]
    assert all(line["confidence"] == 1.0 for line in other["mapping"] if not line["mapped_to"].startswith("key"))


def test_standardize_writes_records_and_every_change(finished: Finished, terminal: Terminal) -> None:
    answer = terminal.dq("standardize", finished.sources[2], "--out", "clean", "--as-of", "2026-11-21", "--workers", 1)
    assert answer.code == 0
    assert "values altered" in answer.out
    written = {path.name for path in (terminal.folder / "clean").iterdir()}
    tables = {f"{name}.parquet" for name in ("records", "contact_points", "relations", "changes")}
    assert written == {*tables, "cases.parquet", "rejects.csv", "manifest.json"}


def test_match_finds_the_duplicates_of_the_whole_job(finished: Finished, terminal: Terminal) -> None:
    answer = terminal.dq(
        "match", *finished.sources, "--out", "matched", "--as-of", "2026-11-21", "--workers", 1, "--quiet"
    )
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    for name in ("crosswalk.csv", "pairs.parquet", "cases.parquet", "model.json", "records.parquet"):
        assert (terminal.folder / "matched" / name).read_bytes() == (finished.out / name).read_bytes(), name
    assert not (terminal.folder / "matched" / "golden.parquet").exists()
