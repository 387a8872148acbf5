"""Columns that hold one part of a name each: what belongs to another part is taken out. Knows no records."""

import re
from collections.abc import Callable
from typing import NamedTuple

from dq.standardize.name_case import restore_name
from dq.standardize.name_doubts import is_placeholder
from dq.standardize.name_notes import strip_note
from dq.standardize.name_tables import NameTables
from dq.standardize.name_words import Role, encode, letters_of, role_of
from dq.text import clean_text, fold_text

_SURE_SUFFIX = frozenset({Role.GENERATION, Role.CREDENTIAL, Role.SENIOR_OR_SENOR})
_SURE_PREFIX = frozenset({Role.PREFIX, Role.SENIOR_OR_SENOR})
_AFTER_COMMA = _SURE_SUFFIX | {Role.CREDENTIAL_UNSURE, Role.GENERATION_UNSURE}
_TOGETHER = re.compile(r"(?:\s(?:&|and|or|\+)\s|\w ?[&/+] ?\w)", re.IGNORECASE)

LONGEST = 300
"""A longer cell is no part of a name: it is cleaned and flagged, its words stay where they are."""


_ROUNDS = 6
"""Rounds of taking out; a name with more layers than this was made to have them."""


class Part(NamedTuple):
    """What one cell holds: its own part, and what belongs to other columns."""

    value: str | None
    reason: str | None = None
    flags: str | None = None
    prefix: str | None = None
    middle: str | None = None
    suffix: str | None = None


def standardize_part(text: str, column: str, tables: NameTables) -> Part:
    """Standardise one cell of a column of names until nothing more comes out of it.

    What is taken away can lay open what was hidden behind it: the note in `Mary Estate Jr`.
    """
    part = _STEPS[column](text, tables)
    for _ in range(_ROUNDS):
        if part.value is None or part.value.lower() == text.lower():
            break
        again = _STEPS[column](part.value, tables)
        is_settled = again.value == part.value
        found = (_both(new, old) for new, old in zip(again[2:], part[2:], strict=True))
        part = Part(again.value, part.reason, *found)
        if is_settled:
            break
    return part


def together_flag(value: str) -> str | None:
    """Return the flag of a cell that holds two persons."""
    return "name:two_people" if _TOGETHER.search(value[:LONGEST]) else None


def _both(inner: str | None, outer: str | None) -> str | None:
    return " ".join(filter(None, (inner, outer))) or None


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
    initials: list[str] = []
    while len(words) > 1 and re.fullmatch(r"[^\W\d_]\.?", words[-1]):
        initials.insert(0, _initial_of(words.pop()))
        suffix = " ".join(filter(None, (_pop_back(words, tables), suffix))) or None
    middle = " ".join(initials) or None
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
    return Part(
        value or clean_text(text), _reason(text, noted.value, None, suffix, None), noted.flags, None, None, suffix
    )


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
    words = [word for word in re.split(r"[\s,;]+", cleaned) if any(map(str.isalnum, word))]
    known = [forms.get(letters_of(word)) for word in words]
    # `Ph. D.` is one suffix in two words, `MD IV` is two.
    whole = None if all(known) else forms.get(letters_of(cleaned))
    value = whole or " ".join(form or word for form, word in zip(known, words, strict=True)) or cleaned
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
        taken.append(tables.prefixes[letters_of(words.pop(0))][0])
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
            taken.insert(0, tables.suffixes[letters_of(words.pop())][0])
        else:
            break
    return " ".join(taken) or None


def _initial_of(word: str) -> str:
    letter = word.rstrip(".")
    return letter.upper() if len(letter.upper()) == 1 else letter


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


_STEPS: dict[str, Callable[[str, NameTables], Part]] = {
    "prefix": standardize_titles,
    "first_name": standardize_first,
    "middle_name": standardize_middle,
    "last_name": standardize_last,
    "suffix": standardize_suffixes,
}
