"""Phonetic codes: one code for words that sound alike in American English. Never compares."""

import jellyfish
import pandas as pd

from dq.text.characters import fold_text
from dq.text.distinct import map_distinct

_LONGEST = 200
"""Names are shorter; a code of a paragraph helps nobody."""


def phonetic_text(value: str) -> str | None:
    """Return the metaphone codes of the words of a value, in their order; None where no Latin letter is left.

    >>> phonetic_text("Knightley")
    'NTL'
    >>> phonetic_text("Catherine Smyth") == phonetic_text("KATHERINE SMITH")
    True
    """
    folded = (fold_text(value) or "")[:_LONGEST]
    letters = "".join(character if "a" <= character <= "z" else " " for character in folded)
    return " ".join(code for word in letters.split() if (code := jellyfish.metaphone(word))) or None


def phonetic(values: pd.Series) -> pd.Series:
    """Return the phonetic code of every value, null where there is none.

    >>> phonetic(pd.Series(["Stephen", "STEVEN", "42"], dtype="str")).tolist()
    ['STFN', 'STFN', nan]
    """
    return map_distinct(values, phonetic_text)
