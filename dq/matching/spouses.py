"""A wife called by her husband's name (`Mrs. John Smith`): she is not he, alive or dead."""

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.folding import column, fold
from dq.matching.singles import Single, folded_column, single_of
from dq.model import IS_DECEASED
from dq.standards.matching import Words

SPOUSES: Final = "spouse"
"""Feature: `he` of a man by title and of the dead, `she` of a woman's title before a man's name, else missing."""
_MOSTLY: Final = 20
"""A given name that so many times more men bear is a man's; Mrs. Jordan Smith may well be Jordan."""


def spouse_marks(records: pd.DataFrame, names: pd.DataFrame, words: Words) -> Single:
    """Return the feature SPOUSES.

    Args:
        records: Standardised records.
        names: The reference table of given names: `name`, `female_per_million`, `male_per_million`.
        words: Titles of husbands and wives.
    """
    title = folded_column(column(records, "prefix"))
    he, wife = title.is_in(words.husband_titles), title.is_in(words.wife_titles)
    first = single_of(column(records, "first_name")).where(wife).in_order()
    first = first.made(lambda text: fold(text).partition(" ")[0])
    borne = names[names["name"].isin(first.texts.to_pylist())]
    per_million = borne[["female_per_million", "male_per_million"]].astype("float64")
    men = borne["name"][per_million["male_per_million"] > _MOSTLY * per_million["female_per_million"]]
    she = first.is_in(frozenset(men))
    if IS_DECEASED in records:
        he |= records[IS_DECEASED].fillna(False).astype(bool).to_numpy()
    return Single(np.where(she, 1, np.where(he, 0, -1)), pa.array(["he", "she"], type=pa.large_string()))


def spouse_codes(marks: pd.Series) -> NDArray[np.int64]:
    """Return 1 for `he`, -1 for `she`, 0 for everybody else: the product of a couple is -1."""
    return np.asarray(marks.map({"he": 1, "she": -1}).fillna(0), dtype=np.int64)
