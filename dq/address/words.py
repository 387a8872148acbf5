"""The word tables of Publication 28 as dictionaries. Decides nothing about where a word stands."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dq.address.kinds import Kinds, WordLists
from dq.standards import Standards


@dataclass(frozen=True)
class Words:
    """Spelling → standard form, all upper case without punctuation.

    Attributes:
        suffixes: Every spelling of appendix C1 → standard abbreviation.
        suffix_names: Standard abbreviation → the word spelled out; where two words share one (PARK, PARKS) the first.
        common_suffixes: Abbreviations that almost never end a street name, so that `N ST` is the street called N.
        ordinal_suffixes: Abbreviations before which a bare number is an ordinal: `31 ST` is 31st Street.
        directionals: Every spelling → abbreviation.
        directional_names: Abbreviation → the word spelled out.
        units: Every spelling of appendix C2, and of designators the appendix leaves out → abbreviation.
        unit_names: Abbreviation → the word spelled out.
        bare_units: Abbreviations that may stand without a number (`REAR`).
        other_units: Abbreviations that appendix C2 does not know (`LEVEL`); they are kept as they are.
        states: Every name, code and spelling → code; spellings may hold blanks.
        state_names: Code → name.
        military: Codes of the armed forces' post offices.
        cardinals: Number word → value.
        ordinals: Ordinal word → value.
        saints: Names that follow Saint, without their apostrophe.
        name_words: Position in a street name → words as typed → words as written. `first` needs one more word behind
            it, `title` two; `any` stands anywhere, `whole` is all of the name; before `counted` a number word is no
            house number (`FIVE FORKS RD`), before `alone`, a street without suffix, it is (`TWO BROADWAY`).
        spanish: Kind (`place`, `street`, `marker`) → Spanish word and its abbreviation → abbreviation.
        business: Words of firms' names → abbreviation, for lines that are too long.
        kinds: Token → what it may be, as bits.
    """

    suffixes: Mapping[str, str]
    suffix_names: Mapping[str, str]
    common_suffixes: frozenset[str]
    ordinal_suffixes: frozenset[str]
    directionals: Mapping[str, str]
    directional_names: Mapping[str, str]
    units: Mapping[str, str]
    unit_names: Mapping[str, str]
    bare_units: frozenset[str]
    other_units: frozenset[str]
    states: Mapping[str, str]
    state_names: Mapping[str, str]
    military: frozenset[str]
    cardinals: Mapping[str, int]
    ordinals: Mapping[str, int]
    saints: frozenset[str]
    name_words: Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]]
    spanish: Mapping[str, Mapping[str, str]]
    business: Mapping[str, str]
    kinds: Kinds

    def canonical(self, token: str) -> str:
        """Return the one spelling of a token that the tagger sees, so that Street and St are parsed alike."""
        return self.suffixes.get(token) or self.directionals.get(token) or self.units.get(token) or token


def load_words(standards: Standards) -> Words:
    """Build the dictionaries from the reference tables of delivery lines, states, numbers and names."""
    suffixes = standards.table("suffixes")
    directionals = standards.table("directionals")
    units = standards.table("unit_designators")
    states = standards.table("states")
    numbers = standards.table("number_words")
    business = standards.table("business_words")
    street_words = standards.table("street_words")
    spanish = _spanish(standards.table("spanish_words"))
    lists = _word_lists(standards, spanish["place"])
    return Words(
        suffixes=lists.suffixes,
        suffix_names=_names(suffixes),
        common_suffixes=lists.common_suffixes,
        ordinal_suffixes=_marked(suffixes, "takes_ordinal"),
        directionals=lists.directionals,
        directional_names=_names(directionals),
        units=lists.units,
        unit_names=_names(units),
        bare_units=frozenset(units.loc[units["needs_range"] != "yes", "abbreviation"]),
        other_units=frozenset(units.loc[units["is_approved"] != "yes", "abbreviation"]),
        states=lists.states,
        state_names=dict(zip(states["code"], states["name"].str.upper(), strict=True)),
        military=frozenset(states.loc[states["is_military"] == "yes", "code"]),
        cardinals=_values(numbers, "cardinal"),
        ordinals=_values(numbers, "ordinal"),
        saints=frozenset(standards.table("saints")["name"]),
        name_words=_name_words(street_words),
        spanish=spanish,
        business=dict(zip(business["word"], business["abbreviation"], strict=True)),
        kinds=Kinds(lists),
    )


def _word_lists(standards: Standards, places: Mapping[str, str]) -> WordLists:
    suffixes, street_words = standards.table("suffixes"), standards.table("street_words")
    return WordLists(
        suffixes=_spellings(suffixes),
        common_suffixes=_marked(suffixes, "is_common"),
        directionals=_spellings(standards.table("directionals")),
        units=_spellings(standards.table("unit_designators")),
        states=_state_spellings(standards.table("states")),
        number_words=frozenset(standards.table("number_words")["word"]),
        road_words=_first_words(standards.table("highways")["spellings"]),
        places=frozenset(places),
        name_words=_first_words(street_words.loc[~street_words["position"].isin(["counted", "alone"]), "spelling"]),
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


def _marked(table: pd.DataFrame, column: str) -> frozenset[str]:
    return frozenset(table.loc[table[column] == "yes", "abbreviation"])


def _first_words(spellings: pd.Series) -> frozenset[str]:
    return frozenset(words.split()[0] for cell in spellings for words in cell.split("|"))


def _values(numbers: pd.DataFrame, kind: str) -> dict[str, int]:
    rows = numbers[numbers["kind"] == kind]
    return {word: int(value) for word, value in zip(rows["word"], rows["value"], strict=True)}


def _name_words(table: pd.DataFrame) -> dict[str, dict[tuple[str, ...], tuple[str, ...]]]:
    words: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
        position: {} for position in ("first", "title", "any", "whole", "counted", "alone")
    }
    for spelling, standard, position in zip(table["spelling"], table["standard"], table["position"], strict=True):
        words[position][tuple(spelling.split())] = tuple(standard.split())
    return words


def _spanish(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {kind: {} for kind in ("place", "street", "marker")}
    for word, short, kind in zip(table["word"], table["abbreviation"], table["kind"], strict=True):
        words[kind] |= {word: short, short: short}
    return words


def _state_spellings(table: pd.DataFrame) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for code, name, others in zip(table["code"], table["name"], table["spellings"], strict=True):
        for spelling in (code, name, *filter(None, others.split("|"))):
            key = plain_state(spelling)
            spellings[key] = code
            # `N.Y.` is written `N Y` and `NY`; a code of another state never arises this way.
            spellings.setdefault(key.replace(" ", ""), code)
    return spellings
