"""The nouns of reading: a reject, a batch of rows, and a piece (a file, archive member or sheet) that holds a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyarrow as pa

from dq.errors import SourceError

ROW: Final = "#row"
LINE: Final = "#line"
FILE: Final = "#file"
POSITION_COLUMNS: Final = (ROW, LINE, FILE)
"""Where a row stands: running number within the table, first physical line in its file, file name."""

REJECT_TEXT: Final = 1_000
"""Characters of a rejected piece that are kept: enough to find it in the file, too few to fill a disk."""

Report = Callable[[int], None]
"""Receives the bytes of source files read since the last call."""


class NothingInsideError(SourceError):
    """A file or sheet without rows: an error by itself, left out among others."""


class Reject(NamedTuple):
    """A piece of a file that is not a record: first and last physical line, a reason code, its text."""

    first_line: int
    last_line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Batch:
    """Rows in file order (text columns named by position, then `#line`), what was refused among them, and remarks."""

    rows: pa.Table
    rejects: tuple[Reject, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """One table's worth of a source: headers are known, rows are not read yet.

    Attributes:
        file: Name for people, within its source.
        stem: Name of the table, where the source has several.
        headers: One unique name per column.
        decisions: One sentence per choice that was made about how to read it.
        batches: Reads the rows from the start.
        is_sheet: Whether it is one of several tables of a workbook.
    """

    file: str
    stem: str
    headers: tuple[str, ...]
    decisions: tuple[str, ...]
    batches: Callable[[Report], Iterator[Batch]]
    is_sheet: bool = False


def cut(text: str) -> str:
    """Shorten the text of a reject and make it storable, whatever it holds."""
    return text[:REJECT_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")[:REJECT_TEXT]


def text_schema(width: int) -> pa.Schema:
    """Return the schema of `Batch.rows`: `width` text columns named by position, then `#line`."""
    return pa.schema([(str(n), pa.large_string()) for n in range(width)] + [(LINE, pa.int64())])


def rows_table(rows: list[list[str | None]], lines: list[int], width: int) -> pa.Table:
    """Make a table of rows that were read one by one; empty cells become null."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    arrays = [pa.array([cell or None for cell in column], pa.large_string()) for column in columns]
    return pa.Table.from_arrays([*arrays, pa.array(lines, pa.int64())], schema=text_schema(width))
