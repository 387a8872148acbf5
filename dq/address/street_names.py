"""How a street's name is written: Saint, ordinals, the first of two suffixes (Publication 28 sections 233 to 235)."""

import re
from typing import Final

from dq.address.kinds import NAME, NUMBER, SUFFIX, WORD
from dq.address.numbers import ordinal, ordinal_value, read_cardinal, read_ordinal
from dq.address.words import Words

_STREET_LETTER: Final = re.compile(r"[A-Z]\d{0,2}|\d+[NSEW]?")
_VOWELS: Final = frozenset("AEIOU")
_LETTERED: Final = frozenset({"AVENUE", "AVE", "AV"})
_BEFORE_SAINT: Final = frozenset({"PORT", "OLD", "NEW", "MOUNT", "MT", "CAPE", "RUE", "GRAND"})
_KEPT: Final = frozenset({"DR", "KY", "PR", "ML", "BR", "ST", "CT"})
"""Abbreviations that stay inside a name, where they are doctor, Kentucky or initials more often than a suffix."""
_PREFIXES: Final = frozenset({"O", "MC"})
_STREETS: Final = frozenset({"ST", "AVE"})


def spell_name(tokens: list[str], suffix: str, words: Words) -> list[str]:
    """Return a street's name as it is to be written; words that are part of a name are spelled out.

    Args:
        tokens: The name between the directionals and the suffix, upper case.
        suffix: Abbreviation of the suffix behind it, `""` where there is none.
        words: The tables.
    """
    seen = words.kinds.of(tokens)
    if len(tokens) > 1 and not suffix and (spanish := words.spanish["street"].get(tokens[0])):
        return [spanish, *tokens[1:]]
    if seen & (NUMBER | WORD) and (numbered := _ordinal_name(tokens, suffix, words)):
        return numbered
    name = _replace_words(tokens, suffix, words) if seen & NAME else tokens
    if len(name) > 1 and not _PREFIXES.isdisjoint(name):
        name = _join_prefixes(name, words)
    if (seen & SUFFIX or "SAINT" in name) and name:
        name = _spell_saints(_spell_suffixes(name, suffix, words), suffix, words)
    return _spell_directional(name, suffix, words)


def is_saint(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether `ST` at this place is Saint: before a saint's name."""
    return at + 1 < len(tokens) and tokens[at + 1] in words.saints


def _ordinal_name(tokens: list[str], suffix: str, words: Words) -> list[str] | None:
    """Write a name that is a number before a street's suffix as an ordinal: `31`, `31 ST`, `THIRTY FIRST`, `11TH`."""
    if len(tokens) > 1 and suffix and words.suffixes.get(tokens[-1]) in words.ordinal_suffixes:
        inner = words.suffixes[tokens[-1]]
        if tokens[-1] != "ST" and (numbered := _ordinal_name(tokens[:-1], inner, words)):
            return [*numbered, words.suffix_names[inner]]  # 3RD STREET CIR
    first = tokens[0]
    if len(tokens) == 1 and (value := ordinal_value(first)):
        return [ordinal(value)]
    if (value := read_ordinal(tokens, words)) is not None and suffix in {"", *words.common_suffixes}:
        return [ordinal(value)]
    if suffix not in words.ordinal_suffixes:
        return None
    if len(tokens) == 1 and first.isdigit() and int(first):
        return [ordinal(int(first))]
    if len(tokens) == 2 and first.isdigit() and ordinal(int(first)) == first + tokens[1]:
        return [first + tokens[1]]  # typed apart: 31 ST ST
    value, used = read_cardinal(tokens, 0, words)
    return [ordinal(value)] if used == len(tokens) and suffix in _STREETS else None


def _replace_words(tokens: list[str], suffix: str, words: Words) -> list[str]:
    """Write words of the table `street_words` in their standard form."""
    if suffix and (whole := words.name_words["whole"].get(tuple(tokens))):
        return list(whole)
    name: list[str] = []
    at = 0
    while at < len(tokens):
        rest = len(tokens) - at - 1
        for length in (3, 2, 1):
            spelling = tuple(tokens[at : at + length])
            found = words.name_words["any"].get(spelling)
            if at == 0 and length == 1 and not found:
                found = words.name_words["first"].get(spelling) if rest else None
                found = words.name_words["title"].get(spelling, found) if rest > 1 else found
            if found:
                break
        else:
            found, length = (tokens[at],), 1
        name += found
        at += length
    return name


def _join_prefixes(tokens: list[str], words: Words) -> list[str]:
    """Join `O BRIEN` and `MC KINLEY`, which others type with an apostrophe or as one word."""
    name: list[str] = []
    for token in tokens:
        is_name = len(token) > 3 and token.isalpha() and token not in words.suffixes and token not in words.directionals
        if name and name[-1] in _PREFIXES and is_name:
            name[-1] += token
        else:
            name.append(token)
    return name


def _spell_suffixes(tokens: list[str], suffix: str, words: Words) -> list[str]:
    """Spell out suffix words inside the name: only the last of several is abbreviated (section 234)."""
    name = list(tokens)
    if name[0] in _LETTERED and (name[1:2] == ["OF"] or _is_lettered(name)):
        name[0] = "AVENUE"
    last = len(name) - 1
    for at, word in enumerate(name):
        if word not in words.suffix_names or (at == 0 and (word in _LETTERED or word == "DR")):
            continue
        # Only what cannot be a word of its own is spelled out: EXPRESS BLVD and VIA RD stay.
        is_short_form = word in words.common_suffixes or not _VOWELS & set(word)
        if at == last and suffix:
            if is_short_form and (last or word != "ST"):
                name[at] = words.suffix_names[word]
        elif last and is_short_form and word not in _KEPT:
            name[at] = words.suffix_names[word]
    return name


def is_street_letter(token: str) -> bool:
    """Return whether a token behind AVENUE is the street's name: `K`, `26`, `M4`, `8E`."""
    return _STREET_LETTER.fullmatch(token) is not None


def _is_lettered(name: list[str]) -> bool:
    return len(name) in {2, 3} and is_street_letter(name[1]) and len(name[-1]) <= 3


def _spell_saints(tokens: list[str], suffix: str, words: Words) -> list[str]:
    """Write `ST` inside a name as Saint, or as Street where it ends a street of that name (`MAIN STREET EXT`)."""
    if "ST" not in tokens and "SAINT" not in tokens:
        return tokens
    name = list(tokens)
    for at, word in enumerate(name):
        if word != "ST":
            continue
        is_first = at == 0 or all(before in words.directional_names.values() for before in name[:at])
        if at + 1 < len(name) and (is_first or name[at - 1] in _BEFORE_SAINT or is_saint(name, at, words)):
            name[at] = "SAINT"
        elif at and suffix:
            name[at] = "STREET"
    if len(name) > 2 and name[-1] == "S" and name[-2] in words.saints:
        name[-2:] = [name[-2] + "S"]  # JOHN'S typed apart
    return name


def _spell_directional(name: list[str], suffix: str, words: Words) -> list[str]:
    """Spell out a directional that belongs to the name: alone before the suffix, or between name and suffix.

    `S W BAY DR` has its directionals before the name, `BAY W DR` has one in the name; a lone letter may be a letter.
    """
    if len(name) > 1 and name[-2].isdigit() and name[-1] in words.directionals:
        return [*name[:-1], words.directionals[name[-1]]]  # the grid of Illinois: 2150 E RD
    if not name or name[-1] not in words.directional_names:
        return name
    last = name[-1]
    if len(name) == 1:
        return [words.directional_names[last]] if len(last) == 2 and suffix else name
    if suffix and name[-2] not in _LETTERED and name[-2].isalpha() and len(name[-2]) > 1:
        return [*name[:-1], words.directional_names[last]]
    return name
