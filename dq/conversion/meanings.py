"""Sums up how far the words of sources in picklists have a legal value, for terminal, page and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import pandas as pd

MEANINGS: Final = 20
"""Words of one field on the page; all of them are in `picklists.csv`."""


@dataclass(frozen=True)
class WordMeaning:
    """What one word of a source means, as a line of the crosswalk (`agreeing.PICKLISTS`); `legal` may be empty."""

    source: str
    value: str
    records: int
    canonical: str
    legal: str
    how: str
    evidence: str


@dataclass(frozen=True)
class PicklistCount:
    """How far the words of sources in one field have a legal value.

    Attributes:
        sources: Sources that say something in it.
        words: Different words of them.
        by_how: How their meaning was found (`agreeing.How`) → words.
        open: Words without a safe proposal: source, word, records; the commonest first.
        meanings: The commonest words that are not legal as they stand, at most MEANINGS.
    """

    object: str
    field: str
    sources: tuple[str, ...]
    words: int
    by_how: Mapping[str, int]
    open: tuple[tuple[str, str, int], ...]
    meanings: tuple[WordMeaning, ...]


def picklist_counts(crosswalk: pd.DataFrame) -> tuple[PicklistCount, ...]:
    """Return how far the words of each field have a legal value, from the crosswalk (PICKLISTS)."""
    found = []
    for (thing, key), words in crosswalk.groupby(["object", "field"], sort=True):
        words = words.sort_values(["records", "source", "value"], ascending=[False, True, True])
        lost, other = words[words["how"] == "none"], words[words["how"] != "legal"].head(MEANINGS).fillna("")
        columns = [column.name for column in fields(WordMeaning)]
        found.append(
            PicklistCount(
                object=str(thing),
                field=str(key),
                sources=tuple(sorted(words["source"].unique())),
                words=len(words),
                by_how={str(how): int(count) for how, count in words["how"].value_counts().sort_index().items()},
                open=tuple(
                    (str(source), str(value), int(records))
                    for source, value, records in lost[["source", "value", "records"]].itertuples(index=False)
                ),
                meanings=tuple(WordMeaning(*line) for line in other[columns].itertuples(index=False, name=None)),
            )
        )
    return tuple(found)
