"""The main job on generated customers: seconds, rows per second and peak memory of every step.

python -m tests.benchmarks [--rows 10000 100000 1000000]
"""

import argparse
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from dq.pipeline import run_all
from dq.pipeline.planning import make_plan
from dq.sample.writing import write_sample
from dq.settings import load_settings
from dq.standards import load_standards

SIZES = [10_000, 100_000, 1_000_000]
POLL_SECONDS = 0.1


class Stopwatch:
    """Listens to a run; notes seconds and the peak resident memory of the process tree per step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.peak: dict[str, int] = defaultdict(int)
        self._step = "start"
        self._since = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Stopwatch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.begin("end")
        self._stopped.set()
        self._thread.join()

    def say(self, line: str) -> None:
        """Ignore sentences."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Ignore progress."""

    def begin(self, step: str) -> None:
        """Book the time of the step that ends."""
        now = time.monotonic()
        self.seconds[self._step] += now - self._since
        self._step, self._since = step, now

    def _watch(self) -> None:
        root = psutil.Process()
        while not self._stopped.wait(POLL_SECONDS):
            self.peak[self._step] = max(self.peak[self._step], _resident(root))


def _resident(root: psutil.Process) -> int:
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def measure(rows: int, folder: Path) -> Table:
    """Generate customers, run the main job, return the table of its steps."""
    settings = load_settings()
    write_sample(rows, 1, folder / "sample", load_standards(settings.standards, settings.expectations).table)
    sources = [str(folder / "sample" / name) for name in ("crm", "billing.csv", "web_signups.csv")]
    with Stopwatch() as watch:
        run_all(make_plan(sources, folder / "out", as_of="2026-11-21"), watch)
    table = Table("step", "seconds", "rows/s", "peak MB", title=f"{rows:,} rows")
    for step, seconds in watch.seconds.items():
        rate = f"{rows / seconds:,.0f}" if seconds else ""
        table.add_row(step, f"{seconds:.1f}", rate, f"{watch.peak[step] / 1e6:,.0f}")
    total = sum(watch.seconds.values())
    table.add_row("all", f"{total:.1f}", f"{rows / total:,.0f}", f"{max(watch.peak.values()) / 1e6:,.0f}")
    return table


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", nargs="+", type=int, default=SIZES)
    for rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory(prefix="dq-bench-") as folder:
            Console().print(measure(rows, Path(folder)))


if __name__ == "__main__":
    main()
