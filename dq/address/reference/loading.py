"""What every loader is given and gives back, and how new data take the place of old ones. Reads no data itself."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeAlias

from dq.address.reference.dataset import FILE, Dataset, write_dataset
from dq.address.reference.library import loading_folder
from dq.errors import ConflictError
from dq.standards import Standards
from dq.tables.writing import full_disk

fcntl: ModuleType | None
try:
    fcntl = import_module("fcntl")
except ImportError:  # Windows has no flock; two loads at once are the operator's care there.
    fcntl = None


class Listener(Protocol):
    """Whoever watches a load."""

    def say(self, line: str) -> None:
        """Take one sentence."""

    def begin(self, step: str, total: int) -> None:
        """Take the name of a step and how many bytes it goes through."""

    def advance(self, count: int) -> None:
        """Take the bytes gone through since the last call."""


@dataclass(frozen=True)
class LoadOrder:
    """What a loader is asked to do.

    Attributes:
        paths: Files and folders as named by the user.
        library: Folder of the reference library.
        standards: Policy and layouts.
        loaded_at: UTC moment that is written into `dataset.json`.
        password: Opens encrypted archives; never shown.
        listener: Hears of progress.
    """

    paths: tuple[Path, ...]
    library: Path
    standards: Standards
    loaded_at: datetime
    password: bytes | None
    listener: Listener

    def __repr__(self) -> str:
        # The generated one would show the password in tracebacks and logs.
        return f"LoadOrder({[str(path) for path in self.paths]}, {self.library})"


@dataclass(frozen=True)
class LoadReport:
    """What a load came to.

    Attributes:
        dataset: What the library holds now.
        notes: One sentence per thing the user should know.
    """

    dataset: Dataset
    notes: tuple[str, ...] = ()


Loader: TypeAlias = Callable[[LoadOrder], LoadReport]


@contextmanager
def replacing(library: Path, kind: str) -> Iterator[tuple[Path, Callable[[Dataset], None]]]:
    """Give a scratch folder and a function that puts what was built in `result/` in the place of the old data.

    Until that function is called the old data stay as they are, whatever happens; files of an earlier load that was
    cut short are removed.

    Raises:
        ConflictError: Another load of this kind is running.
        SettingsError: The disk is full.
    """
    try:
        library.mkdir(parents=True, exist_ok=True)
        with _locked(library, kind):
            folder = loading_folder(library, kind)
            _finish_swap(library, kind)
            result = folder / "result"
            result.mkdir(parents=True)

            def publish(dataset: Dataset) -> None:
                write_dataset(result, dataset)
                _sync(result)
                _swap(library, kind)

            try:
                yield folder, publish
            finally:
                _finish_swap(library, kind)
    except OSError as error:
        if full := full_disk(error, library):
            raise full from error
        raise


def _swap(library: Path, kind: str) -> None:
    """Set the old data aside and rename the new ones in; cut short between, `_finish_swap` puts the old ones back."""
    folder, present = loading_folder(library, kind), library / kind
    if present.exists():
        # A non-empty folder cannot be replaced by a rename.
        present.rename(folder / "previous")
    (folder / "result").rename(present)
    _sync_folder(library)


def _finish_swap(library: Path, kind: str) -> None:
    folder, present = loading_folder(library, kind), library / kind
    if (folder / "previous" / FILE).is_file() and not present.exists():
        (folder / "previous").rename(present)
    if folder.exists():
        shutil.rmtree(folder)


@contextmanager
def _locked(library: Path, kind: str) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    handle = os.open(library / f".{kind}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(f"another load of {kind} is running", "wait until it ends") from error
        yield
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
