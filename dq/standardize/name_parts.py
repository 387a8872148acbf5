"""Columns that hold one part of a name each: what belongs to another part is taken out. Knows no records."""

import re
from typing import NamedTuple

from dq.standardize.name_case import restore_name
from dq.standardize.name_doubts import is_placeholder
from dq.standardize.name_notes import strip_note
from dq.standardize.name_tables import NameTables
from dq.standardize.name_words import Role, encode, role_of
from dq.text import clean_text, fold_text

_SURE_SUFFIX = frozenset({Role.GENERATION, Role.CREDENTIAL, Role.SENIOR_OR_SENOR})
_SURE_PREFIX = frozenset({Role.PREFIX, Role.SENIOR_OR_SENOR})
_AFTER_COMMA = _SURE_SUFFIX | {Role.CREDENTIAL_UNSURE, Role.GENERATION_UNSURE}
_TOGETHER = re.compile(r"(?:\s(?:&|and|or|\+)\s|\w ?[&/+] ?\w)", re.IGNORECASE)

LONGEST = 300
"""A longer cell is no part of a name: it is cleaned and flagged, its words stay where they are."""


class Part(NamedTuple):
    """What one cell holds: its own part, and what belongs to other columns."""

    value: str | None
    reason: str | None = None
    flags: str | None = None
    prefix: str | None = None
    middle: str | None = None
    suffix: str | None = None


def standardize_first(text: str, tables: NameTables) -> Part:
    """Standardise one cell of first or middle names.

    A title in front and a suffix behind are moved out; so is a middle initial behind a first name.
    """
    part, words = _opened(text, tables, "first_name")
    if part is not None:
        return part
    noted = strip_note(text, tables.notes)
    prefix = _pop_front(words, tables)
    suffix = _pop_back(words, tables)
    middle = None
    if len(words) > 1 and re.fullmatch(r"[^\W\d_]\.?", words[-1]):
        middle = words.pop().rstrip(".").upper()
    value = restore_name(_initial(" ".join(words)), "first_name", tables)
    reason = _reason(text, noted.value, prefix, suffix, middle)
    return Part(value, reason, noted.flags, prefix, middle, suffix)


def standardize_last(text: str, tables: NameTables) -> Part:
    """Standardise one cell of last names; a suffix behind the name is moved out."""
    part, words = _opened(text, tables, "last_name")
    if part is not None:
        return part
    noted = strip_note(text, tables.notes)
    suffix = _pop_back(words, tables)
    value = restore_name(" ".join(words).replace(" ,", ",").strip(" ,;"), "last_name", tables)
    return Part(value or clean_text(text), _reason(text, noted.value, None, suffix, None), noted.flags, None, None, suffix)


def standardize_middle(text: str, tables: NameTables) -> Part:
    """Standardise one cell of middle names; an initial loses its period."""
    part, words = _opened(text, tables, "middle_name")
    if part is not None:
        return part
    noted = strip_note(text, tables.notes)
    suffix = _pop_back(words, tables)
    value = restore_name(_initial(" ".join(words)), "middle_name", tables)
    return Part(value, _reason(text, noted.value, None, suffix, None), noted.flags, None, None, suffix)


def standardize_titles(text: str, tables: NameTables) -> Part:
    """Write the prefixes of one cell in their standard form; unknown ones stay."""
    return _listed(text, {key: form for key, (form, _) in tables.prefixes.items()})


def standardize_suffixes(text: str, tables: NameTables) -> Part:
    """Write the suffixes of one cell in their standard form, parted by blanks; unknown ones stay."""
    return _listed(text, {key: form for key, (form, _) in tables.suffixes.items()})


def _listed(text: str, forms: dict[str, str]) -> Part:
    cleaned = clean_text(text)
    if cleaned is None or len(cleaned) > LONGEST:
        return Part(cleaned, "characters_cleaned")
    whole = forms.get(re.sub(r"[\W_]", "", cleaned).lower())
    words = [forms.get(re.sub(r"[\W_]", "", word).lower(), word) for word in re.split(r"[\s,;]+", cleaned) if word]
    value = whole or " ".join(words) or cleaned
    return Part(value, "standard_form" if value != cleaned else "characters_cleaned")


def _opened(text: str, tables: NameTables, column: str) -> tuple[Part | None, list[str]]:
    """Return the words of a cell, or the finished part where it must stay in one piece."""
    noted = strip_note(text, tables.notes)
    if noted.value is None or len(noted.value) > LONGEST or is_placeholder(fold_text(text) or "", tables):
        return Part(clean_text(text), "characters_cleaned"), []
    if _TOGETHER.search(noted.value):
        flags = " ".join(filter(None, (noted.flags, "name:two_people")))
        value = restore_name(noted.value, column, tables)
        return Part(value, _reason(text, noted.value, None, None, None), flags), []
    return None, noted.value.replace(",", " , ").split()


def _pop_front(words: list[str], tables: NameTables) -> str | None:
    """Take sure titles off the front and return them in their standard form."""
    taken = []
    while len(words) > 1 and role_of(encode(words[0], tables)) in _SURE_PREFIX:
        taken.append(tables.prefixes[_letters(words.pop(0))][0])
    return " ".join(taken) or None


def _pop_back(words: list[str], tables: NameTables) -> str | None:
    """Take suffixes off the end and return them in their standard form; behind a comma unsure ones, too."""
    taken: list[str] = []
    comma = words.index(",") if "," in words[1:] else len(words)
    while len(words) > 1:
        role = role_of(encode(words[-1], tables))
        if role == Role.COMMA:
            words.pop()
        elif role in (_AFTER_COMMA if len(words) - 1 > comma else _SURE_SUFFIX):
            taken.insert(0, tables.suffixes[_letters(words.pop())][0])
        else:
            break
    return " ".join(taken) or None


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word).lower()


def _initial(value: str) -> str:
    """Write a single initial without its period; keep commas where they were typed."""
    value = value.replace(" ,", ",").strip(" ,;")
    return value[:-1] if re.fullmatch(r"[^\W\d_]\.", value) else value


def _reason(text: str, noted: str | None, prefix: str | None, suffix: str | None, middle: str | None) -> str:
    """Name the weightiest thing that was done to a cell."""
    if prefix or suffix or middle:
        return "prefix_moved" if prefix else "suffix_moved" if suffix else "initial_moved"
    if noted != clean_text(text):
        return "note_removed"
    return "case_restored" if noted == text else "characters_cleaned"
