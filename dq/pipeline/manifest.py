"""`manifest.json`: what a run read, with what, how long it took, and the ledger. The only file with clock times."""

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from dq import __version__
from dq.pipeline.archiving import column_counts
from dq.pipeline.plan import RunPlan, reference_hash
from dq.pipeline.run import Run
from dq.pipeline.target_choice import places_in
from dq.quality.movement import as_document, weights_of
from dq.tables.writing import atomic

LIBRARIES = ("pandas", "pyarrow", "duckdb", "rapidfuzz", "usaddress", "great-expectations", "phonenumbers")
"""Libraries whose version can change a result."""


def write_manifest(run: Run, ledger: dict[str, object], rows: dict[str, int]) -> None:
    """Write the manifest of a run.

    Args:
        run: The run; its steps have kept their seconds.
        ledger: Accounts per source and in total; empty where no golden records were made.
        rows: Table → rows written.
    """
    plan, listed = run.plan, run.kept("read")
    assert isinstance(listed, list)
    started = str(run.kept("started"))
    document = {
        "dq": __version__,
        "run_id": f"{started.replace('-', '').replace(':', '')}-{run.key[:8]}",
        "run_key": run.key,
        "inputs": run.inputs,
        "read_from": run.kept("read_from") or places_of(plan),
        "tag": plan.tag,
        "started_at": started,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "as_of": plan.as_of.isoformat(),
        "match_at": plan.match_at,
        "standards": run.standards.hash,
        "weights": as_document(weights_of(run.standards.rules, run.standards.dimensions, reference_hash(plan))),
        "lines": run.kept("lines"),
        "stopped": run.kept("failed_stops") or [],
        "ledger": ledger,
        "conversion": run.kept("conversion") or [],
        "parking": run.kept("parking") or {},
        "rows": rows,
        "charts": run.kept("charts") or [],
        "seconds": {step: run.kept(f"seconds-{step}") for step in run.steps_done()},
        "sources": [
            {
                name: table[name]
                for name in ("source", "table", "files", "read_count", "row_count", "reject_count", "decisions")
            }
            for table in listed
        ],
        "mapping": run.kept("mapping"),
        "columns": column_counts(run),
        "notes": run.kept("notes") or [],
        "libraries": {name: version(name) for name in LIBRARIES},
        "python": platform.python_version(),
    }
    with atomic(run.result / "manifest.json") as unfinished:
        unfinished.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def places_of(plan: RunPlan) -> dict[str, object]:
    """Return where the inputs of a run were, so that it can be asked later whether they are the same."""
    model = plan.model.resolve().as_posix() if plan.model else None
    sources = {source.name: source.path.resolve().as_posix() for source in plan.sources}
    back = plan.bring_back.resolve().as_posix() if plan.bring_back else None
    return {"sources": sources, "model": model, "bring_back": back, "conversion": places_in(plan.conversion)}
