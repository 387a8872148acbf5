"""Lists as files for people: CSV and Excel, where no cell can run as a formula and every key stays text."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd
from fastapi.responses import Response

from dq.model import TEXT
from dq.tables.writing import write_csv_for_people

EXPORTED: Final = 100_000
"""Rows of an export at most: what a spreadsheet program opens in a few seconds; a run's own files hold all."""
WIDEST: Final = 60
"""Characters of the widest column of a workbook."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], name: str, kind: str) -> Response:
    """Return rows as a file.

    Args:
        rows: Column → value.
        columns: Column → its header, in order.
        name: File name without its ending.
        kind: `csv` or `xlsx`.
    """
    content = workbook(rows, columns) if kind == "xlsx" else people_csv(rows, columns)
    return Response(
        content,
        media_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.{kind}"'},
    )


def people_csv(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    """Return rows as CSV; a cell that a spreadsheet would run gets a `'` in front."""
    texts = {name: pd.array([_text(row.get(name)) for row in rows], dtype=TEXT) for name in columns}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_csv_for_people([pd.DataFrame(texts)], path, columns=list(columns), headers=dict(columns))
        return path.read_bytes()


def workbook(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    """Return rows as a workbook whose cells are text: no formula, no lost zero, no key told apart by case only."""
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet("List")
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    for place, (name, header) in enumerate(columns.items()):
        cells = [_text(row.get(name)) or "" for row in rows]
        sheet.set_column(place, place, min(WIDEST, max(map(len, [header, *cells[:200]])) + 2), text)
        sheet.write_string(0, place, header, bold)
        for line, cell in enumerate(cells, start=1):
            sheet.write_string(line, place, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), max(0, len(columns) - 1))
    book.close()
    return content.getvalue()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
