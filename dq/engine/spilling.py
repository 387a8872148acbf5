"""Connections that answer questions about runs; what does not fit into memory goes to a folder of their own."""

from tempfile import TemporaryDirectory

import duckdb


def connect(memory: str) -> "tuple[duckdb.DuckDBPyConnection, TemporaryDirectory[str]]":
    """Open a connection of two threads and the folder it may spill to, which goes when it is cleaned up.

    DuckDB's own choice is a folder `.tmp` wherever the process was started.

    Args:
        memory: What it may use, such as `2GB`.
    """
    spill = TemporaryDirectory(prefix="dq-spill-", ignore_cleanup_errors=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": memory,
        "temp_directory": spill.name,
    }
    return duckdb.connect(config=config), spill
