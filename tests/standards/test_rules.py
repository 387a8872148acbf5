"""A mistake in a rule file is told with file, place and hint, all at once and without Great Expectations."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import Problem
from dq.standards.rules import read_rules

GOOD = """
layer: standardized
grain: one row per record
rules:
  - rule_id: birth_date_is_not_a_default
    table: records
    expectation: expect_column_values_to_lack_doubts
    arguments: {column: birth_on, doubts: [default]}
    dimension: accuracy
    severity: warn
    threshold: 0.99
    weight: 2
    reason: the day is a default
    why: because
"""
MISTAKES = pd.read_csv(Path(__file__).parents[1] / "cases" / "rule_mistakes.csv", dtype="str", keep_default_na=False)


def _problems(folder: Path, text: str) -> list[Problem]:
    (folder / "rules.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    read_rules(folder, problems)
    return problems


def test_good_file_has_no_problem(tmp_path: Path) -> None:
    assert _problems(tmp_path, GOOD) == []


@pytest.mark.parametrize("number", MISTAKES.index)
def test_mistake_is_told(number: int, tmp_path: Path) -> None:
    mistake = MISTAKES.loc[number]
    assert mistake["replace"] in GOOD
    problems = _problems(tmp_path, GOOD.replace(mistake["replace"], mistake["with"]))
    told = [problem for problem in problems if problem.key.endswith(mistake["place"])]
    assert told, problems
    assert any(mistake["message"] in problem.message and mistake["hint"] in problem.hint for problem in told), told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("table: records", "table: record").replace("severity: warn", "severity: loud")
    text = text.replace("weight: 2", "wieght: 2")
    (tmp_path / "other.yml").write_text(GOOD.replace("accuracy", "beauty"), encoding="utf-8")
    problems = _problems(tmp_path, text)
    assert {(problem.file, problem.key.rpartition(".")[2]) for problem in problems} >= {
        ("rules.yml", "table"),
        ("rules.yml", "severity"),
        ("rules.yml", "wieght"),
        ("other.yml", "dimension"),
    }


def test_rule_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / "again.yml").write_text(GOOD, encoding="utf-8")
    (problem,) = _problems(tmp_path, GOOD)
    assert (problem.file, problem.message) == ("rules.yml", "stands in again.yml already")


@pytest.mark.parametrize(
    "text", ["", "rules: none", "- a list", "layer: raw\nrules:\n  - just text\ngrain: x", "layer: [raw", "a: 1\na: 2"]
)
def test_file_that_is_no_rule_file_is_a_problem(text: str, tmp_path: Path) -> None:
    assert _problems(tmp_path, text)


def test_checking_does_not_import_great_expectations() -> None:
    code = (
        "import sys; from pathlib import Path; from dq.standards import load_standards; import dq.quality;"
        "load_standards(Path('standards'), Path('expectations'));"
        "sys.exit('great_expectations' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
