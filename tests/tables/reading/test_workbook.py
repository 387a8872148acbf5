"""Workbooks: cells as a person would type them, a table per sheet."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from dq.errors import SourceError
from tests.tables.reading.extracts import LIMITS, read, read_one

Sheets = dict[str, list[list[object]]]
_CUSTOMERS: list[list[object]] = [
    ["id", "zip", "phone", "since", "seen", "ok", "amount"],
    [1, "02139", 4102524244, date(2024, 1, 5), datetime(2024, 1, 5, 10, 30, tzinfo=UTC), True, 12.5],
    [None] * 7,
    [2, 2139, 1.23457e11, None, None, False, "NA"],
]
_READ = [
    ["1", "02139", "4102524244", "2024-01-05", "2024-01-05T10:30:00", "TRUE", "12.5"],
    ["2", "2139", "123457000000", None, None, "FALSE", "NA"],
]


def _workbook(sheets: Sheets, hidden: str = "") -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "remove_timezone": True})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, formats[type(value)])
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
    return stream.getvalue()


def _opendocument(rows: list[list[str]]) -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = " ".join(f'xmlns:{name}="{urn}{name}:1.0"' for name in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ("".join(cell.format(value) for value in row) for row in rows)
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{urn}manifest:1.0">{entry}</m:manifest>')
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def test_cells_are_written_as_typed(tmp_path: Path) -> None:
    found = read_one(tmp_path, _workbook({"Customers": _CUSTOMERS}), "x.xlsx")
    assert found.table.table == ""
    assert found.rows == _READ
    assert found.lines == [2, 4]


@pytest.mark.parametrize("name", ["customers.xls", "customers.xlsb"])
def test_old_and_binary_workbooks(name: str, tmp_path: Path) -> None:
    content = (Path(__file__).parent / name).read_bytes()
    found = read_one(tmp_path, content, name)
    assert [row[:2] for row in found.rows] == [["1", "02139"], ["4102524244", "NA"]]


def test_opendocument(tmp_path: Path) -> None:
    found = read_one(tmp_path, _opendocument([["id", "zip"], ["1", "02139"]]), "x.ods")
    assert found.rows == [["1", "02139"]]


def test_workbook_is_recognised_by_content(tmp_path: Path) -> None:
    assert read_one(tmp_path, _workbook({"S": _CUSTOMERS}), "x.csv").rows == _READ


def test_titles_above_the_header_are_skipped_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Customers"], ["as of", date(2024, 1, 5)], [], *_CUSTOMERS, _CUSTOMERS[0]]
    found = read_one(tmp_path, _workbook({"S": rows}), "x.xlsx")
    assert found.rows == _READ
    assert any("2 lines above the header skipped" in said for said in found.table.decisions)
    assert [reject[:3] for reject in found.rejects] == [(8, 8, "repeated_header")]


def test_table_may_stand_anywhere_on_its_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [], [None, None, "id", "name"], [None, None, 1, "A"]]
    found = read_one(tmp_path, _workbook({"S": rows}), "x.xlsx")
    assert (found.table.headers, found.rows, found.lines) == (("id", "name"), [["1", "A"]], [4])


def test_each_visible_sheet_with_rows_is_a_table(tmp_path: Path) -> None:
    sheets: Sheets = {"Accounts": [["id"], [1]], "Old": [["id"], [2]], "Notes": [], "Lists": [["id"], [3]]}
    tables = read(tmp_path, _workbook(sheets, hidden="Lists"), "x.xlsx")
    assert [(found.table.table, found.rows) for found in tables] == [("Accounts", [["1"]]), ("Old", [["2"]])]
    said = " ".join(tables[0].table.decisions)
    assert "'Lists' is hidden" in said
    assert "'Notes' has no rows" in said


@pytest.mark.parametrize("sheets", [{"S": []}, {"S": [["id", "name"]]}])
def test_workbook_without_rows_is_refused(sheets: Sheets, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no table with a header and rows"):
        read(tmp_path, _workbook(sheets), "x.xlsx")


def test_damaged_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="damaged"):
        read(tmp_path, _workbook({"S": _CUSTOMERS})[:-300], "x.xlsx")


@pytest.mark.parametrize("cut", [600, 3_000, 5_000])
def test_truncated_old_workbook_is_refused(cut: int, tmp_path: Path) -> None:
    content = (Path(__file__).parent / "customers.xls").read_bytes()
    with pytest.raises(SourceError, match="workbook"):
        read(tmp_path, content[:cut], "x.xls")


def test_workbook_that_expands_too_far_is_refused(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"max_expanded_bytes": 1_000})
    with pytest.raises(SourceError, match="grows beyond"):
        read(tmp_path, _workbook({"S": _CUSTOMERS}), "x.xlsx", limits)


def test_workbook_inside_an_archive(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xlsx", _workbook({"S": _CUSTOMERS}))
    assert read_one(tmp_path, stream.getvalue(), "x.zip").rows == _READ
