"""Writers: what is written reads back the same, appears whole, and runs nothing in a spreadsheet."""

import csv
import errno
import os
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq import model
from dq.errors import SettingsError
from dq.tables.writing import atomic, guard, strip_guard, write_csv_for_machines, write_csv_for_people, write_parquet
from tests.tables.reading.extracts import read_one

_TABLE = model.Table(
    "t",
    "one row per example",
    {"id": pa.large_string(), "n": pa.int64(), "w": pa.float64(), "flag": pa.bool_()},
    ("id",),
    has_extras=True,
)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-2.5",
        "+14155550123",
        "@x",
        "'a",
        "''",
        " =x",
        "\t=x",
        "\r\n",
        "-",
        "+1 (617) 495",
        '"',
        "a,b",
        "a\nb",
        "NA",
        "００=",
        " ",
    ]
)


def test_parquet_has_the_schema_of_the_table(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "w": [0.5, None],
            "id": pd.Series(["a", None], dtype=model.TEXT),
            "flag": pd.Series([True, None], dtype=object),
            "n": [1.0, None],
            "extra.Fax": pd.Series(["x", None], dtype=model.TEXT),
            "scratch": [1, 2],
        }
    )
    assert write_parquet(frame, tmp_path / "t.parquet", _TABLE) == 2
    table = pq.read_table(tmp_path / "t.parquet")
    assert table.schema.names == ["id", "n", "w", "flag", "extra.Fax"]
    assert table.schema.types == [*_TABLE.columns.values(), pa.large_string()]
    assert table.to_pylist() == [
        {"id": "a", "n": 1, "w": 0.5, "flag": True, "extra.Fax": "x"},
        dict.fromkeys(table.schema.names),
    ]


def test_parquet_bytes_do_not_depend_on_chunks(tmp_path: Path) -> None:
    whole = pa.table({"id": [f"{n:06}" for n in range(150_000)], "n": range(150_000)})
    write_parquet(whole, tmp_path / "a.parquet", _TABLE)
    write_parquet((whole.slice(start, 7_001) for start in range(0, 150_000, 7_001)), tmp_path / "b.parquet", _TABLE)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [100_000, 50_000]


def test_empty_table_is_a_file_with_its_columns(tmp_path: Path) -> None:
    assert write_parquet([], tmp_path / "t.parquet", _TABLE) == 0
    assert pq.read_schema(tmp_path / "t.parquet").names == list(_TABLE.columns)


def test_late_extra_column_is_not_dropped_in_silence(tmp_path: Path) -> None:
    chunks = [pa.table({"id": ["a"]}), pa.table({"id": ["b"], "extra.Fax": ["x"]})]
    with pytest.raises(ValueError, match=r"extra\.Fax"):
        write_parquet(chunks, tmp_path / "t.parquet", _TABLE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\xa0=1+1", "'\xa0=1+1"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3", "'-2+3"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'x", "''x"),
        ("-", "'-"),
        ("+1 617 495 1234", "'+1 617 495 1234"),
        ("-12.50", "-12.50"),
        ("+16174951234", "+16174951234"),
        ("12", "12"),
        ("O'Brien", "O'Brien"),
        ("", ""),
    ],
)
def test_guard_against_formulas(cell: str, written: str) -> None:
    assert guard(pa.array([cell], pa.large_string())).to_pylist() == [written]


@given(cells=st.lists(_TEXT, min_size=1, max_size=30))
def test_strip_guard_undoes_the_guard(cells: list[str]) -> None:
    guarded = pd.Series(guard(pa.array(cells, pa.large_string())).to_pylist(), dtype=model.TEXT)
    assert strip_guard(guarded).tolist() == cells


@given(rows=st.lists(st.tuples(_TEXT, _TEXT), max_size=10))
def test_csv_for_machines_is_what_python_reads(rows: list[tuple[str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=model.TEXT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        assert write_csv_for_machines(frame, path, headers={"b": "B, 2"}) == len(rows)
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [["a", "B, 2"], *map(list, rows)]


@given(rows=st.lists(st.tuples(_TEXT, _TEXT, _TEXT), max_size=10))
def test_what_is_written_reads_back_the_same(rows: list[tuple[str, str, str]]) -> None:
    plain = [(str(n), "Ann", "Troy, NY") for n in range(20)]
    frame = pd.DataFrame([*plain, *rows], columns=["id", "name", "city"], dtype=model.TEXT)
    with tempfile.TemporaryDirectory() as folder:
        write_csv_for_machines(frame, Path(folder) / "w.csv")
        found = read_one(Path(folder), (Path(folder) / "w.csv").read_bytes())
    assert found.rows == [[cell or None for cell in row] for row in [*plain, *rows] if any(row)]
    assert {reason for _, _, reason, _ in found.rejects} <= {"no_values"}


def test_csv_for_people_is_guarded_and_columns_are_chosen(tmp_path: Path) -> None:
    chunks = [
        pa.table({"a": ["=1", None], "n": [1, -2], "b": ["x", "y"]}),
        pa.table({"a": ["z"], "n": [3], "b": ["q"]}),
    ]
    write_csv_for_people(chunks, tmp_path / "x.csv", ["n", "a"], {"a": "=A"})
    assert (tmp_path / "x.csv").read_bytes() == b"n,'=A\n1,'=1\n-2,\n3,z\n"


def test_csv_of_one_column_keeps_empty_cells(tmp_path: Path) -> None:
    write_csv_for_machines(pa.table({"a": ["x", None, "y"]}), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b'a\nx\n""\ny\n'


def test_csv_without_rows_has_its_header(tmp_path: Path) -> None:
    write_csv_for_machines([], tmp_path / "x.csv", ["a", "b"])
    assert (tmp_path / "x.csv").read_bytes() == b"a,b\n"


def _break_off(path: Path) -> None:
    with atomic(path) as temporary:
        temporary.write_text("half")
        raise ValueError("stopped half way")


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="half"):
        _break_off(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_stops_cleanly_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no space is left") as caught, atomic(tmp_path / "x.csv"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert caught.value.exit_code == 2
    assert not list(tmp_path.iterdir())
