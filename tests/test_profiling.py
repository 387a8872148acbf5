"""What a column holds."""

import pandas as pd

from dq.model import TEXT
from dq.profiling import TOP, profile_columns


def rows(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=TEXT)


def test_a_column_is_counted_measured_and_shown() -> None:
    cells = ["62704", "62704", "2139", None]
    (column,) = profile_columns(rows(zip=cells), {"zip": 30}, 40)
    assert (column.header, column.filled, column.fill_rate, column.distinct) == ("zip", 30, 0.75, 2)
    assert (column.shortest, column.longest) == (4, 5)
    assert column.values == (("62704", 2), ("2139", 1))
    assert sum(share for _, share in column.shapes) == 1.0


def test_an_empty_column_and_an_empty_table() -> None:
    (column,) = profile_columns(rows(void=[None, None]), {}, 2)
    assert (column.fill_rate, column.distinct, column.longest, column.values, column.shapes) == (0.0, 0, 0, (), ())
    (column,) = profile_columns(rows(void=[]), {}, 0)
    assert column.fill_rate == 0.0


def test_the_order_of_rows_has_no_say() -> None:
    cells: list[str | None] = ["b", "a", "c", "a", "d", "e", "f", "g"]
    one, other = (profile_columns(rows(x=list(some)), {"x": 8}, 8) for some in (cells, cells[::-1]))
    assert one == other
    assert one[0].values == (("a", 2), ("b", 1), ("c", 1), ("d", 1), ("e", 1))
    assert len(one[0].values) == TOP
