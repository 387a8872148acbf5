"""The word tables of Publication 28 as dictionaries. Decides nothing about where a word stands."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.standards import Standards


@dataclass(frozen=True)
class Words:
    """Spelling → standard form, all upper case without punctuation.

    Attributes:
        suffixes: Every spelling of appendix C1 → standard abbreviation.
        suffix_names: Standard abbreviation → the word spelled out; where two words share one (PARK, PARKS) the first.
        common_suffixes: Abbreviations that almost never end a street name, so that `N ST` is the street called N.
        directionals: Every spelling → abbreviation.
        directional_names: Abbreviation → the word spelled out.
        units: Every spelling of appendix C2 → abbreviation.
        unit_names: Abbreviation → the word spelled out.
        bare_units: Abbreviations that may stand without a number (`REAR`).
        states: Every name, code and spelling → code; spellings may hold blanks.
        state_names: Code → name.
        military: Codes of the armed forces' post offices.
    """

    suffixes: Mapping[str, str]
    suffix_names: Mapping[str, str]
    common_suffixes: frozenset[str]
    directionals: Mapping[str, str]
    directional_names: Mapping[str, str]
    units: Mapping[str, str]
    unit_names: Mapping[str, str]
    bare_units: frozenset[str]
    states: Mapping[str, str]
    state_names: Mapping[str, str]
    military: frozenset[str]

    def canonical(self, token: str) -> str:
        """Return the one spelling of a token that the tagger sees, so that Street and St are parsed alike."""
        return self.suffixes.get(token) or self.directionals.get(token) or self.units.get(token) or token


def load_words(standards: Standards) -> Words:
    """Build the dictionaries from the reference tables of suffixes, directionals, unit designators and states."""
    suffixes = standards.table("suffixes")
    directionals = standards.table("directionals")
    units = standards.table("unit_designators")
    states = standards.table("states")
    return Words(
        suffixes=_spellings(suffixes),
        suffix_names=_names(suffixes),
        common_suffixes=frozenset(suffixes.loc[suffixes["is_common"] == "yes", "abbreviation"]),
        directionals=_spellings(directionals),
        directional_names=_names(directionals),
        units=_spellings(units),
        unit_names=_names(units),
        bare_units=frozenset(units.loc[units["needs_range"] != "yes", "abbreviation"]),
        states=_state_spellings(states),
        state_names=dict(zip(states["code"], states["name"].str.upper(), strict=True)),
        military=frozenset(states.loc[states["is_military"] == "yes", "code"]),
    )


def plain_state(text: str) -> str:
    """Return a state's spelling the way the table of spellings is keyed.

    >>> plain_state(" W. Va. ")
    'W VA'
    """
    return " ".join(text.upper().replace(".", ". ").replace(".", "").split())


def _spellings(table: pd.DataFrame) -> dict[str, str]:
    rows = zip(table["abbreviation"], table["spellings"], table["primary"], strict=True)
    return {spelling: short for short, spellings, primary in rows for spelling in (*spellings.split(), primary)}


def _names(table: pd.DataFrame) -> dict[str, str]:
    names: dict[str, str] = {}
    for short, primary in zip(table["abbreviation"], table["primary"], strict=True):
        names.setdefault(short, primary)
    return names


def _state_spellings(table: pd.DataFrame) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for code, name, others in zip(table["code"], table["name"], table["spellings"], strict=True):
        for spelling in (code, name, *filter(None, others.split("|"))):
            key = plain_state(spelling)
            spellings[key] = code
            # `N.Y.` is written `N Y` and `NY`; a code of another state never arises this way.
            spellings.setdefault(key.replace(" ", ""), code)
    return spellings
