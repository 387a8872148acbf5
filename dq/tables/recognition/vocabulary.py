"""Words that values are recognised by: names, places, states, legal forms. Reference data turned into sets, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from dq.standards import Standards


@dataclass(frozen=True)
class Vocabulary:
    """Lower-case words by what they are.

    Attributes:
        given: Given name → share per million persons.
        surnames: Surname → share per million persons.
        cities: Names of American places.
        states: Spelling of an American state → code.
        regions: Spelling of another country's state or province → countries that have it.
        countries: Spelling of a country → ISO alpha-2 code.
        words: Kind of `value_words.csv` → word → value.
    """

    given: Mapping[str, float]
    surnames: Mapping[str, float]
    cities: frozenset[str]
    states: Mapping[str, str]
    regions: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]


_cache: dict[str, Vocabulary] = {}  # by hash of the standards


def vocabulary_of(standards: Standards) -> Vocabulary:
    """Return the words of these standards, built once per process."""
    if standards.hash not in _cache:
        _cache[standards.hash] = _build(standards)
    return _cache[standards.hash]


def country_codes(standards: Standards) -> dict[str, str]:
    """Return every spelling of a country, lower case without dots, with its ISO alpha-2 code."""
    table = standards.table("countries")
    codes: dict[str, str] = {}
    for code, alpha3, name, spellings in table[["code", "alpha3", "name", "spellings"]].itertuples(index=False):
        for spelling in (code, alpha3, name, *spellings.split("|")):
            if spelling:
                codes.setdefault(spelling.lower().replace(".", ""), code)
    return codes


def value_words(standards: Standards) -> dict[str, dict[str, str]]:
    """Return `value_words.csv` as kind → word → value."""
    kinds: dict[str, dict[str, str]] = {}
    for kind, word, value in standards.table("value_words").itertuples(index=False):
        kinds.setdefault(kind, {})[word] = value
    return kinds


def _build(standards: Standards) -> Vocabulary:
    given = standards.table("given_names")
    # Names from the rest of the world carry no frequency: 1 per million says "known, not common".
    given_shares = dict.fromkeys(standards.table("given_names_worldwide")["name"].tolist(), 1.0)
    totals = given["female_per_million"].astype(float) + given["male_per_million"].astype(float)
    given_shares.update(zip(given["name"].tolist(), (totals / 2).tolist(), strict=True))
    surnames = dict.fromkeys(standards.table("surnames_worldwide")["name"].tolist(), 1.0)
    table = standards.table("surnames")
    surnames.update(zip(table["name"].tolist(), table["per_million"].astype(float).tolist(), strict=True))
    return Vocabulary(
        given=given_shares,
        surnames=surnames,
        cities=frozenset(standards.table("places")["place"].str.lower().tolist()),
        states=_states(standards),
        regions=_regions(standards),
        countries=country_codes(standards),
        words=value_words(standards),
    )


def _states(standards: Standards) -> dict[str, str]:
    states: dict[str, str] = {}
    for code, name, spellings in standards.table("states")[["code", "name", "spellings"]].itertuples(index=False):
        for spelling in (code, name, *spellings.split("|")):
            if spelling:
                states[spelling.lower().replace(".", "")] = code
    return states


def _regions(standards: Standards) -> dict[str, tuple[str, ...]]:
    regions: dict[str, list[str]] = {}
    for country, code, name in standards.table("regions").itertuples(index=False):
        for spelling in (code, name):
            regions.setdefault(spelling.lower(), []).append(country)
    return {spelling: tuple(sorted(set(found))) for spelling, found in regions.items()}
