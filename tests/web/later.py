"""A second run of a home: the first with a little changed, so that something moved."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq

from dq.stewardship.actor import HOUSE
from dq.stewardship.importing import add_run
from tests.web.homes import NOW, App

MENDED = "email_is_valid"
"""The rule of which one finding is gone; its record was typed anew at the source."""


def add_later_run(app: App, own_home: Path, *, rewritten: str = "") -> str:
    """Take in a run in which one record of the crm was put right; return that record.

    Args:
        app: The app.
        own_home: Its home, whose runs are linked.
        rewritten: A rule that the later run judges in other words.
    """
    runs = own_home / "var" / "runs"
    first = next(runs.resolve().iterdir())
    if runs.is_symlink():  # shared with other tests: this one adds to a copy
        runs.unlink()
        shutil.copytree(first, runs / first.name)
        app.house._tables = {}  # shared with other tests, too
    later = own_home / "later"
    shutil.copytree(first, later)
    manifest = json.loads((later / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"run_id": "later", "finished_at": "2026-11-24T00:00:00Z", "as_of": "2026-11-24"}
    if rewritten:
        manifest["weights"]["rules"][rewritten]["definition"] = "in other words"
    (later / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = pq.read_table(later / "violations.parquet")
    mended = next(row for row in found.to_pylist() if row["rule_id"] == MENDED and row["source"] == "crm")
    kept = [row for row in found.to_pylist() if row != mended]
    pq.write_table(found.from_pylist(kept, found.schema), later / "violations.parquet")
    records = pq.read_table(later / "records.parquet")
    typed = [
        {**row, "content": "typed anew"} if row["record_id"] == mended["record_id"] else row
        for row in records.to_pylist()
    ]
    pq.write_table(records.from_pylist(typed, records.schema), later / "records.parquet")
    results = pq.read_table(later / "results.parquet")
    counts = results.to_pylist()
    of = ("rule_id", "source", "department")
    next(row for row in counts if all(row[name] == mended[name] for name in of))["failed"] -= 1
    pq.write_table(results.from_pylist(counts, results.schema), later / "results.parquet")
    by_segment = pq.read_table(later / "segment_results.parquet")
    state = next(row["state"] for row in typed if row["record_id"] == mended["record_id"])
    party = next(row["party_type"] for row in typed if row["record_id"] == mended["record_id"])
    counts = by_segment.to_pylist()
    for row in counts:
        is_of = row["segment"] in (f"state={state or ''}", f"party_type={party or ''}")
        row["failed"] -= is_of and all(row[name] == mended[name] for name in of)
    pq.write_table(by_segment.from_pylist(counts, by_segment.schema), later / "segment_results.parquet")
    add_run(app.house, HOUSE, later, at=NOW)
    return str(mended["record_id"])


def add_run_again(app: App, own_home: Path) -> None:
    """Take in a third run, in which nothing is otherwise than in the later one."""
    latest = own_home / "latest"
    shutil.copytree(own_home / "later", latest)
    manifest = json.loads((latest / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"run_id": "latest", "finished_at": "2026-11-25T00:00:00Z", "as_of": "2026-11-25"}
    (latest / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    add_run(app.house, HOUSE, latest, at=NOW)
