"""Jobs that people start in the app: a limit on how many work at once, progress, a clean end at shutdown."""

import os
import pickle
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from dq.errors import ConflictError, NotFoundError, SourceError, TransitionError
from dq.operations import job_files
from dq.operations.job_files import Job, Kind
from dq.settings import Settings
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.starting import may_start, note_cancelled, note_started
from dq.stewardship.waiting import waiting_decisions
from dq.store import instant
from dq.tables.reading.contents import open_contents, silent
from dq.tables.reading.source import safe_name

ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".gz", ".zip")
"""Endings of files that may be checked; what a file really is, its content says."""
MOST_WAITING: Final = 5
"""Jobs that may wait for one that works: a day's worth, beyond which somebody presses a button in anger."""
_PATIENCE: Final = 5
"""Seconds a stopped job has to put its files away before it is killed."""
_LOST: Final = ("The app was stopped while this was working.", "Start it again.")


class Jobs:
    """The background work of one house.

    Args:
        house: Its store, policy and runs.
        settings: What a job's process opens it with.
        at_once: Jobs that work at the same time; the others wait.
        check_days: Days that the result of a check is kept; the uploaded file goes when the check ends.
    """

    def __init__(self, house: House, settings: Settings, *, at_once: int = 1, check_days: float = 7.0) -> None:
        self._house, self._settings = house, settings
        self._check_days = check_days
        self._folder = house.folder / "var" / "jobs"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._is_closing = False
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="jobs")
        for folder in self._folder.iterdir():
            if job_files.load(folder) is None:  # an upload that was cut short
                shutil.rmtree(folder)
        for job in job_files.jobs_in(self._folder):
            if job.is_active:  # of an app that ended without a word
                self._end(job, state="cancelled", message=_LOST[0], hint=_LOST[1])

    def apply(self, actor: Actor, *, at: datetime) -> Job:
        """Start applying the decisions that wait.

        Raises:
            NotAllowedError: The actor does not lead.
            ConflictError: That is being done already.
            TransitionError: No decision waits, or too many jobs do.
        """
        may_start(actor)
        if not waiting_decisions(self._house).count:
            raise TransitionError("No decision waits: the run that is shown knows them all.", "Decide something first.")
        return self._begin(actor, "apply", at)

    def check(self, actor: Actor, name: str, content: BinaryIO, *, at: datetime) -> Job:
        """Start checking a file.

        Args:
            actor: Who asks.
            name: What the file is called; used for its ending and for people, never as a place.
            content: Its bytes.
            at: When.

        Raises:
            NotAllowedError: The actor does not lead.
            SourceError: The file is no table, or an archive that means harm.
            TransitionError: Too many jobs wait.
        """
        may_start(actor)
        base = name.replace("\\", "/").rpartition("/")[2]
        ending = next((one for one in ENDINGS if base.lower().endswith(one)), None)
        if ending is None:
            raise SourceError("This kind of file is not checked.", f"Files that are: {', '.join(ENDINGS)}.")
        own = f"{safe_name(base[: -len(ending)])[:60]}{ending}"
        return self._begin(actor, "check", at, own, content)

    def jobs(self, actor: Actor, limit: int = 50) -> list[Job]:
        """Return the jobs somebody may see, the newest first."""
        self._purge()
        found = [job for job in job_files.jobs_in(self._folder) if _sees(actor, job)]
        return sorted(found, key=lambda job: (job.asked_at, job.job_id), reverse=True)[:limit]

    def job(self, actor: Actor, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFoundError: There is none, or it is a check of somebody else's.
        """
        job = job_files.load(self._folder / job_id) if _is_id(job_id) else None
        if job is None or not _sees(actor, job):
            raise NotFoundError("There is no such job.", "It may have been removed: results are kept for some days.")
        return job

    def result(self, actor: Actor, job_id: str) -> Path:
        """Return the folder that a check left.

        Raises:
            NotFoundError: There is none.
        """
        job = self.job(actor, job_id)
        folder = self._folder / job.job_id / job_files.RUN
        if not (folder / "manifest.json").is_file():
            raise NotFoundError("This job left no files.", "A check leaves some when it is done.")
        return folder

    def cancel(self, actor: Actor, job_id: str, *, at: datetime) -> Job:
        """Stop a job; what it has done is put away.

        Raises:
            NotFoundError: There is none.
            TransitionError: It ended already.
        """
        job = self.job(actor, job_id)
        note_cancelled(self._house, actor, job_id, at=at)
        with self._lock:
            job = job_files.load(self._folder / job_id) or job
            if not job.is_active:
                raise TransitionError("This job has ended.", "Nothing was stopped.")
            job = self._end(job, state="cancelled", message="It was cancelled.", hint="Start it again when you like.")
            process = self._processes.get(job_id)
        if process is not None:
            _stop(process)
        return job

    def close(self) -> None:
        """Stop everything: the app ends."""
        with self._lock:
            self._is_closing = True
            working = dict(self._processes)
            for job in job_files.jobs_in(self._folder):
                if job.is_active:
                    self._end(job, state="cancelled", message=_LOST[0], hint=_LOST[1])
        for process in working.values():
            _stop(process)
        self._pool.shutdown(cancel_futures=True)

    def _begin(self, actor: Actor, kind: Kind, at: datetime, name: str = "", content: BinaryIO | None = None) -> Job:
        job = Job(secrets.token_hex(8), kind, actor.name, instant(at.astimezone(UTC)), name)
        folder = self._folder / job.job_id
        folder.mkdir(mode=0o700)
        try:
            if content is not None:
                self._store(folder, name, content)
            self._note(actor, job, at)
        except BaseException:
            shutil.rmtree(folder)
            raise
        self._pool.submit(self._run, job.job_id)
        return job

    def _note(self, actor: Actor, job: Job, at: datetime) -> None:
        """Let a job wait for its turn, unless too many do."""
        with self._lock:
            active = [one for one in job_files.jobs_in(self._folder) if one.is_active]
            if job.kind == "apply" and any(one.kind == "apply" for one in active):
                raise ConflictError("Decisions are being applied already.", "Wait until that is done.")
            if len(active) > MOST_WAITING:
                raise TransitionError("Too many jobs wait already.", "Wait until one of them is done.")
            note_started(self._house, actor, job.job_id, job.kind, at=at)
            job_files.save(self._folder / job.job_id, job)

    def _store(self, folder: Path, name: str, content: BinaryIO) -> None:
        """Keep an upload where only this app reads it, and look at what it is."""
        place = folder / job_files.UPLOAD / name
        place.parent.mkdir(mode=0o700)
        with os.fdopen(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)
        for found in open_contents(place, name, self._house.standards.ingest):
            if found.path is None:  # packed: what grows beyond all measure is found before anything starts
                with found.open(silent) as stream:
                    while stream.read(1 << 20):
                        pass

    def _run(self, job_id: str) -> None:
        """Do a job in a process of its own and keep what it came to."""
        folder = self._folder / job_id
        with self._lock:
            job = job_files.load(folder)
            if job is None or job.state != "waiting" or self._is_closing:
                return
            job = replace(job, state="running", started_at=_now(), since=_now())
            job_files.save(folder, job)
            process = _start(folder)
            self._processes[job_id] = process
        assert process.stdin is not None
        # The pipe stays open while the app lives: its end tells the process that nobody waits for it any more.
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(pickle.dumps(self._settings))
            pipe.flush()
            process.wait()
        code = process.wait()
        with self._lock:
            del self._processes[job_id]
            job = job_files.load(folder) or job
            if job.is_active:
                self._finish(folder, job, code)
            else:  # cancelled meanwhile: its process may have written on for a moment
                job_files.forget_data(folder)

    def _finish(self, folder: Path, job: Job, code: int) -> None:
        outcome = job_files.read(folder / job_files.OUTCOME)
        if outcome is None:
            told = "The system ended it, perhaps for want of memory." if code < 0 else "A mistake in dq ended it."
            hint = f"Whoever runs dq finds more in var/jobs/{job.job_id}/log."
            self._end(job, job_files.LOG, state="failed", message=told, hint=hint)
        elif outcome.get("message"):
            self._end(job, state="failed", message=str(outcome["message"]), hint=str(outcome["hint"]))
        else:
            lines = tuple(map(str, outcome.get("lines", ())))
            hint = str(outcome.get("hint", ""))
            run_id = str(outcome.get("run_id", ""))
            self._end(job, job_files.RUN, state="done", share=1.0, lines=lines, run_id=run_id, hint=hint)

    def _end(self, job: Job, *kept: str, **told: object) -> Job:
        """Keep how a job ended; of its files only those named stay."""
        ended = replace(job, ended_at=_now(), step="", **told)  # type: ignore[arg-type]
        job_files.save(self._folder / job.job_id, ended)
        job_files.forget_data(self._folder / job.job_id, *kept)
        return ended

    def _purge(self) -> None:
        """Remove what is older than policy keeps."""
        oldest = instant(datetime.now(UTC) - timedelta(days=self._check_days))
        for job in list(job_files.jobs_in(self._folder)):
            if not job.is_active and job.ended_at < oldest:
                shutil.rmtree(self._folder / job.job_id, ignore_errors=True)


def _sees(actor: Actor, job: Job) -> bool:
    """Tell whether a job is somebody's to see: a check holds whole customers, whichever their department."""
    return actor.has("lead") and (job.kind == "apply" or job.by == actor.name or actor.has("admin"))


def _is_id(text: str) -> bool:
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / job_files.LOG).open("wb") as log:
        return subprocess.Popen(  # noqa: S603 (our own module and a folder this app named)
            [sys.executable, "-m", "dq.operations.working", str(folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that it and the processes it starts are stopped together
        )


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and everything it started."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
            break
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _now() -> str:
    return instant(datetime.now(UTC))
