"""Writes generated customers."""

import time
from pathlib import Path

from rich.console import Console

from dq.sample.writing import write_sample
from dq.settings import load_settings
from dq.standards import load_standards


def make_sample_folder(rows: int, seed: int, out: Path) -> None:
    """Write the sample and say what was written."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    begun = time.monotonic()
    write_sample(rows, seed, out, standards.table)
    files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.csv"))
    console = Console(highlight=False)
    console.print(f"{out}: about {rows:,} rows in {time.monotonic() - begun:.1f} s", markup=False)
    for name in files:
        console.print(f"  {name}", markup=False)
