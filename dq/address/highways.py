"""Numbered roads (Publication 28 appendix F): finds the type, the number and what is written for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from dq.address.kinds import DIRECTION, NUMBER, ROAD, UNIT
from dq.address.words import Words
from dq.standards import Standards

_NUMBER = re.compile(r"\d+[A-Z]{0,2}|\d+-\d+[A-Z]?|[A-Z]{1,2}-?\d+[A-Z]?|\d+[A-Z]?/\d+")
_LETTERS = re.compile(r"[A-Z]{1,2}")
_LONG = re.compile(r"\d{3,}")
_GLUED = re.compile(r"([A-Z]{1,3})-?(\d+[A-Z]{0,2})")
_FILLERS: Final = frozenset({"#", "NO", "NUM", "NUMBER"})
_LEADERS: Final = frozenset({"OLD", "NEW"})
_UNNUMBERED: Final = frozenset({"EXPRESSWAY", "EXPY"})
"""Types whose roads have names: a number sign behind them is a unit's."""
_HIGHWAY: Final = frozenset({"HIGHWAY", "HWY", "HIWAY", "HIWY", "HIGHWY", "HWAY"})
_SHORT: Final = frozenset(
    {
        "I",
        "IH",
        "US",
        "RD",
        "ROAD",
        "RT",
        "RTE",
        "ROUTE",
        "CR",
        "SR",
        "SH",
        "TR",
        "RR",
        "FM",
        "EXPY",
        "EXPRESSWAY",
        "ST",
    }
    | _HIGHWAY
)
"""Types that need nothing but a directional before them: `OAK RD 5` is no Road 5."""
_NO_STATE_ROAD: Final = frozenset({"NE", "PR", "CT", "VI", "FL"})
"""Codes that are another word before a number: northeast, a Puerto Rican road of its own form, court, floor."""
_LONGEST_NUMBER: Final = 4
"""Digits of a state's highest road numbers; a longer number behind a state's name is something else."""
_SEARCHED: Final = 4
"""Tokens that may stand before the type; appendix F knows two (directional and state)."""


class Road(NamedTuple):
    """Where a numbered road stands among the tokens (`end` is exclusive) and how it is written."""

    start: int
    end: int
    name: tuple[str, ...]


@dataclass(frozen=True)
class Highways:
    """Spelling of a numbered road's type → its standard form, by what may follow it.

    Attributes:
        by_number: Spellings that stand before a number.
        by_letters: Spellings that stand before one or two letters.
        by_long: Spellings that stand before at least three digits only.
        longest: Tokens of the longest spelling.
        heads: First tokens of all spellings.
    """

    by_number: Mapping[tuple[str, ...], str]
    by_letters: Mapping[tuple[str, ...], str]
    by_long: Mapping[tuple[str, ...], str]
    longest: int
    heads: frozenset[str]


def load_highways(standards: Standards) -> Highways:
    """Build the spellings of appendix F from the reference table `highways`."""
    found: dict[str, dict[tuple[str, ...], str]] = {"number": {}, "letters": {}, "long": {}}
    table = standards.table("highways")
    for standard, spellings, follows in zip(table["standard"], table["spellings"], table["identifier"], strict=True):
        for spelling in spellings.split("|"):
            for kind in ("number", "letters") if follows == "any" else (follows,):
                found[kind][tuple(spelling.split())] = standard
    every = [*found["number"], *found["letters"], *found["long"]]
    longest = max(map(len, every), default=0)
    heads = frozenset(spelling[0] for spelling in every)
    return Highways(found["number"], found["letters"], found["long"], longest, heads)


def find_road(tokens: list[str], words: Words, highways: Highways) -> tuple[list[str], Road] | None:
    """Find the numbered road among the tokens after the house number.

    Args:
        tokens: Upper-case tokens; what follows the road may be anything.
        words: The tables.
        highways: Types of roads.

    Returns:
        The tokens, with `I-10` parted, and the road; None where there is none.
    """
    kinds = words.kinds
    if len(tokens) > 1 and (road := _number_first(tokens, words)):
        return tokens, road
    last = len(tokens) - 1
    may_lead = True
    for start, token in enumerate(tokens[:_SEARCHED]):
        is_first, bits = may_lead, kinds[token]
        may_lead = may_lead and bool(bits & DIRECTION or token in _LEADERS)
        # A type needs a number behind it, in the same token or the next.
        if not bits & ROAD or (start == last and not bits & NUMBER) or (token in _SHORT and not is_first):
            continue
        is_first = is_first and (start < 2 or _is_lead(tokens[:start], words))
        parted = _part(tokens, start, words, highways) if is_first else tokens
        if parted[start] not in _SHORT or is_first:
            found = _type_at(parted, start, words, highways)
            if found:
                return parted, _with_highway_behind(Road(start, found[0] + 1, (*found[1], parted[found[0]])), parted)
        if is_first and (road := _state_road(parted, start, words, highways)):
            return parted, _with_highway_behind(road, parted)
    return None


def _is_lead(tokens: list[str], words: Words) -> bool:
    """Return whether tokens may stand before a road's type: `N`, `OLD`, `N E`; EAST WEST HWY is a name."""
    directions = [token for token in tokens if words.kinds[token] & DIRECTION]
    if len(directions) > 1 and words.directionals[directions[0]] in {"E", "W"}:
        return False
    return len(directions) < 3 and all(token in directions or token in _LEADERS for token in tokens)


def _part(tokens: list[str], at: int, words: Words, highways: Highways) -> list[str]:
    glued = _GLUED.fullmatch(tokens[at])
    if glued and (glued[1] in highways.heads or (glued[1] in words.states and len(glued[1]) == 2)):
        return [*tokens[:at], glued[1], glued[2], *tokens[at + 1 :]]
    return tokens


def _number_first(tokens: list[str], words: Words) -> Road | None:
    """Read `70 HWY` and `60W HWY`, after directionals; `70 HWY 5` is house number 70."""
    start = 0
    while start < len(tokens) and words.kinds[tokens[start]] & DIRECTION:
        start += 1
    if len(tokens) > start + 1 and tokens[start + 1] in _HIGHWAY and re.fullmatch(r"\d+[A-Z]?", tokens[start]):
        return Road(start, start + 2, ("HIGHWAY", tokens[start]))
    return None


def _with_highway_behind(road: Road, tokens: list[str]) -> Road:
    """Take in the word that repeats the type behind the number: `US 70 HWY`, `NC 54 HWY`."""
    if road.end < len(tokens) and tokens[road.end] in _HIGHWAY and "HIGHWAY" in road.name:
        return road._replace(end=road.end + 1)
    return road


def _state_road(tokens: list[str], start: int, words: Words, highways: Highways) -> Road | None:
    """Read a state and a number, with or without a type: `KENTUCKY 440`, `KY ST HWY 1`."""
    for first, at in ((start - 1, start + 1), (start, start + 2), (start, start + 1)):
        name = " ".join(tokens[max(first, 0) : at])
        code = words.states.get(name)
        if code and len(tokens) > at and name not in _NO_STATE_ROAD:
            break
    else:
        return None
    first = max(first, 0)
    found = _type_at(tokens, at, words, highways)
    if found:
        return Road(first, found[0] + 1, (code, *found[1], tokens[found[0]]))
    if tokens[at].isdigit() and len(tokens[at]) <= _LONGEST_NUMBER and _ends_road(tokens, at + 1, words):
        return Road(first, at + 1, (code, "HIGHWAY", tokens[at]))
    return None


def _ends_road(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a number ends here: `NE 5 ST` and `VIRGINIA 5 ST` are streets."""
    if at >= len(tokens):
        return True
    return words.suffixes.get(tokens[at]) not in words.ordinal_suffixes


def _takes_filler(tokens: list[str], start: int, at: int, words: Words) -> bool:
    """Return whether a number sign is the road's: `HWY # 60`, not `EXPY # 780`, `NORTHWEST HWY # 5`, `SOUTH RD # 4`."""
    if tokens[at - 1] in _UNNUMBERED or (start == at - 1 and start and tokens[start] in {"RD", "ROAD"}):
        return False
    return not start or len(words.directionals.get(tokens[start - 1], "")) < 2


def _is_lettered(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a letter names the road: it ends the street, and no quadrant does that (`COUNTY ROAD NW`)."""
    if len(tokens[at]) == 2 and (tokens[at] in words.directionals or tokens[at] in words.suffixes):
        return False
    return at + 1 == len(tokens) or bool(words.kinds[tokens[at + 1]] & (UNIT | DIRECTION))


def _type_at(tokens: list[str], start: int, words: Words, highways: Highways) -> tuple[int, tuple[str, ...]] | None:
    """Return the index of the road's number and the type written before it, the longest spelling first."""
    if tokens[start] not in highways.heads:
        return None
    for length in range(min(highways.longest, len(tokens) - start - 1), 0, -1):
        spelling, at = tuple(tokens[start : start + length]), start + length
        while at + 1 < len(tokens) and tokens[at] in _FILLERS and _takes_filler(tokens, start, at, words):
            at += 1
        if spelling in highways.by_number and _NUMBER.fullmatch(tokens[at]):
            return at, tuple(highways.by_number[spelling].split())
        if spelling in highways.by_long and _LONG.fullmatch(tokens[at]):
            return at, tuple(highways.by_long[spelling].split())
        if spelling in highways.by_letters and _LETTERS.fullmatch(tokens[at]) and _is_lettered(tokens, at, words):
            return at, tuple(highways.by_letters[spelling].split())
    return None
