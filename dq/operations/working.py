"""The process that does one job: `python -m dq.operations.working FOLDER`, settings on standard input.

A process of its own, so that it can be stopped whole, and so that what it needs of memory goes with it.
"""

import logging
import os
import pickle
import re
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dq.errors import DQError, QualityGateError
from dq.operations import job_files
from dq.operations.job_files import Job
from dq.settings import Settings
from dq.stewardship.actor import Actor

SHARES: Final[dict[str, dict[str, float]]] = {
    "check": {
        "ingest": 0.19, "standardize": 0.15, "verify": 0.01, "match": 0.26, "cluster": 0.04, "survive": 0.15,
        "validate": 0.12, "report": 0.08,
    },
    "apply": {"take-over": 0.01, "cluster": 0.24, "survive": 0.2, "validate": 0.25, "report": 0.3},
}  # fmt: skip
"""What each step usually takes of the whole, measured on 200,000 rows: a share that goes evenly, not a promise."""

INSTEAD: Final = (
    "give columns plain headings in the file (name, company, e-mail, phone, tax id, …), or ask whoever runs dq"
)
"""What somebody who uploads a file can do where whoever types commands would name a column."""


class ProgressFile:
    """A listener that keeps where a job is for whoever asks; sentences are not kept."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._path = folder / job_files.PROGRESS
        self._shares = SHARES[kind]
        self._begun: dict[str, object] = {}
        self._before = self._share = 0.0
        self._own = 0.0

    def say(self, line: str) -> None:
        """Hear a sentence, which whoever asked reads in the result."""

    def begin(self, step: str) -> None:
        """Write that a step begins."""
        self._before += self._own
        self._own = self._shares.get(step, 0.0)
        self._share = max(self._share, self._before)
        self._begun = {"step": step, "since": _now()}
        self._write()

    def advance(self, stage: str, done: int, total: int) -> None:
        """Write how far a stage is; steps have several stages, so the share only grows."""
        del stage
        self._share = max(self._share, self._before + 0.9 * self._own * done / max(total, 1))
        self._write()

    def _write(self) -> None:
        job_files.write(self._path, {**self._begun, "share": round(min(self._share, 0.99), 3)})


def work(folder: Path, settings: Settings) -> dict[str, object]:
    """Do a job; return what it came to: `lines`, `run_id`, or `message` and `hint`."""
    job = job_files.load(folder)
    assert job is not None, "a job is written before its process starts"
    listener = ProgressFile(folder, job.kind)
    try:
        return _apply(job, settings, listener) if job.kind == "apply" else _check(folder, settings, listener)
    except DQError as error:
        return {"message": error.message, "hint": without_commands(error.hint)}


def without_commands(hint: str) -> str:
    """Return a hint for somebody who has no terminal: clauses that name options or commands of dq left out.

    >>> without_commands("the file is empty; export it again")
    'the file is empty; export it again'
    >>> without_commands("colour was taken for nothing; say what it is with --map HEADER=full_name, or leave it out")
    'colour was taken for nothing; give columns plain headings in the file (name, company, e-mail, phone, tax id, …), \
or ask whoever runs dq'
    """
    clauses = hint.split("; ")
    plain = [clause for clause in clauses if not re.search(r"--[a-z]|\bdq [a-z]+\b", clause)]
    return hint if len(plain) == len(clauses) else "; ".join([*plain, INSTEAD])


def _apply(job: Job, settings: Settings, listener: ProgressFile) -> dict[str, object]:
    from dq.operations.applying import apply_in_home
    from dq.stewardship.house import open_house

    house = open_house(settings)
    try:
        # Whether they lead was asked when the job was started; it acts in their name.
        actor = Actor(job.by, "lead", frozenset({"*"}))
        applied = apply_in_home(house, settings, actor, listener, workers=_workers())
    finally:
        house.close()
    return {"lines": list(_told(applied.result.lines)), "run_id": applied.added.run_id}


def _check(folder: Path, settings: Settings, listener: ProgressFile) -> dict[str, object]:
    from dq.pipeline import RunPlan, run_all
    from dq.tables.reading.source import parse_sources

    (uploaded,) = (folder / job_files.UPLOAD).iterdir()
    plan = RunPlan(
        sources=parse_sources([str(uploaded)]),
        out=folder / job_files.RUN,
        settings=settings,
        as_of=datetime.now(UTC).date(),
        workers=_workers(),
    )
    try:
        return {"lines": list(_told(run_all(plan, listener).lines))}
    except QualityGateError as error:
        return {"lines": [f"{error.message}."], "hint": "The scorecard and the lists say where."}


def _told(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the line that names a file of this machine."""
    return tuple(line for line in lines if "scorecard.html" not in line)


def _workers() -> int:
    """Leave one core to the people who use the app."""
    return max(1, (os.cpu_count() or 1) - 1)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _end_with_the_app() -> None:
    """End this process and those it started when the app that started it is gone: its pipe ends then."""
    # Not sys.stdin: a thread that waits inside its buffer keeps Python from ending.
    while os.read(0, 1 << 10):
        pass
    os.killpg(os.getpgid(0), signal.SIGTERM)


def main() -> None:
    """Read the settings, do the job, write what it came to."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    folder = Path(sys.argv[1])
    # The app that started this process wrote them a moment ago: secrets stand on no command line.
    settings = pickle.load(sys.stdin.buffer)  # noqa: S301
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    job_files.write(folder / job_files.OUTCOME, work(folder, settings))


if __name__ == "__main__":
    main()
