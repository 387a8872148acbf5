"""Where a street ends that a city may follow, by its words alone. Knows no place."""

import re
from typing import Final

from dq.address.words import Words

SIDE_LETTERS: Final = 2
"""NORTH may begin a city or end a street, N and NE after a street's suffix end it."""
LONGEST_UNKNOWN: Final = 4
"""Words of a name no list has; more are a street without suffix."""
TOKEN: Final = re.compile(r"[^\s,]+")

_NUMBER_SIGN: Final = frozenset("#")
_ORDINAL: Final = 2
"""Letters behind the number of `69TH`."""
_JOINERS: Final = frozenset({"OF", "THE", "&", "AND"})


def leaves_line(line: str, city: str, words: Words) -> bool:
    """Return whether a street may stand before the city: `100 PIKE ROAD` is one, `100` and its city are none.

    A street has a word, or two numbers, or two directionals (`480 N 900 E`, `1405 EAST NORTH`).
    """
    tokens = line.replace(",", " ").replace(".", "").split()
    if not tokens:
        return True
    is_word = any(_is_name(token, words) or len(token.strip("0123456789-#/&")) > _ORDINAL for token in tokens)
    numbers = sum(any(map(str.isdigit, token)) for token in tokens)
    sides = sum(token in words.directionals for token in tokens)
    if not is_word and numbers < 2 and sides < 2:
        return False
    first = city.replace(".", "").split()
    if not first:
        return False
    if len(first) == 1 and words.suffixes.get(first[0]) in words.common_suffixes and not is_complete(line, words):
        return False
    # APT N CHARLESTON: the letter numbers the unit.
    is_letter = len(first[0]) == 1 or (len(first[0]) <= SIDE_LETTERS and first[0] in words.directionals)
    return not (is_letter and is_unit(tokens[-1], words))


def _is_name(token: str, words: Words) -> bool:
    return token.isalpha() and token not in words.directionals


def is_unit(token: str, words: Words) -> bool:
    """Return whether a token announces a unit's number; UPPER and FRONT, which need none, begin names more often."""
    is_designator = token in words.units and token not in words.suffixes and words.units[token] not in words.bare_units
    return is_designator or token in _NUMBER_SIGN


def has_side(line: str, words: Words) -> bool:
    """Return whether a street has a directional before its name already, so that one after it is the city's."""
    tokens = line.replace(".", "").split()
    return (
        len(tokens) > 2 and tokens[0][0].isdigit() and tokens[1] in words.directionals and tokens[-1] in words.suffixes
    )


def is_complete(line: str, words: Words) -> bool:
    """Return whether a line ends as a street or unit does."""
    tokens = line.replace(",", " ").replace(".", "").split()
    return (
        not tokens
        or tokens[-1] in words.suffixes
        or tokens[-1] in words.directionals
        or any(map(str.isdigit, tokens[-1]))
    )


def after_street(head: str, words: Words) -> int | None:
    """Return where the words after a complete numbered street start, where they are few and hold no digit."""
    matches = list(TOKEN.finditer(head))
    tokens = [match.group().replace(".", "") for match in matches]
    if not any(map(str.isdigit, head)):
        return None
    at = len(tokens)
    while at and tokens[at - 1].replace("'", "").replace("-", "").isalpha() and not _ends_street(tokens, at - 1, words):
        at -= 1
    rest = tokens[at:]
    is_end = at > 1 and 0 < len(rest) <= LONGEST_UNKNOWN and rest[0] not in _JOINERS
    is_name = not all(token in words.directionals or token in words.units for token in rest)
    return matches[at].start() if is_end and is_name else None


def _ends_street(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a street ends at a token: a common suffix, a directional after one, a unit's letter."""
    token, before = tokens[at], tokens[at - 1] if at else ""
    is_suffix = words.suffixes.get(token) in words.common_suffixes
    if is_suffix:
        return at > 1
    if (is_unit(before, words) and len(token) <= SIDE_LETTERS) or words.units.get(token) == "FL":
        return True
    return token in words.directionals and words.suffixes.get(before) in words.common_suffixes and at < len(tokens) - 1
