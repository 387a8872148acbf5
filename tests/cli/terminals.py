"""The terminal under test: one command in this process, or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from dq.cli import main

ROOT = Path(__file__).parents[2]
START = [sys.executable, "-c", "from dq.cli import main; main()"]


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """Lines of standard error."""
        return self.err.splitlines()


class Terminal:
    """Starts `dq` in this process, as a person would, in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capture = capture
        monkeypatch.chdir(folder)

    def dq(self, *arguments: str | Path) -> Answer:
        """Run one command."""
        self._monkeypatch.setattr(sys, "argv", ["dq", *(str(argument) for argument in arguments)])
        self._capture.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capture.readouterr()
        return Answer(code, out, err)


def start(
    *arguments: str | Path, folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [*START, *(str(argument) for argument in arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> Answer:
    """Wait for a command."""
    out, err = process.communicate(timeout=300)
    return Answer(process.returncode, out, err)
