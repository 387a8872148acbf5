"""Judges golden records anew where they changed; what was judged before the merge stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from dq.engine import Parts, paths_of
from dq.model import LAYERS, TEXT
from dq.pipeline.applying.base import Base
from dq.pipeline.run import Run
from dq.pipeline.validation import judge_facts, keep_by_segment, segments_of
from dq.quality import ValidatePolicy, failed_stops, summarize, validate_part
from dq.quality.violations import sum_counts

ROWS: Final = ("golden", "golden_contact_points")
"""Tables of the golden layer whose rules look at one row."""
Files = dict[str, Sequence[Path]]
_KEYS: Final = ["rule_id", "source", "department"]
_NUMBERS: Final = ["evaluated", "failed", "nulls", "total"]
_OTHER_LAYERS: Final = "SELECT * FROM violations WHERE layer = '{layer}'"
_UNTOUCHED: Final = """
    SELECT * FROM violations
    WHERE layer = 'golden' AND rule_id IN ({rules}) AND golden_id NOT IN (SELECT golden_id FROM replaced)
"""


def revalidate(run: Run, base: Base) -> None:
    """Judge touched golden records and whatever only the whole golden layer can tell; keeps what validating keeps."""
    policy = ValidatePolicy(run.standards, "golden", run.plan.as_of)
    files: Files = {"violations": [run.engine.work / "base" / "violations.parquet"]}
    files["replaced"] = paths_of(run.parts("replaced"), "replaced")
    for layer in LAYERS:
        if layer != "golden":
            run.keep_parts(f"violations-{layer}", _kept(run, _OTHER_LAYERS.format(layer=layer), files, layer))
    by_row = {rule.rule_id for rule in run.standards.rules if rule.layer == "golden" and rule.table in ROWS}
    golden = {rule.rule_id for rule in run.standards.rules if rule.layer == "golden"}
    listed = ", ".join(f"'{rule}'" for rule in sorted(by_row)) or "NULL"
    parts = _kept(run, _UNTOUCHED.format(rules=listed), files, "golden")
    judged = judge_facts(run, "golden", segments_of(run))
    before = _by_segment(base, golden)
    keep_by_segment(run, [] if before is None else [before, *_counts(judged, "segment_counts")])
    counts = pd.DataFrame(base.state["rule_counts"])
    counted = [counts[~counts["rule_id"].isin(golden - by_row)], *_counts(judged, "rule_counts")]
    was = run.engine.map(validate_part, _before(run, files), policy, stage="validate/before")
    counted += [_taken_off(one) for one in _counts(was, "rule_counts")]
    if run.kept("parts-golden_made") is not None:
        made = [{name: part[name] for name in ROWS} for part in run.parts("golden_made")]
        now = run.engine.map(validate_part, made, policy, stage="validate/golden")
        counted += _counts(now, "rule_counts")
        judged += now
    run.keep_parts("violations-golden", [*parts, *judged])
    summed = sum_counts(pd.concat([one[[*_KEYS, *_NUMBERS]] for one in counted], ignore_index=True))
    summed = summed[summed["total"] > 0]
    run.keep("rule_counts", summed.astype("object").where(summed.notna(), None).to_dict("records"))
    stops = failed_stops(summarize(summed, run.standards))
    run.keep("failed_stops", sorted(set(stops["rule_id"])))


def _kept(run: Run, query: str, files: Files, layer: str) -> Parts:
    return run.engine.sql(
        query, files, ("rule_id", "record_id", "golden_id"), stage=f"kept/{layer}", table="violations"
    )


def _before(run: Run, files: Files) -> Parts:
    """Return the golden records that are replaced, as they were."""
    part: dict[str, Path] = {}
    for name in ROWS:
        query = f"SELECT * FROM {name} JOIN replaced USING (golden_id)"  # noqa: S608 (our names)
        tables = {name: [run.engine.work / "base" / f"{name}.parquet"], "replaced": files["replaced"]}
        found = run.engine.sql(query, tables, ("golden_id",), stage="before", table=name, rows=10**9)
        part |= found[0]
    return [part]


def _counts(judged: Parts, table: str) -> list[pd.DataFrame]:
    texts = dict.fromkeys(_KEYS, TEXT)
    return [pd.read_parquet(path).astype(texts) for path in paths_of(judged, table)]


def _by_segment(base: Base, golden: set[str]) -> pd.DataFrame | None:
    """Return what the run counted by segment, without the golden layer; None where an older version made it."""
    path = base.folder / "segment_results.parquet"
    if not path.is_file():
        return None
    found = pd.read_parquet(path)
    return found[~found["rule_id"].isin(golden)]


def _taken_off(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.assign(**{name: -counts[name] for name in _NUMBERS})
