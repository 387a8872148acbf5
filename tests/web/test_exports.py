"""Lists as files: nothing runs as a formula, no key is lost."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from dq.web.exports import people_csv, workbook

COLUMNS = {"record_id": "Record", "value": "Value"}
ROWS = [
    {"record_id": "crm:0018Z00002abcde", "value": "=HYPERLINK(1)"},
    {"record_id": "crm:0018Z00002ABCDE", "value": "+15551234567"},
    {"record_id": "crm:00012", "value": "@SUM(A1)"},
    {"record_id": "crm:1e5", "value": "\tcmd"},
    {"record_id": "crm:x", "value": None},
]


def test_a_cell_that_would_run_is_guarded() -> None:
    lines = people_csv(ROWS, COLUMNS).decode().splitlines()
    assert lines[0] == "Record,Value"
    assert lines[1].endswith("'=HYPERLINK(1)")
    assert lines[2].endswith("+15551234567")
    assert lines[3].endswith("'@SUM(A1)")


def test_a_workbook_holds_text_only() -> None:
    content = workbook(ROWS, COLUMNS)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["Record", "Value"]
    assert [row[0] for row in sheet[1:]] == [row["record_id"] for row in ROWS]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml


@pytest.mark.parametrize("path", ["/export/queue", "/export/records"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_come_as_files(maria: TestClient, path: str, kind: str) -> None:
    answer = maria.get(f"{path}.{kind}")
    assert answer.status_code == 200
    assert re.search(rf'attachment; filename="\w+\.{kind}"', answer.headers["content-disposition"])
    assert len(answer.content) > 500


def test_a_file_holds_what_the_list_is_narrowed_to(maria: TestClient) -> None:
    lines = maria.get("/export/records.csv?rule=address_has_a_street").text.splitlines()
    assert len(lines) > 1
    assert {line.split(",")[2] for line in lines[1:]} == {"address_has_a_street"}
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"sales"}
