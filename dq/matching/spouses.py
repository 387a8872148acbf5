"""A wife called by her husband's name (`Mrs. John Smith`): she is not he, alive or dead."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.folding import by_distinct, column, fold
from dq.model import IS_DECEASED, TEXT
from dq.standards.matching import Words

SPOUSES: Final = "spouse"
"""Feature: `he` of a man by title and of the dead, `she` of a woman's title before a man's name, else missing."""
_MOSTLY: Final = 20
"""A given name that so many times more men bear is a man's; Mrs. Jordan Smith may well be Jordan."""


def spouse_marks(records: pd.DataFrame, names: pd.DataFrame, words: Words) -> pd.Series:
    """Return the feature SPOUSES.

    Args:
        records: Standardised records.
        names: The reference table of given names: `name`, `female_per_million`, `male_per_million`.
        words: Titles of husbands and wives.
    """
    per_million = names[["female_per_million", "male_per_million"]].astype("float64")
    men = frozenset(names["name"][per_million["male_per_million"] > _MOSTLY * per_million["female_per_million"]])
    title = by_distinct(column(records, "prefix"), fold)
    first = by_distinct(column(records, "first_name"), lambda text: fold(text).partition(" ")[0])
    she = title.isin(words.wife_titles) & first.isin(men)
    he = title.isin(words.husband_titles)
    if IS_DECEASED in records:
        he |= records[IS_DECEASED].fillna(False).astype(bool)
    return pd.Series("he", index=records.index, dtype=TEXT).where(he).mask(she, "she")


def spouse_codes(marks: pd.Series) -> NDArray[np.int64]:
    """Return 1 for `he`, -1 for `she`, 0 for everybody else: the product of a couple is -1."""
    return np.asarray(marks.map({"he": 1, "she": -1}).fillna(0), dtype=np.int64)
