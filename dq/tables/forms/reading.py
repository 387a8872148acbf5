"""Reads a workbook that people filled in: the cells of the sheets it has to have, as text, or what is wrong with it."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import python_calamine as calamine

from dq.tables.forms.guard import guarded
from dq.tables.forms.writing import LISTS
from dq.tables.reading.workbook import Cell, cell_text

MOST_PROBLEMS: Final = 100
"""Problems listed; the others are counted."""


@dataclass(frozen=True)
class Returned:
    """A workbook that came back.

    Attributes:
        sheets: Name → its lines in order: number as Excel shows it, and title of a column → its text.
        about: Name → text of the first sheet.
        typed: Sheet, line and column of cells that hold a number or a date: typing made something of what was written.
        problems: What is wrong; where there is anything, nothing else is filled.
    """

    sheets: Mapping[str, Sequence[tuple[int, Mapping[str, str]]]] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    typed: frozenset[tuple[str, int, str]] = frozenset()
    problems: tuple[str, ...] = ()


def read_form(
    content: bytes, about_name: str, titles: Mapping[str, Sequence[str]], *, may_have_others: bool = False
) -> Returned:
    """Read a workbook that was made by `write_form`.

    Args:
        content: The file.
        about_name: Its first sheet.
        titles: Sheet → titles of its columns, in order; just these sheets have to be there.
        may_have_others: Other sheets are left unread instead of refused: the first sheet may say which to expect.
    """
    looked = guarded(content)
    if looked.problems:
        return Returned(problems=_some(looked.problems))
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(looked.content))
        names = [sheet.name for sheet in book.sheets_metadata]
        wanted_sheets = [about_name, *titles, LISTS]
        problems = _wrong_sheets([n for n in names if n in wanted_sheets] if may_have_others else names, wanted_sheets)
        if problems:
            return Returned(problems=_some(problems))
        rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in (about_name, *titles)}
    except (calamine.CalamineError, OSError, ValueError):
        return Returned(problems=("the workbook cannot be read: open it in Excel and save it as .xlsx",))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of the Rust library has no importable name
            raise
        return Returned(problems=("the workbook is damaged",))
    about = {_text(row[0]): _text(row[1]) for row in rows[about_name] if len(row) > 1 and _text(row[0])}
    sheets: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    typed: set[tuple[str, int, str]] = set()
    for name, wanted in titles.items():
        problems += _wrong_head(name, rows[name], wanted)
        sheets[name] = []
        for number, row in enumerate(rows[name][1:], start=2):
            cells = [*row, *[""] * (len(wanted) - len(row))][: len(wanted)]
            if not any(_text(cell) for cell in cells):
                continue
            sheets[name].append((number, dict(zip(wanted, map(_text, cells), strict=True))))
            typed |= {
                (name, number, title) for title, cell in zip(wanted, cells, strict=True) if not isinstance(cell, str)
            }
    return Returned(problems=_some(problems)) if problems else Returned(sheets, about, frozenset(typed))


def _wrong_sheets(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    problems = [f"the sheet {name!r} is missing" for name in wanted if name not in names]
    return problems + [f"the sheet {name[:40]!r} is none of the pack's" for name in names if name not in wanted]


def _wrong_head(name: str, rows: Sequence[Sequence[Cell]], wanted: Sequence[str]) -> list[str]:
    head = [_text(cell) for cell in rows[0]] if rows else []
    while head and not head[-1]:
        head.pop()
    if head == list(wanted):
        return []
    missing = [title for title in wanted if title not in head]
    said = f": {', '.join(missing[:5])} missing" if missing else ": they are in another order, or there are more"
    return [f"the columns of the sheet {name!r} are not those of the pack{said}"]


def _text(cell: Cell) -> str:
    return cell_text(cell).strip()


def _some(problems: Sequence[str]) -> tuple[str, ...]:
    more = len(problems) - MOST_PROBLEMS
    return (*problems[:MOST_PROBLEMS], f"and {more:,} more") if more > 0 else tuple(problems)
