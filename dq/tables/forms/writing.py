"""Writes a workbook to fill in: text cells only, drop-downs, everything locked but the cells of the answer."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

LISTS: Final = "Lists"
"""Sheet that holds the choices of the drop-downs: Excel takes 255 characters of choices in a cell's own rule."""
LONGEST_CELL: Final = 1000
"""Characters of a cell: what a person reads; Excel would take 32,767 and then say that the file is damaged."""
WIDEST: Final = 44
"""Characters of the widest column: six columns fit a screen."""
LINES_LOOKED_AT: Final = 200
"""Lines by which the width of a column is chosen."""
_A4: Final = 9
"""Number of that paper in the file format."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]+")

_ALLOWED: Final = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
}
"""What stays possible on a protected sheet: to read it. Not to sort it: ids would move away from their answers."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes:
        title: Its head.
        is_answer: Whether people fill it in.
        choices: Name of the list in `Form.choices` to choose from; empty for free text.
        says: What appears when the cell is entered.
        is_faint: Ids and the like: they have to be there, nobody reads them.
    """

    title: str
    is_answer: bool = False
    choices: str = ""
    says: str = ""
    is_faint: bool = False


@dataclass(frozen=True)
class Line:
    """A row to fill in.

    Attributes:
        cells: One text per column.
        marked: Places of columns that are to catch the eye.
        choices: Place of a column → another list than the column's.
    """

    cells: tuple[str, ...]
    marked: frozenset[int] = frozenset()
    choices: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its columns, its lines, and how many columns stay in sight."""

    name: str
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    frozen: int = 1


@dataclass(frozen=True)
class Form:
    """A workbook to fill in.

    Attributes:
        title: What stands on top of the first sheet.
        about: Name and text, line by line, of the first sheet.
        about_name: Name of the first sheet.
        sheets: The others.
        choices: Name of a list → what can be chosen.
        made_at: Written into the file; nothing else of the machine is.
    """

    title: str
    about: Sequence[tuple[str, str]]
    sheets: Sequence[Sheet]
    choices: Mapping[str, Sequence[str]]
    made_at: datetime
    about_name: str = "Read me"


def plain(text: object) -> str:
    """Return a value as it can stand in a cell and come back the same: no control characters, not too long.

    >>> plain("a\\tb"), plain(None), len(plain("x" * 5000))
    ('a b', '', 1000)
    """
    shown = "" if text is None else _CONTROL.sub(" ", str(text))
    return shown if len(shown) <= LONGEST_CELL else shown[: LONGEST_CELL - 1] + "…"


def write_form(form: Form) -> bytes:
    """Return the workbook. The same form gives the same bytes."""
    import xlsxwriter

    content = io.BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, {**as_text, "in_memory": True})
    book.set_properties({"title": form.title, "created": form.made_at.replace(tzinfo=None)})
    looks = _Looks(book)
    _about(book.add_worksheet(form.about_name), form, looks)
    # The sheet of the lists comes last but is written first: rules of cells point into it.
    sheets = [(sheet, book.add_worksheet(sheet.name)) for sheet in form.sheets]
    ranges = _lists(book.add_worksheet(LISTS), form.choices, looks)
    for sheet, page in sheets:
        _fill(page, sheet, ranges, looks)
        page.repeat_rows(0)
    for page in book.worksheets():
        _for_paper(page)
    book.close()
    return content.getvalue()


class _Looks:
    """Formats. `@` keeps what is typed as text (02139 stays), `quote_prefix` keeps Excel from ever running a cell."""

    def __init__(self, book: Any) -> None:
        text = {"num_format": "@", "quote_prefix": True, "valign": "top"}
        answer = {"num_format": "@", "valign": "top", "locked": False, "bg_color": "#FFF8DC", "border": 1}
        answer |= {"border_color": "#D8CFA8"}
        self.text = book.add_format(text)
        self.wide = book.add_format({**text, "text_wrap": True})
        self.faint = book.add_format({**text, "font_color": "#8A8F98", "font_size": 9})
        self.marked = book.add_format({**text, "bg_color": "#FDE7D3"})
        self.answer = book.add_format(answer)
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.answer_head = book.add_format(
            {"bold": True, "bg_color": "#F3E3A1", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.name = book.add_format({"bold": True, "valign": "top"})


def _for_paper(page: Any) -> None:
    """Let a sheet be printed as it is read: A4 across, no column cut off, numbered pages under one head."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&8&A&R&8Page &P of &N")


def _about(page: Any, form: Form, looks: _Looks) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 100)
    page.write_string(0, 0, form.title, looks.title)
    for place, (name, text) in enumerate(form.about, start=2):
        page.write_string(place, 0, name, looks.name)
        page.write_string(place, 1, plain(text), looks.wide)
    page.protect("", _ALLOWED)


def _lists(page: Any, choices: Mapping[str, Sequence[str]], looks: _Looks) -> dict[str, str]:
    """Write the lists and return where each stands, as a rule of a cell says it."""
    from xlsxwriter.utility import xl_col_to_name

    ranges = {}
    for place, (name, values) in enumerate(choices.items()):
        page.write_string(0, place, name, looks.head)
        for line, value in enumerate(values, start=1):
            page.write_string(line, place, value, looks.text)
        letter = xl_col_to_name(place)
        ranges[name] = f"={LISTS}!${letter}$2:${letter}${len(values) + 1}"
    page.protect("", _ALLOWED)
    page.hide()
    return ranges


def _fill(page: Any, sheet: Sheet, ranges: Mapping[str, str], looks: _Looks) -> None:
    last = max(1, len(sheet.lines))
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, looks.answer_head if column.is_answer else looks.head)
        longest = [len(line.cells[place]) for line in sheet.lines[:LINES_LOOKED_AT]]
        # A faint column is narrow: its ids are whole in the cell, nobody has to read them.
        width = 10 if column.is_faint else min(WIDEST, max([len(column.title), *longest]) + 2)
        page.set_column(place, place, max(width, 16 if column.is_answer else 0))
        if column.is_answer:
            _rule(page, (1, place, last, place), column, ranges.get(column.choices, ""))
    for number, line in enumerate(sheet.lines, start=1):
        for place, (column, cell) in enumerate(zip(sheet.columns, line.cells, strict=True)):
            look = looks.answer if column.is_answer else looks.faint if column.is_faint else looks.text
            page.write_string(number, place, plain(cell), looks.marked if place in line.marked else look)
        for place, choices in line.choices.items():
            _rule(page, (number, place, number, place), sheet.columns[place], ranges[choices])
    page.freeze_panes(1, sheet.frozen)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    page.protect("", _ALLOWED)


def _rule(page: Any, cells: tuple[int, int, int, int], column: Column, source: str) -> None:
    """Give cells a drop-down, or a note where the text is free."""
    said = {"input_title": column.title[:32], "input_message": column.says[:255]} if column.says else {}
    if source:
        wrong = {"error_title": "Please choose", "error_message": "Choose one of the list, or leave it empty."}
        page.data_validation(*cells, {"validate": "list", "source": source, **wrong, **said})
    elif said:
        page.data_validation(*cells, {"validate": "any", **said})
