"""Names that are not names: placeholders, keyboard runs, digits. Flags them, alters nothing."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.model import ORGANIZATION_COLUMNS
from dq.standardize.name_tables import NameTables
from dq.text import fold_text, map_distinct
from dq.text.tokens import arrow_text

LONGEST: Final = 60
"""Characters; the longest names in the labelled lists have fewer than 50."""

LONGEST_PLACEHOLDER: Final = 100
"""Characters that are compared with the list; all its values are shorter."""
_FEW_LETTERS: Final = r"^ *(?:[asdfghjkl]{2,}|[qwertyuiop]{3,}|[zxcvbnm]+|x+|n|a)(?: |$)"
"""A first word that may open a run along the keyboard (`asdf asdf`, `xx xx`)."""

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
    """Return the flags of one column: `placeholder`, `digits`, `no_letters`, `email`, `website`, `too_long`."""
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


def are_placeholders(values: pd.Series, tables: NameTables) -> npt.NDArray[np.bool_]:
    """Say of every value whether `is_placeholder` holds, looking closely only at listed and single words.

    Args:
        values: Cleaned names; null is no placeholder.
        tables: The reference tables.
    """
    plain = pc.replace_substring_regex(pc.utf8_lower(arrow_text(values)), r"[\W_]+", " ")
    listed = pc.is_in(pc.utf8_trim(plain, " "), pa.array(sorted(tables.placeholders), pa.large_string()))
    single = pc.invert(pc.match_substring(pc.utf8_trim(plain, " "), " "))
    repeated = pc.match_substring_regex(plain, _FEW_LETTERS)
    look = pc.fill_null(pc.or_(pc.or_(listed, single), repeated), False).to_numpy(zero_copy_only=False)
    found = np.zeros(len(values), dtype=bool)
    for position in np.flatnonzero(look):
        found[position] = is_placeholder(fold_text(str(values.iloc[position])[:LONGEST_PLACEHOLDER]) or "", tables)
    return found


def whole_name_doubts(records: pd.DataFrame, tables: NameTables) -> pd.Series:
    """Return `name:placeholder` where first and last name together are a stock name (John Doe)."""
    first_words = {name.split()[0] for name in tables.placeholder_persons}
    may_be = records["first_name"].str.lower().str.replace(r"\s.*", "", regex=True).isin(first_words)
    whole = records["first_name"].where(may_be).str.cat(records["last_name"], sep=" ")

    def flag(name: str) -> str | None:
        return "name:placeholder" if (fold_text(name) or "") in tables.placeholder_persons else None

    return map_distinct(whole, flag)
