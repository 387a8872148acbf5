"""Small tables that people hand in: every cell is text, and what does not fit is told."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.errors import SourceError
from dq.model import TEXT
from dq.tables.people_files import read_people_csv
from dq.tables.writing import write_csv_for_people

cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00\r"), max_size=8)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "judgements.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_text_survives_as_typed(tmp_path: Path) -> None:
    rows = read_people_csv(written(tmp_path, "id,note\n00123,NA\n1E5,null\n,x\n"))
    assert rows.fillna("(missing)").values.tolist() == [["00123", "NA"], ["1E5", "null"], ["(missing)", "x"]]
    assert (rows.dtypes == TEXT).all()


def test_a_mark_at_the_start_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert list(read_people_csv(written(tmp_path, "id,note\n1,x\n", "utf-8-sig"))) == ["id", "note"]


def test_only_the_wanted_columns_in_the_wanted_order(tmp_path: Path) -> None:
    rows = read_people_csv(written(tmp_path, "a,b,c\n1,2,3\n"), ("c", "a"))
    assert rows.values.tolist() == [["3", "1"]]


def test_exactly_one_guard_is_taken_off(tmp_path: Path) -> None:
    path = written(tmp_path, "id\n'=1+1\n''quoted\nplain\n")
    assert read_people_csv(path)["id"].tolist() == ["=1+1", "'quoted", "plain"]
    assert read_people_csv(path, guarded=False)["id"].tolist() == ["'=1+1", "''quoted", "plain"]


def test_short_rows_are_filled_and_empty_lines_left_out(tmp_path: Path) -> None:
    rows = read_people_csv(written(tmp_path, "a,b\n1\n\n2,3\n"))
    assert rows["a"].tolist() == ["1", "2"]
    assert rows["b"].isna().tolist() == [True, False]


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    assert read_people_csv(written(tmp_path, "a,b\n"), ("a", "b")).shape == (0, 2)


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("a\ncafé\n", "cp1252", "is not UTF-8"),
        ("a,b\n1,2,3\n", "utf-8", "row 2 has 3 cells for 2 columns"),
        ("b\n1\n", "utf-8", "lacks the column a"),
        ("", "utf-8", "lacks the column a"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, encoding: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as told:
        read_people_csv(written(tmp_path, text, encoding), ("a",))
    assert told.value.hint


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_what_is_written_for_people_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("people") / "rows.csv"
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=TEXT)
    frame = frame.mask(frame == "")
    write_csv_for_people(frame, path, ["a", "b"])
    back = read_people_csv(path)
    filled = frame.dropna(how="all").reset_index(drop=True)
    pd.testing.assert_frame_equal(back.dropna(how="all").reset_index(drop=True), filled)
