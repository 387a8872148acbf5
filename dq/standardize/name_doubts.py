"""Names that are not names: placeholders, keyboard runs, digits. Flags them, alters nothing."""

import re
from typing import Final

import pandas as pd

from dq.model import ORGANIZATION_COLUMNS
from dq.standardize.name_tables import NameTables
from dq.text import fold_text, map_distinct

LONGEST: Final = 60
"""Characters; the longest names in the labelled lists have fewer than 50."""

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "qazwsxedc")
_KEY_RUNS: Final = frozenset(
    row[start : start + length]
    for keys in _KEYS
    for row in (keys, keys[::-1])
    for length in range(4, len(keys) + 1)
    for start in range(len(keys) - length + 1)
)
_REPEATED: Final = re.compile(r"^(.{3,12}?)\1+$")
_CONSONANTS: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")


def doubts(values: pd.Series, column: str, tables: NameTables) -> pd.Series:
    """Return the flags of one column of names: `column:placeholder`, `:digits`, `:no_letters`, `:email`, `:too_long`."""
    return map_distinct(values, lambda value: _flags(value, column, tables))


def _flags(value: str, column: str, tables: NameTables) -> str | None:
    code = _doubt(value, tables)
    if column in ORGANIZATION_COLUMNS and code in ("digits", "too_long"):
        return None  # 3M, Subway #4411: organisations have digits, and names as long as their lawyers like
    return f"{column}:{code}" if code else None


def _doubt(value: str, tables: NameTables) -> str | None:
    if len(value) > LONGEST:
        return "too_long"
    if "@" in value or value.lower().startswith(("http:", "https:", "www.")):
        return "email" if "@" in value else "website"
    folded = fold_text(value) or ""
    if is_placeholder(folded, tables):
        return "placeholder"
    if not any(map(str.isalpha, value)):
        return "no_letters"
    return "digits" if any(map(str.isdigit, value)) else None


def is_placeholder(folded: str, tables: NameTables) -> bool:
    """Say whether a folded name is a listed placeholder, one key again and again, or a run along the keyboard.

    Names that somebody bears (Trew, Aaa as initials apart) are no placeholders, however they look.
    """
    if folded in tables.placeholders:
        return True
    letters = folded.replace(" ", "")
    if letters in tables.surnames or letters in tables.given or not letters.isascii():
        return False
    once = _REPEATED.sub(r"\1", letters)
    is_run = once in _KEY_RUNS or once in tables.placeholders
    is_repeated = len(letters) > (1 if "x" in letters else 2) and len(set(letters)) == 1
    return is_run or is_repeated or bool(_CONSONANTS.fullmatch(letters))


def whole_name_doubts(records: pd.DataFrame, tables: NameTables) -> pd.Series:
    """Return `name:placeholder` where first and last name together are a stock name (John Doe)."""
    whole = records["first_name"].str.cat(records["last_name"], sep=" ")

    def flag(name: str) -> str | None:
        return "name:placeholder" if (fold_text(name) or "") in tables.placeholder_persons else None

    return map_distinct(whole, flag)
