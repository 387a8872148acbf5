"""The order of the steps, written once: extracts in; golden records, proof and a scorecard out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dq.errors import QualityGateError
from dq.pipeline.applying import APPLY_STEPS, Base, applying, refuse_other_changes
from dq.pipeline.checking import report_check
from dq.pipeline.cleaning import standardize
from dq.pipeline.duplicates import find_clusters, find_pairs
from dq.pipeline.ingest import ingest
from dq.pipeline.inspecting import SourceProfile, profile_source
from dq.pipeline.linking import report_link
from dq.pipeline.listening import Listener
from dq.pipeline.matchable import refuse_misspelled, refuse_unmatchable
from dq.pipeline.merging import merge
from dq.pipeline.plan import RunPlan
from dq.pipeline.reporting import report
from dq.pipeline.result import RunResult, published_result
from dq.pipeline.run import Run, open_run
from dq.pipeline.short_runs import report_match, report_standardize
from dq.pipeline.staging import publish
from dq.pipeline.validation import validate
from dq.pipeline.verifying import verify

Step = Callable[[Run], None]

STEPS: Mapping[str, Step] = {
    "ingest": ingest,
    "standardize": standardize,
    "verify": verify,
    "match": find_pairs,
    "cluster": find_clusters,
    "survive": merge,
    "validate": validate,
    "report": report,
}
"""The whole job. Each step reads what earlier ones kept in the staging folder and keeps what it made."""

STANDARDIZE_STEPS: Mapping[str, Step] = {
    "ingest": ingest,
    "standardize": standardize,
    "verify": verify,
    "report-standardize": report_standardize,
}
MATCH_STEPS: Mapping[str, Step] = {
    "ingest": ingest,
    "standardize": standardize,
    "verify": verify,
    "match": find_pairs,
    "cluster": find_clusters,
    "report-match": report_match,
}

LINK_STEPS: Mapping[str, Step] = {
    "ingest": ingest,
    "standardize": standardize,
    "verify": verify,
    "match": find_pairs,
    "cluster": find_clusters,
    "report-link": report_link,
}

CHECK_STEPS: Mapping[str, Step] = {
    "ingest": ingest,
    "standardize": standardize,
    "verify": verify,
    "match": find_pairs,
    "cluster": find_clusters,
    "survive": merge,
    "report-check": report_check,
}
_WITHOUT_MERGING = ("match", "cluster", "survive")


def run_all(plan: RunPlan, listener: Listener) -> RunResult:
    """Do the whole job.

    Raises:
        QualityGateError: A rule of severity `stop` failed; the reports are written, golden records are not.
    """
    return _run(plan, STEPS, listener)


def run_standardize(plan: RunPlan, listener: Listener) -> RunResult:
    """Standardise only."""
    return _run(plan, STANDARDIZE_STEPS, listener)


def run_match(plan: RunPlan, listener: Listener) -> RunResult:
    """Find duplicates only."""
    return _run(plan, MATCH_STEPS, listener)


def run_link(plan: RunPlan, listener: Listener) -> RunResult:
    """Hold a bought list against the customers one has; the plan's `link` says which source is which."""
    return _run(plan, LINK_STEPS, listener)


def run_check(plan: RunPlan, listener: Listener) -> RunResult:
    """Say whether the customers would load into the plan's targets; nothing is published but that."""
    steps = {name: step for name, step in CHECK_STEPS.items() if plan.merge or name not in _WITHOUT_MERGING}
    if plan.judges_rules:
        report = steps.pop("report-check")
        steps |= {"validate": validate, "report-check": report}
    return _run(plan, steps, listener)


def run_step(name: str, plan: RunPlan, listener: Listener) -> Path:
    """Do one step of the whole job, for a flow that runs them as tasks; return the staging folder."""
    with open_run(plan, listener) as run:
        _do(run, name, STEPS[name])
        if name == "ingest":
            _refuse(run)
        return run.staging


def publish_result(plan: RunPlan, listener: Listener) -> RunResult:
    """Put the finished result of `run_step`s in the place of the old one; again is harmless.

    Raises:
        QualityGateError: As `run_all`.
    """
    with open_run(plan, listener) as run:
        if run.kept("done-report"):
            publish(plan.out, run.staging)
    return _gated(published_result(plan.out))


def _run(plan: RunPlan, steps: Mapping[str, Step], listener: Listener) -> RunResult:
    with open_run(plan, listener) as run:
        for name, step in steps.items():
            _do(run, name, step)
            if name == "ingest" and "match" in steps:
                _refuse(run)
        publish(plan.out, run.staging)
    return _gated(published_result(plan.out))


def run_apply(base: Base, plan: RunPlan, listener: Listener) -> RunResult:
    """Apply decisions to a finished run; the result is that of a whole run with them.

    Args:
        base: The run the decisions are about.
        plan: Made by `plan_of`: the output folder, judgements and overrides in force now.
        listener: Told what happens.

    Raises:
        SourceError: More than decisions changed since that run.
        QualityGateError: As `run_all`.
    """
    refuse_other_changes(base, plan.settings)
    with applying(base, plan, listener) as run:
        for name, step in APPLY_STEPS.items():
            _do(run, name, _about(base, step))
        publish(plan.out, run.staging)
    return _gated(published_result(plan.out))


def _about(base: Base, step: Callable[[Run, Base], None]) -> Step:
    return lambda run: step(run, base)


def _refuse(run: Run) -> None:
    refuse_unmatchable(run)
    refuse_misspelled(run)


def _do(run: Run, name: str, step: Step) -> None:
    if run.kept(f"done-{name}"):
        return
    if run.kept("started") is None:
        run.keep("started", datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))
    with run.timed(name):
        if name.startswith("report"):
            # Commands with equal inputs share a staging folder: what another one began to write is not this result.
            run.clear_result()
        step(run)
    run.keep(f"done-{name}", True)


def _gated(result: RunResult) -> RunResult:
    if result.gate_failed:
        raise QualityGateError(
            f"golden records were not written: {', '.join(result.gate_failed)} failed",
            f"see {result.out / 'scorecard.html'}, mend the source or the rule, run again",
        )
    return result


__all__ = [
    "STEPS",
    "Listener",
    "RunPlan",
    "RunResult",
    "SourceProfile",
    "profile_source",
    "publish_result",
    "run_all",
    "run_apply",
    "run_check",
    "run_link",
    "run_match",
    "run_standardize",
    "run_step",
]
