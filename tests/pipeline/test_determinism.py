"""The bytes of a result depend on what the extracts say, not on how they were handed over or worked through."""

from pathlib import Path

import pytest

from dq.tables.reading import parts as reading_parts
from tests.finished import FinishedRun
from tests.pipeline.runs import CONVERSION, differences, run, shuffled_copy


def test_order_of_sources_size_of_parts_and_number_of_workers_have_no_say(
    sample_run: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Workers are fresh processes: each has its own seed of str hashes, so that the order of sets is tried as well.
    monkeypatch.setattr(reading_parts, "PART_ROWS", 40)
    run(sample_run.sources[::-1], tmp_path / "out", conversion=CONVERSION, part_rows=120, workers=2)
    assert differences(sample_run.out, tmp_path / "out") == []


def test_order_of_rows_has_no_say(sample_run: FinishedRun, tmp_path: Path) -> None:
    shuffled = [shuffled_copy(source, tmp_path / source.name, seed=5) for source in sample_run.sources]
    run(shuffled, tmp_path / "out", conversion=CONVERSION)
    assert differences(sample_run.out, tmp_path / "out", but_lines=True) == []
