"""What a person sees of a run: sentences, a progress bar, the lines that matter at the end."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from dq.pipeline.result import RunResult


class Terminal:
    """Listens to a run and shows it.

    Args:
        quiet: Show nothing.
        log_json: Write one JSON object per event to standard error instead of sentences and bars.
    """

    def __init__(self, *, quiet: bool = False, log_json: bool = False) -> None:
        self.log_json = log_json
        self.console = Console(quiet=quiet or log_json, highlight=False, emoji=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total} parts"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True, quiet=quiet or log_json, emoji=False),
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "Terminal":
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def say(self, line: str) -> None:
        """Print one sentence."""
        self._log("say", line=line)
        self.console.print(line, markup=False, soft_wrap=True)

    def begin(self, step: str) -> None:
        """Start the bar of a step."""
        self._log("begin", step=step)
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(step, total=None)

    def advance(self, stage: str, done: int, total: int) -> None:
        """Move the bar."""
        self._log("advance", stage=stage, done=done, total=total)
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def show_run(self, result: RunResult) -> None:
        """Print what a run came to."""
        self._bar.stop()
        self._log("done", out=str(result.out), lines=list(result.lines))
        self.console.print()
        for line in result.lines:
            self.console.print(line, markup=False, soft_wrap=True)

    def _log(self, event: str, **fields: object) -> None:
        if self.log_json:
            moment = datetime.now(UTC).isoformat(timespec="milliseconds")
            print(json.dumps({"at": moment, "event": event, **fields}, ensure_ascii=False), file=sys.stderr)
