"""What the reference tables say about the words of names: roles, evidence, standard spellings. Reads them once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from dq.standards import Standards

WORLDWIDE_PER_MILLION = 4
"""Frequency assumed for a name the American Census lists do not have: rarer than nearly all that they have."""


@dataclass(frozen=True)
class NameNote:
    """A phrase that is typed into names and is no part of them; see `name_notes.csv`."""

    pattern: str
    code: str
    needs_mark: bool


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
    notes: tuple[NameNote, ...]
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
    placeholders = table("placeholder_names")
    notes = table("name_notes")
    weights = table("party_weights")
    words = table("organization_words")
    return NameTables(
        given=_frequencies(table("given_names"), table("given_names_worldwide")),
        surnames=_frequencies(table("surnames"), table("surnames_worldwide")),
        prefixes=_pairs(table("name_prefixes")),
        suffixes=_pairs(table("name_suffixes")),
        particles=_pairs(table("name_particles")),
        legal_forms=_pairs(table("legal_forms")),
        organization_words=dict(words[["word", "weight"]].itertuples(index=False)),
        organization_endings=frozenset(words.loc[words["is_ending"] == "yes", "word"]),
        english_words=frozenset(table("english_words")["word"]),
        forms=dict(table("acronyms").itertuples(index=False)),
        name_forms=_name_forms(table("name_particles"), table("name_case")),
        placeholders=frozenset(placeholders.loc[placeholders["scope"] == "any", "value"]),
        placeholder_persons=frozenset(placeholders.loc[placeholders["scope"] == "name", "value"]),
        notes=tuple(NameNote(row.pattern, row.code, row.needs_mark == "yes") for row in notes.itertuples(index=False)),
        restores_case=holder.standards.style.name_case == "restore",
        party_weights={row.feature: float(row.weight) for row in weights.itertuples(index=False)},
    )


def _pairs(rows: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return {spelling: (standard, kind) for spelling, standard, kind in rows.itertuples(index=False)}


def _frequencies(census: pd.DataFrame, worldwide: pd.DataFrame) -> dict[str, int]:
    """Add up the frequency columns of the Census list; worldwide names get the assumed one."""
    counted = census.drop(columns="name").astype("int64").sum(axis=1)
    frequencies = dict.fromkeys(worldwide["name"], WORLDWIDE_PER_MILLION)
    return frequencies | dict(zip(census["name"], counted.tolist(), strict=True))



def _name_forms(particles: pd.DataFrame, cases: pd.DataFrame) -> dict[str, str]:
    """Return particles, generations and names with a capital inside."""
    forms = dict(particles[["spelling", "standard"]].itertuples(index=False))
    return forms | dict(cases.itertuples(index=False)) | {"and": "and", "or": "or", "ii": "II", "iii": "III", "iv": "IV"}
