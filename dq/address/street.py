"""The street of a delivery line, parsed from right to left (Publication 28 sections 231 to 234 and appendix F)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from dq.address.words import Words
from dq.standards import Standards

_NUMBER = re.compile(r"\d+[A-Z]{0,2}|\d+-\d+[A-Z]?|[A-Z]{1,2}-?\d+|\d+[A-Z]?/\d+")
_LETTERS = re.compile(r"[A-Z]{1,2}")
_GLUED = re.compile(r"(IH|I|SR|US|FM|CR|RTE|RT|HWY)-?(\d+[A-Z]?)")
_COMPOUNDS: Final = {("N", "E"): "NE", ("N", "W"): "NW", ("S", "E"): "SE", ("S", "W"): "SW"}
_SHORT: Final = frozenset({"I", "IH", "US", "RD", "ROAD", "RT", "RTE", "ROUTE", "CR", "SR", "FM", "EXPY", "EXPRESSWAY"})
_VOWELS: Final = frozenset("AEIOU")
_LEADERS: Final = frozenset({"OLD", "NEW"})
_STANDALONE: Final = frozenset(
    {"AVENUE", "AV", "AVE", "ROAD", "RD", "STREET", "ROUTE", "HIGHWAY", "HWY", "LANE", "LOOP"}
)


class Street(NamedTuple):
    """Directionals and suffix as abbreviations, the name as it is to be written; empty where absent."""

    predirectional: str
    name: tuple[str, ...]
    suffix: str
    postdirectional: str


@dataclass(frozen=True)
class Highways:
    """Spelling of a numbered road's type → its standard form, by what may follow it.

    Attributes:
        by_number: Spellings that stand before a number.
        by_letters: Spellings that stand before one or two letters.
        longest: Tokens of the longest spelling.
    """

    by_number: Mapping[tuple[str, ...], str]
    by_letters: Mapping[tuple[str, ...], str]
    longest: int


def load_highways(standards: Standards) -> Highways:
    """Build the spellings of appendix F from the reference table `highways`."""
    by_number: dict[tuple[str, ...], str] = {}
    by_letters: dict[tuple[str, ...], str] = {}
    table = standards.table("highways")
    for standard, spellings, follows in zip(table["standard"], table["spellings"], table["identifier"], strict=True):
        for spelling in spellings.split("|"):
            if follows != "letters":
                by_number[tuple(spelling.split())] = standard
            if follows != "number":
                by_letters[tuple(spelling.split())] = standard
    return Highways(by_number, by_letters, max(map(len, (*by_number, *by_letters)), default=0))


def parse_street(tokens: list[str], words: Words, highways: Highways) -> Street:
    """Take the parts of a street apart; every token ends up in one of them.

    Args:
        tokens: Upper-case tokens between house number and unit, at least one.
        words: The tables.
        highways: Types of numbered roads.
    """
    rest = [part for token in tokens for part in _unglue(token)]
    road = _find_highway(rest, words, highways)
    if road:
        start, end, name = road
        before, postdirectional, suffix, inner = _split_tail(rest[:start], rest[end:], words)
        return Street(before, (*inner[0], *name, *inner[1]), suffix, postdirectional)
    rest, postdirectional = _take_postdirectional(rest, words)
    rest, suffix = _take_suffix(rest, words)
    rest, predirectional = _take_predirectional(rest, words)
    return Street(predirectional, tuple(_spell_name(rest, words, has_suffix=bool(suffix))), suffix, postdirectional)


def _split_tail(
    head: list[str], tail: list[str], words: Words
) -> tuple[str, str, str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Directional before a numbered road; suffix and directional after it (`HIGHWAY 11 BYP`, `US HIGHWAY 41 SW`)."""
    postdirectional = suffix = predirectional = ""
    if tail and tail[-1] in words.directionals:
        tail, postdirectional = tail[:-1], words.directionals[tail[-1]]
    if tail and tail[-1] in words.suffixes:
        tail, suffix = tail[:-1], words.suffixes[tail[-1]]
    if head and head[0] in words.directionals:
        head, predirectional = head[1:], words.directionals[head[0]]
    return predirectional, postdirectional, suffix, (tuple(head), tuple(_spell_name(tail, words, has_suffix=True)))


def _unglue(token: str) -> tuple[str, ...]:
    glued = _GLUED.fullmatch(token)
    return (glued.group(1), glued.group(2)) if glued else (token,)


def _find_highway(tokens: list[str], words: Words, highways: Highways) -> tuple[int, int, list[str]] | None:
    """Return where a numbered road stands and how it is written."""
    for start in range(min(len(tokens), 4)):
        is_first = start == 0 or all(token in words.directionals or token in _LEADERS for token in tokens[:start])
        found_type = _type_at(tokens, start, highways)
        if found_type and (is_first or tokens[start] not in _SHORT):
            end, standard = found_type
            return start, end + 1, [*standard.split(), tokens[end]]
        state, at = _state_at(tokens, start, words)
        if state and is_first:
            end, standard = _type_at(tokens, at, highways) or (at, "HIGHWAY" if tokens[at].isdigit() else "")
            if standard:
                return start, end + 1, [state, *standard.split(), tokens[end]]
    return None


def _state_at(tokens: list[str], start: int, words: Words) -> tuple[str, int]:
    for length in (2, 1):
        code = words.states.get(" ".join(tokens[start : start + length]))
        if code and len(tokens) > start + length:
            return code, start + length
    return "", start


def _type_at(tokens: list[str], start: int, highways: Highways) -> tuple[int, str] | None:
    """Return the index of the road's number and the type written before it, the longest spelling first."""
    for length in range(min(highways.longest, len(tokens) - start - 1), 0, -1):
        spelling, follows = tuple(tokens[start : start + length]), start + length
        at = follows + 1 if tokens[follows] == "#" and follows + 1 < len(tokens) else follows
        if spelling in highways.by_number and _NUMBER.fullmatch(tokens[at]):
            return at, highways.by_number[spelling]
        if spelling in highways.by_letters and at == len(tokens) - 1 and _LETTERS.fullmatch(tokens[at]):
            return at, highways.by_letters[spelling]
    return None


def _take_postdirectional(tokens: list[str], words: Words) -> tuple[list[str], str]:
    last = words.directionals.get(tokens[-1])
    if last is None or len(tokens) < 2:
        return tokens, ""
    previous = words.directionals.get(tokens[-2])
    if previous and len(tokens) > 2 and (previous, last) in _COMPOUNDS:
        return tokens[:-2], _COMPOUNDS[previous, last]
    # AVENUE E is a street called E; SOUTH ST E is a street called South.
    if len(tokens) == 2 and tokens[0] in _STANDALONE and len(tokens[-1]) == 1:
        return tokens, ""
    # N E: both are the name of nothing; the first stays a directional, the second the name.
    if len(tokens) == 2 and previous:
        return tokens, ""
    return tokens[:-1], last


def _take_suffix(tokens: list[str], words: Words) -> tuple[list[str], str]:
    suffix = words.suffixes.get(tokens[-1])
    if suffix is None or len(tokens) < 2 or tokens[-2] == "THE":
        return tokens, ""
    if len(tokens) == 2 and tokens[0] in words.directionals and suffix not in words.common_suffixes:
        return tokens, ""
    return tokens[:-1], suffix


def _take_predirectional(tokens: list[str], words: Words) -> tuple[list[str], str]:
    first = words.directionals.get(tokens[0])
    if first is None or len(tokens) < 2 or tokens[1] in {"OF", "&", "AND"}:
        return tokens, ""
    second = words.directionals.get(tokens[1])
    if second and len(tokens) > 2 and (first, second) in _COMPOUNDS:
        return tokens[2:], _COMPOUNDS[first, second]
    if second and len(tokens) > 2:
        # NORTH SOUTH OAK: the second directional belongs to the name and is spelled out (section 233.22).
        return [words.directional_names[second], *tokens[2:]], first
    return tokens[1:], first


def _spell_name(tokens: list[str], words: Words, *, has_suffix: bool) -> list[str]:
    """Spell out what is part of the name: the first of two suffixes, Saint, Avenue before its letter."""
    name = list(tokens)
    if not name:
        return name
    if name[0] == "ST" and len(name) > 1:
        name[0] = "SAINT"
    elif name[0] in {"AVE", "AV"} and len(name) == 2 and (len(name[1]) == 1 or name[1].isdigit()):
        name[0] = "AVENUE"
    last = name[-1]
    # Only what cannot be a word of its own is spelled out: EXPRESS BLVD and VIA RD stay.
    is_short_form = last in words.suffix_names and (last in words.common_suffixes or not _VOWELS & set(last))
    if has_suffix and is_short_form and (len(name) > 1 or last != "ST"):
        name[-1] = words.suffix_names[last]
    return name
