"""The words of persons' names: what each distinct word can be, as one byte. Knows no order and no neighbours."""

import math
from enum import IntEnum
from typing import Final

from dq.standardize.name_tables import NameTables
from dq.text.characters import fold_text


class Role(IntEnum):
    """What a word can be, judged by its spelling alone."""

    NAME = 0
    COMMA = 1
    AND = 2
    PREFIX = 3
    PREFIX_UNSURE = 4
    GENERATION = 5
    GENERATION_UNSURE = 6
    CREDENTIAL = 7
    CREDENTIAL_UNSURE = 8
    INITIAL = 9
    PARTICLE = 10
    PARTICLE_OR_GIVEN = 11
    SENIOR_OR_SENOR = 12


LEANINGS: Final = (0.0, 4.0, 2.0, 0.0, -2.0, -4.0)
"""Given name against surname, by class of evidence: unknown, given, rather given, either, rather surname, surname."""
_CLASSES: Final = len(LEANINGS)

_SURE: Final = 3.0
"""A word e**3 = 20 times as common as a given name than as a surname is a given name, and the other way round."""
_LIKELY: Final = 1.0

_ROLE_OF_SUFFIX: Final = {
    "generation": Role.GENERATION,
    "generation_unsure": Role.GENERATION_UNSURE,
    "credential": Role.CREDENTIAL,
    "credential_unsure": Role.CREDENTIAL_UNSURE,
}
_LIKE_INITIALS: Final = frozenset({"jr", "sr"})
"""Suffixes that nobody writes with a period behind each letter: J.R. are initials."""
_AND: Final = frozenset({"&", "and", "+", "/", "or"})


def letters_of(word: str) -> str:
    """Return the folded letters and digits of a word: the key of prefixes, suffixes and particles.

    >>> letters_of("Ph.D.")
    'phd'
    """
    return (fold_text(word) or "").replace(" ", "")


def encode(word: str, tables: NameTables) -> int:
    """Return role and leaning of a word as one byte.

    Args:
        word: A word as typed, a comma or an ampersand.
        tables: The reference tables.
    """
    if word in (",", ";"):
        return Role.COMMA * _CLASSES
    if word.lower() in _AND:
        return Role.AND * _CLASSES
    folded = fold_text(word) or ""
    return _role(word, folded, tables) * _CLASSES + _leaning(folded, tables)


def role_of(code: int) -> int:
    """Return the `Role` in an encoded word."""
    return code // _CLASSES


def leaning_of(code: int) -> float:
    """Return how much more a word is a given name (positive) or a surname (negative)."""
    return LEANINGS[code % _CLASSES]


def is_known(code: int) -> bool:
    """Say whether any list has the word as a name."""
    return code % _CLASSES != 0


def _role(word: str, folded: str, tables: NameTables) -> Role:
    letters = folded.replace(" ", "")
    dots = word.count(".")
    if len(letters) == 1 and letters.isalpha() and word[0] != "'":
        return Role.GENERATION_UNSURE if letters in "vi" and not dots else Role.INITIAL
    # J.R. Smith and D.O. are initials or a degree: a degree stands at the end, which only its place can say.
    is_dotted = dots > 1 and len(letters) <= 3 and dots >= len(letters) - 1
    if letters in tables.prefixes and not is_dotted:
        kind = tables.prefixes[letters][1]
        if kind == "spanish":
            return Role.SENIOR_OR_SENOR
        if letters not in tables.suffixes:
            return Role.PREFIX_UNSURE if kind.endswith("unsure") else Role.PREFIX
        return Role.PREFIX if letters == "ms" and dots < 2 else Role.CREDENTIAL_UNSURE
    if letters in tables.suffixes and not (is_dotted and dots > 1 and letters in _LIKE_INITIALS):
        role = _ROLE_OF_SUFFIX[tables.suffixes[letters][1]]
        is_sure_when_dotted = role is Role.CREDENTIAL_UNSURE and dots > 1
        return Role.CREDENTIAL if is_sure_when_dotted and letters in ("do", "od", "jd", "dc", "pe") else role
    if is_dotted and letters.isalpha():
        return Role.INITIAL
    if letters in tables.particles:
        return Role.PARTICLE if tables.particles[letters][1] == "no" else Role.PARTICLE_OR_GIVEN
    return Role.NAME


def _leaning(folded: str, tables: NameTables) -> int:
    """Return the class of evidence: of the whole word, else of the parts of a hyphenated one."""
    whole = folded.replace(" ", "")
    given, surname = tables.given.get(whole, 0), tables.surnames.get(whole, 0)
    if not given and not surname and " " in folded:
        given = max(tables.given.get(part, 0) for part in folded.split())
        surname = max(tables.surnames.get(part, 0) for part in folded.split())
    if not given and not surname:
        return 0
    ratio = math.log((given + 1) / (surname + 1))
    if abs(ratio) < _LIKELY:
        return 3
    if ratio > 0:
        return 1 if ratio >= _SURE else 2
    return 5 if ratio <= -_SURE else 4
