"""The step that ends `dq check`: nothing is published but whether the customers would load, and why not."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dq.engine import paths_of, rows_of
from dq.pipeline.converting import convert
from dq.pipeline.ingest import raw_parts, read_tables
from dq.pipeline.manifest import write_manifest
from dq.pipeline.parking import park
from dq.pipeline.run import Run
from dq.pipeline.sketching import sketch_table
from dq.quality import summarize
from dq.quality.scorecard.readiness_page import render_readiness
from dq.tables.writing import atomic

CHECK_PAGE, CHECK_FILE = "check.html", "check.json"


def report_check(run: Run) -> None:
    """Write the readiness, the page, and `check.json` with all that the terminal shows."""
    parked = park(run)
    found = convert(run, refuse_lacking=True)
    document: dict[str, Any] = {
        "as_of": run.plan.as_of.isoformat(),
        "sources": _sources(run),
        "mapping": _mapping(run),
        "notes": run.kept("notes") or [],
        "duplicates": _duplicates(run),
        "rules": _rules(run),
        "parking": parked.document(),
        "together": run.kept("together") or {},
        "targets": [one.document() for one in found],
    }
    run.keep("lines", [one.headline for one in found])
    _put(run, CHECK_FILE, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))
    _put(run, CHECK_PAGE, render_readiness(document))
    write_manifest(run, {}, {})


def _rules(run: Run) -> list[dict[str, object]]:
    """Return what one's own quality rules came to; empty where none were given."""
    counts = run.kept("rule_counts")
    if not run.plan.judges_rules or not isinstance(counts, list):
        return []
    results = summarize(pd.DataFrame(counts), run.standards, by=())
    wanted = ["rule_id", "severity", "why", "evaluated", "failed", "passes"]
    return [
        {"rule_id": line["rule_id"], "severity": line["severity"], "why": line["why"], "passes": bool(line["passes"])}
        | {"evaluated": int(line["evaluated"]), "failed": int(line["failed"])}
        for line in results[wanted].to_dict("records")
    ]


def _put(run: Run, name: str, text: str) -> None:
    with atomic(run.result / name) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def _sources(run: Run) -> list[dict[str, object]]:
    listed = run.kept("read")
    assert isinstance(listed, list)
    wanted = ("source", "table", "read_count", "row_count", "reject_count", "decisions")
    return [{name: table[name] for name in wanted} for table in listed]


def _mapping(run: Run) -> list[dict[str, object]]:
    """Return what each source column was taken for, and how much of it is filled."""
    mapping = run.kept("mapping")
    assert isinstance(mapping, list)
    filled: dict[tuple[str, str, str], int] = {}
    for table in read_tables(run):
        stage = f"sketch/{table.source}/{table.table or '_'}"
        sample = sketch_table(run.engine, table, raw_parts(table), stage)
        filled |= {(table.source, table.table, header): count for header, count in sample.filled.items()}
    rows = {(table.source, table.table): table.row_count for table in read_tables(run)}
    return [{**line, "filled": _share(line, filled, rows)} for line in mapping]


def _share(
    line: Mapping[str, Any], filled: Mapping[tuple[str, str, str], int], rows: Mapping[tuple[str, str], int]
) -> float | None:
    count, total = filled.get((line["source"], line["table"], line["header"])), rows[line["source"], line["table"]]
    return None if count is None or not total else round(count / total, 4)


def _duplicates(run: Run) -> Mapping[str, int]:
    """Return how many records are how many customers; empty where nothing was merged."""
    if not run.plan.merge:
        return {}
    query = "SELECT count(*) AS records, count(DISTINCT golden_id) AS customers FROM crosswalk"
    totals = run.engine.frame(query, {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}).iloc[0]
    return {
        "records": int(totals["records"]),
        "customers": int(totals["customers"]),
        "pairs_to_decide": rows_of(run.parts("cases"), "cases"),
    }
