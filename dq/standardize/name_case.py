"""Case of persons' names: which forms and abbreviations hold in which part of a name."""

from collections.abc import Mapping

import pandas as pd

from dq.standardize.name_doubts import is_placeholder
from dq.standardize.name_tables import NameTables
from dq.text import fold_text, is_one_case, map_distinct, restore_text
from dq.text.case import has_no_vowel


def restore_names(values: pd.Series, part: str, tables: NameTables) -> pd.Series:
    """Restore the case of one part of persons' names; prefixes and suffixes are written by their tables.

    Args:
        values: Cleaned values.
        part: Name of the column.
        tables: Gives the particles and the names with a case of their own.
    """
    if part in ("prefix", "suffix") or not tables.restores_case:
        return values
    return map_distinct(values, lambda value: restore_name(value, part, tables))


def restore_name(value: str, part: str, tables: NameTables) -> str:
    """Restore the case of one part of a name."""
    if not tables.restores_case or not is_one_case(value) or "@" in value:
        return value
    if is_placeholder(fold_text(value) or "", tables):
        return value
    forms: Mapping[str, str] = tables.name_forms
    is_initials = _is_initials if part != "last_name" else None
    return restore_text(value, forms, small_words=part == "last_name", acronyms=is_initials)


def _is_initials(word: str) -> bool:
    """Say whether two letters are initials: JJ, TJ, AJ."""
    return len(word) == 2 and (has_no_vowel(word) or word.endswith("j"))
