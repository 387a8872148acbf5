"""Files that a CRM or its loader wrote: exports, success and error files, lists of users. Read whole.

Unlike files of ours they come in any encoding and with any delimiter: both are recognised as for a source.
"""

import csv
import io
from pathlib import Path

import pandas as pd

from dq.errors import SourceError
from dq.tables.reading.decoding import Transcoder, decide_encoding
from dq.tables.reading.dialect import decide_dialect, describe
from dq.tables.reading.lines import Block

_SAMPLE = 1_000_000
"""Characters the delimiter is decided on, as for a source."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How archives, and with them Excel workbooks, begin; and the older kind of Excel."""


def read_exported_csv(path: Path, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a delimited file of another system, every cell text; an empty cell is missing.

    Args:
        path: The file.
        columns: Columns that must be there; others are left out. Empty: all columns as they are.

    Raises:
        SourceError: The file cannot be read, is no delimited text, has a column twice or lacks one, or a line has too
            many cells.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "name a CSV file") from error
    text, encoding = _text_of(path, data)
    dialect = decide_dialect(Block(text[:_SAMPLE].encode()))
    reading = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape or None,
        skipinitialspace=dialect.skips_blanks,
    )
    try:
        headers = [header.strip() for header in next(reading, [])]
        rows = [row for row in reading if row]
    except csv.Error as error:
        raise SourceError(f"{path} is no CSV: {error}", "export it again as CSV") from error
    read_as = f"it was read as {encoding}, {describe(dialect)}"
    _refuse(path, headers, rows, columns, read_as)
    padded = [row + [""] * (len(headers) - len(row)) for row in rows]
    table = pd.DataFrame(padded, columns=headers, dtype="str")
    table = table.mask(table == "")
    return table[list(columns)] if columns else table


def _text_of(path: Path, data: bytes) -> tuple[str, str]:
    if data.startswith(_WORKBOOKS):
        raise SourceError(f"{path} is a workbook or an archive", "save it as CSV, in any encoding")
    encoding = decide_encoding(data[:_SAMPLE])
    text = Transcoder(encoding).feed(data, final=True).decode("utf-8", "replace")
    if "\0" in text:
        raise SourceError(f"{path} is no text", "export it as CSV")
    return text, encoding.label


def _refuse(path: Path, headers: list[str], rows: list[list[str]], columns: tuple[str, ...], read_as: str) -> None:
    missing = [column for column in columns if column not in headers]
    if missing:
        raise SourceError(
            f"{path} lacks the column {', '.join(missing)}", f"its header must hold {', '.join(columns)}; {read_as}"
        )
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise SourceError(f"{path} has the column {', '.join(twice)} twice", f"export it once; {read_as}")
    for number, row in enumerate(rows, start=2):
        if len(row) > len(headers):
            raise SourceError(
                f"{path}: row {number} has {len(row)} cells for {len(headers)} columns",
                f"quote cells that hold the delimiter; {read_as}",
            )
