"""The step that writes everything a run leaves: tables, files for people, the scorecard, the manifest."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq import model
from dq.engine import paths_of
from dq.pipeline.archiving import ARCHIVED, column_lines, write_archived
from dq.pipeline.converting import convert
from dq.pipeline.finished import MATCHING_FILE
from dq.pipeline.go_no_go import write_sheets
from dq.pipeline.kept import keep_for_decisions
from dq.pipeline.ledger import COUNTS_QUERY, Account, as_document, open_ledger
from dq.pipeline.manifest import write_manifest
from dq.pipeline.match_numbers import draw_charts
from dq.pipeline.merging import overrides_of
from dq.pipeline.parking import park
from dq.pipeline.previewing import write_preview
from dq.pipeline.run import Run
from dq.pipeline.scorecard_input import scorecard_of
from dq.pipeline.tables_out import frames_of, stream, write_golden_csv, write_table
from dq.quality import summarize
from dq.quality.scorecard import Scorecard, as_json, headline, render_page
from dq.survivorship.events import EVENTS, golden_events
from dq.tables.people_files import read_crosswalk
from dq.tables.writing import atomic, write_csv_for_machines, write_csv_for_people, write_parquet


def report(run: Run) -> None:
    """Write the files of the run into `result/`; keeps what the terminal shows (`lines`)."""
    failed_stops = run.kept("failed_stops") or []
    assert isinstance(failed_stops, list)
    counts = write_records(run)
    keep_for_decisions(run)
    write_conclusions(run, counts, failed_stops)


def write_conclusions(run: Run, counts: dict[str, int], failed_stops: list[str]) -> None:
    """Write what follows from decisions: everything but the tables that standardising gave.

    Args:
        run: The run.
        counts: Table → rows that are written already.
        failed_stops: Rules of severity `stop` that failed: golden records are not written then.
    """
    counts |= _write_merged(run, with_golden=not failed_stops)
    counts["violations"] = _write_violations(run)
    counts["results"] = _write_results(run)
    counts["segment_results"] = _write_by_segment(run)
    parked = park(run)
    accounts = ledger(run)
    readiness = [] if failed_stops else convert(run, with_loads=True)
    card = scorecard_of(run, accounts, tuple(failed_stops), draw_charts(run))
    _write_scorecard(run, card)
    loads = [one.headline for one in readiness]
    # Whoever names no target has not asked what is not to be converted, but is told who is parked.
    parking = [parked.line, parked.preview if readiness else ""]
    told = [*headline(card), *column_lines(run), *loads, *filter(None, parking), *write_preview(run)]
    run.keep("lines", [*told, "Scorecard: {out}/scorecard.html"])
    document = as_document(accounts)
    write_sheets(run.result, {"as_of": run.plan.as_of.isoformat(), "ledger": document})
    write_manifest(run, document, counts)


def write_records(run: Run) -> dict[str, int]:
    """Write the tables that standardising gave, and what was rejected."""
    parts, folder = run.parts("verified"), run.result
    counts = {
        table.name: write_table(parts, table, folder) for table in (model.RECORDS, model.CONTACT_POINTS, model.CHANGES)
    }
    counts["relations"] = write_table(run.parts("relations"), model.RELATIONS, folder)
    listed = run.kept("read")
    assert isinstance(listed, list)
    refused = sorted([*listed, *strays(run)], key=lambda table: (table["source"], table["table"]))
    rejects = [run.engine.work / table["rejects"] for table in refused]
    archived = write_archived(run)
    if archived:
        counts[ARCHIVED] = archived
    columns = list(model.REJECTS.columns)
    counts["rejects"] = write_csv_for_people(frames_of(rejects), folder / "rejects.csv", columns)
    return counts


def strays(run: Run) -> list[dict[str, Any]]:
    """Return the child tables with rows that belong to no record: `source`, `table`, `rejects`, `rows`."""
    kept = run.kept("strays")
    assert isinstance(kept, list)
    return kept


def _write_merged(run: Run, *, with_golden: bool) -> dict[str, int]:
    folder, golden = run.result, run.parts("golden")
    counts: dict[str, int] = {}
    if with_golden:
        for table in (model.GOLDEN, model.GOLDEN_CONTACT_POINTS):
            counts[table.name] = write_table(golden, table, folder)
        counts["golden_relations"] = write_table(run.parts("golden_relations"), model.GOLDEN_RELATIONS, folder)
        write_golden_csv(folder, sources_of_extras(run))
    counts["provenance"] = write_table(golden, model.PROVENANCE, folder)
    columns = list(model.OVERRIDES.columns)
    write_csv_for_people(overrides_of(run), folder / "overrides.csv", columns)
    return counts | write_matching(run, "relation_cases") | write_crosswalk(run)


def write_matching(run: Run, *more_cases: str) -> dict[str, int]:
    """Write pairs, cases (those of further steps, too), the model and the judgements that were in force."""
    folder, pairs = run.result, run.parts("pairs")
    names = [name for path in paths_of(pairs, "pairs")[:1] for name in pq.read_schema(path).names]
    levels = {
        name: pa.float64() if name.endswith("_weight") else pa.large_string()
        for name in names
        if name not in model.PAIRS.columns
    }
    counts = {"pairs": write_parquet(stream(pairs, "pairs"), folder / "pairs.parquet", model.PAIRS, levels)}
    counts["cases"] = write_cases(run, "cases", "address_cases", *more_cases)
    _put(folder / "model.json", str(run.kept("model")))
    if run.plan.settings.matching is not None:
        # Whoever asks this run a question later gets the answer of the policy that decided.
        _put(folder / MATCHING_FILE, run.plan.settings.matching.read_text(encoding="utf-8-sig"))
    judgements = run.kept("judgements")
    assert isinstance(judgements, list)
    columns = list(model.JUDGEMENTS_TABLE.columns)
    rows = pd.DataFrame(judgements, columns=columns, dtype="str")
    write_csv_for_people(rows, folder / "judgements.csv", columns)
    return counts


def write_cases(run: Run, *kept: str) -> int:
    """Write the questions for stewards that the named steps left, as one table."""
    files = {"cases": [path for name in kept for path in paths_of(run.parts(name), "cases")]}
    found = run.engine.sql("SELECT * FROM cases", files, model.CASES.sort, stage="report-cases", table="cases")
    return write_table(found, model.CASES, run.result)


def write_crosswalk(run: Run) -> dict[str, int]:
    """Write which golden record each record became part of; count the customers."""
    parts = run.parts("crosswalk")
    rows = write_csv_for_machines(
        stream(parts, "crosswalk"), run.result / "crosswalk.csv", list(model.CROSSWALK.columns)
    )
    query = "SELECT count(DISTINCT golden_id) AS customers FROM crosswalk"
    answer = run.engine.frame(query, {"crosswalk": paths_of(parts, "crosswalk")})
    return {"crosswalk": rows, "customers": int(answer["customers"].iloc[0])} | _write_events(run)


def _write_events(run: Run) -> dict[str, int]:
    """Write what became of the golden ids published before; without such there is nothing to tell."""
    if run.plan.previous is None:
        return {}
    previous = read_crosswalk(run.plan.previous)
    files = {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}
    current = run.engine.frame("SELECT record_id, golden_id FROM crosswalk", files)
    events = golden_events(previous, current)
    return {"golden_events": write_csv_for_machines(events, run.result / "golden_events.csv", list(EVENTS))}


def _write_violations(run: Run) -> int:
    parts = [part for layer in model.LAYERS for part in run.parts(f"violations-{layer}")]
    names = ", ".join(f'"{column}"' for column in model.VIOLATIONS.columns)
    query = f"SELECT {names} FROM violations"  # noqa: S608 (columns of the model)
    columns = [*model.VIOLATIONS.sort, *(c for c in model.VIOLATIONS.columns if c not in model.VIOLATIONS.sort)]
    files = {"violations": paths_of(parts, "violations")}
    found = run.engine.sql(query, files, columns, stage="report", table="violations")
    run.keep_parts("violations", found)
    return write_table(found, model.VIOLATIONS, run.result)


def _write_results(run: Run) -> int:
    """Write what every rule came to per source and department: what trends and goals are counted from."""
    kept = run.kept("rule_counts")
    assert isinstance(kept, list)
    results = summarize(pd.DataFrame(kept), run.standards, by=("source", "department"))
    return write_parquet([results], run.result / "results.parquet", model.RESULTS)


def _write_by_segment(run: Run) -> int:
    """Write the same per value of each segment."""
    dimensions = {rule.rule_id: rule.dimension for rule in run.standards.rules}
    counted = pd.concat([pd.read_parquet(path) for path in paths_of(run.parts("segment_counts"), "segment_counts")])
    named = counted.assign(dimension=counted["rule_id"].map(dimensions))
    for column in ("source", "department"):
        named[column] = named[column].mask(named[column] == "")
    return write_parquet([named], run.result / "segment_results.parquet", model.SEGMENT_RESULTS)


def ledger(run: Run) -> list[Account]:
    """Balance the ledger of every source."""
    listed = run.kept("read")
    roles = run.kept("roles")
    assert isinstance(listed, list)
    assert isinstance(roles, dict)
    stray = {(table["source"], table["table"]): int(table["rows"]) for table in strays(run)}
    read = pd.DataFrame(
        [
            {
                "source": table["source"],
                "is_party": roles[f"{table['source']}/{table['table']}"] == "party",
                "read": table["read_count"],
                "rejected": table["reject_count"] + stray.get((table["source"], table["table"]), 0),
            }
            for table in listed
        ]
    )
    files = {name: paths_of(run.parts(name), name) for name in ("crosswalk", "parked")}
    counts = run.engine.frame(COUNTS_QUERY, files)
    return open_ledger(read, counts)


def sources_of_extras(run: Run) -> dict[str, str]:
    """Return the first source by name that has each extra column."""
    mapping = run.kept("mapping")
    assert isinstance(mapping, list)
    found: dict[str, str] = {}
    for line in sorted(mapping, key=lambda line: str(line["source"])):
        if str(line["mapped_to"]).startswith(model.EXTRA):
            found.setdefault(str(line["mapped_to"]), str(line["source"]))
    return found


def _write_scorecard(run: Run, card: Scorecard) -> None:
    _put(run.result / "scorecard.json", as_json(card))
    _put(run.result / "scorecard.html", render_page(card))


def _put(path: Path, text: str) -> None:
    with atomic(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
