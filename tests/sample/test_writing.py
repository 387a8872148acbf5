"""The files: formats, broken lines, blocks, and the committed sample."""

from pathlib import Path

import pandas as pd
import pytest

from dq.errors import SettingsError
from dq.sample import make_sample, write_sample
from dq.sample.world import BLOCK_ROWS
from tests.sample.conftest import ROWS, SEED, reference_table

COMMITTED = Path(__file__).parents[2] / "sample_data"


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def test_the_committed_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    write_sample(ROWS, SEED, tmp_path, reference_table)
    assert _files(tmp_path) == _files(COMMITTED)


def test_writing_block_by_block_equals_the_sample_in_memory(tmp_path: Path) -> None:
    rows = BLOCK_ROWS + 2_000
    frames = make_sample(rows, 5, reference_table)
    size = write_sample(rows, 5, tmp_path, reference_table)
    assert size.records == len(frames["answers/true_clusters.csv"])
    for path, frame in frames.items():
        if path != "billing.csv":
            read = pd.read_csv(tmp_path / path, dtype="str", keep_default_na=False, na_filter=False)
            pd.testing.assert_frame_equal(read, frame, check_dtype=False)
    for frame in (frames["crm/accounts.csv"]["Id"], frames["billing.csv"]["CUST_NO"]):
        assert frame.is_unique
    assert frames["answers/true_clusters.csv"]["record_id"].is_unique


def test_broken_lines_stand_where_the_answers_say(tmp_path: Path) -> None:
    write_sample(ROWS, 8, tmp_path, reference_table)
    broken = pd.read_csv(tmp_path / "answers/broken_lines.csv", dtype="str", keep_default_na=False)
    lines = (tmp_path / "billing.csv").read_bytes().decode("cp1252").split("\r\n")
    numbers = broken["line_number"].astype(int)
    assert [lines[number - 1] for number in numbers] == broken["text"].tolist()
    good = [line for number, line in enumerate(lines, start=1) if number not in set(numbers) and line]
    assert {line.count(";") for line in good if '"' not in line} == {10}
    assert set(broken["kind"]) == {"unclosed_quote", "too_few_fields", "too_many_fields"}


def test_billing_is_windows_1252_with_semicolons(tmp_path: Path) -> None:
    write_sample(ROWS, SEED, tmp_path, reference_table)
    content = (tmp_path / "billing.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.startswith(b"CUST_NO;CUSTOMER NAME;")


def test_a_file_as_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(SettingsError, match="is a file"):
        write_sample(10, 1, tmp_path / "out", reference_table)


def test_no_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="empty"):
        write_sample(0, 1, tmp_path, reference_table)
