"""Applies a function to the distinct values of a column and maps the results back. Knows nothing about text."""

from collections.abc import Callable

import pandas as pd

from dq.model import TEXT


def map_distinct(values: pd.Series, function: Callable[[str], str | None]) -> pd.Series:
    """Return `function` of every value, computed once per distinct value.

    Args:
        values: Text; nulls stay null and are never passed on.
        function: Pure; None means null.

    >>> map_distinct(pd.Series([" a", None, " a"], dtype="str"), str.strip).tolist()
    ['a', nan, 'a']
    """
    codes, uniques = pd.factorize(values.astype(TEXT))
    mapped = pd.array([function(value) for value in uniques.tolist()], dtype=TEXT)
    return pd.Series(mapped.take(codes, allow_fill=True), index=values.index, name=values.name, dtype=TEXT)
