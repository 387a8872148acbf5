"""What the reference tables say about the words of names: roles, evidence, standard spellings. Reads them once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import pandas as pd

from dq.standards import Standards

WORLDWIDE_PER_MILLION = 4
"""Frequency assumed for a name the American Census lists do not have: rarer than nearly all that they have."""


@dataclass(frozen=True, eq=False)
class NameNotes:
    """Phrases that are typed into names and are no part of them; see `name_notes.csv`.

    Attributes:
        finder: Finds every text that may hold one.
        kinds: Pattern with the marks around it, and code, of each phrase.
        given: Given names, and `family` family names: both must follow a phrase that needs a name.
    """

    finder: re.Pattern[str]
    kinds: tuple[tuple[re.Pattern[str], str], ...]
    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()

    def holds(self, found: re.Match[str]) -> bool:
        """Tell whether what was found is a note: what must be a person's name behind it is one."""
        named = found.groupdict()
        return not named or (named["given"].lower() in self.given and named["family"].lower() in self.family)


def compile_notes(
    rows: Iterable[tuple[str, ...]], given: frozenset[str] = frozenset(), family: frozenset[str] = frozenset()
) -> NameNotes:
    """Compile phrases.

    Args:
        rows: Pattern, code, and what each needs: a mark in front (`yes`), a name behind (`name`), nothing (`no`).
        given: Given names.
        family: Family names.
    """
    listed = [(row[0], row[1], row[2]) for row in rows]
    every = "|".join(pattern for pattern, _, _ in listed)
    kinds = tuple((_note_pattern(pattern, needs), code) for pattern, code, needs in listed)
    return NameNotes(re.compile(rf"\b(?:{every})", re.IGNORECASE), kinds, given, family)


_PERSON = r"(?P<given>[^\W\d]+)(?: [^\W\d]\.?)? (?P<family>[^\W\d]+)(?:,? (?:jr|sr|ii|iii|iv)\.?)?$"


def _note_pattern(pattern: str, needs: str) -> re.Pattern[str]:
    if needs == "name":
        return re.compile(rf"^\W*(?:{pattern})\s+(?={_PERSON})", re.IGNORECASE)
    start = r"\s*[-*(\[/,:;][\s\-*(\[]*" if needs == "yes" else r"[\s\-*(\[/,:;.]*"
    return re.compile(rf"{start}\b(?:{pattern})(?!\w)[\s\-*)\]/,:;.!]*", re.IGNORECASE)


@dataclass(frozen=True)
class NameTables:
    """The words of names, by folded spelling.

    Attributes:
        given: Frequency per million as a given name.
        surnames: Frequency per million as a surname.
        prefixes: Spelling → standard form and kind.
        suffixes: Spelling without punctuation → standard form and kind.
        particles: Spelling → standard form and whether it can be a given name.
        legal_forms: Spelling → standard form and kind.
        organization_words: Word → `strong`, `weak` or `function`.
        organization_endings: Words of organisations that end compounds (medtech).
        english_words: Ordinary words in their base form.
        forms: Word in lower case → how it is written in names of organisations.
        name_forms: Word in lower case → how it is written in names of persons.
        placeholders: Values that are not names, wherever they stand.
        placeholder_persons: Whole names of persons who are not customers.
        notes: Phrases that are no part of a name.
        restores_case: Whether names in one case are written in mixed case (`style.yml`).
        party_weights: Feature → weight of the decision between person and organisation.
    """

    given: Mapping[str, int]
    surnames: Mapping[str, int]
    prefixes: Mapping[str, tuple[str, str]]
    suffixes: Mapping[str, tuple[str, str]]
    particles: Mapping[str, tuple[str, str]]
    legal_forms: Mapping[str, tuple[str, str]]
    organization_words: Mapping[str, str]
    organization_endings: frozenset[str]
    english_words: frozenset[str]
    forms: Mapping[str, str]
    name_forms: Mapping[str, str]
    placeholders: frozenset[str]
    placeholder_persons: frozenset[str]
    notes: NameNotes
    restores_case: bool
    party_weights: Mapping[str, float]

    def is_english(self, word: str) -> bool:
        """Say whether the word or the base of its inflection is an ordinary English word."""
        if word in self.english_words:
            return True
        return any(
            len(word) > len(end) + 2 and word.endswith(end) and word[: -len(end)] + base in self.english_words
            for end, base in _INFLECTIONS
        )


_INFLECTIONS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""))


@dataclass(frozen=True)
class _Holder:
    """Carries the standards past the cache: the hash alone decides what is equal."""

    hash: str
    standards: Standards = field(compare=False)


def name_tables(standards: Standards) -> NameTables:
    """Return the tables of these standards; equal hashes are read once."""
    return _read(_Holder(standards.hash, standards))


@lru_cache(maxsize=4)
def _read(holder: _Holder) -> NameTables:
    table = holder.standards.table
    words, listed = table("organization_words"), table("placeholder_names")
    return NameTables(
        given=_frequencies(table("given_names"), table("given_names_worldwide")),
        surnames=_frequencies(table("surnames"), table("surnames_worldwide")),
        prefixes=_pairs(table("name_prefixes")),
        suffixes=_pairs(table("name_suffixes")),
        particles=_pairs(table("name_particles")),
        legal_forms=_pairs(table("legal_forms")),
        organization_words=_mapping(words),
        organization_endings=frozenset(words.loc[words["is_ending"] == "yes", "word"]),
        english_words=frozenset(table("english_words")["word"]),
        forms=_mapping(table("acronyms")),
        name_forms=_mapping(table("name_particles")) | _mapping(table("name_case")) | _ALWAYS_WRITTEN,
        placeholders=frozenset(listed.loc[listed["scope"] == "any", "value"]),
        placeholder_persons=frozenset(listed.loc[listed["scope"] == "name", "value"]),
        notes=compile_notes(
            _rows(table("name_notes")), frozenset(table("given_names")["name"]), frozenset(table("surnames")["name"])
        ),
        restores_case=holder.standards.style.name_case == "restore",
        party_weights={feature: float(weight) for feature, weight, _ in _rows(table("party_weights"))},
    )


_ALWAYS_WRITTEN: Final = {"and": "and", "or": "or", "ii": "II", "iii": "III", "iv": "IV"}


def _rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(zip(*(table[column].tolist() for column in table.columns), strict=True))


def _mapping(table: pd.DataFrame) -> dict[str, str]:
    """Return the first column → the second."""
    return {row[0]: row[1] for row in _rows(table)}


def _pairs(table: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the first column → the second and the third."""
    return {row[0]: (row[1], row[2]) for row in _rows(table)}


def _frequencies(census: pd.DataFrame, worldwide: pd.DataFrame) -> dict[str, int]:
    """Add up the frequency columns of the Census list; worldwide names get the assumed one."""
    counted = census.drop(columns="name").astype("int64").sum(axis=1)
    frequencies = dict.fromkeys(worldwide["name"].tolist(), WORLDWIDE_PER_MILLION)
    return frequencies | dict(zip(census["name"].tolist(), counted.tolist(), strict=True))
