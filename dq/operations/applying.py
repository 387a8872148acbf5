"""Applies what people decided to the run a home shows, and takes the result in."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

from dq.errors import TransitionError
from dq.operations.burn_down import refresh_burn_down
from dq.pipeline import Listener, RunResult, run_apply
from dq.pipeline.applying import base_of, plan_of, settings_for
from dq.settings import Settings
from dq.stewardship.actor import Actor
from dq.stewardship.exporting import write_decisions
from dq.stewardship.house import House, run_of
from dq.stewardship.importing import Added, add_run
from dq.stewardship.waiting import waiting_decisions
from dq.tables.writing import atomic


@dataclass(frozen=True)
class Applied:
    """What applying decisions in a home did.

    Attributes:
        result: The lines of the new run.
        added: What taking it in did.
        decisions: How many decisions it knows that the run before did not.
    """

    result: RunResult
    added: Added
    decisions: int


def apply_in_home(house: House, settings: Settings, actor: Actor, listener: Listener, *, workers: int) -> Applied:
    """Apply the decisions of the store to the run that is shown; the new run is shown, and burnt down, from then on.

    Raises:
        TransitionError: No decision waits.
        SourceError: More than decisions changed since that run, or it keeps too little.
        QualityGateError: A rule of severity `stop` failed; the run that was shown stays.
    """
    actor.needs("lead", "apply decisions")
    waiting = waiting_decisions(house)
    if not waiting.count:
        raise TransitionError("no decision waits: the run that is shown knows them all", "decide something first")
    shown = run_of(house)["run_id"]
    base = base_of(house.runs_folder / shown)
    work = house.folder / "var" / "applying"
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    judgements, overrides = write_decisions(house, work)
    plan = plan_of(base, work / "run", settings_for(base, settings), judgements, overrides, workers=workers)
    try:
        result = run_apply(base, plan, listener)
        added = add_run(house, actor, result.out, at=datetime.now(UTC))
    finally:
        shutil.rmtree(work / "run", ignore_errors=True)
    _show(house, shown, added.run_id)
    refresh_burn_down(settings)
    return Applied(result, added, waiting.count)


def _show(house: House, before: str, run_id: str) -> None:
    """Let the new run take the place of the published one; where nothing is published the newest is shown anyway."""
    published = house.folder / "var" / "published"
    if published.is_file() and published.read_text(encoding="utf-8").strip() == before:
        with atomic(published) as unfinished:
            unfinished.write_text(run_id, encoding="utf-8")
