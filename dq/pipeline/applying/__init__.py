"""Applies decisions to a finished run: another run folder, as a whole run with them would have written it.

Everything up to the weights of pairs stays as it was, since decisions change none of it. Components that a changed
judgement touches are clustered anew, golden records that differ are chosen and judged anew, the rest is copied; what
counts the whole (scorecard, ledger, pictures) is counted again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dq.engine import LocalEngine
from dq.pipeline.applying.base import (
    Base,
    base_of,
    full_plan,
    only_decisions,
    other_changes,
    plan_of,
    refuse_other_changes,
    settings_for,
    standards_of,
)
from dq.pipeline.applying.clusters import recluster
from dq.pipeline.applying.golden import resurvive
from dq.pipeline.applying.rules import revalidate
from dq.pipeline.archiving import ARCHIVED, archived_files
from dq.pipeline.kept import DOCUMENTS, KEPT, write_state
from dq.pipeline.listening import Listener
from dq.pipeline.plan import RunPlan, check_inputs, check_places, run_key, with_decisions
from dq.pipeline.reporting import write_conclusions
from dq.pipeline.run import Run
from dq.pipeline.staging import staged

UNCHANGED: Final = (
    "records.parquet", "contact_points.parquet", "changes.parquet", "relations.parquet", "rejects.csv",
    f"{KEPT}/features.parquet", f"{KEPT}/doubts.parquet", f"{KEPT}/itself.parquet",
)  # fmt: skip
"""Files of a run that no decision changes."""
_READ: Final = (
    "records", "contact_points", "changes", "relations", "golden", "golden_contact_points", "provenance", "violations",
    "cases",
)  # fmt: skip
_OWN_CASES: Final = ("possible_match", "contradiction", "hierarchy_circle")
"""Kinds of cases that clustering and relations find anew."""


@contextmanager
def applying(base: Base, plan: RunPlan, listener: Listener) -> Iterator[Run]:
    """Enter the staging folder of a run that takes everything but decisions from another one.

    Raises:
        SettingsError: The output folder would destroy something.
        SourceError: Judgements or overrides are no such tables.
        ConflictError: Another run is writing to the same folder.
    """
    standards = standards_of(plan)
    check_places(plan)
    check_inputs(plan, standards)
    inputs = with_decisions(base.manifest["inputs"], plan)
    key = run_key(inputs, plan.settings.key)
    # A run in full of the same key, or one from another run, keeps other things in its staging folder.
    own_key = hashlib.sha256(f"apply {base.manifest['run_id']} {key}".encode()).hexdigest()
    with (
        staged(plan.out, own_key, plan.fresh) as staging,
        LocalEngine(staging / "work", plan.workers, listener.advance, plan.part_rows) as engine,
    ):
        yield Run(plan, standards, inputs, key, staging, engine, listener)


def take_over(run: Run, base: Base) -> None:
    """Bring what decisions do not change: tables and what the steps before told each other."""
    work = run.engine.work / "base"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in _READ:
        _link(base.folder / f"{name}.parquet", work / f"{name}.parquet")
    for name in ("features", "doubts", "itself"):
        _link(base.folder / KEPT / f"{name}.parquet", work / f"{name}.parquet")
    for name in DOCUMENTS:
        run.keep(name, base.state[name])
    run.keep("read_from", base.manifest["read_from"])
    run.keep("model", (base.folder / "model.json").read_text(encoding="utf-8"))
    verified = ("records", "contact_points", "changes", "doubts")
    run.keep_parts("verified", [{name: work / f"{name}.parquet" for name in verified}])
    run.keep_parts("relations", [{"relations": work / "relations.parquet"}])
    run.keep_parts("features", [{"features": work / "features.parquet"}])
    run.keep_parts("itself", [{"pairs": work / "itself.parquet"}])
    kinds = ", ".join(f"'{kind}'" for kind in _OWN_CASES)
    query = f"SELECT * FROM cases WHERE kind NOT IN ({kinds})"  # noqa: S608 (our words)
    cases = run.engine.sql(query, {"cases": [work / "cases.parquet"]}, ("case_id",), stage="kept", table="cases")
    run.keep_parts("address_cases", cases)


def report_applied(run: Run, base: Base) -> None:
    """Write the files of the run: what did not change as it was, what follows from decisions anew."""
    (run.result / KEPT).mkdir()
    for name in UNCHANGED:
        _link(base.folder / name, run.result / name)
    for path in archived_files(base.folder):
        (run.result / ARCHIVED).mkdir(exist_ok=True)
        _link(path, run.result / ARCHIVED / path.name)
    counted = base.manifest["rows"]
    same = [
        name for name in ("records", "contact_points", "changes", "relations", "rejects", ARCHIVED) if name in counted
    ]
    failed = run.kept("failed_stops")
    assert isinstance(failed, list)
    write_state(run)
    write_conclusions(run, {name: counted[name] for name in same if name in counted}, failed)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copy2(source, target)


APPLY_STEPS: Final[dict[str, Callable[[Run, Base], None]]] = {
    "take-over": take_over,
    "cluster": recluster,
    "survive": resurvive,
    "validate": revalidate,
    "report": report_applied,
}
"""The job of applying decisions, in order."""

__all__ = [
    "APPLY_STEPS",
    "Base",
    "applying",
    "base_of",
    "full_plan",
    "only_decisions",
    "other_changes",
    "plan_of",
    "refuse_other_changes",
    "settings_for",
]
