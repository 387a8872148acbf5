"""Case: writes values that are all upper or all lower the way names are written. Leaves mixed case alone."""

import re
import unicodedata
from collections.abc import Callable, Mapping

import pandas as pd

from dq.text.distinct import map_distinct

_PIECES = re.compile(r"([-/&+@]|(?<=\b\w)\.)")
_EDGES = re.compile(r"^([^\w&']*)(.*?)([^\w&']*)$", re.DOTALL)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)$")
_LOWER_AFTER_APOSTROPHE = frozenset({"s", "t", "re", "ll", "ve", "d", "m", "n"})
_VOWELS = frozenset("aeiouy")


def is_one_case(value: str) -> bool:
    """Say whether a value with letters is all upper or all lower case, so that its case says nothing.

    >>> [is_one_case(value) for value in ("SMITH", "smith", "McDonald", "42")]
    [True, True, False, False]
    """
    return value.isupper() or value.islower()


def restore_text(
    value: str, forms: Mapping[str, str], *, small_words: bool = True, acronyms: Callable[[str], bool] | None = None
) -> str:
    """Return the value in the case of a name if it is all upper or all lower, else as it is.

    Args:
        value: Words parted by single blanks.
        forms: Word in lower case → how it is written; entries that would change more than case are left out of use.
        small_words: Whether the first word may be written in lower case as `forms` has it (`de la Cruz`).
        acronyms: Says of a word in lower case, in no form, that it is written in upper case.

    >>> restore_text("SEAN O'NEIL-MCDONALD", {})
    "Sean O'Neil-McDonald"
    """
    if not is_one_case(value):
        return value
    lower = value.lower()
    words = [_word(word, forms, acronyms) for word in lower.split(" ")]
    if words and words[0].islower() and (not small_words or len(words) == 1):
        words[0] = _capital(words[0])
    restored = " ".join(words)
    # Some letters have no way back (the Turkish dotted I): then the value stays as it was.
    return restored if restored.lower() == lower and unicodedata.is_normalized("NFC", restored) else value


def _word(word: str, forms: Mapping[str, str], acronyms: Callable[[str], bool] | None) -> str:
    edges = _EDGES.match(word)
    before, core, after = edges.groups() if edges else ("", word, "")
    if core in forms and len(forms[core]) == len(core):
        return before + forms[core] + after
    pieces = _PIECES.split(core)
    is_mixed = len(pieces) > 1
    return before + "".join(_piece(piece, forms, acronyms, is_mixed) for piece in pieces) + after


def _piece(piece: str, forms: Mapping[str, str], acronyms: Callable[[str], bool] | None, is_part: bool) -> str:
    if not piece or not piece[0].isalnum():
        return piece if len(piece) < 2 else piece[0] + _capital(piece[1:])
    form = forms.get(piece, "")
    if form and len(form) == len(piece) and not (is_part and form.islower() and len(form) == 1):
        return form
    if piece[0].isdigit():
        letters = sum(map(str.isalpha, piece))
        return piece if _ORDINAL.match(piece) or letters > 2 else piece.upper()
    head, mark, tail = piece.partition("'")
    if mark:
        return _apostrophe(head, tail, forms)
    if acronyms is not None and acronyms(piece):
        return piece.upper()
    if len(piece) > 4 and piece.startswith("mc"):
        return "Mc" + _capital(piece[2:])
    return _capital(piece)


def _apostrophe(head: str, tail: str, forms: Mapping[str, str]) -> str:
    first = _piece(head, forms, None, False) if head else head
    if tail in _LOWER_AFTER_APOSTROPHE or (len(head) > 2 and not tail[:1].isupper()):
        return f"{first}'{tail}"
    return f"{_capital(head)}'{_piece(tail, forms, None, False) if len(head) <= 2 else tail}"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def has_no_vowel(word: str) -> bool:
    """Say whether a short Latin word cannot be spoken, which makes it an abbreviation said letter by letter.

    >>> has_no_vowel("bmw"), has_no_vowel("ann"), has_no_vowel("42")
    (True, False, False)
    """
    return 1 < len(word) <= 4 and word.isascii() and word.isalpha() and not _VOWELS & set(word)


def restore_case(values: pd.Series, forms: Mapping[str, str]) -> pd.Series:
    """Restore the case of every value; see `restore_text`.

    >>> restore_case(pd.Series(["DE LA CRUZ", "deShawn", "o'brien"], dtype="str"), {"de": "de", "la": "la"}).tolist()
    ['de la Cruz', 'deShawn', "O'Brien"]
    """
    return map_distinct(values, lambda value: restore_text(value, forms))
