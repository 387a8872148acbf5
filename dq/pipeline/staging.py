"""The folder a run works in, and the swap that publishes it: the old result or the new one, never half of each.

`DIR.staging-<key>/` lies beside `DIR` and holds `work/` (parts), `state/` (what steps say to each other) and `result/`.
The file `ready` appears when `result/` is whole; from then on the swap is completed by whoever comes next.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from dq.errors import ConflictError

fcntl: ModuleType | None
try:
    fcntl = import_module("fcntl")
except ImportError:  # Windows has no flock; two runs into one folder are the operator's care there.
    fcntl = None


LOCK: Final = "lock"
"""File in a folder that somebody works in."""


def staging_folder(out: Path, key: str) -> Path:
    """Return where a run of this key works; 12 characters tell runs into one folder apart."""
    out = out.resolve()
    return out.with_name(f"{out.name}.staging-{key[:12]}")


@contextmanager
def staged(out: Path, key: str, fresh: bool) -> Iterator[Path]:
    """Enter the staging folder of a run: finish a half-done swap, remove what other keys left, lock.

    Raises:
        ConflictError: Another run is writing to the same folder.
    """
    out.resolve().parent.mkdir(parents=True, exist_ok=True)
    folder = staging_folder(out, key)
    for other in sorted(folder.parent.glob(f"{glob_escape(out.resolve().name)}.staging-*")):
        with locked(other):
            if (other / "ready").exists():
                complete_swap(out, other)
            elif other != folder or fresh:
                shutil.rmtree(other)
    # Parts hold personal data and policies the home's key: nobody else reads them.
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("work", "state", "result"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with locked(folder):
        yield folder


def glob_escape(name: str) -> str:
    """Return `name` so that a glob pattern takes it literally."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


@contextmanager
def locked(folder: Path, work: str = "run") -> Iterator[None]:
    """Keep others out of a folder while a block runs.

    Args:
        folder: The folder; it gets a file `lock`.
        work: What is done there, for the message.

    Raises:
        ConflictError: Somebody else is in it.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(
                f"another {work} is working in {folder.name}", "wait until it ends, or choose another --out"
            ) from error
        yield
    finally:
        os.close(handle)


def publish(out: Path, staging: Path) -> None:
    """Make `result/` the new `out`: set the old folder aside, rename the new one in, remove the rest."""
    _sync(staging / "result")
    (staging / "ready").touch()
    complete_swap(out, staging)


def complete_swap(out: Path, staging: Path) -> None:
    """Go on with a swap wherever it stopped; needs the `ready` mark."""
    out = out.resolve()
    result = staging / "result"
    if result.exists():
        if out.exists():
            # A non-empty folder cannot be replaced by a rename: the old one is set aside first.
            set_aside = staging / "previous"
            if set_aside.exists():
                shutil.rmtree(set_aside)
            out.rename(set_aside)
        result.rename(out)
        _sync(out.parent)
    # A removal that is cut short must not look like a run to resume: the name changes first.
    rest = staging.with_name(f"{staging.name}.done")
    staging.rename(rest)
    shutil.rmtree(rest)


def save_state(staging: Path, name: str, document: object) -> None:
    """Keep what a step says to later ones, atomically."""
    path = staging / "state" / f"{name}.json"
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def load_state(staging: Path, name: str) -> object | None:
    """Return what a step said, None when it has not run yet."""
    path = staging / "state" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
