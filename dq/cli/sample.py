"""Writes generated customers."""

import time
from pathlib import Path

from rich.console import Console

from dq.sample.usps import write_usps_sample
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
    console = Console(highlight=False, emoji=False)
    console.print(f"{out}: about {rows:,} rows in {time.monotonic() - begun:.1f} s", markup=False)
    for name in files:
        console.print(f"  {name}", markup=False)


def make_usps_folder(records: int, addresses: int, seed: int, out: Path) -> None:
    """Write a synthetic ZIP+4 product and say what was written."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    begun = time.monotonic()
    size = write_usps_sample(records, addresses, seed, out, standards.table)
    console = Console(highlight=False, emoji=False)
    console.print(f"{out}: synthetic ZIP+4 records in {time.monotonic() - begun:.1f} s", markup=False)
    for name, count in sorted(size.records.items()):
        console.print(f"  {name}: {count:,}", markup=False)
