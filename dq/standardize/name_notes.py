"""What people type into names that is no part of them: instructions, roles, nicknames. Says what it took away."""

import re
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from dq.standardize.distinct import standardize_distinct
from dq.standardize.name_tables import NameNote, NameTables
from dq.text import clean_text

LONGEST = 300
"""Notes are looked for in the first characters only; what is longer is no name with a note."""

_MOST_NOTES = 12
"""Rounds of taking out: each makes the next possible, and nobody types a dozen notes."""

_NICKNAME = re.compile(r"""(?:^|(?<=\s))(?:"[^"]{1,40}"|'{1,2}[^']{1,40}'{1,2}|\([^()]{1,40}\)|\[[^\[\]]{1,40}\])(?=[\s,]|$)""")
_OPENING = frozenset("\"'([")
_EDGE = r"[\s\-*(\[/,:;.]*"
_END = r"[\s\-*)\]/,:;.!]*"


class Noted(NamedTuple):
    """A name without what is no part of it, and the flags of what was there."""

    value: str | None
    flags: str | None = None


def strip_notes(values: pd.Series, tables: NameTables) -> pd.DataFrame:
    """Take notes and nicknames out of names.

    Args:
        values: Names as typed.
        tables: Gives the phrases (`name_notes.csv`).

    Returns:
        Columns `value` (cleaned, never empty where there was text) and `flags`, with the index of `values`.
    """
    return standardize_distinct(values, lambda value: strip_note(value, tables.notes))


def strip_note(value: str, notes: tuple[NameNote, ...]) -> Noted:
    """Take notes and nicknames out of one name; a name that is nothing but a note stays.

    >>> strip_note("Mary Smith - DO NOT CALL", (NameNote("do not call", "do_not_contact", False),))
    Noted(value='Mary Smith', flags='name:do_not_contact')
    """
    cleaned = clean_text(value)
    if cleaned is None or len(cleaned) > LONGEST:
        return Noted(cleaned)
    finder, patterns = _finder(notes)
    rest, before, flags = cleaned, "", set[str]()
    for _ in range(_MOST_NOTES):
        if rest == before:
            break
        before = rest
        if finder.search(rest):
            rest = _without_notes(rest, patterns, flags)
        if not _OPENING.isdisjoint(rest):
            rest = _without_nickname(rest)
    return Noted(rest, " ".join(sorted(flags)) or None)


def _without_notes(text: str, patterns: tuple[tuple[re.Pattern[str], str], ...], flags: set[str]) -> str:
    """Take each kind of note out once and add its flag."""
    for pattern, code in patterns:
        found = pattern.search(text)
        if not found:
            continue
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        # Behind `c/o` stands somebody else, unless nobody stands before it.
        rest = before or after if code == "care_of" else f"{before} {after}".strip()
        flags.add(f"name:{code}")
        text = rest.strip(" -,;:/*") or text
    return text


def _without_nickname(text: str) -> str:
    """Take bracketed or quoted words out; where nothing else remains, only the brackets."""
    rest = " ".join(_NICKNAME.sub(" ", text).replace(" ,", ",").split())
    if rest:
        return rest
    return text.strip("\"'()[] ") or text


@lru_cache(maxsize=4)
def _finder(notes: tuple[NameNote, ...]) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Return one quick pattern for all notes, and each with its code."""
    every = "|".join(note.pattern for note in notes)
    patterns = tuple((_pattern(note), note.code) for note in notes)
    return re.compile(rf"\b(?:{every})", re.IGNORECASE), patterns


def _pattern(note: NameNote) -> re.Pattern[str]:
    start = r"[\s]*[-*(\[/,:;][\s\-*(\[]*" if note.needs_mark else _EDGE
    return re.compile(rf"{start}\b(?:{note.pattern})(?!\w){_END}", re.IGNORECASE)
