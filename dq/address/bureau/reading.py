"""The processed file as rows of known fields. Judges no row; refuses a file that says nothing readable."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.address.bureau.columns import FIELDS, KEY, AnswerColumns, recognise_columns
from dq.errors import SourceError
from dq.model import TEXT
from dq.standards import Standards
from dq.tables.reading import FILE, LINE, RawTable, Source, read_source

_SAMPLE: Final = 1_000
"""Rows looked at to find the column with the key: keys are 41 characters, none is met by chance."""
_GUARD: Final = "'"


@dataclass(frozen=True)
class Answer:
    """A processed file.

    Attributes:
        rows: Columns of FIELDS that the files have, as typed without outer blanks, null where empty; `#line`, `#file`.
            `key` is in lower case.
        rejects: Columns of REJECTS: pieces of the files that are no rows.
        columns: What the columns were read as, per file name.
        files: File names and SHA-256.
        decisions: How the files were read, one sentence each.
    """

    rows: pd.DataFrame
    rejects: pd.DataFrame
    columns: dict[str, AnswerColumns]
    files: tuple[tuple[str, str], ...]
    decisions: tuple[str, ...]


def read_answer(
    paths: Sequence[Path], keys: frozenset[str], standards: Standards, mapping: Mapping[str, str] | None, scratch: Path
) -> Answer:
    """Read the files a mail house sent back: CSV, TSV, any delimiter, Excel, also zipped.

    Args:
        paths: Files; each may have its own columns.
        keys: Every key that was ever sent, to find their column.
        standards: Words of headers, and limits against hostile files.
        mapping: Header → field, where the words do not know a header.
        scratch: Existing folder for the rows while they are read; nothing stays there.

    Raises:
        SourceError: With everything that is wrong with every file.
    """
    frames, rejects, files, decisions = [], [], [], []
    columns: dict[str, AnswerColumns] = {}
    problems: list[str] = []
    with TemporaryDirectory(prefix=".reading-", dir=scratch) as folder:
        for number, path in enumerate(paths):
            tables = read_source(Source("bureau", path), standards.ingest, Path(folder) / str(number))
            files += list(tables[0].files)
            found = {_label(path, table): _recognised(table, keys, standards, mapping) for table in tables}
            # A workbook may hold the mail house's summary beside the rows.
            has_rows = any(not read.problems for read in found.values())
            for table, (label, read) in zip(tables, found.items(), strict=True):
                sentences = [f"{label}: {problem}" for problem in read.problems]
                decisions += [*table.decisions, *(f"{sentence}; left out" for sentence in sentences if has_rows)]
                problems += [] if has_rows else sentences
                if not read.problems:
                    columns[label] = read
                    frames.append(_rows(table, read))
                    rejects.append(pd.read_parquet(table.rejects))
    if problems:
        raise refusal(problems)
    rows = pd.concat(frames, ignore_index=True)
    return Answer(rows, pd.concat(rejects, ignore_index=True), columns, tuple(files), tuple(decisions))


def refusal(problems: Sequence[str]) -> SourceError:
    """Return the error that lists everything wrong with the files."""
    return SourceError(
        "the mail house's file cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems),
        "name columns with a mapping `header: field`, or ask the mail house for the file again; nothing was loaded",
    )


def _label(path: Path, table: RawTable) -> str:
    return f"{path.name}/{table.table}" if table.table else path.name


def _recognised(
    table: RawTable, keys: frozenset[str], standards: Standards, mapping: Mapping[str, str] | None
) -> AnswerColumns:
    return recognise_columns(table.headers, standards, mapping, _key_finder(table, keys))


def _key_finder(table: RawTable, keys: frozenset[str]) -> Callable[[Sequence[str]], str | None]:
    """Return a function that finds the column whose values were sent as keys, the fullest where several have some."""

    def find(headers: Sequence[str]) -> str | None:
        with pq.ParquetFile(table.parts[0]) as part:
            batch = next(part.iter_batches(_SAMPLE), None)
        if batch is None:
            return None
        counts = {
            header: sum(plain_key(cell) in keys for cell in batch.column(header).to_pylist()) for header in headers
        }
        best = max(counts, key=lambda header: counts[header])
        return best if counts[best] else None

    return find


def plain_key(cell: str | None) -> str:
    """Return a key the way it was sent, whatever a spreadsheet did around it."""
    return (cell or "").strip().removeprefix(_GUARD).lower()


def _rows(table: RawTable, found: AnswerColumns) -> pd.DataFrame:
    headers = {header: target for target, header in found.headers.items()}
    wanted = [*headers, LINE, FILE]
    read = pd.concat([pq.read_table(part, columns=wanted).to_pandas() for part in table.parts], ignore_index=True)
    rows: pd.DataFrame = read.rename(columns=headers)
    for target in FIELDS:
        if target in rows:
            # The blank before a DPV cell is its first position.
            cells = rows[target].astype(TEXT)
            cells = cells.str.rstrip() if target == "dpv" else cells.str.strip()
            rows[target] = cells.mask(cells == "")
    if KEY in rows:
        rows[KEY] = rows[KEY].map(plain_key, na_action="ignore").astype(TEXT)
    return rows
