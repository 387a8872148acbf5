"""Spellings of one street name folded into one key. Decides nothing."""

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from dq.address.words import Words
from dq.model import TEXT

_SAME_WORDS: Final[Mapping[str, str]] = {"SAINT": "ST", "SAINTE": "STE", "AND": "&"}
"""Words of street names written short or long, beside suffixes and directionals; street files hold both."""
_ONES: Final = (
    *("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH"),
    *("SEVENTH", "EIGHTH", "NINTH", "TENTH", "ELEVENTH", "TWELFTH"),
)
_TEENS: Final = ("THIR", "FOUR", "FIF", "SIX", "SEVEN", "EIGH", "NINE")
_TENS: Final = ("TWENT", "THIRT", "FORT", "FIFT", "SIXT", "SEVENT", "EIGHT", "NINET")
_ORDINALS: Final[Mapping[str, int]] = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{f"{word}TEENTH": number for number, word in enumerate(_TEENS, 13)},
    **{f"{word}IETH": 10 * tens for tens, word in enumerate(_TENS, 2)},
}
_TENS_BEFORE: Final[Mapping[str, int]] = {f"{word}Y": 10 * tens for tens, word in enumerate(_TENS, 2)}
_NUMBERED = re.compile(r"([0-9]+)(?:ST|ND|RD|TH)")


def spelling_key(lines: pd.Series, words: Words) -> pd.Series:
    """Return streets folded over spellings: MT VERNON is MOUNT VERNON, LA SALLE is LASALLE, TENTH is 10TH."""
    same = {**words.suffixes, **words.directionals, **_SAME_WORDS}
    codes, distinct = pd.factorize(lines)
    keys = [
        "".join(same.get(word, word) for word in in_digits(line.split())) for line in distinct.to_numpy(dtype=object)
    ]
    return pd.Series(pd.array([*keys, None], dtype=TEXT).take(codes), index=lines.index)


def in_digits(words: list[str]) -> list[str]:
    """Return words with numbers in digits.

    >>> in_digits(["FORTY", "SECOND", "AND", "10TH"])
    ['42', 'AND', '10']
    """
    numbered: list[str] = []
    for word in words:
        tens = _TENS_BEFORE.get(numbered[-1]) if numbered else None
        value = _ORDINALS.get(word)
        if value is not None and value < 10 and tens:
            numbered[-1] = str(tens + value)
        elif value is not None:
            numbered.append(str(value))
        else:
            found = _NUMBERED.fullmatch(word)
            numbered.append(found[1] if found else word)
    return numbered
