"""Damage, long lines and chunk borders: nothing is lost, whatever the file looks like."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.errors import SourceError
from dq.tables.reading.contents import open_contents, silent
from dq.tables.reading.delimited import probe_text
from tests.tables.reading.extracts import LIMITS, Reading, read_one

_CELL = st.text(st.sampled_from("ab1 ,\"\n\r;é'\\"), max_size=6)
_DAMAGE = st.sampled_from(["", "", "", "drop", "double", "quote", "break", "cut", "bytes", "blank", "header"])
_GOOD = [["1", "Ann", "Troy, NY"], ["2", 'Bob "B" Roe', "Rome"], ["3", "Cy\nYoung", ""]]


def _line(row: list[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n\r') else cell for cell in row)


def _damaged(line: str, damage: str, place: int) -> bytes:
    place = place % (len(line) + 1)
    match damage:
        case "drop":
            line = line.replace(",", "", 1)
        case "double":
            line = line.replace(",", ",,", 1)
        case "quote":
            line = line[:place] + '"' + line[place:]
        case "break":
            line = line[:place] + "\n" + line[place:]
        case "cut":
            line = line[:place]
        case "bytes":
            return line.encode() + b"\x81\xff"
        case "blank":
            line = line + "\n   \n"
        case "header":
            line = "id,name,city\n" + line
    return line.encode()


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    end = draw(st.sampled_from(["\n", "\r\n"])).encode()
    rows = draw(st.lists(st.tuples(st.lists(_CELL, min_size=3, max_size=3), _DAMAGE, st.integers(0, 40)), max_size=12))
    good = [_line(row).encode() for row in (["id", "name", "city"], *_GOOD * 4)]
    return end.join([*good, *(_damaged(_line(row), damage, place) for row, damage, place in rows)]) + end


def _physical(data: bytes) -> list[bytes]:
    """Count lines the plain way."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return lines[:-1] if not lines[-1] else lines


def _breaks(cell: str | None) -> int:
    return len(_physical((cell or "").encode() + b"$")) - 1


def _used(found: Reading) -> list[int]:
    lines = [1]
    for row, first in zip(found.rows, found.lines, strict=True):
        lines += range(first, first + 1 + sum(map(_breaks, row)))
    for first, last, _, _ in found.rejects:
        lines += range(first, last + 1)
    return sorted(lines)


@given(data=damaged_files())
def test_every_physical_line_is_a_record_a_reject_or_blank(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read_one(Path(folder), data)
    used = _used(found)
    lines = _physical(data)
    assert len(used) == len(set(used))
    assert all(not lines[n - 1].strip(b" ") for n in set(range(1, len(lines) + 1)) - set(used))
    assert used[-1] <= len(lines)
    assert found.table.read_count == found.table.row_count + found.table.reject_count
    assert found.rows[:12] == [[cell or None for cell in row] for row in _GOOD * 4]


@given(data=damaged_files(), chunk=st.integers(1, 90))
def test_rows_do_not_depend_on_where_chunks_end(data: bytes, chunk: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        assert _read_in_chunks(path, chunk) == _read_in_chunks(path, 1 << 20)


def _read_in_chunks(path: Path, chunk: int) -> tuple[list[object], list[object]]:
    (content,) = open_contents(path, path.name, LIMITS)
    rows: list[object] = []
    rejects: list[object] = []
    for batch in probe_text(content, LIMITS, chunk=chunk).batches(silent):
        rows += batch.rows.to_pylist()
        rejects += batch.rejects
    return rows, rejects


def test_long_lines_are_one_reject_each_and_never_held(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_line_bytes": 1_000})
    data = b"id,name\n1,A\n2," + b"y" * 9_000_000 + b"\n3,B\n4," + b"z" * 2_000 + b"\r\n5,C"
    found = read_one(tmp_path, data, limits=limits)
    assert found.rows == [["1", "A"], ["3", "B"], ["5", "C"]]
    assert [reject[:3] for reject in found.rejects] == [(3, 3, "line_too_long"), (5, 5, "line_too_long")]
    assert [len(reject[3]) for reject in found.rejects] == [1_000, 1_000]
    assert found.lines == [2, 4, 6]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_long_line_at_any_chunk_border(chunk: int, tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_line_bytes": 50})
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\r\n1,A\r\n2," + b"y" * 500 + b'\r\n3,"open\r\n4,' + b"z" * 500)
    (content,) = open_contents(path, path.name, limits)
    batches = list(probe_text(content, limits, chunk=chunk).batches(silent))
    assert [row["#line"] for batch in batches for row in batch.rows.to_pylist()] == [2]
    refused = [(reject.first_line, reject.reason) for batch in batches for reject in batch.rejects]
    assert refused == [(3, "line_too_long"), (4, "unclosed_quote"), (5, "line_too_long")]


def test_quoted_cell_may_span_as_many_lines_as_policy_says(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_quoted_lines": 3})
    data = b'id,note\n1,"a\nb\nc"\n2,"a\nb\nc\nd"\n3,x\n'
    found = read_one(tmp_path, data, limits=limits)
    assert found.rows == [["1", "a\nb\nc"], ["3", "x"]]
    assert [reject[:3] for reject in found.rejects] == [
        (5, 5, "unclosed_quote"),
        (6, 6, "too_few_fields"),
        (7, 7, "too_few_fields"),
        (8, 8, "too_few_fields"),
    ]


def test_quoted_cell_crosses_a_block(tmp_path: Path) -> None:
    filler = "".join(f"{n},{'x' * 90}\n" for n in range(42_000))
    cell = "\n".join(["y" * 400] * 900)
    found = read_one(tmp_path, f'id,note\n{filler}0,"{cell}"\n1,z\n'.encode())
    assert found.rows[-2:] == [["0", cell], ["1", "z"]]
    assert not found.rejects


def test_bytes_that_are_no_utf8_are_read_as_windows_1252_or_refused(tmp_path: Path) -> None:
    data = "id,name\n1,José\n4,né\n5,à\n6,ö\n".encode() + b"2,Zo\xeb\n3,x\x81y\n"
    found = read_one(tmp_path, data)
    assert found.rows[-1] == ["2", "Zoë"]
    assert found.rejects == [(7, 7, "undecodable", "3,x\\x81y")]
    assert any("1 bytes that are not UTF-8" in said for said in found.table.decisions)


def test_late_foreign_bytes_do_not_stop_reading(tmp_path: Path) -> None:
    data = b"id,name\n" + b"".join(b"%d,Ann\n" % n for n in range(150_000)) + b"x,Jos\xe9\n"
    assert read_one(tmp_path, data).rows[-1] == ["x", "José"]


def test_lone_surrogate_in_utf16_is_a_reject(tmp_path: Path) -> None:
    data = "\ufeffid,name\n1,Ann\n2,B\ud800ob\n3,Cy\n".encode("utf-16-le", "surrogatepass")
    found = read_one(tmp_path, data)
    assert found.rows == [["1", "Ann"], ["3", "Cy"]]
    assert [reject[:3] for reject in found.rejects] == [(3, 3, "undecodable")]


@given(data=st.binary(max_size=300) | st.text(st.characters(codec="utf-8"), max_size=300).map(str.encode))
def test_any_bytes_are_a_table_or_refused_with_a_reason(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(SourceError):
        found = read_one(Path(folder), data)
        assert found.table.read_count == len(found.rows) + len(found.rejects) > 0


def test_million_identical_cells_are_plain_rows(tmp_path: Path) -> None:
    found = read_one(tmp_path, b"id,name\n" + b"7,Ann\n" * 120_000)
    assert found.table.row_count == 120_000
