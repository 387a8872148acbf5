"""Maps small tables for tests: recognition first, then `map_rows` with a fixed key."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dq.model import Frames
from dq.tables.mapping import MappingPolicy, map_rows, mapping_policy
from dq.tables.recognition import Overrides, TableSample, recognise
from tests.tables.recognition.samples import sample, standards

KEY = b"a key of sixteen"


def rows_of(table: TableSample) -> pd.DataFrame:
    """Return the sampled rows as reading gives them."""
    return table.rows.assign(
        **{"#row": range(len(table.rows)), "#line": range(2, 2 + len(table.rows)), "#file": "f.csv"}
    )


def policy_of(columns: Mapping[str, Sequence[str | None]], overrides: Overrides | None = None) -> MappingPolicy:
    """Return the policy of a source of one table."""
    return mapping_policy(recognise("src", [sample(columns)], standards(), overrides), "", standards(), KEY)


def mapped(columns: Mapping[str, Sequence[str | None]], overrides: Overrides | None = None) -> Frames:
    """Recognise and map a source of one table."""
    return map_rows({"rows": rows_of(sample(columns))}, policy_of(columns, overrides))


def cells(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    """Return rows of chosen columns, missing cells as None."""
    return [
        tuple(None if pd.isna(cell) else cell for cell in row) for row in frame[list(names)].itertuples(index=False)
    ]
