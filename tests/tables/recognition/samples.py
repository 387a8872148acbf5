"""Small samples for tests: tables from dictionaries of columns."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dq.standards import Standards, load_standards
from dq.tables.recognition import Overrides, SourceMapping, TableSample, recognise

ROOT = Path(__file__).parents[3]


@lru_cache(maxsize=1)
def standards() -> Standards:
    """Return the packaged standards, read once."""
    return load_standards(ROOT / "standards", ROOT / "expectations")


def sample(columns: Mapping[str, Sequence[str | None]], table: str = "") -> TableSample:
    """Return a sample that is the whole table; empty cells are null, as reading gives them."""
    cells = {header: [cell or None for cell in values] for header, values in columns.items()}
    rows = pd.DataFrame(cells, dtype="str")
    return TableSample(table, tuple(columns), rows, len(rows))


def mapping_of(
    columns: Mapping[str, Sequence[str | None]], table: str = "", overrides: Overrides | None = None
) -> SourceMapping:
    """Recognise one table."""
    return recognise("src", [sample(columns, table)], standards(), overrides)


def targets_of(mapping: SourceMapping, table: str = "") -> dict[str, str]:
    """Return header → target as written."""
    return {column.header: str(column.target) for column in mapping.table(table).columns}
