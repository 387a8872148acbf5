"""Workbooks to fill in: what goes out comes back the same, and what a workbook must not hold is named."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.tables.forms import Column, Form, Line, Returned, Sheet, plain, read_form, write_form
from dq.tables.forms.guard import LARGEST, guarded
from tests.workbooks import respelled, saved

AT = datetime(2026, 11, 23, tzinfo=UTC)
HEAD = (
    Column("Id", is_faint=True),
    Column("Value"),
    Column("Answer", is_answer=True, choices="Answers", says="Choose"),
)
TITLES = {"List": tuple(column.title for column in HEAD)}
KEYS = ["0018Z00002abc", "0018Z00002ABC", "00012", "1e5", "=1+1", "+1", "@SUM(A1)", "'x", "_x0041_", "a\tb", "é" * 300]


def form_of(cells: list[str]) -> Form:
    """Return a form with an id and a value per line."""
    lines = [Line((key, key, "")) for key in cells]
    return Form("Title", [("Pack", "1-ab")], [Sheet("List", HEAD, lines)], {"Answers": ["Yes", "No"]}, AT)


def returned(content: bytes) -> Returned:
    """Read a form of `form_of`."""
    return read_form(content, "Read me", TITLES)


def test_what_goes_out_comes_back() -> None:
    content = write_form(form_of(KEYS))
    assert content == write_form(form_of(KEYS))
    found = returned(content)
    assert found.problems == ()
    assert found.about["Pack"] == "1-ab"
    assert [cells["Id"] for _, cells in found.sheets["List"]] == [plain(key) for key in KEYS]
    assert [number for number, _ in found.sheets["List"]] == list(range(2, len(KEYS) + 2))
    assert found.typed == frozenset()


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=4))
def test_any_text_comes_back(cells: list[str]) -> None:
    found = returned(write_form(form_of([f"x{cell}" for cell in cells])))
    assert [line["Id"] for _, line in found.sheets["List"]] == [plain(f"x{cell}").strip() for cell in cells]


def _add(name: str, text: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: text})


def _swap(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


SHEET, BOOK, RELATIONS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
XML = b'<?xml version="1.0" encoding="UTF-8"?>'
FAR = b"</sheetData>"
OUTSIDE = b'<Relationship Id="x1" TargetMode="External" Target="http://x/a.xlsx" Type="http://s/externalLinkPath"/>'
HOSTILE = [
    ("formula", _swap(SHEET, FAR, b'<row r="9"><c r="B9"><f>1+1</f><v>2</v></c></row></sheetData>'), "formulas: B9"),
    ("far", _swap(SHEET, FAR, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "far outside"),
    ("far column", _swap(SHEET, FAR, b'<row><c r="ZZ9"><v>1</v></c></row></sheetData>'), "far outside"),
    ("entities", _add("xl/x.xml", XML + b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "document type"),
    ("entities in UTF-16", _add("xl/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")), "document type"),
    ("broken", _add("xl/x.xml", b"<a>"), "damaged"),
    ("macros", _add("xl/vbaProject.bin", b"x"), "macros"),
    ("other file", _add("xl/externalLinks/externalLink1.xml", XML + b"<externalLink/>"), "links to other files"),
    ("link by relation", _swap(RELATIONS, b"</Relationships>", OUTSIDE + b"</Relationships>"), "links to other files"),
    ("embedded", _add("xl/embeddings/oleObject1.bin", b"x"), "embedded"),
    ("connection", _add("xl/connections.xml", XML + b"<connections/>"), "links to other files"),
    ("macros by type", _swap("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"), "macros"),
    ("many parts", lambda parts: parts.update({f"x{number}": b"" for number in range(300)}), "parts"),
    ("two of a name", _add("XL/Workbook.xml", XML + b"<a/>"), "two parts of one name"),
    ("no workbook", lambda parts: parts.pop(BOOK), "no Excel workbook"),
    ("bomb", _add("xl/x.xml", b"<a>" + b" " * 90_000_000 + b"</a>"), "unpacks to more"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_what_a_workbook_must_not_hold(change: Callable[[dict[str, bytes]], None], told: str) -> None:
    found = returned(respelled(write_form(form_of(KEYS)), change))
    assert told in " ".join(found.problems)
    assert found.sheets == {}


def test_everything_that_is_wrong_is_in_one_list() -> None:
    def change(parts: dict[str, bytes]) -> None:
        HOSTILE[0][1](parts)
        HOSTILE[3][1](parts)
        HOSTILE[8][1](parts)

    assert len(returned(respelled(write_form(form_of(KEYS)), change)).problems) == 3


def test_a_part_that_lies_about_its_size_is_read_no_further() -> None:
    content = bytearray(respelled(write_form(form_of(KEYS)), _add("xl/x.xml", b"<a>" + b" " * 10**6 + b"</a>")))
    entry = content.rindex(b"xl/x.xml") - 46  # the last one is in the directory at the end
    content[entry + 24 : entry + 28] = struct.pack("<I", 100)
    found = guarded(bytes(content))
    assert found.content == b""
    assert found.problems


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"hello", b"\xd0\xcf\x11\xe0 old", b"x" * (LARGEST + 1), write_form(form_of(KEYS))[:-200]],
    ids=["empty", "stub", "text", "old", "large", "cut"],
)
def test_what_is_no_workbook(content: bytes) -> None:
    assert len(returned(content).problems) == 1


def test_sheets_and_columns_are_those_of_the_pack() -> None:
    right = [["Id", "Value", "Answer"], ["1", "x", 5]]
    about: list[list[object]] = [["Pack", "1"]]
    lists: list[list[object]] = [[""]]
    ok = returned(saved({"Read me": about, "List": right, "Lists": lists}))
    assert (ok.problems, ok.typed) == ((), {("List", 2, "Answer")})
    renamed = [["ID", "Value", "Answer"]]
    wrong = returned(saved({"Read me": about, "List": renamed, "Lists": lists}))
    assert "Id missing" in wrong.problems[0]
    strange = returned(saved({"Read me": about, "Lists": lists, "Mine": lists}))
    assert [one.split("'")[1] for one in strange.problems] == ["List", "Mine"]


def test_a_mail_address_that_excel_made_a_link_is_no_reason_to_refuse() -> None:
    link = b'<Relationship Id="r9" Type="http://s/hyperlink" Target="mailto:a@b.org" TargetMode="External"/>'
    relations = XML + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + link
    name = "xl/worksheets/_rels/sheet2.xml.rels"
    content = respelled(write_form(form_of(KEYS)), _add(name, relations + b"</Relationships>"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert name in archive.namelist()
    assert returned(content).problems == ()
