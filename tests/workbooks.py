"""Fills in a workbook as Excel would save it, and spoils one as somebody with bad intentions would."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Cells = dict[str, list[list[Any]]]
"""Sheet → its rows, as typed."""


def cells_of(content: bytes) -> Cells:
    """Return every cell of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def saved(cells: Mapping[str, list[list[Any]]], formulas: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook with these cells; numbers stay numbers.

    Args:
        cells: Sheet → rows.
        formulas: `Sheet!A1` → formula.
    """
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
        for place, formula in (formulas or {}).items():
            if place.startswith(f"{name}!"):
                sheet.write_formula(place.partition("!")[2], formula)
    book.close()
    return content.getvalue()


def filled(content: bytes, sheet: str, answers: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Fill in a pack.

    Args:
        content: The workbook.
        sheet: Which sheet.
        answers: Case → title of a column → what is typed there.
    """
    cells = cells_of(content)
    head = cells[sheet][0]
    for row in cells[sheet][1:]:
        for title, text in answers.get(row[0], {}).items():
            row[head.index(title)] = text
    return saved(cells)


def respelled(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a workbook whose parts were changed by hand."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def part_of(content: bytes, pattern: str) -> str:
    """Return the first part whose name fits."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return next(archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name))
