"""Excel and OpenDocument workbooks as text: each visible sheet with rows is a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import python_calamine as calamine

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.columnar import plain_number
from dq.tables.reading.layout import clean_header, find_layout
from dq.tables.reading.pieces import Batch, NothingInsideError, Piece, Reject, Report, cut, rows_table

_ROWS: Final = 20_000
_SAMPLE: Final = 300

Cell = int | float | str | bool | time | date | datetime | timedelta


def probe_workbook(path: Path, file: str, stem: str, limits: Ingest) -> tuple[list[Piece], tuple[str, ...]]:
    """Find the tables of a workbook; also return a sentence per sheet that is left out.

    Raises:
        SourceError: It is damaged, protected by a password or holds no table.
    """
    workbook = _open(path, file)
    pieces, ignored = [], []
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible is not calamine.SheetVisibleEnum.Visible:
            ignored.append(f"{file}: sheet {sheet.name!r} is hidden and was left out")
            continue
        piece = _probe_sheet(workbook, path, file, sheet.name, limits)
        if piece is None:
            ignored.append(f"{file}: sheet {sheet.name!r} has no rows below a header and was left out")
        else:
            pieces.append(piece)
    if not pieces:
        raise NothingInsideError(
            f"{file} holds no table with a header and rows", "; ".join(ignored) or "export it again"
        )
    if len(pieces) == 1:
        return [replace(pieces[0], stem=stem)], tuple(ignored)
    return [replace(piece, is_sheet=True) for piece in pieces], tuple(ignored)


@contextmanager
def _readable(file: str) -> Iterator[None]:
    hint = "open it in Excel and save it as .xlsx"
    try:
        yield
    except calamine.PasswordError as error:
        raise SourceError(f"{file} is protected by a password", "save a copy without it") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(f"{file} is no readable workbook: {error}", hint) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception and has no importable name.
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(f"{file} is a damaged workbook: {error}", hint) from error


def _open(path: Path, file: str) -> calamine.CalamineWorkbook:
    with _readable(file):
        return calamine.load_workbook(str(path))


def _rows(workbook: calamine.CalamineWorkbook, file: str, name: str) -> Iterator[list[str]]:
    with _readable(f"{file}/{name}"):
        for row in workbook.get_sheet_by_name(name).iter_rows():
            yield [cell_text(cell) for cell in row]


def _probe_sheet(workbook: calamine.CalamineWorkbook, path: Path, file: str, name: str, limits: Ingest) -> Piece | None:
    sample: list[tuple[int, list[str]]] = []
    for number, row in enumerate(_rows(workbook, file, name), 1):
        if any(cell.strip() for cell in row):
            sample.append((number, row))
        if len(sample) == _SAMPLE:
            break
    if not sample:
        return None
    layout = find_layout([row for _, row in sample], [number for number, _ in sample])
    if layout.first >= len(sample):
        return None
    if len(layout.headers) > limits.max_columns:
        raise SourceError(f"{file}: sheet {name!r} has more than {limits.max_columns:,} columns", "leave columns out")
    label = f"{file}/{name}"
    header = tuple(clean_header(cell) for cell in sample[layout.header][1]) if layout.header >= 0 else ()
    decisions = tuple(f"{label}: {sentence}" for sentence in ("sheet of a workbook", *layout.decisions))
    read = partial(_batches, path, file, name, sample[layout.first][0], header, len(layout.headers))
    return Piece(label, name, layout.headers, decisions, read)


def _batches(
    path: Path, file: str, name: str, first: int, header: tuple[str, ...], width: int, report: Report
) -> Iterator[Batch]:
    rows: list[list[str | None]] = []
    lines: list[int] = []
    rejects: list[Reject] = []
    for number, row in enumerate(_rows(_open(path, file), file, name), 1):
        if number < first or not any(row):
            continue
        if header and tuple(clean_header(cell) for cell in row) == header:
            rejects.append(Reject(number, number, "repeated_header", cut("\t".join(row))))
            continue
        rows.append([*row[:width], *[None] * (width - len(row))])
        lines.append(number)
        if len(rows) == _ROWS:
            yield Batch(rows_table(rows, lines, width), tuple(rejects))
            rows, lines, rejects = [], [], []
    yield Batch(rows_table(rows, lines, width), tuple(rejects))
    report(path.stat().st_size)


def cell_text(cell: Cell) -> str:
    """Write a cell as a person would type it.

    >>> cell_text(2139.0), cell_text(datetime(2024, 1, 5)), cell_text(True)
    ('2139', '2024-01-05', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return plain_number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
