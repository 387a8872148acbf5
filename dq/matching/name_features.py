"""Names of persons as matching compares them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.couples import first_of_two
from dq.matching.extra_features import former_names
from dq.matching.folding import column, folded, glued
from dq.matching.nicknames import Nicknames
from dq.matching.singles import Single, folded_column, put_together, single_of
from dq.standards.matching import Matching, Words

_SHORT = 2
"""A first token of so few letters belongs to the next one (De Shawn, La Toya), unless it is the whole name."""
_INITIALS = frozenset({"i", "v"})


def person_names(
    records: pd.DataFrame, person: NDArray[np.bool_], policy: Matching, nicknames: Nicknames
) -> dict[str, Single]:
    """Return `first`, `middle`, `last`, `last_parts`, `former`, `generation`; missing for organisations."""
    words = policy.words
    nobody, particles = frozenset(words.not_names), frozenset(words.particles)
    given, family = (single_of(column(records, name)).where(person) for name in ("first_name", "last_name"))
    given, family = (names.mapped(folded(names.texts)) for names in first_of_two(given, family, nicknames, words))
    middle, suffix = (folded_column(column(records, name)).where(person) for name in ("middle_name", "suffix"))
    given = given.made(lambda text: _given(text, nicknames, nobody))
    later = put_together(given.made(lambda text: text.partition(" ")[2]), middle, by=" ").made(str.strip)
    among = later.made(lambda text: _last_generation(f" {text}", words))
    named = family.made(lambda text: _last_generation(text, words)).or_else(among)
    family = family.made(lambda text: _without_generation(text, words))
    first = given.made(lambda text: text.partition(" ")[0])
    last = family.made(lambda text: text.replace(" ", ""))
    nobodys = _nobodys(first, last, nicknames)
    return {
        "first": first.without(nobodys),
        "middle": later.made(lambda text: _without_generation(f" {text}", words).strip()),
        "last": last.without(nobodys),
        "last_parts": family.made(lambda text: _double(text, particles)),
        "former": former_names(records, policy.extras).where(person),
        "generation": suffix.made(lambda text: _generation(text, words)).or_else(named),
    }


def _nobodys(first: Single, last: Single, nicknames: Nicknames) -> NDArray[np.bool_]:
    """Say which whole names stand for nobody."""
    listed = nicknames.placeholders
    names = glued(first.array(), last.array(), missing="")
    whole = pc.is_in(names, value_set=pa.array(sorted(listed), type=pa.large_string()))
    both = first.is_in(listed) & last.is_in(listed)
    found: NDArray[np.bool_] = whole.to_numpy(zero_copy_only=False) | both
    return found


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
