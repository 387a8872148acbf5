"""Sources into raw tables: which files and sheets are parts of one table, which are tables of their own."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Final

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.columnar import probe_parquet
from dq.tables.reading.contents import Content, chunks, open_contents, silent
from dq.tables.reading.delimited import probe_text
from dq.tables.reading.parts import PartWriter, column_order
from dq.tables.reading.pieces import NothingInsideError, Piece, Report
from dq.tables.reading.source import Source, safe_name
from dq.tables.reading.workbook import probe_workbook
from dq.tables.writing import full_disk

ENDINGS: Final = (
    *(".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".asc", ".parquet", ".pq"),
    *(".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".gz", ".zip"),
)
"""Files of a folder that are read; the others are said and left out."""
_NOTES: Final = frozenset({"readme", "source", "license", "notice", "copying", "changelog", "about"})
"""Names of text files that lie beside tables and describe them."""
ONE_TABLE: Final = "_"
"""Folder name of the table of a source that has only one."""


@dataclass(frozen=True)
class RawTable:
    """A table of a source as it was read: text as typed, in Parquet parts, with what was refused beside it.

    Attributes:
        source: Name of the source.
        table: Name of the table; empty where the source has only one.
        headers: Columns of the source, unique ignoring case. The parts hold them in this order, then `#row`, `#line`
            and `#file`.
        parts: Parquet files of at most 100,000 rows, in file order.
        row_count: Accepted records.
        reject_count: Refused pieces.
        read_count: Logical records: accepted plus refused.
        rejects: Parquet file with the columns of `model.REJECTS`.
        decisions: How it was read, one sentence each.
        files: File names and SHA-256 of the source's files.
        piece_count: Files (members of an archive, sheets) that its rows are in: line 34 is one row only where it is 1.
    """

    source: str
    table: str
    headers: tuple[str, ...]
    parts: tuple[Path, ...]
    row_count: int
    reject_count: int
    read_count: int
    rejects: Path
    decisions: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    piece_count: int = 1


def read_source(source: Source, limits: Ingest, out: Path, report: Report | None = None) -> list[RawTable]:
    """Read a source into Parquet parts under `out/<source>/<table>/`.

    A folder whose files share one header set is one table in name order; otherwise each file is a table. Each sheet of
    a workbook with several is a table.

    Args:
        source: What to read.
        limits: Policy against hostile files.
        out: Folder for the parts; existing parts of the same tables are replaced.
        report: Receives the bytes read from disk since its last call; `source_bytes` is their sum.

    Raises:
        SourceError: Nothing that could be read as a table, or an archive that is refused.
    """
    files, ignored = _files(source.path)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".unpacked-", dir=out) as scratch:
        pieces, skipped = _probe(files, limits, Path(scratch))
        groups = _groups(pieces)
        hashes = tuple((label, _hash(path)) for label, path in files)
        return [
            _read_table(source.name, table, group, out, report or silent, (*ignored, *skipped), hashes)
            for table, group in groups
        ]


def source_bytes(source: Source) -> int:
    """Return the bytes on disk that reading a source goes through."""
    return sum(path.stat().st_size for _, path in _files(source.path)[0])


def _files(path: Path) -> tuple[list[tuple[str, Path]], tuple[str, ...]]:
    if not path.exists():
        raise SourceError(f"{path} does not exist", "check the path")
    if not path.is_dir():
        return [(_label(path), path)], ()
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        raise SourceError(f"the folder {path} cannot be listed: {error.strerror}", "check its permissions") from error
    taken, ignored = [], []
    for entry in entries:
        hidden = entry.name.startswith((".", "_", "~$"))
        if entry.is_file() and not hidden and entry.suffix.lower() in ENDINGS and not _is_note(entry.name):
            taken.append((_label(entry), entry))
        else:
            ignored.append(f"{_label(entry)} is no table file and was left out")
    if not taken:
        raise SourceError(f"the folder {path} holds no table", f"put files ending in {', '.join(ENDINGS)} there")
    return taken, tuple(ignored)


def _label(path: Path) -> str:
    """Name a file for people, also where its name is no text."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _probe(files: Sequence[tuple[str, Path]], limits: Ingest, scratch: Path) -> tuple[list[Piece], list[str]]:
    """Look at the start of every file; several files may hold some that are no table, a single one may not."""
    pieces: list[Piece] = []
    skipped: list[str] = []
    empty: list[NothingInsideError] = []
    for label, path in files:
        try:
            with _readable(path, scratch.parent):
                for content in open_contents(path, label, limits):
                    found, left_out = _probe_content(content, limits, scratch)
                    skipped += left_out
                    pieces += found
        except NothingInsideError as error:
            empty.append(error)
    if not pieces:
        raise empty[0]
    skipped += [f"{error.message} and was left out" for error in empty]
    tables = [piece for piece in pieces if not _is_prose(piece)] if len(pieces) > 1 else pieces
    skipped += [f"{piece.file} is prose and was left out" for piece in pieces if tables and piece not in tables]
    return tables or pieces, skipped


def _is_prose(piece: Piece) -> bool:
    """Tell a note that lies beside tables from a table of one column."""
    is_text = piece.file.lower().endswith((".txt", ".asc", ".dat"))
    return (is_text and len(piece.headers) == 1) or _is_note(piece.file)


def _is_note(file: str) -> bool:
    path = PurePath(file)
    return path.suffix.lower() == ".txt" and path.stem.casefold() in _NOTES


def _probe_content(content: Content, limits: Ingest, scratch: Path) -> tuple[list[Piece], tuple[str, ...]]:
    if content.kind == "text":
        return [probe_text(content, limits)], ()
    path = content.path or _unpack(content, scratch)
    if content.kind == "parquet":
        return [probe_parquet(path, content.file, content.stem, limits)], ()
    return probe_workbook(path, content.file, content.stem, limits)


def _unpack(content: Content, scratch: Path) -> Path:
    """Put a member that needs random access beside the output while it is read."""
    path = scratch / f"{len(list(scratch.iterdir()))}"
    with content.open(silent) as stream, path.open("wb") as target:
        for chunk in chunks(stream):
            target.write(chunk)
    return path


@contextmanager
def _readable(path: Path, out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if full := full_disk(error, out):
            raise full from error
        message = f"{path} cannot be read: {error.strerror or error}"
        raise SourceError(message, "check the file and its permissions") from error


def _groups(pieces: Sequence[Piece]) -> list[tuple[str, list[Piece]]]:
    if len(pieces) == 1:
        return [("", list(pieces))]
    sets = {frozenset(name.casefold() for name in piece.headers) for piece in pieces}
    if len(sets) == 1 and not any(piece.is_sheet for piece in pieces):
        return [("", list(pieces))]
    return list(zip(_table_names(pieces), [[piece] for piece in pieces], strict=True))


def _table_names(pieces: Sequence[Piece]) -> list[str]:
    taken: set[str] = set()
    names = []
    for piece in pieces:
        base = safe_name(piece.stem)
        name, repeat = base, 1
        while name.casefold() in taken:
            repeat += 1
            name = f"{base}_{repeat}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _hash(path: Path) -> str:
    with _readable(path, path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_table(
    source: str,
    table: str,
    pieces: Sequence[Piece],
    out: Path,
    report: Report,
    said: Sequence[str],
    files: tuple[tuple[str, str], ...],
) -> RawTable:
    notes: list[str] = []
    headers = pieces[0].headers
    with PartWriter(out / source / (table or ONE_TABLE), source, headers) as writer:
        for piece in pieces:
            order = column_order(headers, piece.headers)
            with _readable(Path(piece.file), out):
                for batch in piece.batches(report):
                    notes += batch.notes
                    writer.add(batch, piece.file, order)
        written = writer.close()
    decisions = [sentence for piece in pieces for sentence in piece.decisions]
    if len(pieces) > 1:
        decisions.append(f"{len(pieces)} files with the same columns are parts of one table")
    return RawTable(
        source,
        table,
        written.headers,
        written.parts,
        written.row_count,
        written.reject_count,
        written.row_count + written.reject_count,
        written.rejects,
        (*decisions, *notes, *said),
        files,
        len(pieces),
    )
