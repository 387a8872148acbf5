"""What is kept of a job: a private folder per job with small JSON files; nothing of it is a table of the store."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal

Kind = Literal["apply", "check"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
ACTIVE: Final = ("waiting", "running")
JOB: Final = "job.json"
PROGRESS: Final = "progress.json"
OUTCOME: Final = "outcome.json"
UPLOAD: Final = "upload"
RUN: Final = "run"
LOG: Final = "log"


@dataclass(frozen=True)
class Job:
    """Work in the background.

    Attributes:
        job_id: 16 hexadecimal digits that nobody guesses.
        kind: `apply` (decisions, in the home) or `check` (a file, beside it).
        by: Login of whoever asked.
        asked_at: UTC.
        name: Of the file, for people; empty for `apply`.
        state: Where it is.
        step: What it does now, a word of the pipeline.
        share: Done of it, 0 to 1, by what steps usually take.
        since: When the step began, UTC.
        started_at: When work began.
        ended_at: When it ended.
        message: What went wrong, in plain words.
        hint: What to do.
        lines: What it came to.
        run_id: The run that is in the home now; empty for `check`.
    """

    job_id: str
    kind: Kind
    by: str
    asked_at: str
    name: str = ""
    state: State = "waiting"
    step: str = ""
    share: float = 0.0
    since: str = ""
    started_at: str = ""
    ended_at: str = ""
    message: str = ""
    hint: str = ""
    lines: tuple[str, ...] = ()
    run_id: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it waits or works."""
        return self.state in ACTIVE


def save(folder: Path, job: Job) -> None:
    """Keep a job, whole or not at all."""
    write(folder / JOB, asdict(job))


def load(folder: Path) -> Job | None:
    """Return a job with what the process that works on it says, None where the folder holds none."""
    found = read(folder / JOB)
    if found is None:
        return None
    known = {field.name for field in fields(Job)}
    if found["state"] == "running":
        found |= read(folder / PROGRESS) or {}
    made = {name: value for name, value in found.items() if name in known}
    return Job(**{**made, "lines": tuple(made.get("lines", ()))})


def jobs_in(folder: Path) -> Iterator[Job]:
    """Yield every job below a folder."""
    for path in sorted(folder.glob(f"*/{JOB}")):
        job = load(path.parent)
        if job is not None:
            yield job


def forget_data(folder: Path, *kept: str) -> None:
    """Remove the uploaded file and what work left, but for what is named: RUN, LOG."""
    for path in folder.iterdir():
        if path.name in (JOB, *kept):
            continue
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Write JSON so that readers see the old or the new document, also where several threads write."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    unfinished.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.replace(path)


def read(path: Path) -> dict[str, Any] | None:
    """Read JSON; None where it is not there."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
