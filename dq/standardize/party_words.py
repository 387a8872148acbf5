"""What each word of a name says about the kind of party: one row of facts per distinct word. Sees no neighbours."""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dq.standardize.name_tables import NameTables
from dq.text import fold_text

MARKS: Final = frozenset({",", ";", "&", "+", "(", ")", "/", '"', "-"})

_COMMON: Final = 1.7
"""log10 of 50 per million: a name so common says as much as the word's meaning does (Young, Rose, Church)."""
_POSSESSIVE: Final = ("'s", "s'", "’s")


class WordFacts(NamedTuple):
    """Facts about one word as numbers; given and surname are log10 of 1 + frequency per million."""

    content: float = 0
    comma: float = 0
    joint: float = 0
    article: float = 0
    legal_sure: float = 0
    legal_unsure: float = 0
    strong: float = 0
    strong_name: float = 0
    weak: float = 0
    function: float = 0
    english: float = 0
    digits: float = 0
    possessive: float = 0
    prefix: float = 0
    suffix: float = 0
    initial: float = 0
    given: float = 0
    surname: float = 0
    name: float = 0
    unknown: float = 0
    particle: float = 0
    content_name: float = 0


def fact_table(words: list[str], tables: NameTables) -> dict[str, npt.NDArray[np.float64]]:
    """Return one array per fact, one number per word."""
    rows = [facts_of(word, tables) for word in words]
    columns = zip(*rows, strict=True) if rows else ([] for _ in WordFacts._fields)
    return {name: np.array(column, dtype=np.float64) for name, column in zip(WordFacts._fields, columns, strict=True)}


def facts_of(word: str, tables: NameTables) -> WordFacts:
    """Return the facts about one word in lower case."""
    if word in MARKS:
        return WordFacts(comma=word == ",", joint=word in "&+")
    parts = (fold_text(word) or "").split()
    letters = "".join(parts)
    given = _log(max((tables.given.get(part, 0) for part in parts), default=0))
    surname = _log(max((tables.surnames.get(part, 0) for part in parts), default=0))
    prefix, suffix = _kind(letters, tables.prefixes), _kind(letters, tables.suffixes)
    legal = _kind(letters, tables.legal_forms)
    kind = _organization_kind(word, parts, letters, tables)
    is_common = max(given, surname) > _COMMON
    is_initial = len(letters) == 1 and letters.isalpha()
    is_suffix = suffix in ("generation", "credential")
    is_content = (
        word != "and"
        and not (is_initial or is_suffix or prefix == "courtesy")
        and _kind(letters, tables.particles) != "no"
    )
    is_english = not is_common and not kind and tables.is_english(letters)
    is_name = given > 0 or surname > 0
    return WordFacts(
        content=is_content,
        joint=word == "and",
        article=word == "the",
        legal_sure=legal == "sure",
        legal_unsure=legal == "unsure",
        strong=kind == "strong" and not is_common,
        strong_name=kind == "strong" and is_common,
        weak=kind == "weak",
        function=kind == "function",
        english=is_english,
        digits=not suffix and any(map(str.isdigit, word)),
        possessive=word.endswith(_POSSESSIVE),
        prefix=prefix in ("courtesy", "title"),
        suffix=is_suffix,
        initial=is_initial,
        given=given,
        surname=surname,
        name=is_name,
        unknown=is_content and not (is_name or is_english or kind),
        particle=letters in tables.particles,
        content_name=is_content and is_name,
    )


def _log(frequency: int) -> float:
    return math.log10(1 + frequency)


def _kind(letters: str, table: Mapping[str, tuple[str, str]]) -> str:
    found = table.get(letters)
    return found[1] if found else ""


def _organization_kind(word: str, parts: list[str], letters: str, tables: NameTables) -> str:
    """Return how strongly a word, a part of a hyphenated one or what it ends in belongs to organisations."""
    looked_up = [letters] if "." in word and "-" not in word else parts
    kinds = [tables.organization_words.get(part, "") for part in looked_up]
    if word.endswith("'s"):
        kinds.append(tables.organization_words.get(letters[:-1], ""))
    for kind in ("strong", "weak", "function"):
        if kind in kinds:
            return kind
    return "weak" if _is_coined("".join(parts), tables) else ""


def _is_coined(word: str, tables: NameTables) -> bool:
    """Say whether an unknown word is a known acronym or ends like an organisation's (foodservices, medtech)."""
    if word in tables.surnames or word in tables.given or word in tables.suffixes:
        return False
    if len(word) > 2 and tables.forms.get(word, "") == word.upper():
        return True
    longest = min(len(word) - 2, _LONGEST_ENDING)
    return any(word[-length:] in tables.organization_endings for length in range(4, longest))


_LONGEST_ENDING: Final = 16
"""Longer than the longest ending in the table."""
