"""The streets of a range table, and which of them an address names: as written, spelled otherwise, or by an alias."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from dq.address.range_match.number_keys import Integers, contains_all
from dq.address.range_match.questions import PARTS, street_line
from dq.address.range_match.spelling import spelling_key
from dq.address.words import Words

EXACT, SPELLING, PREFERRED, ALIAS, COMPONENT, MISSPELT = range(6)
"""How a street was found, the surest first; PREFERRED is an alias that may stay on the line."""

_MAY_STAY: Final = "P"
"""Type of such an alias."""


class Streets(NamedTuple):
    """Streets of a range table.

    Attributes:
        table: One row per street, index its number: `zip5`, PARTS, `line`, `key` and `name_key` (the
            spelling of the whole and of the name folded).
        of_range: Number of the street of each range, by position.
    """

    table: pd.DataFrame
    of_range: Integers


def streets_of(ranges: pd.DataFrame, words: Words) -> Streets:
    """Number the streets of a range table."""
    code = np.zeros(len(ranges), dtype=np.int64)
    for column in ("zip5", *PARTS):
        codes, distinct = pd.factorize(ranges[column])
        code = code * (len(distinct) + 1) + codes + 1
    of_range, first = pd.factorize(code)
    where = np.zeros(len(first), dtype=np.int64)
    where[of_range[::-1]] = np.arange(len(ranges))[::-1]
    table = ranges[["zip5", *PARTS]].iloc[where].reset_index(drop=True)
    line = street_line(table)
    table = table.assign(line=line, key=spelling_key(line, words), name_key=spelling_key(table["street"], words))
    return Streets(table, of_range.astype(np.int64))


def named_streets(questions: pd.DataFrame, streets: Streets) -> pd.DataFrame:
    """Return the streets that questions name, as written or in another spelling.

    Returns:
        `question` (index of `questions`), `street_no`, `level`; one row per pair, its surest level.
    """
    exact = _joined(questions[["zip5", "line"]], streets.table, "line").assign(level=EXACT)
    spelled = _joined(questions[["zip5", "key"]], streets.table, "key").assign(level=SPELLING)
    return pd.concat([exact, spelled], ignore_index=True).drop_duplicates(["question", "street_no"])


def alias_streets(questions: pd.DataFrame, streets: Streets, aliases: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the streets that questions name by an alias of their ZIP.

    Args:
        questions: With `zip5, key, number`.
        streets: Streets of the range table.
        aliases: `zip5, alias_predirectional … alias_postdirectional`, the real PARTS, `alias_type, low, high, parity`;
            an alias without ends holds for the whole street.
        words: For folding the spelling of aliases.
    """
    local = aliases[aliases["zip5"].isin(questions["zip5"].dropna().unique())]
    other = local[[f"alias_{part}" for part in PARTS]].set_axis(list(PARTS), axis=1)
    named = pd.DataFrame({"zip5": local["zip5"], "key": spelling_key(street_line(other), words)})
    named = named.join(local[["low", "high", "parity"]]).assign(line=street_line(local))
    named["level"] = np.where(local["alias_type"] == _MAY_STAY, PREFERRED, ALIAS)
    asked = questions[["zip5", "key", "number"]].dropna(subset=["key"]).rename_axis("question").reset_index()
    met = asked.merge(named, on=["zip5", "key"])
    inside = contains_all(met["number"], met["low"], met["high"], met["parity"]) | met["low"].isna()
    found = met[inside].merge(_numbered_streets(streets.table, "line"), on=["zip5", "line"])
    found = found[["question", "street_no", "level"]].sort_values("level", kind="stable")
    return found.drop_duplicates(["question", "street_no"], ignore_index=True)


def _joined(asked: pd.DataFrame, table: pd.DataFrame, column: str) -> pd.DataFrame:
    left = asked.dropna().rename_axis("question").reset_index()
    return left.merge(_numbered_streets(table, column), on=["zip5", column])[["question", "street_no"]]


def _numbered_streets(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table[["zip5", column]].dropna().rename_axis("street_no").reset_index()
