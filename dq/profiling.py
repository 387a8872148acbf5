"""What a column holds: how full, how varied, which shapes and lengths. Describes; never judges."""

from dataclasses import dataclass

import pandas as pd

from dq.text import shape

TOP = 5
"""Shapes and values shown per column: as many as one line takes."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a source.

    Attributes:
        header: As in the source.
        filled: Filled cells over all rows.
        fill_rate: 0–1.
        distinct: Distinct values in the sample.
        shortest: Characters of the shortest filled value in the sample, 0 where there is none.
        longest: Characters of the longest.
        shapes: Most frequent value shapes (`Aa9-9`) with their share of the filled sample.
        values: Most frequent values with their count in the sample; personal data, for the terminal only.
    """

    header: str
    filled: int
    fill_rate: float
    distinct: int
    shortest: int
    longest: int
    shapes: tuple[tuple[str, float], ...]
    values: tuple[tuple[str, int], ...]


def profile_columns(rows: pd.DataFrame, filled: dict[str, int], row_count: int) -> list[ColumnProfile]:
    """Describe every column of a sampled table.

    Args:
        rows: Sampled rows, text.
        filled: Header → filled cells over all rows.
        row_count: Rows of the whole table.
    """
    return [_profile(str(header), rows[header], filled.get(str(header), 0), row_count) for header in rows]


def _profile(header: str, cells: pd.Series, filled: int, row_count: int) -> ColumnProfile:
    present = cells.dropna().astype("str")
    counts = _frequent(present)
    lengths = present.str.len()
    shapes = _frequent(shape(present))
    return ColumnProfile(
        header=header,
        filled=filled,
        fill_rate=filled / row_count if row_count else 0.0,
        distinct=len(counts),
        shortest=int(lengths.min()) if len(present) else 0,
        longest=int(lengths.max()) if len(present) else 0,
        shapes=tuple((str(name), count / len(present)) for name, count in shapes.head(TOP).items()),
        values=tuple((str(name), int(count)) for name, count in counts.head(TOP).items()),
    )


def _frequent(values: pd.Series) -> pd.Series:
    """Count values, most frequent first, ties by value: the order of rows has no say."""
    counts = values.value_counts().rename("count").rename_axis("value").reset_index()
    ordered = counts.sort_values(["count", "value"], ascending=[False, True])
    return ordered.set_index("value")["count"]
