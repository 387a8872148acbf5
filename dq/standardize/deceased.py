"""Who has died: said by the name, by a status or by a column of the source. Marks; parks and merges nobody."""

import re
from typing import Any, Final

import pandas as pd

from dq.model import EXTRA, FLAGS, IS_DECEASED, TEXT
from dq.standards.survivorship import Deceased

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD: Final = re.compile(r"[\W_]+")
_COUPLE: Final = "name:two_people"
_SAID: Final = "name:deceased"
"""Doubt about the name of a person whose status, or a column of the source, says what the name does not."""


def with_deceased(records: pd.DataFrame, policy: Deceased) -> pd.DataFrame:
    """Mark records of persons who have died.

    A name of two people says nothing of either: `John (deceased) & Mary Smith` keeps its flag and is not marked.

    Args:
        records: Standardised, with `flags` and the columns nobody knows.
        policy: What says that somebody has died.

    Returns:
        The records with `is_deceased`; False means that nothing says so. Where a status or a column says it, the name
        carries the flag that a note in it would have given, so that rules see both alike.
    """
    flags = records[FLAGS].astype(TEXT).fillna("") if FLAGS in records else pd.Series("", index=records.index)
    said = pd.Series(False, index=records.index)
    for note in policy.notes:
        said |= flags.str.contains(f"name:{note}(?: |$)", regex=True)
    by_name = said.copy()
    said &= ~flags.str.contains(_COUPLE, regex=False)
    if "status" in records:
        said |= _folded(records["status"]).isin([fold_words(word) for word in policy.status])
    headers = {fold_words(header) for header in policy.columns}
    nothing = ["", *(fold_words(word) for word in policy.no)]
    for name in sorted(str(column) for column in records.columns):
        if name.startswith(EXTRA) and fold_words(name.removeprefix(EXTRA)) in headers:
            said |= ~_folded(records[name]).isin(nothing)
    died = said.astype(bool) & records["party_type"].ne("organization").astype(bool)
    marked = flags.str.cat(pd.Series(_SAID, index=records.index), sep=" ").str.strip().where(died & ~by_name, flags)
    columns: dict[str, Any] = {FLAGS: marked.mask(marked.eq("")).astype(TEXT), IS_DECEASED: died}
    return records.assign(**columns)


def fold_words(text: str) -> str:
    """Return the words of a header or cell in lower case, parted by blanks.

    >>> fold_words("DateOfDeath"), fold_words("IS_DECEASED"), fold_words("Dec'd.")
    ('date of death', 'is deceased', 'dec d')
    """
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", text)).strip().lower()


def _folded(values: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(values.astype(TEXT))
    folded = pd.array([fold_words(text) for text in distinct], dtype=TEXT)
    return pd.Series(folded.take(codes, allow_fill=True), index=values.index).fillna("")
