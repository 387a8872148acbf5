"""A run in progress: its plan, policy, folder and engine, and what steps leave for each other."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dq.engine import LocalEngine, Parts
from dq.errors import SettingsError, SourceError, StandardsError
from dq.pipeline.listening import Listener, Silence
from dq.pipeline.plan import Inputs, RunPlan, check_inputs, check_places, run_inputs, run_key
from dq.pipeline.staging import load_state, save_state, staged, staging_folder
from dq.standards import Hints, Standards, load_standards


@dataclass(frozen=True)
class Run:
    """What a step works with.

    Attributes:
        inputs: Everything the result depends on, by name.
        key: Hash of all inputs of the run.
        staging: Folder with `work/`, `state/`, `result/`.
    """

    plan: RunPlan
    standards: Standards
    inputs: Inputs
    key: str
    staging: Path
    engine: LocalEngine
    listener: Listener

    @property
    def result(self) -> Path:
        """Folder that becomes the output."""
        return self.staging / "result"

    def clear_result(self) -> None:
        """Empty the folder that becomes the output."""
        shutil.rmtree(self.result, ignore_errors=True)
        self.result.mkdir()

    def keep(self, name: str, document: object) -> None:
        """Keep a document for later steps."""
        save_state(self.staging, name, document)

    def kept(self, name: str) -> object | None:
        """Return a kept document, None where the step has not run."""
        return load_state(self.staging, name)

    def keep_parts(self, name: str, parts: Parts) -> None:
        """Keep where the parts of a stage are."""
        work = self.engine.work
        self.keep(f"parts-{name}", [{t: p.relative_to(work).as_posix() for t, p in part.items()} for part in parts])

    def parts(self, name: str) -> Parts:
        """Return the parts an earlier step kept."""
        listed = self.kept(f"parts-{name}")
        assert isinstance(listed, list), f"the step that gives {name} has not run"
        return [{table: self.engine.work / place for table, place in part.items()} for part in listed]

    def steps_done(self) -> list[str]:
        """Return the steps whose seconds are known, by name."""
        found = (self.staging / "state").glob("seconds-*.json")
        return sorted(path.stem.removeprefix("seconds-") for path in found)

    def hints(self) -> Hints:
        """Return what the recognised sources say about whole columns."""
        kept = self.kept("hints")
        assert isinstance(kept, dict), "the sources are not recognised yet"
        zones = {name: policy.time_zone for name, policy in self.standards.sources.items()}
        return Hints(kept["date_orders"], kept["name_orders"], zones)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Tell the listener that a step begins and keep how long it took."""
        self.listener.begin(step)
        begun = time.monotonic()
        yield
        self.keep(f"seconds-{step}", round(time.monotonic() - begun, 3))


@contextmanager
def open_run(plan: RunPlan, listener: Listener | None = None) -> Iterator[Run]:
    """Check everything that can be wrong before any work, then enter the staging folder of the run.

    Raises:
        StandardsError: With every mistake in the policy.
        SettingsError: The output folder would destroy something.
        ConflictError: Another run is writing to the same folder.
    """
    check_places(plan)
    standards = load_standards(plan.settings.standards, plan.settings.expectations, plan.settings.matching)
    check_inputs(plan, standards)
    inputs = run_inputs(plan, standards)
    key = run_key(inputs, plan.settings.key)
    with (
        _without_leftovers(staging_folder(plan.out, key)),
        staged(plan.out, key, plan.fresh) as staging,
        LocalEngine(staging / "work", plan.workers, (listener or Silence()).advance, plan.part_rows) as engine,
    ):
        yield Run(plan, standards, inputs, key, staging, engine, listener or Silence())


@contextmanager
def _without_leftovers(staging: Path) -> Iterator[None]:
    """Remove the staging folder where a source or an option turned out wrong: with another one the work starts anew."""
    try:
        yield
    except (SourceError, SettingsError, StandardsError):
        if staging.is_dir() and load_state(staging, "done-standardize") is None:
            shutil.rmtree(staging)
        raise
