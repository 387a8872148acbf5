"""Unicode: one spelling for equal-looking text, and the folded form that comparing uses. Changes no words."""

import re
import unicodedata

import pandas as pd

from dq.text.distinct import map_distinct

_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼʻ`´＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("＆﹠", "&"),
        **dict.fromkeys("，﹐", ","),
    }
)
_STROKED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ß": "ss"}
)
"""Letters that NFKD does not take apart, in the spelling used where they cannot be typed."""
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_APOSTROPHES = re.compile(r"['‘’‛ʼʻ`´＇]")
_NOT_WORD = re.compile(r"[\W_]+")


def clean_text(value: str) -> str | None:
    """Return the value in NFC with plain quotes and dashes, single blanks and no invisible characters; None if empty.

    >>> clean_text("  O\\u2019Neil\\u00a0\\u200b Jr ")
    "O'Neil Jr"
    """
    if not (value.isascii() and value.isprintable()):
        value = unicodedata.normalize("NFC", value.translate(_TYPOGRAPHIC))
        value = "".join(_visible(character) for character in value) if not value.isprintable() else value
    return " ".join(value.split()) or None


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _INVISIBLE else character


def fold_text(value: str) -> str | None:
    """Return the form in which values are compared; see `fold`.

    >>> fold_text("Łukasz  O'Brien-MÜLLER, Jr.")
    'lukasz obrien muller jr'
    """
    if not value.isascii():
        value = unicodedata.normalize("NFKD", value).casefold().translate(_STROKED)
        value = "".join(character for character in value if not unicodedata.combining(character))
    return " ".join(_NOT_WORD.sub(" ", _APOSTROPHES.sub("", value.lower())).split()) or None


def clean(values: pd.Series) -> pd.Series:
    """Return every value as `clean_text` gives it.

    >>> clean(pd.Series(["Ann  \\u201cBo\\u201d Lee", " "], dtype="str")).tolist()
    ['Ann "Bo" Lee', nan]
    """
    return map_distinct(values, clean_text)


def fold(values: pd.Series) -> pd.Series:
    """Return every value folded: NFKD, marks and apostrophes dropped, case folded, other punctuation a blank.

    Null where nothing is left. Apostrophes vanish rather than part words, so that O'BRIEN and OBRIEN are one.

    >>> fold(pd.Series(["José  Peña-Ruiz", "O'BRIEN", "--"], dtype="str")).tolist()
    ['jose pena ruiz', 'obrien', nan]
    """
    return map_distinct(values, fold_text)
