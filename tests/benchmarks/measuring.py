"""Seconds, processor seconds and peak memory of a command in a process of its own, with all its children."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

MARK = "clusters are on disk"
"""A contender prints this line when its work is done; what it does afterwards is not measured."""
POLL_SECONDS = 0.05
MOST_OF_MEMORY = 0.6
"""Share of the machine's memory from which on a contender is stopped: beyond, it would stop the machine."""
MOST_SECONDS = 1800.0
"""After half an hour a contender is stopped: the others took minutes."""


@dataclass(frozen=True)
class Measured:
    """What a command took.

    Attributes:
        seconds: From its start to the mark.
        busy: Seconds of processors, all processes together, to the mark.
        peak: Bytes resident at most, all processes together, to the mark.
        lines: What it printed.
    """

    seconds: float
    busy: float
    peak: int
    lines: tuple[str, ...]


class ContenderError(Exception):
    """A contender failed; the message is the end of what it said."""


def measure(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end and measure it up to the mark.

    Raises:
        ContenderError: It failed, or never printed the mark.
    """
    begun = time.monotonic()
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, text=True, env=dict(environment)
        )
        watch = _Watch(psutil.Process(process.pid))
        lines, seconds = [], 0.0
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith(MARK):
                seconds = time.monotonic() - begun
                watch.stop()
        code = process.wait()
        watch.stop()
    if watch.reason:
        raise ContenderError(watch.reason)
    if code or not seconds:
        said = log.read_text(encoding="utf-8").splitlines()[-3:]
        raise ContenderError(f"exit {code}: {' / '.join(said)}")
    return Measured(seconds, watch.busy, watch.peak, tuple(lines))


class _Watch:
    """Samples a process and its children until stopped."""

    def __init__(self, root: psutil.Process) -> None:
        self.peak = 0
        self.reason = ""
        self._root = root
        self._begun = time.monotonic()
        self._busy: dict[int, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> float:
        return sum(self._busy.values())

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._sample()
            self._limit()
            if self._stopped.wait(POLL_SECONDS):
                break

    def _limit(self) -> None:
        """Stop a contender that takes too much; the reason is kept."""
        if self.peak > MOST_OF_MEMORY * psutil.virtual_memory().total:
            self.reason = f"stopped at {self.peak / 1e9:.0f} GB"
        elif time.monotonic() - self._begun > MOST_SECONDS:
            self.reason = f"stopped after {MOST_SECONDS / 60:.0f} minutes"
        if self.reason:
            for process in [*self._root.children(recursive=True), self._root]:
                process.kill()

    def _sample(self) -> None:
        resident = 0
        try:
            processes = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                resident += process.memory_info().rss
                times = process.cpu_times()
                self._busy[process.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
        self.peak = max(self.peak, resident)
