"""The step that holds every layer against its quality rules and decides whether golden records may be published."""

import pandas as pd

from dq.engine import Parts, join_parts, paths_of, read_part
from dq.engine.parts import to_arrow, write_part
from dq.pipeline.run import Run
from dq.quality import FACTS, ValidatePolicy, failed_stops, source_columns, summarize, validate_part
from dq.standards.rules import Layer

LAYER_PARTS: dict[Layer, str] = {"raw": "mapped", "standardized": "verified", "golden": "golden"}
"""Layer → the parts its row rules read."""


def validate(run: Run) -> None:
    """Judge all rules; keeps the parts `violations-<layer>` and the results (`results`, `failed_stops`)."""
    counts: list[pd.DataFrame] = []
    for layer, parts_name in _layers(run).items():
        policy = ValidatePolicy(run.standards, layer, run.plan.as_of)
        judged = run.engine.map(validate_part, _tables(run, parts_name), policy, stage=f"validate/{layer}")
        judged += judge_facts(run, layer)
        run.keep_parts(f"violations-{layer}", judged)
        counts += [read_part(part, ["rule_counts"])["rule_counts"] for part in judged]
    counted = pd.concat(counts, ignore_index=True)
    results = summarize(counted, run.standards)
    stops = failed_stops(results)
    run.keep("rule_counts", counted.astype("object").where(counted.notna(), None).to_dict("records"))
    run.keep("failed_stops", sorted(set(stops["rule_id"])))


def _layers(run: Run) -> dict[Layer, str]:
    """Return the layers to judge: of a check those that rules of one's own speak of, else every one."""
    if not run.plan.judges_rules:
        return LAYER_PARTS
    asked = {rule.layer for rule in run.standards.rules}
    return {layer: parts for layer, parts in LAYER_PARTS.items() if layer in asked}


def judge_facts(run: Run, layer: Layer) -> Parts:
    """Judge the rules of a layer that only the whole of it can tell."""
    policy = ValidatePolicy(run.standards, layer, run.plan.as_of)
    return run.engine.map(validate_part, _facts(run, layer), policy, stage=f"validate/{layer}-tables")


def _tables(run: Run, name: str) -> Parts:
    """Return the tables that row rules read; `changes` and the like stay out of the workers' memory."""
    wanted = ("records", "contact_points", "golden", "golden_contact_points")
    return [{table: path for table, path in part.items() if table in wanted} for part in run.parts(name)]


def _facts(run: Run, layer: Layer) -> Parts:
    """Make the tables that table rules read, cut like everything else."""
    made: Parts = [{"source_columns": _contract(run)}] if layer == "raw" else []
    for facts in FACTS:
        if facts.layer != layer:
            continue
        tables = {name: _files(run, layer, name) for name in facts.needs}
        made += run.engine.sql(facts.query, tables, facts.order_by, stage=f"facts/{layer}", table=facts.table)
    return made


def _files(run: Run, layer: Layer, table: str) -> list:  # type: ignore[type-arg]
    if table == "attached_rows":
        return paths_of(run.parts("attached"), table)
    if table == "crosswalk":
        return paths_of(run.parts("crosswalk"), table)
    if table in {"golden", "golden_relations"}:
        return paths_of(run.parts("golden" if table == "golden" else "golden_relations"), table)
    return paths_of(run.parts("mapped" if layer == "raw" else "verified") + run.parts("relations"), table)


def _contract(run: Run):  # type: ignore[no-untyped-def]
    listed = run.kept("read")
    assert isinstance(listed, list)
    headers = {(table["source"], table["table"]): table["headers"] for table in listed}
    path = run.engine.work / "facts" / "raw" / "source_columns.parquet"
    write_part(path, to_arrow(source_columns(headers, run.standards)))
    return path


__all__ = ["join_parts", "validate"]
