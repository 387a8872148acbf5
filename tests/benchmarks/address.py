"""The address parser beside its peers: lines per second on one core, street lines and whole addresses.

python -m tests.benchmarks.address [--lines 100000]

Every tool reads lines made from the reference tables, new ones in each of three rounds, in which the tools take turns;
the best round counts. Seconds are those of the processor, all threads together: what else the machine does is not the
tool's. A tool that is not installed is left out and named (`pip install -e '.[bench]'` brings all).
"""

import argparse
import importlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table

from dq.model import TEXT
from tests.address.crf.lines import full_line, lines, street_line

LINES = 100_000
ROUNDS = 3
WARM_UP_LINES = 5_000
KINDS = {"street lines": street_line, "full lines": full_line}
PEERS = {"usaddress.tag": "tag", "fastaddress.parse": "fast"}
"""The tools that the others are measured by, and their short names."""
SLOW = 8
"""Tools below about 30,000 lines a second read one line in so many: their rate does not depend on the number."""


class Tool(NamedTuple):
    """A parser and what it is run on.

    Attributes:
        read: Reads a column of lines.
        share: It reads one line in so many.
    """

    name: str
    read: Callable[["pd.Series[str]"], object]
    share: int = 1


def one_by_one(parse: Callable[[str], object], *refusals: type[Exception]) -> Callable[["pd.Series[str]"], object]:
    """Return a reader that calls `parse` per line; lines it refuses count as read."""

    def read(column: "pd.Series[str]") -> None:
        for line in column.tolist():
            with suppress(*refusals):
                parse(line)

    return read


def tools() -> Iterator[Tool]:
    """Yield what is installed."""
    crf = importlib.import_module("dq.address.crf")
    usaddress = importlib.import_module("usaddress")
    yield Tool("dq label_lines", crf.label_lines)
    with suppress(ImportError, AttributeError):
        parser = importlib.import_module("dq.address.address_parser").AddressParser()
        yield Tool("dq AddressParser.parse", parser.parse, SLOW)
    yield Tool("usaddress.tag", one_by_one(usaddress.tag, usaddress.RepeatedLabelError), SLOW)
    yield Tool("usaddress.parse", one_by_one(usaddress.parse), SLOW)
    with suppress(ImportError):
        yield Tool("fastaddress.parse", one_by_one(importlib.import_module("fastaddress").parse))
    with suppress(ImportError):
        doorplate = importlib.import_module("doorplate")
        yield Tool("doorplate.parse", one_by_one(doorplate.parse, doorplate.ParseError))
    with suppress(ImportError):
        scourgify = importlib.import_module("scourgify")
        errors = importlib.import_module("scourgify.exceptions")
        refused = (errors.AddressNormalizationError, errors.AddressValidationError)
        yield Tool("scourgify", one_by_one(scourgify.normalize_address_record, *refused), SLOW)


def measure(found: list[Tool], count: int) -> Table:
    """Return a table of lines per second, and of how many times as many as two of the peers."""
    rates = {name: best_rates(found, kind, count) for name, kind in KINDS.items()}
    table = Table(title=f"lines per second, one core, {count:,} lines", caption="x: times as many as that peer")
    table.add_column("", no_wrap=True)
    for kind in KINDS:
        for column in (kind, *(f"x {short}" for short in PEERS.values())):
            table.add_column(column, justify="right")
    for tool in found:
        cells = []
        for kind in KINDS:
            rate = rates[kind][tool.name]
            peers = (rates[kind].get(name) for name in PEERS)
            cells += [f"{rate:,.0f}", *(f"{rate / peer:.1f}" if peer else "" for peer in peers)]
        table.add_row(tool.name, *cells)
    return table


def best_rates(found: list[Tool], kind: Callable[..., str], count: int) -> dict[str, float]:
    """Return lines per second of each tool in its best round."""
    rates = dict.fromkeys((tool.name for tool in found), 0.0)
    warm_up = pd.Series(lines(kind, WARM_UP_LINES, seed=0), dtype=TEXT)
    for tool in found:
        tool.read(warm_up.iloc[:: tool.share])
    for round_number in range(1, ROUNDS + 1):
        column = pd.Series(lines(kind, count, seed=round_number), dtype=TEXT)
        for tool in found:
            rates[tool.name] = max(rates[tool.name], rate(tool, column))
    return rates


def rate(tool: Tool, column: "pd.Series[str]") -> float:
    """Return lines per second of one round."""
    chosen = column.iloc[:: tool.share].reset_index(drop=True)
    start = time.process_time()
    tool.read(chosen)
    return len(chosen) / (time.process_time() - start)


def stay_on_one_core() -> None:
    """Bind the process to one core where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=LINES)
    count = parser.parse_args().lines
    stay_on_one_core()
    console = Console()
    found = list(tools())
    console.print(measure(found, count))
    missing = {"fastaddress", "doorplate", "scourgify"} - {tool.name.partition(".")[0] for tool in found}
    if missing:
        console.print(f"not installed: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
