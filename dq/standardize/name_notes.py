"""What people type into names that is no part of them: instructions, roles, nicknames. Says what it took away."""

import re
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from dq.model import TEXT
from dq.standardize.name_tables import NameNotes
from dq.text import clean_text
from dq.text.tokens import arrow_text

LONGEST: Final = 300
"""Notes are looked for in shorter cells only; what is longer is no name with a note."""

_MOST_NOTES: Final = 12
"""Rounds of taking out: each makes the next possible, and nobody types a dozen notes."""

_NICKNAME: Final = re.compile(
    r"""(?:^|(?<=\s))(?:"[^"]{1,40}"|'{1,2}[^']{1,40}'{1,2}|\([^()]{1,40}\)|\[[^\[\]]{1,40}\]|\*[^*]{1,40}\*)(?=[\s,]|$)"""
)
_OPENING: Final = frozenset("\"'([*")
_UNCLEAN: Final = r"""[^ -~]|[("\[*]|(?:^|\s)'|  |^\s|\s$|^$"""
"""Texts that cleaning might alter or that hold a quote or bracket; all others need no look but the one for phrases."""


class Noted(NamedTuple):
    """A name without what is no part of it, and the flags of what was there."""

    value: str | None
    flags: str | None = None


def strip_notes(values: pd.Series, notes: NameNotes) -> pd.DataFrame:
    """Take notes and nicknames out of names.

    Args:
        values: Names as typed.
        notes: The phrases (`name_notes.csv`).

    Returns:
        Columns `value` (cleaned) and `flags`, with the index of `values`.
    """
    codes, distinct = pd.factorize(values.astype(TEXT))
    typed = arrow_text(pd.Series(distinct, dtype=TEXT))
    needs_look = pc.or_(
        pc.match_substring_regex(typed, notes.finder.pattern, ignore_case=True),
        pc.match_substring_regex(typed, _UNCLEAN),
    ).to_numpy(zero_copy_only=False)
    names = np.array(distinct, dtype=object)
    flags = np.full(len(names), None, dtype=object)
    for position in np.flatnonzero(needs_look):
        names[position], flags[position] = strip_note(names[position], notes)
    parts = {"value": names, "flags": flags}
    taken = {part: pd.array(found, dtype=TEXT).take(codes, allow_fill=True) for part, found in parts.items()}
    return pd.DataFrame(taken, index=values.index)


def strip_note(value: str, notes: NameNotes) -> Noted:
    """Take notes and nicknames out of one name; a name that is nothing but a note stays.

    >>> from dq.standardize.name_tables import compile_notes
    >>> strip_note("Mary Smith - DO NOT CALL", compile_notes([("do not call", "do_not_contact", "no")]))
    Noted(value='Mary Smith', flags='name:do_not_contact')
    """
    cleaned = clean_text(value)
    if cleaned is None or len(cleaned) > LONGEST:
        return Noted(cleaned)
    rest, before, flags = cleaned, "", set[str]()
    for _ in range(_MOST_NOTES):
        if rest == before:
            break
        before = rest
        if notes.finder.search(rest):
            rest = _without_notes(rest, notes, flags)
        if not _OPENING.isdisjoint(rest):
            rest = _without_nickname(rest)
    return Noted(rest, " ".join(sorted(flags)) or None)


def _without_notes(text: str, notes: NameNotes, flags: set[str]) -> str:
    """Take each kind of note out once and add its flag."""
    for pattern, code in notes.kinds:
        found = pattern.search(text)
        if not found or not notes.holds(found):
            continue
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        # Behind `c/o` stands somebody else, unless nobody stands before it.
        rest = before or after if code == "care_of" else f"{before} {after}"
        flags.add(f"name:{code}")
        text = rest.strip(" -,;:/*") or text
    return text


def _without_nickname(text: str) -> str:
    """Take bracketed or quoted words out; where nothing else remains, only the brackets."""
    rest = " ".join(_NICKNAME.sub(" ", text).replace(" ,", ",").split())
    return rest or text.strip("\"'()[]* ") or text
