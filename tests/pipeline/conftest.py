"""One whole run on sample extracts, shared by the tests that only look at its result."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from dq.pipeline import RunResult
from tests.pipeline.runs import CONVERSION, run, sample_sources


@dataclass(frozen=True)
class SampleRun:
    """The extracts of a run and what it came to."""

    sources: list[Path]
    result: RunResult

    @property
    def out(self) -> Path:
        """Folder of the result."""
        return self.result.out


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """Return a run over three sources, held against two targets, alone in one part and one process."""
    folder = tmp_path_factory.mktemp("sample")
    sources = sample_sources(folder / "extracts")
    return SampleRun(sources, run(sources, folder / "out", conversion=CONVERSION))
