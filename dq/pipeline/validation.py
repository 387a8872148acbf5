"""The step that holds every layer against its quality rules and decides whether golden records may be published."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.engine import Parts, join_parts, paths_of, read_part
from dq.engine.parts import to_arrow, write_part
from dq.pipeline.run import Run
from dq.quality import (
    FACTS,
    ValidatePolicy,
    failed_stops,
    source_columns,
    sum_by_segment,
    summarize,
    validate_part,
)
from dq.quality.segments import LONGEST, PREFIX
from dq.standards.rules import Layer

_WHOLE: Final = dict.fromkeys(("records", "contact_points", "golden", "golden_contact_points"), ("*",))
"""Tables that row rules read, every column."""
LAYER_PARTS: dict[Layer, str] = {"raw": "mapped", "standardized": "verified", "golden": "golden"}
"""Layer → the parts its row rules read."""


def validate(run: Run) -> None:
    """Judge all rules; keeps the parts `violations-<layer>`, `segment_counts` and the results (`failed_stops`)."""
    counts: list[pd.DataFrame] = []
    by_segment: list[pd.DataFrame] = []
    segments = segments_of(run)
    for layer, parts_name in _layers(run).items():
        policy = ValidatePolicy(run.standards, layer, run.plan.as_of, segments)
        parts = _tables(run, parts_name)
        if layer == "raw" and segments:
            # What a record says counts as it is used: `tx` and `Texas` are one state.
            clean = run.parts("verified")
            parts = [{**part, "segments": other["records"]} for part, other in zip(parts, clean, strict=True)]
        reads = {**_WHOLE, "segments": ("record_id", *segments)}
        judged = run.engine.map(validate_part, parts, policy, stage=f"validate/{layer}", reads=reads)
        judged += judge_facts(run, layer, segments)
        run.keep_parts(f"violations-{layer}", judged)
        counts += [read_part(part, ["rule_counts"])["rule_counts"] for part in judged]
        by_segment += [read_part(part, ["segment_counts"])["segment_counts"] for part in judged]
    keep_by_segment(run, by_segment)
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


def segments_of(run: Run) -> tuple[str, ...]:
    """Return the columns that units are counted by, too; one that no record has, or with too many values, is none."""
    if run.plan.judges_rules:  # `dq check` tells no segments
        return ()
    files = paths_of(run.parts("verified"), "records")
    known = {name for path in files for name in pq.read_schema(path).names}
    columns = [name for name in run.standards.stewardship.segments if name in known]
    counted = ", ".join(f"count(DISTINCT {_quoted(name)}) AS {_quoted(name)}" for name in columns)
    if not counted:
        return ()
    found = run.engine.frame(f"SELECT {counted} FROM records", {"records": files}).iloc[0]  # noqa: S608 (quoted)
    return tuple(name for name in columns if int(found[name]) <= LONGEST)


def keep_by_segment(run: Run, counts: Sequence[pd.DataFrame]) -> None:
    """Keep what rules came to by segment: the parts `segment_counts`."""
    path = run.engine.work / "segments" / "counts.parquet"
    write_part(path, to_arrow(sum_by_segment(counts)))
    run.keep_parts("segment_counts", [{"segment_counts": path}])


def judge_facts(run: Run, layer: Layer, segments: tuple[str, ...]) -> Parts:
    """Judge the rules of a layer that only the whole of it can tell."""
    policy = ValidatePolicy(run.standards, layer, run.plan.as_of, segments)
    return run.engine.map(validate_part, _facts(run, layer, segments), policy, stage=f"validate/{layer}-tables")


def _tables(run: Run, name: str) -> Parts:
    """Return the tables that row rules read; `changes` and the like stay out of the workers' memory."""
    return [{table: path for table, path in part.items() if table in _WHOLE} for part in run.parts(name)]


def _facts(run: Run, layer: Layer, segments: tuple[str, ...]) -> Parts:
    """Make the tables that table rules read, cut like everything else."""
    made: Parts = [{"source_columns": _contract(run)}] if layer == "raw" else []
    for facts in FACTS:
        if facts.layer != layer:
            continue
        tables = {name: _files(run, layer, name) for name in facts.needs}
        query = facts.query
        if segments and facts.is_of_records:
            tables["clean"] = paths_of(run.parts("verified"), "records")
            query = _with_segments(query, segments)
        made += run.engine.sql(query, tables, facts.order_by, stage=f"facts/{layer}", table=facts.table)
    return made


def _with_segments(query: str, segments: Sequence[str]) -> str:
    """Return a query of facts with the segments of each record beside them."""
    cuts = ", ".join(f"c.{_quoted(name)} AS {_quoted(PREFIX + name)}" for name in segments)
    return f"SELECT f.*, {cuts} FROM ({query}) f LEFT JOIN clean c USING (record_id)"  # noqa: S608 (quoted names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
