"""Evidence about the addresses of a run: sent out to a mail house, asked from a provider."""

import os
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from dq.address.bureau import write_export
from dq.address.providers import gather, open_provider, preview, terms_of
from dq.cli.options import refuse_place
from dq.engine.parts import to_frame
from dq.errors import NotFoundError
from dq.settings import load_settings


class Asking:
    """Listens to a gathering and shows it.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(quiet=quiet, highlight=False, emoji=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True, quiet=quiet, emoji=False),
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "Asking":
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def say(self, line: str) -> None:
        """Print one sentence."""
        self._console.print(line, markup=False, soft_wrap=True)

    def advance(self, stage: str, done: int, total: int) -> None:
        """Move the bar."""
        if self._task is None:
            self._task = self._bar.add_task(stage, total=total)
        self._bar.update(self._task, completed=done, total=total)


def export_addresses(folder: Path, out: Path) -> None:
    """Write the list for a mail house and say what is in it."""
    refuse_place(out)
    points, records = _table(folder, "contact_points"), _table(folder, "records")
    report = write_export(points, records, out, load_settings().reference)
    console = Console(highlight=False, emoji=False)
    console.print(
        f"{out}: {report.rows:,} rows, {report.addresses:,} distinct addresses; {report.left_out:,} address contact "
        "points are not asked about (foreign, missing or too little to find)",
        markup=False,
        soft_wrap=True,
    )
    if report.formulas:
        console.print(
            f"{report.formulas:,} cells begin like a formula; they are written as they are: do not open the list in a "
            "spreadsheet",
            markup=False,
            soft_wrap=True,
        )
    console.print("What comes back: dq reference load bureau FILE", markup=False)


def verify_addresses(
    folder: Path, name: str, *, dry_run: bool, budget: int | None, price: float | None, quiet: bool
) -> None:
    """Say what asking would take; unless it is a dry run, ask."""
    terms = terms_of(name)
    points, library = _table(folder, "contact_points"), load_settings().reference
    # Through text: 0.1 as a binary fraction is no price.
    cost = None if price is None else Decimal(str(price))
    provider = None if dry_run else open_provider(name, os.environ)
    with Asking(quiet=quiet) as asking:
        if provider is None:
            for line in preview(points, terms, library, budget=budget, price=cost).lines():
                asking.say(line)
        else:
            gather(points, provider, library, budget=budget, price=cost, listener=asking)


def _table(folder: Path, name: str) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise NotFoundError(f"{folder} is no finished run: {path.name} is missing", "name the --out folder of dq run")
    return to_frame(pq.read_table(path))
