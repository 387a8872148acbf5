"""Runs of a home that nobody started in the app: on a terminal, by a schedule. They leave word; the app shows it."""

import getpass
import hashlib
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dq.operations import job_files
from dq.operations.working import SHARES
from dq.pipeline import RunPlan
from dq.pipeline.listening import Listener
from dq.store import instant

QUIET: Final = timedelta(minutes=30)
"""Without a word for so long a run of another machine is taken for dead: no part of a step takes as long on five
million rows. One of this machine is asked for by its process."""
_OF_A_RUN: Final = SHARES["check"]


@dataclass(frozen=True)
class Elsewhere:
    """A run that works somewhere else.

    Attributes:
        sources: Names of what it reads.
        by: Who started it, by their login on that machine.
        started_at: UTC.
        host: The machine.
        pid: Its process there.
        step: What it does now, a word of the pipeline.
        share: Done of it, 0 to 1, by what steps usually take.
        since: When the step began, UTC.
        heard_at: Its last word, UTC.
    """

    sources: tuple[str, ...]
    by: str
    started_at: str
    host: str
    pid: int
    step: str = ""
    share: float = 0.0
    since: str = ""
    heard_at: str = ""


class LeavingWord:
    """A listener that passes everything on and leaves word of where the run is."""

    def __init__(self, plan: RunPlan, listener: Listener) -> None:
        self._plan, self._listener = plan, listener
        self._path = _place(plan)
        self._known = _heard(self._path) if self._path else None

    def say(self, line: str) -> None:
        """Pass a sentence on."""
        self._listener.say(line)

    def begin(self, step: str) -> None:
        """Leave word that a step begins."""
        self._listener.begin(step)
        self._leave(step=step, share=_before(step), since=_now())

    def advance(self, stage: str, done: int, total: int) -> None:
        """Leave word of how far a step is; it has several stages, so the share only grows."""
        self._listener.advance(stage, done, total)
        step = self._known.step if self._known else ""
        share = _before(step) + 0.9 * _OF_A_RUN.get(step, 0.0) * done / max(total, 1)
        self._leave(share=max(share, self._known.share if self._known else 0.0))

    def _leave(self, **told: object) -> None:
        if self._path is None:
            return
        known = self._known or _introduced(self._plan)
        self._known = Elsewhere(**{**asdict(known), **told, "heard_at": _now()})
        with suppress(OSError):  # no run ends because it cannot tell of itself
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            job_files.write(self._path, asdict(self._known))


@contextmanager
def leaving_word(plan: RunPlan, listener: Listener) -> Iterator[Listener]:
    """Leave word of a run while it works, where it has a home; the word goes when it ends, however it ends."""
    path = _place(plan)
    if path is None:
        yield listener
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)  # of a run into the same folder that was killed
    try:
        yield LeavingWord(plan, listener)
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def working_elsewhere(home: Path, at: datetime) -> list[Elsewhere]:
    """Return the runs of a home that work now, the oldest first; what died without a word is left out."""
    found = (_heard(path) for path in sorted((home / "var" / "running").glob("*.json")))
    alive = [one for one in found if one is not None and _is_alive(one, at)]
    return sorted(alive, key=lambda one: (one.started_at, one.sources))


def _is_alive(one: Elsewhere, at: datetime) -> bool:
    if one.host == socket.gethostname():
        try:
            os.kill(one.pid, 0)  # asks only
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return one.heard_at >= instant(at.astimezone(UTC) - QUIET)


def _place(plan: RunPlan) -> Path | None:
    """Return where the word of a run lies: one file per folder it writes, whose name says nothing of it."""
    if plan.settings.home is None:
        return None
    name = hashlib.sha256(str(plan.out.absolute()).encode()).hexdigest()[:16]
    return plan.settings.home / "var" / "running" / f"{name}.json"


def _heard(path: Path) -> Elsewhere | None:
    found = job_files.read(path)
    if found is None:
        return None
    known = {field.name for field in fields(Elsewhere)}
    return Elsewhere(**{**{name: found[name] for name in known & found.keys()}, "sources": tuple(found["sources"])})


def _introduced(plan: RunPlan) -> Elsewhere:
    names: Sequence[str] = [source.name for source in plan.sources]
    return Elsewhere(tuple(names), getpass.getuser(), _now(), socket.gethostname(), os.getpid())


def _before(step: str) -> float:
    """Return the share that steps before this one usually take.

    >>> _before("ingest"), _before("match")
    (0.0, 0.35)
    """
    steps = list(_OF_A_RUN)
    return round(sum((_OF_A_RUN[one] for one in steps[: steps.index(step)]), 0.0), 3) if step in steps else 0.0


def _now() -> str:
    return instant(datetime.now(UTC))
