"""The house number at the head of a line: where it ends, and when a number is no house number."""

import re
from collections.abc import Sequence
from typing import Final

from dq.address.kinds import COMMON, DIRECTION, HOUSE, NUMBER, ROAD, SUFFIX, UNIT, WORD
from dq.address.numbers import is_fraction, is_ordinal, read_cardinal
from dq.address.words import Words

_GRID = re.compile(r"[NSEW]\d+")
_NUMBER_LETTERS: Final = frozenset("ABCDFG")
_ROADS: Final = frozenset({"HWY", "RD", "RTE", "LOOP", "EXPY", "FWY", "SPUR", "EXT", "TRL", "WAY"})
"""Suffixes a number may follow that is the road's own."""
_HIGHWAYS: Final = frozenset({"HWY", "HIGHWAY"})
_NAMES: Final = frozenset({"Recipient", "BuildingName", "LandmarkName", "NotAddress", "SubaddressType"})
_BEFORE_NAMES: Final = frozenset({"CARR", "CARRETERA", "KM", "PR", "#", "CALLE"})
"""Words before a number that is no house number, beside the suffixes."""


def is_house_number(token: str, words: Words) -> bool:
    """Return whether a token holds a digit and is no ordinal."""
    return bool(words.kinds[token] & HOUSE)


def starts_with_number(tokens: list[str], words: Words) -> bool:
    """Return whether a segment starts like a numbered street."""
    return is_house_number(tokens[0], words) or bool(counted(tokens, words))


def second_number(tokens: list[str], words: Words) -> int:
    """Return where a second address starts behind a complete street, 0 where none does: `1 LINCOLN CTR 5400 LBJ FWY`.

    Args:
        tokens: Tokens of a segment that starts with a house number and holds no numbered road.
        words: The tables.
    """
    kinds = words.kinds
    if not kinds[tokens[-1]] & (SUFFIX | DIRECTION):
        return 0
    for at in range(len(tokens) - 3, 2, -1):
        before = tokens[at - 2] if kinds[tokens[at - 1]] & DIRECTION and at > 3 else tokens[at - 1]
        suffix = words.suffixes.get(before)
        if kinds[tokens[at]] & HOUSE and tokens[at][0].isdigit() and suffix and suffix not in _ROADS:
            return at if tokens[at].isdigit() and not _is_street_end(tokens[at + 1 :], words) else 0
    return 0


def take_number(tokens: list[str], words: Words) -> tuple[str, list[str]]:
    """Take the house number with its fraction off the left end.

    An ordinal, a road typed as one word (`US41`) and a lone number before its suffix (`31 ST`) are the street. Digits
    are never altered; a number in words becomes digits, the two halves of a grid number are joined.
    """
    number, rest = _part(tokens, words)
    return number, read_north(rest) if number else rest


def read_north(tokens: list[str]) -> list[str]:
    """Write `NO` as N where it is north behind a house number: `NO MAIN ST`, not `NO NAME RD`."""
    if len(tokens) > 1 and tokens[0] == "NO" and (tokens[1].isalpha() or is_ordinal(tokens[1])) and tokens[1] != "NAME":
        return ["N", *tokens[1:]]
    return tokens


def _part(tokens: list[str], words: Words) -> tuple[str, list[str]]:
    first, kinds = tokens[0], words.kinds
    if kinds[first] & DIRECTION and len(tokens) > 3 and tokens[1].isdigit() and _is_misplaced(tokens[2:], words):
        return tokens[1], [first, *tokens[2:]]  # W 309 RIVERSIDE AVE
    if first == "#" and len(tokens) > 3 and kinds[tokens[1]] & HOUSE and not kinds[tokens[2]] & HOUSE:
        return _part(tokens[1:], words)
    if not kinds[first] & HOUSE:
        used = counted(tokens, words)
        return _part([str(read_cardinal(tokens, 0, words)[0]), *tokens[used:]], words) if used else ("", tokens)
    if len(tokens) < 2:
        return "", tokens
    if len(tokens) == 2 and _is_street_number(first, tokens[1], words):
        return "", tokens
    if kinds[first] & ROAD and first[0].isalpha() and _is_road(tokens, words):
        return "", tokens
    if len(tokens) > 2 and is_fraction(tokens[1]):
        return f"{first} {tokens[1]}", tokens[2:]
    if len(tokens) > 2 and _GRID.fullmatch(first) and _GRID.fullmatch(tokens[1]):
        return _part([first + tokens[1], *tokens[2:]], words)
    if len(tokens) > 3 and _is_second_part(tokens[1:], words):
        return f"{first} {tokens[1]}", tokens[2:]
    return first, tokens[1:]


def _is_misplaced(tokens: list[str], words: Words) -> bool:
    """Return whether tokens behind `W 309` are a street with its suffix and without directionals of its own."""
    is_plain = not words.kinds.of(tokens) & (DIRECTION | HOUSE | UNIT)
    is_name = not words.kinds[tokens[0]] & SUFFIX and (tokens[0],) not in words.name_words["counted"]
    return is_plain and is_name and bool(words.kinds[tokens[-1]] & COMMON)


def _is_second_part(tokens: list[str], words: Words) -> bool:
    """Return whether a letter or number belongs to the house number before it: `4922 B S CORNELL AVE`."""
    first, second = tokens[0], tokens[1]
    if second in {"AND", "&"}:
        return False
    if words.kinds[second] & DIRECTION:
        if first.isdigit():
            return not _is_street_end(tokens[2:], words)  # 20713 2700 N AVE
        return len(first) == 1 and first.isalpha() and not words.kinds[first] & DIRECTION
    # Other letters are initials of a name more often: 300 J R LYNCH ST.
    is_letter = first in _NUMBER_LETTERS and len(second) > 1 and not words.kinds[second] & HOUSE
    return is_letter and not _is_street_end(tokens[1:], words)


def _is_street_end(tokens: list[str], words: Words) -> bool:
    """Return whether tokens are a suffix, after directionals, and nothing else that could be a name."""
    kinds = [words.kinds[token] for token in tokens]
    while kinds and kinds[0] & DIRECTION:
        kinds = kinds[1:]
    return bool(kinds) and bool(kinds[0] & COMMON) and (len(kinds) == 1 or bool(kinds[1] & (DIRECTION | UNIT)))


def counted(tokens: list[str], words: Words) -> int:
    """Return how many tokens at the head are a house number in words: `TWENTY ONE MAIN ST`, not `FIVE FORKS RD`."""
    if not words.kinds[tokens[0]] & WORD or len(tokens) < 2:
        return 0
    _, used = read_cardinal(tokens, 0, words)
    rest = tokens[used:]
    if used and tuple(rest) in words.name_words["alone"]:
        return used
    if not used or len(rest) < 2 or (rest[0],) in words.name_words["counted"]:
        return 0
    first = words.kinds[rest[0]]
    if (first & DIRECTION and rest[1].isalpha()) or (first & ROAD and (first & NUMBER or rest[1].isdigit())):
        return used  # TWO N MAIN, TWO HWY 9
    last = rest[-2] if words.kinds[rest[-1]] & DIRECTION else rest[-1]
    is_street = words.kinds.of(rest[1:]) & COMMON or (words.kinds[last] & SUFFIX and last != rest[0])
    return used if is_street else 0


def number_behind_name(tokens: list[str], words: Words, labels: Sequence[str]) -> int:
    """Return where the house number stands behind the name of a recipient, building or landmark; 0 where none does.

    Args:
        tokens: Tokens of a segment that does not start with a house number.
        words: The tables.
        labels: The model's labels of the tokens.
    """
    kinds = words.kinds
    last = tokens[-2] if kinds[tokens[-1]] & DIRECTION and len(tokens) > 1 else tokens[-1]
    for at in range(1, len(tokens) - 2):
        if not (kinds[tokens[at]] & HOUSE and tokens[at][0].isdigit()) and not counted(tokens[at:], words):
            continue
        if (tokens[at + 1],) in words.name_words["counted"] or all(kinds[token] & DIRECTION for token in tokens[:at]):
            continue  # OLD 5 MILE RD
        before = tokens[at - 1]
        if before in _BEFORE_NAMES or kinds[before] & (COMMON | ROAD | UNIT):
            return 0
        is_name = all(label in _NAMES for label in labels[:at]) and labels[at] == "AddressNumber"
        return at if is_name or kinds[last] & COMMON else 0
    return 0


def _is_street_number(first: str, second: str, words: Words) -> bool:
    suffix = words.suffixes.get(second)
    if second in _HIGHWAYS or ("." in first and suffix in words.common_suffixes):
        return True
    return suffix in {"ST", "AVE"} and first.isdigit()


def _is_road(tokens: list[str], words: Words) -> bool:
    """Return whether `US41` heads a road; `A19 CALLE B` and `CR5 MAIN ST` start with a house number."""
    rest = tokens[1:]
    last = rest[-2] if len(rest) > 1 and words.kinds[rest[-1]] & DIRECTION else rest[-1]
    is_named = len(rest) > 1 and words.kinds[last] & COMMON and not words.kinds[rest[0]] & (NUMBER | COMMON)
    return not is_named and rest[0] not in words.spanish["street"]
