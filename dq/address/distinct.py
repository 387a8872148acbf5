"""Work done once per distinct text of a column."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Found = TypeVar("Found")
Codes = npt.NDArray[np.intp]
"""Position of each row's result."""


def per_distinct(texts: pd.Series, function: Callable[[str], Found]) -> tuple[Codes, list[Found]]:
    """Apply a function once per distinct text, nulls counting as empty; return a position per row, and the results.

    >>> codes, results = per_distinct(pd.Series(["a", "b", "a"]), str.upper)
    >>> codes.tolist(), results
    ([0, 1, 0], ['A', 'B'])
    """
    codes, distinct = pd.factorize(texts.fillna("").astype(object))
    return codes, [function(text) for text in distinct]
