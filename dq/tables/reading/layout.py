"""Where a table starts inside its sheet: rows above the header, the header itself, the number of columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dq.tables.reading.pieces import POSITION_COLUMNS

_SHAPES: Final = (
    ("email", re.compile(r"\S+@\S+\.\w+")),
    ("number", re.compile(r"[-+$(]*\d[\d.,]*[)%]?([eE][+-]?\d+)?")),
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")),
    ("phone", re.compile(r"\+?[\d(][\d().\-/ x]{6,}")),
    ("web", re.compile(r"(https?://|www\.)\S+")),
    ("digits_first", re.compile(r"\d+\S* .*")),
    ("code", re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]*\d{3,}[A-Za-z0-9_-]*")),
)
_MOST: Final = 0.5
"""Share of a column's filled cells that have one shape, above which the shape says something about the column."""
_DEEPEST_HEADER: Final = 50
"""Rows searched for a header: more titles than that are no titles."""

_HARDLY_ANY: Final = 0.1
"""Share of rows with the header's width above which longer rows are damage: a bare comma in most addresses, say."""

_NUMBERED: Final = re.compile(r"([A-Za-z][A-Za-z_ -]*)\d+")
_SERIES: Final = 3
"""Cells of one row with the same letters before a number from which on they are a numbered series of headers."""

Row = Sequence[str]


@dataclass(frozen=True)
class Layout:
    """Where the rows of a table are among the rows of its sheet.

    Attributes:
        header: Index of the header row; -1 where there is none.
        first: Index of the first data row.
        headers: One unique name per column.
        pads: Whether most rows are short: empty cells at their end were left out.
        decisions: What was decided, in sentences.
    """

    header: int
    first: int
    headers: tuple[str, ...]
    pads: bool = False
    decisions: tuple[str, ...] = ()


def find_layout(rows: Sequence[Row], numbers: Sequence[int], *, one_column: bool = False) -> Layout:
    """Find header and width in the first rows of a file or sheet.

    Args:
        rows: Cells as typed, ragged as they were read, at least one row.
        numbers: The line each of them starts on.
        one_column: Whether there is no delimiter, so that every row is one cell.
    """
    filled = [_last_filled(row) for row in rows]
    width = _usual_width(rows)
    header = 0 if one_column else _header_row(rows, filled, width)
    below = rows[header + 1 :]
    decisions = []
    if header:
        count = f"{header} line{'s' if header > 1 else ''}"
        decisions.append(f"{count} above the header skipped")
    if is_data(rows[header], below):
        names = tuple(f"column_{n + 1}" for n in range(max(width, len(rows[header]))))
        decisions.append(f"no header: the first line is data, the columns are called column_1 to column_{len(names)}")
        return Layout(-1, header, names, decisions=tuple(decisions))
    cells, pads, sentences = _fit(rows[header], below)
    decisions += [f"header on line {numbers[header]}: {len(cells)} column{'s' if len(cells) > 1 else ''}", *sentences]
    return Layout(header, header + 1, unique_headers(cells), pads, tuple(decisions))


def unique_headers(cells: Row) -> tuple[str, ...]:
    """Name the columns: as typed without outer blanks, `column_<n>` where empty, `~2` where a name comes again.

    >>> unique_headers([" Name", "name", "", "#row"])
    ('Name', 'name~2', 'column_3', '#row~2')
    """
    taken = set(POSITION_COLUMNS)
    names = []
    for number, cell in enumerate(cells, 1):
        base = clean_header(cell) or f"column_{number}"
        name, repeat = base, 1
        while name.casefold() in taken:
            repeat += 1
            name = f"{base}~{repeat}"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def clean_header(cell: str) -> str:
    """Take outer blanks and byte order marks from a header cell."""
    return cell.strip("\ufeff \t\r\n\xa0\0")


def is_data(first: Row, others: Sequence[Row]) -> bool:
    """Tell whether a row evidently is data and no header, judged column by column against the rows below.

    >>> is_data(["17", "Ann", "ann@x.org"], [["18", "Bob", "bob@x.org"]])
    True
    >>> is_data(["id", "name", "email"], [["18", "Bob", "bob@x.org"]])
    False
    >>> is_data(["v100", "v101", "v102"], [["18", "7", "12"]])
    False
    """
    rows = [row for row in others if list(row) != list(first)]
    if not rows:
        cells = [cell for cell in first if cell.strip()]
        shaped = sum(_shape(cell) is not None for cell in cells)
        return not others and bool(cells) and shaped * 2 > len(cells)
    # c100, c101, c102 above numbers are names of columns, not codes among numbers.
    series = {stem for stem, count in Counter(map(_stem, first)).items() if stem and count >= _SERIES}
    evidence = 0
    for column, cell in enumerate(first):
        values = [row[column] for row in rows if column < len(row) and row[column].strip()]
        if not cell.strip() or not values:
            continue
        usual, count = Counter(_shape(value) for value in values).most_common(1)[0]
        if count <= len(values) * _MOST:
            usual = None
        if usual is not None:
            # Twice: a row of data rarely has words where numbers belong, but headers may be years.
            is_numbered = usual != "code" and _stem(cell) in series
            evidence += 1 if _alike(_shape(cell), usual) and not is_numbered else -2
        elif cell in values:
            # A header word is no value of its own column.
            evidence += 1
    return evidence > 0


def _stem(cell: str) -> str:
    """Return the letters before the number at the end of a cell, empty where it is not so made."""
    found = _NUMBERED.fullmatch(cell.strip())
    return found[1] if found else ""


def _alike(shape: str | None, usual: str) -> bool:
    return shape is not None and (shape == usual or {shape, usual} <= {"number", "date", "phone", "code"})


def _shape(cell: str) -> str | None:
    text = cell.strip()
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(text)), None)


def _last_filled(row: Row) -> int:
    return max((n + 1 for n, cell in enumerate(row) if cell.strip()), default=0)


def _usual_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row) for row in rows)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0]


def _header_row(rows: Sequence[Row], filled: Sequence[int], width: int) -> int:
    """Find the first row that names most columns; what stands above it are titles."""
    usual = Counter(count for count in filled if count).most_common(1)
    if not usual or width == 1:
        return 0
    # The usual number of filled cells, not the width: sheets often carry empty columns at the right.
    needed = max(2, round(0.6 * min(usual[0][0], width)))
    for index, row in enumerate(rows[:_DEEPEST_HEADER]):
        named = sum(bool(cell.strip()) for cell in row)
        if named >= needed and len(row) * 2 > width:
            return index if index == 0 or _is_below_titles(rows, index) else 0
    return 0


def _is_below_titles(rows: Sequence[Row], index: int) -> bool:
    """Tell titles from the header of a list of one column whose values happen to hold delimiters."""
    if len(rows[0]) > 1 or index > 1 or any(not row or not "".join(row).strip() for row in rows[:index]):
        return True
    below = rows[index + 1 :]
    return bool(below) and not is_data(rows[index], below) and any(map(_shape, below[0]))


def _fit(header: Row, below: Sequence[Row]) -> tuple[Row, bool, list[str]]:
    """Settle the width where header and rows differ (CONTRACTS 6: before parsing).

    Rows that are longer by cells which are always empty, or a header that is, end in a spare delimiter. Where more than
    half of the rows are shorter than the header, empty cells at their end were left out: they are padded. Otherwise
    the header rules; only where hardly any row has its width, the further columns get names.
    """
    widths = Counter(len(row) for row in below)
    if not widths or widths[len(header)] == len(below):
        return header, False, []
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    if width < len(header) and all(not cell.strip() for cell in header[width:]):
        return header[:width], False, ["the spare delimiter at the end of the header left out"]
    shorter = sum(count for length, count in widths.items() if length < len(header))
    if shorter * 2 > len(below):
        said = "most rows are shorter than the header: empty cells at their end were left out and are filled"
        return header, True, [said]
    if width <= len(header) or widths[len(header)] > len(below) * _HARDLY_ANY:
        return header, False, []
    more = [""] * (width - len(header))
    if not any(cell.strip() for row in below for cell in row[len(header) :]):
        return [*header, *more], False, ["the rows end in spare delimiters, which are left out if nothing follows them"]
    if len(more) == 1 and _counts_rows(below, width):
        said = "the header names one column less than the rows have: the first one counts the rows"
        return ["", *header], False, [said]
    return [*header, *more], False, [f"the header names {len(more)} column(s) less than the rows have at the end"]


def _counts_rows(below: Sequence[Row], width: int) -> bool:
    firsts = [row[0].strip() for row in below if len(row) == width]
    return firsts == [str(n + int(firsts[0])) for n in range(len(firsts))] if firsts and firsts[0] in "01" else False
