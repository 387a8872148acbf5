"""`dq match --explain-blocking`: a table that fits a terminal, and a file that depends on nothing but the input."""

import json
from pathlib import Path

from rich.console import Console

from dq.cli.blocking import show_blocking
from dq.pipeline import run_match
from dq.pipeline.listening import Silence
from tests.finished import FinishedRun
from tests.pipeline.runs import plan_of, sample_sources, shuffled_copy, table


def test_the_file_depends_on_the_input_alone_and_hides_values(tmp_path: Path) -> None:
    sources = sample_sources(tmp_path / "extracts", rows=80)
    shuffled = [shuffled_copy(path, tmp_path / "shuffled" / path.name, seed=3) for path in sources]
    one = run_match(plan_of(sources, tmp_path / "one", explain_blocking=True), Silence())
    other = run_match(plan_of(shuffled[::-1], tmp_path / "other", explain_blocking=True, part_rows=31), Silence())
    content = (one.out / "blocking.json").read_bytes()
    assert content == (other.out / "blocking.json").read_bytes()
    document = json.loads(content)
    assert document["records"] == len(table(one.out, "records.parquet"))
    assert sum(rule["only_pairs"] for rule in document["rules"]) <= document["pairs"]
    whole = document["rules"][-1]
    assert whole["name"] == "every_pair"
    assert whole["pairs"] == whole["only_pairs"] > whole["only_matches"]
    assert max(rule["matches"] for rule in document["rules"]) > 0
    values = [v for rule in document["rules"] for block in rule["largest_blocks"] for v in block["value"].values()]
    assert values
    assert not any(part.isalnum() and len(part) > 1 for value in values for part in value.split())
    assert any("blocking.json" in line for line in one.lines)

    console = Console(width=80, record=True, highlight=False, file=(tmp_path / "shown").open("w", encoding="utf-8"))
    show_blocking(one.out, console)
    lines = console.export_text().splitlines()
    assert all(len(line.rstrip()) <= 80 for line in lines)
    assert sum(line.startswith(("person_", "organization_")) for line in lines) >= len(document["rules"])


def test_without_the_option_there_is_no_such_file(sample_run: FinishedRun) -> None:
    assert not (sample_run.out / "blocking.json").exists()
