"""A terminal in an empty folder."""

from pathlib import Path

import pytest

from tests.cli.terminals import Terminal
from tests.finished import sample_run

__all__ = ["sample_run", "terminal"]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal whose working folder is empty."""
    return Terminal(tmp_path, monkeypatch, capsys)
