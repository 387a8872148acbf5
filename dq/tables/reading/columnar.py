"""Parquet files as text: dates in ISO form, whole numbers without a decimal point, everything else as written."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.layout import unique_headers
from dq.tables.reading.pieces import Batch, NothingInsideError, Piece, Report, text_schema

_ROWS: Final = 50_000


def probe_parquet(path: Path, file: str, stem: str, limits: Ingest) -> Piece:
    """Read the columns of a Parquet file.

    Raises:
        SourceError: It is damaged, encrypted, without rows or columns, or has too many columns.
    """
    try:
        with pq.ParquetFile(path) as parquet:
            names, count = parquet.schema_arrow.names, parquet.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from error
    if not names or not count:
        raise NothingInsideError(f"{file} has no rows", "export it again with its rows")
    if len(names) > limits.max_columns:
        raise SourceError(
            f"{file} has {len(names):,} columns, more than {limits.max_columns:,}",
            "choose the columns, or raise max_columns in standards/ingest.yml",
        )
    decision = f"{file}: Parquet, {len(names)} columns"
    return Piece(file, stem, unique_headers(names), (decision,), partial(_batches, path, file))


def _damaged(file: str, error: Exception) -> SourceError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SourceError(f"{file} is no readable Parquet file: {reason}", "copy or export it again")


def _batches(path: Path, file: str, report: Report) -> Iterator[Batch]:
    done = 0
    try:
        with pq.ParquetFile(path) as parquet:
            width = len(parquet.schema_arrow.names)
            for batch in parquet.iter_batches(_ROWS, use_threads=False):
                lines = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int64())
                done += batch.num_rows
                columns = [as_text(column) for column in batch.columns]
                yield Batch(pa.Table.from_arrays([*columns, lines], schema=text_schema(width)))
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from error
    report(path.stat().st_size)


def as_text(column: pa.Array) -> pa.Array:
    """Write every value of a column as text; empty text is null."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        text = _checked(column.cast(pa.large_string()))
    elif pa.types.is_floating(kind):
        text = _by_value(column, plain_number)
    elif pa.types.is_timestamp(kind):
        shown = pc.replace_substring_regex(column.cast(pa.large_string()), r"\.0+($|[Z+-])", r"\1")
        text = pc.replace_substring(shown, " ", "T", max_replacements=1)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        text = _by_value(column, _decode)
    elif pa.types.is_nested(kind):
        text = _by_value(column, lambda value: json.dumps(value, default=str, ensure_ascii=False))
    elif pa.types.is_null(kind):
        text = pa.nulls(len(column), pa.large_string())
    else:
        text = _cast(column)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)


def _cast(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.large_string())
    except pa.ArrowNotImplementedError:
        return _by_value(column, str)


def _checked(text: pa.Array) -> pa.Array:
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return _by_value(text.cast(pa.large_binary()), _decode)
    return text


def _by_value(column: pa.Array, write: object) -> pa.Array:
    values = column.to_pylist()
    return pa.array([None if value is None else write(value) for value in values], pa.large_string())  # type: ignore[operator]


def plain_number(value: float) -> str:
    """Write a float the way a person types it: `2139`, `0.1`, never `2139.0` or `1e+20`.

    >>> plain_number(4102524244.0)
    '4102524244'
    """
    if value != value:
        return ""
    if value in (float("inf"), float("-inf")):
        return str(value)
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "backslashreplace")
