"""Names of persons and organisations as matching compares them."""

from itertools import pairwise

import pandas as pd
import pyarrow.compute as pc

from dq.matching.extra_features import former_names
from dq.matching.folding import as_series, by_distinct, column, fold, glued, text_array
from dq.matching.nicknames import Nicknames
from dq.model import TEXT
from dq.standards.matching import Matching, Words

_SHORT = 2
"""A first token of so few letters belongs to the next one (De Shawn, La Toya), unless it is the whole name."""
_INITIALS = frozenset({"i", "v"})
_TRADING_AS = (" dba ", " doing business as ", " aka ", " t a ")

TOWN_CUT = "~"
"""Before a name whose town was cut off. Two such names are not compared: they name two branches by their towns."""


def person_names(records: pd.DataFrame, party_type: pd.Series, policy: Matching, nicknames: Nicknames) -> pd.DataFrame:
    """Return `first`, `middle`, `last`, `last_parts`, `former`, `generation`; missing for organisations."""
    person = party_type.ne("organization")
    words = policy.words
    nobody = frozenset(words.not_names)
    given = by_distinct(column(records, "first_name").where(person), lambda text: _given(fold(text), nicknames, nobody))
    middle = by_distinct(column(records, "middle_name").where(person), fold)
    rest = by_distinct(given, lambda text: text.partition(" ")[2])
    later = glued(text_array(rest), text_array(middle), by=" ", missing="")
    later = as_series(pc.utf8_trim_whitespace(later), records.index)
    among = by_distinct(later, lambda text: _last_generation(f" {text}", words))
    later = by_distinct(later, lambda text: _without_generation(f" {text}", words).strip())
    family = by_distinct(column(records, "last_name").where(person), fold)
    generation = by_distinct(column(records, "suffix").where(person), lambda text: _generation(fold(text), words))
    particles = frozenset(words.particles)
    named = by_distinct(family, lambda text: _last_generation(text, words))
    named = named.fillna(among)
    family = by_distinct(family, lambda text: _without_generation(text, words))
    former = former_names(records, policy.extras).where(person)
    first = by_distinct(given, lambda text: text.partition(" ")[0])
    last = by_distinct(family, lambda text: text.replace(" ", ""))
    whole = as_series(glued(text_array(first), text_array(last), by=" ", missing=""), records.index)
    whole = by_distinct(whole, lambda text: _nobodys(text, nicknames))
    return pd.DataFrame(
        {
            "first": first.mask(whole.notna()),
            "middle": later,
            "last": last.mask(whole.notna()),
            "last_parts": by_distinct(family, lambda text: _double(text, particles)),
            "former": former,
            "generation": generation.fillna(named),
        }
    ).astype(TEXT)


def _nobodys(whole: str, nicknames: Nicknames) -> str:
    """Return a whole name where it stands for nobody, else the empty text."""
    first, _, last = whole.partition(" ")
    return whole if nicknames.is_nobody(first, last) else ""


def _given(text: str, nicknames: Nicknames, nobody: frozenset[str]) -> str:
    """Return folded given names; a name torn apart (`tal ia`, `de shawn`) is joined, a word for nobody is none."""
    tokens = text.split()
    if not tokens or tokens[0] in nobody or "".join(tokens) in nobody:
        return ""
    if len(tokens) > 1 and (
        len(tokens[0]) == _SHORT < len(tokens[1])
        or (not nicknames.is_known(tokens[1]) and nicknames.is_known(tokens[0] + tokens[1]))
    ):
        return " ".join([tokens[0] + tokens[1], *tokens[2:]])
    return text


def _generation(text: str, words: Words) -> str:
    """Return the standard form of Jr, Sr, III in a folded suffix; MD and PhD are none."""
    return next((words.generations[token] for token in text.split() if token in words.generations), "")


def _last_generation(text: str, words: Words) -> str:
    """Return the generation a folded name ends in; I and V are initials there."""
    token = text.rpartition(" ")[2] if " " in text else ""
    return words.generations.get(token, "") if token not in _INITIALS else ""


def _without_generation(text: str, words: Words) -> str:
    if text.replace(" ", "") in words.not_names and len(text) > 1:
        return ""
    head, _, last = text.rpartition(" ")
    return head if head and last in words.generations and last not in _INITIALS else text


def _double(text: str, particles: frozenset[str]) -> str:
    parts = [token for token in text.split() if token not in particles and len(token) > 1]
    return " ".join(sorted(set(parts))) if len(parts) > 1 else ""


def organization_names(records: pd.DataFrame, also_person: pd.Series, words: Words) -> pd.DataFrame:
    """Return `names` (every name of the record without legal form and stop words) and `legal_form`.

    Args:
        records: Standardised records.
        also_person: Records that may be persons: their full names are compared with those of organisations.
        words: Legal forms and stop words.
    """
    registered = column(records, "organization_name")
    trade = column(records, "trade_name")
    parts = (text_array(column(records, name)) for name in ("first_name", "middle_name", "last_name"))
    whole = as_series(pc.utf8_trim_whitespace(glued(*parts, by=" ", missing="")), records.index)
    whole = whole.where(whole.ne("") & registered.isna() & also_person)
    cities = by_distinct(column(records, "city"), fold)
    both = glued(*(text_array(names) for names in (registered.fillna(whole), trade)), by="\n", missing="")
    both = as_series(glued(both, text_array(cities), by="\t", missing=""), records.index)
    aside = frozenset((*words.stop, *words.branches))
    return pd.DataFrame(
        {
            "names": by_distinct(both, lambda text: _names(text, words, aside)),
            "legal_form": by_distinct(registered, lambda text: _legal_form(fold(text), words)),
        }
    ).astype(TEXT)


def _names(text: str, words: Words, aside: frozenset[str]) -> str:
    """Return all names in lines of text, those that name their own town (after a tab) also without it."""
    text, _, city = text.partition("\t")
    found: set[str] = set()
    for cell in text.split("\n") if len(text) > 1 else ():
        folded = f" {fold(cell)} "
        for mark in _TRADING_AS:
            folded = folded.replace(mark, "|")
        found.update(_core(name.strip(), words, aside) for name in folded.split("|"))
    if city:
        found |= {_without_town(name, city) for name in found}
    return "|".join(sorted(found - {""}))


def _core(text: str, words: Words, aside: frozenset[str]) -> str:
    """Return a folded name without legal forms at its end, stop words and words for a branch before its number.

    A name of nothing else stays.
    """
    tokens = text.split()
    while len(tokens) > 1 and tokens[-1] in words.legal_forms:
        tokens.pop()
    if aside.isdisjoint(tokens):
        return " ".join(tokens)
    kept = [
        token
        for token, following in pairwise([*tokens, ""])
        if token not in words.stop and not (token in words.branches and following.isdigit())
    ]
    return " ".join(kept or tokens)


def _without_town(name: str, city: str) -> str:
    """Return a name without the record's own town at its end, which says where it is and not who, after TOWN_CUT.

    >>> _without_town("spago los angeles", "los angeles"), _without_town("reno air", "reno")
    ('~spago', '')
    """
    return TOWN_CUT + name.removesuffix(f" {city}") if city and name.endswith(f" {city}") else ""


def _legal_form(text: str, words: Words) -> str:
    tokens = text.split()
    return words.legal_forms.get(tokens[-1], "") if len(tokens) > 1 else ""
