"""Finished runs that many tests look at: each is made once for all processes, and nobody writes into it."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipeline.runs import CONVERSION, run, sample_sources, write_csv

CUSTOMERS = [
    ["id", "first name", "last name", "email", "phone", "birth date"],
    ["1", "Ann", "Zywicki", "ann@example.org", "217-555-0148", "1980-02-03"],
    ["2", "Ann", "Zywicki", "ann@example.org", "217-555-0148", "1980-02-03"],
    ["3", "Ann", "Zywicki", "ann@example.org", "217-555-0149", "1980-02-03"],
    ["4", "Bob", "Quill", "bob@example.org", "217-555-0199", "1970-05-06"],
]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder once for all processes that share the work; who asks while it is made waits for it.

    Args:
        factory: Of the temporary folders of this process; those of pytest-xdist have one parent.
        name: Of the folder, the same in every process.
        make: Fills the folder; what somebody began and did not end is removed first.
    """
    base = factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, finished = base / name, base / f"{name}.finished"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            finished.touch()
    return folder


@dataclass(frozen=True)
class FinishedRun:
    """The extracts of a run and the folder of its result."""

    sources: list[Path]
    out: Path


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Return a run over three sources, held against two targets, alone in one part and one process."""

    def make(folder: Path) -> None:
        run(sample_sources(folder / "extracts"), folder / "out", conversion=CONVERSION)

    folder = made_once(tmp_path_factory, "sample-run", make)
    extracts = folder / "extracts"
    return FinishedRun([extracts / "crm", extracts / "billing.csv", extracts / "web_signups.csv"], folder / "out")


@pytest.fixture(scope="session")
def customers_run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Return a run over four rows of which three are one customer."""

    def make(folder: Path) -> None:
        run([write_csv(folder / "crm.csv", CUSTOMERS)], folder / "out")

    folder = made_once(tmp_path_factory, "customers-run", make)
    return FinishedRun([folder / "crm.csv"], folder / "out")


def next_run(factory: pytest.TempPathFactory, before: FinishedRun, judgements: Path) -> Path:
    """Return the folder of the run after another one with these judgements; equal judgements share one run."""
    digest = hashlib.sha256(judgements.read_bytes()).hexdigest()[:16]
    options = {"previous": before.out, "judgements": judgements}
    name = f"{before.out.parent.name}-{digest}"
    return made_once(factory, name, lambda folder: run(before.sources, folder / "out", **options)) / "out"
