"""Extracts of any kind into raw tables: text as typed, in Parquet parts, with a reject for every piece refused."""

from dq.tables.reading.pieces import FILE, LINE, POSITION_COLUMNS, ROW
from dq.tables.reading.reader import RawTable, read_source, source_bytes
from dq.tables.reading.source import Source, parse_sources

__all__ = [
    "FILE",
    "LINE",
    "POSITION_COLUMNS",
    "ROW",
    "RawTable",
    "Source",
    "parse_sources",
    "read_source",
    "source_bytes",
]
