"""The scorecard says why it moved since the run before."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
from starlette.testclient import TestClient

from dq.stewardship.actor import HOUSE
from dq.stewardship.importing import add_run
from tests.web.homes import NOW, App


def test_a_night_with_one_finding_less_is_told(app: App, own_home: Path, vic: TestClient) -> None:
    assert "Why it moved" not in vic.get("/scorecard").text, "one run has nothing before it"
    runs = own_home / "var" / "runs"
    first = next(runs.resolve().iterdir())
    runs.unlink()  # shared with other tests: this one adds to a copy
    shutil.copytree(first, runs / first.name)
    later = own_home / "later"
    shutil.copytree(first, later)
    manifest = json.loads((later / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"run_id": "later", "finished_at": "2026-11-24T00:00:00Z", "as_of": "2026-11-24"}
    (later / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = pq.read_table(later / "violations.parquet").to_pylist()
    mended = next(row for row in found if row["rule_id"] == "email_is_valid")
    schema = pq.read_schema(later / "violations.parquet")
    kept = [row for row in found if row is not mended]
    pq.write_table(pq.read_table(later / "violations.parquet").from_pylist(kept, schema), later / "violations.parquet")
    results = pq.read_table(later / "results.parquet")
    counts = results.to_pylist()
    of = ("rule_id", "source", "department")
    next(row for row in counts if all(row[name] == mended[name] for name in of))["failed"] -= 1
    pq.write_table(results.from_pylist(counts, results.schema), later / "results.parquet")
    add_run(app.house, HOUSE, later, at=NOW)

    page = vic.get("/scorecard?run=later").text
    assert "Why it moved by +" in page
    assert "Records nobody touched" in page
    assert "What it costs a year" in page
    born = vic.get("/scorecard/origins?run=later").text
    assert "By source" in born
    assert "By month of creation" in born
    assert "(1)" in page
