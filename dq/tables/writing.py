"""Tables to files: Parquet, CSV for people and CSV for machines. Every file appears whole or not at all."""

import codecs
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dq import model
from dq.errors import FULL_DISK, SettingsError

ROW_GROUP: Final = 100_000
"""Rows of a row group in every written table (CONTRACTS 3)."""

Arrow: TypeAlias = Any
"""A `pa.Table` or `pa.RecordBatch`: pyarrow ships no types."""
Column: TypeAlias = Any
"""A `pa.Array` or `pa.ChunkedArray`."""
Chunk: TypeAlias = pd.DataFrame | Arrow
Chunks: TypeAlias = Chunk | Iterable[Chunk]

_FORMULA: Final = r"^[\s\p{Z}]*[=+\-@'\t\r]"
_PLAIN: Final = r"^[+-]?\d+(\.\d+)?$"
"""Plain numbers and E.164 phones: no spreadsheet runs them."""
_NEEDS_QUOTES: Final = r'[",\r\n]'


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` that takes its place once the block ends without an error.

    Raises:
        SettingsError: The disk is full; nothing half-written is left.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if full := full_disk(error, path.parent):
            raise full from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def full_disk(error: OSError, folder: Path) -> SettingsError | None:
    """Return the error to raise where writing failed for want of space, None for any other reason."""
    if error.errno not in FULL_DISK:
        return None
    hint = "make room, then start again: finished work is kept"
    return SettingsError(f"no space is left on the disk of {folder}", hint)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_parquet(
    chunks: Chunks, path: Path, table: model.Table, extras: Mapping[str, pa.DataType] | None = None
) -> int:
    """Write a table in the order given; return the number of rows.

    The bytes depend on the rows only, not on how they are cut into chunks. Columns that a chunk lacks are null.

    Args:
        chunks: Frames or Arrow tables.
        path: File to write.
        table: Names, order and types of the columns.
        extras: Columns behind the declared ones with their types; by default the `extra.*` columns of the first chunk,
            as text, where the table has extras.

    Raises:
        ValueError: A later chunk has `extra.*` columns that the first one lacks: they would be lost.
    """
    stream = iter(_listed(chunks))
    first = next(stream, None)
    if extras is None:
        names = [] if first is None or not table.has_extras else sorted(_extras(first))
        extras = dict.fromkeys(names, pa.large_string())
    schema = pa.schema([*table.columns.items(), *extras.items()])
    rows = 0
    with atomic(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        shaped = (_shaped(chunk, schema, table) for chunk in _with_first(first, stream))
        for group in _row_groups(shaped, schema):
            writer.write_table(group, row_group_size=ROW_GROUP)
            rows += group.num_rows
    return rows


@dataclass(frozen=True)
class Dialect:
    """How a CSV for machines is written.

    Attributes:
        line_end: Between lines; a line feed inside a cell stays one.
        quote_all: Every cell stands in quotes, not only those that need it.
        marked: The file opens with a byte order mark.
    """

    line_end: str = "\n"
    quote_all: bool = False
    marked: bool = False


PLAIN_DIALECT: Final = Dialect()
"""Line feeds, quotes where they are needed, no mark."""


def write_csv_for_people(
    chunks: Chunks, path: Path, columns: Sequence[str] | None = None, headers: Mapping[str, str] | None = None
) -> int:
    """Write a CSV that a spreadsheet opens without running anything (CONTRACTS 5); return the number of rows.

    Args:
        chunks: Frames or Arrow tables.
        path: File to write.
        columns: Columns to write, in order; by default those of the first chunk.
        headers: Other header for a column, such as an extra column under its own name.
    """
    return _write_csv(chunks, path, columns, headers, guarded=True)


def write_csv_for_machines(
    chunks: Chunks,
    path: Path,
    columns: Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
    dialect: Dialect = PLAIN_DIALECT,
) -> int:
    """Write a CSV by RFC 4180 in UTF-8, no value altered; return the number of rows."""
    return _write_csv(chunks, path, columns, headers, guarded=False, dialect=dialect)


def guard(cells: Column) -> Column:
    """Prefix `'` to text that a spreadsheet would run as a formula; plain numbers and E.164 phones stay."""
    risky = pc.and_not(pc.match_substring_regex(cells, _FORMULA), pc.match_substring_regex(cells, _PLAIN))
    return pc.if_else(risky, pc.binary_join_element_wise(_large("'"), cells, _large("")), cells)


def strip_guard(cells: pd.Series) -> pd.Series:
    """Take the one `'` off that writing for people put before a cell."""
    return cells.where(~cells.str.startswith("'").fillna(False), cells.str.slice(1))


def _listed(chunks: Chunks) -> Iterable[Chunk]:
    is_one = isinstance(chunks, pd.DataFrame) or hasattr(chunks, "schema")
    return (chunks,) if is_one else chunks


def _with_first(first: Chunk | None, rest: Iterator[Chunk]) -> Iterator[Chunk]:
    if first is not None:
        yield first
    yield from rest


def _names(chunk: Chunk) -> list[str]:
    return [str(name) for name in (chunk.columns if isinstance(chunk, pd.DataFrame) else chunk.schema.names)]


def _extras(chunk: Chunk) -> set[str]:
    return {name for name in _names(chunk) if name.startswith(model.EXTRA)}


def _shaped(chunk: Chunk, schema: pa.Schema, table: model.Table) -> pa.Table:
    if table.has_extras and (lost := _extras(chunk) - set(schema.names)):
        raise ValueError(f"{table.name}: columns {sorted(lost)} are not in the first chunk")
    present = set(_names(chunk))
    rows = len(chunk) if isinstance(chunk, pd.DataFrame) else chunk.num_rows
    arrays = [
        _array(chunk, field.name, field.type) if field.name in present else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(chunk: Chunk, name: str, kind: pa.DataType | None = None) -> Column:
    if isinstance(chunk, pd.DataFrame):
        column = chunk[name]
        if kind is not None and not pa.types.is_large_string(kind):
            column = column.astype(object)
        array = pa.array(column, type=kind, from_pandas=True)
    else:
        array = chunk.column(name)
    return array if kind is None else array.cast(kind)


def _row_groups(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting = schema.empty_table()
    for table in tables:
        waiting = pa.concat_tables([waiting, table])
        while waiting.num_rows >= ROW_GROUP:
            yield waiting.slice(0, ROW_GROUP).combine_chunks()
            waiting = waiting.slice(ROW_GROUP)
    if waiting.num_rows:
        yield waiting.combine_chunks()


def _write_csv(
    chunks: Chunks,
    path: Path,
    columns: Sequence[str] | None,
    headers: Mapping[str, str] | None,
    *,
    guarded: bool,
    dialect: Dialect = PLAIN_DIALECT,
) -> int:
    rows = 0
    with atomic(path) as temporary, temporary.open("wb") as stream:
        header = partial(_header_line, headers=headers or {}, guarded=guarded, dialect=dialect)
        begun = False
        for chunk in _listed(chunks):
            if columns is None:
                columns = _names(chunk)
            if not begun:
                stream.write(header(columns))
                begun = True
            texts = [_text(_array(chunk, name), guarded=guarded, quote_all=dialect.quote_all) for name in columns]
            stream.write(_lines(texts, dialect.line_end))
            rows += len(chunk) if isinstance(chunk, pd.DataFrame) else chunk.num_rows
        if not begun and columns is not None:
            stream.write(header(columns))
    return rows


def _header_line(columns: Sequence[str], headers: Mapping[str, str], *, guarded: bool, dialect: Dialect) -> bytes:
    names = [pa.array([headers.get(name, name)], pa.large_string()) for name in columns]
    line = _lines([_text(name, guarded=guarded, quote_all=dialect.quote_all) for name in names], dialect.line_end)
    return codecs.BOM_UTF8 + line if dialect.marked else line


def _text(cells: Column, *, guarded: bool, quote_all: bool) -> pa.Array:
    text = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    is_text = pa.types.is_large_string(text.type) or pa.types.is_string(text.type)
    text = pc.fill_null(text.cast(pa.large_string()), "")
    if not (is_text or quote_all):
        return text
    if guarded:
        text = guard(text)
    doubled = pc.binary_join_element_wise(_large('"'), pc.replace_substring(text, '"', '""'), _large('"'), _large(""))
    return doubled if quote_all else pc.if_else(pc.match_substring_regex(text, _NEEDS_QUOTES), doubled, text)


def _large(text: str) -> Column:
    return pa.scalar(text, pa.large_string())


def _lines(columns: Sequence[pa.Array], line_end: str) -> bytes:
    if len(columns) == 1:
        # An empty line would be no record.
        lines = pc.if_else(pc.equal(columns[0], _large("")), _large('""'), columns[0])
    else:
        lines = pc.binary_join_element_wise(*columns, _large(","))
    text = line_end.join(lines.to_pylist())
    return (text + line_end).encode() if len(lines) else b""
