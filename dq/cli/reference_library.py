"""Shows the loading of reference data and the state of the library."""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from dq.address.reference import Dataset, Library, Loader, LoadOrder
from dq.address.reference.packages import PASSWORD
from dq.settings import load_settings
from dq.standards import load_standards

MOST_NOTES: Final = 12
"""Notes shown after a load; a disc may leave out a thousand files."""
WITHOUT_ANY: Final = (
    "Without them an address is checked by ZIP, city and state alone: "
    "no street, house number, unit or ZIP+4 is confirmed."
)
WITHOUT: Final = {
    "usps-zip4": "no street, house number, unit or ZIP+4 is confirmed",
    "usps-citystate": "other names of cities and streets are not known",
}
"""Data sets that a library may lack and what that means; answers of a bureau are gathered, not missing."""


class Bar:
    """Listens to a load and shows it.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(quiet=quiet, highlight=False, emoji=False)
        shown_on = Console(stderr=True, quiet=quiet, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=shown_on,
            transient=True,
            # Where nobody watches, a bar that ends leaves an empty line before the message of an error.
            disable=not shown_on.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "Bar":
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def say(self, line: str) -> None:
        """Print one sentence."""
        self._console.print(line, markup=False, soft_wrap=True)

    def begin(self, step: str, total: int) -> None:
        """Start the bar of a step; sizes of compressed files are not always known."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(step, total=total or None)

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bar.advance(self._task, count)


def load_reference(loader: Loader, paths: Sequence[Path], *, quiet: bool) -> None:
    """Load reference data and say what came of it."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    password = os.environ.get(PASSWORD, "").encode() or None
    begun = time.monotonic()
    with Bar(quiet=quiet) as bar:
        order = LoadOrder(tuple(paths), settings.reference, standards, datetime.now(UTC), password, bar)
        report = loader(order)
    for note in _shortened(report.notes):
        bar.say(f"note: {note}")
    took = time.monotonic() - begun
    for line in _lines(report.dataset, Library(settings.reference), datetime.now(UTC).date()):
        bar.say(line)
    bar.say(f"  loaded in   {took:.1f} s")


def show_status(output_format: str) -> None:
    """Print what the library holds."""
    library, today = Library(load_settings().reference), datetime.now(UTC).date()
    datasets = library.datasets()
    missing = [kind for kind in WITHOUT if kind not in {dataset.kind for dataset in datasets}]
    if output_format == "json":
        document = {
            "folder": str(library.folder),
            "datasets": [_document(dataset, library, today) for dataset in datasets],
            "missing": missing,
            "findings": [path.stem for path in _findings(library)],
        }
        print(json.dumps(document, indent=1, ensure_ascii=False))
        return
    console = Console(highlight=False, emoji=False)
    for line in _status(datasets, missing, library, today):
        console.print(line, markup=False, soft_wrap=True)


def _status(datasets: Sequence[Dataset], missing: Sequence[str], library: Library, today: date) -> Iterable[str]:
    if not datasets:
        yield f"No reference data are loaded in {library.folder}."
        yield WITHOUT_ANY
        yield "To load them: dq reference load usps-zip4 PATH"
    for dataset in datasets:
        yield from _lines(dataset, library, today)
    if datasets:
        for kind in missing:
            yield f"{kind} is not loaded: {WITHOUT[kind]}"
    if found := _findings(library):
        yield f"findings of {', '.join(path.stem for path in found)} in {found[0].parent}"


def _lines(dataset: Dataset, library: Library, today: date) -> Iterable[str]:
    yield dataset.kind
    yield f"  vintage     {_vintage(dataset, today)}"
    yield f"  loaded at   {dataset.loaded_at}"
    types = ", ".join(f"{name} {count:,}" for name, count in dataset.records.items())
    yield f"  rows        {dataset.rows:,} (records: {types})"
    if dataset.skipped:
        skipped = ", ".join(f"{name} {count:,}" for name, count in dataset.skipped.items())
        yield f"  skipped     {skipped}: records of types that are not used"
    yield f"  from        {', '.join(dataset.files[:3])}{' and others' if len(dataset.files) > 3 else ''}"
    if (folder := library.folder_of(dataset.kind)).is_dir():
        yield f"  in          {folder} ({library.size_of(dataset.kind) / 1e6:,.1f} MB)"
    if (expires_on := dataset.expires_on()) is not None and today >= expires_on:
        yield (
            f"  TOO OLD     mail may be coded with these data until {expires_on - timedelta(days=1)}; "
            "load the current product"
        )


def _vintage(dataset: Dataset, today: date) -> str:
    if dataset.vintage is None:
        return "unknown: no file has a copyright record with month and year"
    age = f"{dataset.vintage} ({dataset.days_old(today):,} days old)"
    if len(dataset.vintages) > 1:
        return f"{age}, the oldest of {', '.join(dataset.vintages)}"
    return age


def _document(dataset: Dataset, library: Library, today: date) -> dict[str, Any]:
    expires_on = dataset.expires_on()
    return {
        **asdict(dataset),
        "records": dict(dataset.records),
        "skipped": dict(dataset.skipped),
        "days_old": dataset.days_old(today),
        "expires_on": expires_on and expires_on.isoformat(),
        "is_expired": expires_on is not None and today >= expires_on,
        "path": str(library.folder_of(dataset.kind)),
        "bytes": library.size_of(dataset.kind),
    }


def _findings(library: Library) -> list[Path]:
    return sorted((library.folder / "findings").glob("*.parquet"))


def _shortened(notes: Sequence[str]) -> list[str]:
    rest = len(notes) - MOST_NOTES
    return [*notes[:MOST_NOTES], f"and {rest:,} more like these"] if rest > 0 else [*notes]
