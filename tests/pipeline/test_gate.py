"""A rule of severity `stop` that fails: reports are written, golden records are not, and the exit code says so."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dq.errors import QualityGateError
from dq.pipeline import run_all
from dq.pipeline.listening import Silence
from tests.pipeline.runs import plan_of, run, table, write_csv

ROWS = [
    ["id", "first_name", "last_name", "email"],
    ["1", "Mary", "Kwan", "m@gmail.com"],
    ["2", "Bob", "", "b@gmail.com"],
]


def test_a_failed_stop_rule_withholds_golden_records(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "web.csv", ROWS)
    plan = plan_of([source], tmp_path / "out")
    rules = tmp_path / "expectations"
    shutil.copytree(plan.settings.expectations, rules)
    text = (rules / "customers_standardized.yml").read_text(encoding="utf-8")
    rule = "  - rule_id: person_has_last_name\n"
    assert rule in text
    changed = text.replace(rule, f"{rule}    severity: stop\n")
    (rules / "customers_standardized.yml").write_text(changed, encoding="utf-8")
    with pytest.raises(QualityGateError, match="person_has_last_name") as stopped:
        run_all(replace(plan, settings=replace(plan.settings, expectations=rules)), Silence())
    assert stopped.value.exit_code == 3
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert not {name for name in written if name.startswith("golden")}
    assert {"scorecard.html", "scorecard.json", "violations.parquet", "manifest.json", "crosswalk.csv"} <= written
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["stopped"] == ["person_has_last_name"]
    violations = table(tmp_path / "out", "violations.parquet")
    failed = violations.loc[violations["rule_id"] == "person_has_last_name", "record_id"]
    assert failed.tolist() == ["web:2"]
    # The same extract under the shipped rules takes the place of the stopped result.
    run([source], tmp_path / "out")
    assert (tmp_path / "out" / "golden.csv").is_file()
