"""Sources into raw tables: the case table of extracts, folders, and the answers to bad input."""

import csv
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dq import model
from dq.errors import DQError, SourceError
from dq.tables.reading import Source, read_source, source_bytes
from tests.tables.reading.extracts import LIMITS, read, read_one

_CASES = Path(__file__).parents[2] / "cases" / "extracts.csv"


def _cases() -> list[dict[str, str]]:
    with _CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\x00": "\0", "\\x01": "\x01", "\\x1a": "\x1a", "\\x1f": "\x1f"}


def _unescaped(text: str) -> str:
    pieces = text.split("\\\\")
    for escape, char in _ESCAPES.items():
        pieces = [piece.replace(escape, char) for piece in pieces]
    return "\\".join(pieces)


@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case['encoding']} {case['input'][:30]}")
def test_case(case: dict[str, str], tmp_path: Path) -> None:
    found = read_one(tmp_path, _unescaped(case["input"]).encode(case["encoding"]))
    assert list(found.table.headers) == _unescaped(case["headers"]).split("|")
    assert found.rows == json.loads(case["expected"])
    refused = " ".join(f"{first}-{last} {reason}" for first, last, reason, _ in found.rejects)
    assert refused == case["rejects"]
    assert found.table.read_count == len(found.rows) + len(found.rejects)


def test_parts_hold_text_and_positions(tmp_path: Path) -> None:
    found = read_one(tmp_path, b'id,note\n\n1,"a\nb"\n2,c\n3\n4,d\n')
    schema = pq.read_schema(found.table.parts[0])
    assert schema.names == ["id", "note", "#row", "#line", "#file"]
    assert schema.types == [pa.large_string(), pa.large_string(), pa.int64(), pa.int64(), pa.large_string()]
    assert (found.numbers, found.lines, found.files) == ([1, 2, 3], [3, 5, 7], ["x.csv"] * 3)
    assert pq.read_schema(found.table.rejects).types == list(model.REJECTS.columns.values())
    assert found.rejects == [(6, 6, "too_few_fields", "3")]
    assert found.table.parts[0] == tmp_path / "out" / "s" / "_" / "part-00000.parquet"
    assert found.table.files == (("x.csv", hashlib.sha256((tmp_path / "x.csv").read_bytes()).hexdigest()),)


def test_parts_are_cut_at_100_000_rows(tmp_path: Path) -> None:
    found = read_one(tmp_path, b"id,n\n" + b"".join(b"%d,x\n" % n for n in range(100_001)))
    assert [pq.read_metadata(part).num_rows for part in found.table.parts] == [100_000, 1]
    assert found.numbers[-1] == 100_001
    assert found.lines[-1] == 100_002


def test_progress_adds_up_to_the_bytes_of_the_source(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\n1,A\n" * 1000)
    seen: list[int] = []
    read_source(Source("s", path), LIMITS, tmp_path / "out", seen.append)
    assert sum(seen) == source_bytes(Source("s", path)) == path.stat().st_size


def test_reading_again_replaces_what_was_there(tmp_path: Path) -> None:
    first = read_one(tmp_path, b"id,name\n1,A\n2,B\n")
    bytes_before = first.table.parts[0].read_bytes()
    again = read_one(tmp_path, b"id,name\n1,A\n2,B\n")
    assert again.table.parts[0].read_bytes() == bytes_before
    assert sorted(path.name for path in again.table.parts[0].parent.iterdir()) == [
        "part-00000.parquet",
        "rejects.parquet",
    ]


def test_files_with_one_header_set_are_parts_of_one_table(tmp_path: Path) -> None:
    files = {
        "b.csv": b"NAME;Id\nx;3\n",
        "a.csv": b"id,name\n1,A\n",
        "c.csv": b"id,name\n",
        ".hidden": b"q",
        "r.md": b"x",
    }
    found = read_one(tmp_path, files, "crm")
    assert found.rows == [["1", "A"], ["3", "x"]]
    assert found.files == ["a.csv", "b.csv"]
    said = " ".join(found.table.decisions)
    assert ".hidden is no table file" in said
    assert "r.md is no table file" in said
    assert "c.csv has a header but no rows and was left out" in said


def test_files_with_other_headers_are_tables_of_one_source(tmp_path: Path) -> None:
    notes = b"these are customers, and\nsome more, of them\n"
    files = {"accounts.csv": b"Id,Name\n1,A\n", "contacts.tsv": b"Id\tAccountId\n7\t1\n", "README.txt": notes}
    accounts, contacts = read(tmp_path, files, "crm")
    assert (accounts.table.table, contacts.table.table) == ("accounts", "contacts")
    assert (accounts.rows, contacts.rows) == ([["1", "A"]], [["7", "1"]])
    assert "README.txt is no table file and was left out" in accounts.table.decisions


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"", "empty file"),
        ("x.csv", b"\n\n", "no line that can be read"),
        ("x.csv", b"id,name\n", "no rows"),
        ("x.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        ("x.csv", bytes(n * 7919 % 256 for n in range(5000)), "binary"),
        ("x.csv", b"\0" * 5000, "binary"),
        ("x.pdf", b"%PDF-1.7 ...", "a PDF"),
        ("x.xls", b"<html><table><tr>", "web page"),
        ("x.csv", b'[{"id": 1}]', "JSON"),
        ("x.7z", b"7z\xbc\xaf\x27\x1c....", "7z archive"),
        ("x.parquet", b"PAR1 and nothing", "Parquet"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        read(tmp_path, content, name)
    assert name in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no table"):
        read(tmp_path, {"a.md": b"x", "README.txt": b"some prose, in two parts\nand, more\n"}, "crm")


def test_prose_beside_a_table_is_left_out(tmp_path: Path) -> None:
    found = read_one(
        tmp_path, {"a.csv": b"id,name\n1,A\n", "notes.txt": b"These are customers.\nMore of them\n"}, "crm"
    )
    assert found.rows == [["1", "A"]]
    assert "notes.txt is prose and was left out" in found.table.decisions


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_source(Source("s", tmp_path / "no.csv"), LIMITS, tmp_path / "out")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_columns": 3})
    with pytest.raises(DQError, match="4 columns, more than 3"):
        read(tmp_path, b"a,b,c,d\n1,2,3,4\n", limits=limits)


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    line = ",".join(f"c{n}" for n in range(10_000))
    values = ",".join(["x"] * 9_999) + ",y"
    found = read_one(tmp_path, f"{line}\n{values}\n".encode())
    assert len(found.table.headers) == 10_000
    assert found.rows[0][9_999] == "y"


def test_column_of_nulls_keeps_its_name(tmp_path: Path) -> None:
    found = read_one(tmp_path, b"id,fax,name\n1,,A\n2,,B\n")
    assert found.rows == [["1", None, "A"], ["2", None, "B"]]
