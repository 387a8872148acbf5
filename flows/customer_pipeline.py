"""The main job as a Prefect flow: the same steps as `dq run`, the same bytes.

Tasks pass the plan and paths, never frames. Retries stand only where the outside is touched: reading extracts and
publishing the result. Every step goes on where it stopped, so a retried or restarted flow repeats nothing.
"""

import argparse
from pathlib import Path
from typing import Literal

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from dq.operations.elsewhere import LeavingWord, leaving_word
from dq.pipeline import RunPlan, publish_result, run_apply, run_step
from dq.pipeline.applying import base_of, only_decisions
from dq.pipeline.listening import Silence
from dq.pipeline.planning import make_plan
from flows.listening import FlowListener

RETRIES = 3
RETRY_SECONDS: list[float] = [10, 60, 300]  # a share that is away for a moment, a reboot, a lunch


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, cache_policy=NO_CACHE)
def ingest(plan: RunPlan) -> Path:
    """Read the extracts, recognise their columns, number the records."""
    return run_step("ingest", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def standardize(plan: RunPlan) -> Path:
    """Standardise names, organisations, addresses, phones, e-mails, dates; list every change."""
    return run_step("standardize", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def verify(plan: RunPlan) -> Path:
    """Hold addresses against the evidence in the reference library."""
    return run_step("verify", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def match(plan: RunPlan) -> Path:
    """Find candidate pairs and weigh them."""
    return run_step("match", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def cluster(plan: RunPlan) -> Path:
    """Put the records of one customer together and give golden ids."""
    return run_step("cluster", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def survive(plan: RunPlan) -> Path:
    """Choose the golden values."""
    return run_step("survive", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def validate(plan: RunPlan) -> Path:
    """Hold every layer against the quality rules."""
    return run_step("validate", plan, LeavingWord(plan, FlowListener()))


@task(cache_policy=NO_CACHE)
def report(plan: RunPlan) -> Path:
    """Write all tables, the scorecard and the ledger."""
    return run_step("report", plan, LeavingWord(plan, FlowListener()))


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, cache_policy=NO_CACHE)
def publish(plan: RunPlan) -> Path:
    """Put the new result in the place of the old one."""
    return publish_result(plan, LeavingWord(plan, FlowListener())).out


@task(cache_policy=NO_CACHE)
def apply_decisions(base: Path, plan: RunPlan) -> Path:
    """Apply what people decided since the run before, where nothing else changed."""
    return run_apply(base_of(base), plan, LeavingWord(plan, FlowListener())).out


@flow(name="customer-pipeline", log_prints=False)
def customer_pipeline(
    sources: list[str],
    out: str,
    match_at: Literal["safe", "balanced"] = "safe",
    as_of: str | None = None,
    previous: str | None = None,
    judgements: str | None = None,
    overrides: str | None = None,
    workers: int | None = None,
) -> str:
    """Turn extracts into golden records, proof and a scorecard.

    Args:
        sources: `PATH` or `name=PATH`, as for `dq run`.
        out: Folder of the result.
        match_at: How sure a merge must be.
        as_of: The day the run calls today, as 2026-01-31; default: today.
        previous: Folder of the run published before, whose golden ids are kept.
        judgements: File with decisions of people on pairs.
        overrides: File with values people pinned.
        workers: Processes; default: all cores.

    Returns:
        The folder of the result.
    """
    plan = make_plan(
        sources,
        Path(out),
        match_at=match_at,
        as_of=as_of,
        previous=Path(previous) if previous else None,
        judgements=Path(judgements) if judgements else None,
        overrides=Path(overrides) if overrides else None,
        workers=workers,
    )
    with leaving_word(plan, Silence()):
        return str(_done(plan))


def _done(plan: RunPlan) -> Path:
    """Do the whole job, or only what decisions touch where nothing else changed; return the folder of the result."""
    base = only_decisions(plan)
    if base is not None:
        get_run_logger().info("nothing but decisions changed since %s: they are applied to it", base.folder)
        return apply_decisions(base.folder, plan)
    ingest(plan)
    standardize(plan)
    verify(plan)
    match(plan)
    cluster(plan)
    survive(plan)
    validate(plan)
    report(plan)
    published = publish(plan)
    get_run_logger().info("published %s", published)
    return published


def main(arguments: list[str] | None = None) -> None:
    """Read the options and run the flow once."""
    parser = argparse.ArgumentParser(prog="python -m flows.customer_pipeline", description=__doc__.partition("\n")[0])
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="PATH or name=PATH, as for dq run")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder of the result")
    parser.add_argument("--match-at", default="safe", choices=["safe", "balanced"])
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day the run calls today (default today)")
    parser.add_argument("--previous", metavar="DIR", help="the run published before, whose golden ids are kept")
    options = parser.parse_args(arguments)
    customer_pipeline(
        sources=options.sources,
        out=options.out,
        match_at=options.match_at,
        as_of=options.as_of,
        previous=options.previous,
    )


if __name__ == "__main__":
    main()
