"""Value shapes: what kind of characters a value is made of, for profiling. Keeps no character of the value's words."""

import pandas as pd

from dq.text.distinct import map_distinct

_LONGEST = 40
"""A longer shape is cut: profiling counts shapes, and beyond this every long text would be its own."""


def shape_text(value: str) -> str:
    """Return the shape of one value: runs of upper case `A`, lower case `a`, digits `9`; punctuation as it stands.

    >>> shape_text("Smith-42 jr.")
    'Aa-9 a.'
    """
    kinds = []
    last = ""
    for character in value[:2000]:
        kind = _kind(character)
        if kind != last or kind not in "Aa9 ":
            kinds.append(kind)
        last = kind
    text = "".join(kinds)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _kind(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return " " if character.isspace() else character


def shape(values: pd.Series) -> pd.Series:
    """Return the shape of every value; see `shape_text`.

    >>> shape(pd.Series(["02139-1234", "Aa9", None], dtype="str")).tolist()
    ['9-9', 'Aa9', nan]
    """
    return map_distinct(values, shape_text)
