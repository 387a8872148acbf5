"""Parquet: every type becomes the text a person would type."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dq.errors import SourceError
from dq.tables.reading.columnar import as_text
from tests.tables.reading.extracts import read, read_one

_SEEN = datetime(2024, 1, 5, 10, 30, tzinfo=UTC)


def _parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array(["02139", "", None, "NA"]), ["02139", None, None, "NA"]),
        (pa.array([7, None]), ["7", None]),
        (
            pa.array([2139.0, 0.1, 1e20, 1e-7, None, float("nan")]),
            ["2139", "0.1", "1" + "0" * 20, "0.0000001", None, None],
        ),
        (pa.array([Decimal("12.50")]), ["12.50"]),
        (pa.array([date(2024, 1, 5), None]), ["2024-01-05", None]),
        (pa.array([_SEEN], pa.timestamp("us")), ["2024-01-05T10:30:00"]),
        (pa.array([_SEEN.replace(microsecond=250000)], pa.timestamp("us")), ["2024-01-05T10:30:00.250000"]),
        (pa.array([_SEEN], pa.timestamp("s", "UTC")), ["2024-01-05T10:30:00Z"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([[1, 2], None]), ["[1, 2]", None]),
        (pa.array([{"a": "é"}]), ['{"a": "é"}']),
        (pa.array([b"Zo\xc3\xab", b"Zo\xeb"]), ["Zoë", "Zoë"]),
        (pa.nulls(2), [None, None]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_values_as_text(column: pa.Array, text: list[str | None]) -> None:
    assert as_text(column).to_pylist() == text
    assert as_text(column).type == pa.large_string()


def test_invalid_utf8_in_a_text_column_is_read_as_windows_1252() -> None:
    column = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(bytes([0, 0, 0, 0, 3, 0, 0, 0])), pa.py_buffer(b"Zo\xeb")]
    )
    assert as_text(column).to_pylist() == ["Zoë"]


def test_table_is_read(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2], "zip": ["02139", None], "ID": ["a", "b"]})
    found = read_one(tmp_path, _parquet(table), "x.parquet")
    assert found.table.headers == ("id", "zip", "ID~2")
    assert found.rows == [["1", "02139", "a"], ["2", None, "b"]]
    assert found.lines == [1, 2]


@pytest.mark.parametrize("table", [pa.table({"id": pa.array([], pa.int64())}), pa.table({})])
def test_table_without_rows_is_refused(table: pa.Table, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no rows"):
        read(tmp_path, _parquet(table), "x.parquet")


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(_parquet(pa.table({"id": [str(n) * 20 for n in range(1000)]})))
    data[4:2000] = bytes(1996)
    with pytest.raises(SourceError, match="no readable Parquet file"):
        read(tmp_path, bytes(data), "x.parquet")
