"""Secondary designators (Publication 28 section 213): finds apartment, suite and floor at the ends of a line."""

import re
from typing import Final

from dq.address.words import Words

Unit = tuple[str, str]
"""Designator (abbreviation, or `#` where it is unknown) and its number, empty where the designator needs none."""

_ID = re.compile(r"[A-Z]{0,3}-?\d[\w./-]*|[A-Z](-[A-Z0-9]+)*|[A-Z]{2}")
_GLUED_UNIT = re.compile(r"(APT|STE|SUITE|UNIT|RM|ROOM|BLDG|LOT|SPC|TRLR|SLIP|DEPT|FL|PH)-?(\d[\w-]*)")
_GLUED_FLOOR = re.compile(r"(\d+(?:ST|ND|RD|TH)?)(FL|FLR|FLOOR)")
_ORDINAL = re.compile(r"(\d+)(?:ST|ND|RD|TH)?")
_FLOOR_WORDS: Final = ("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH")
_ORDINAL_WORDS: Final = {word: str(position) for position, word in enumerate(_FLOOR_WORDS, 1)}
_AND: Final = {"AND": "&"}
_JOINERS: Final = frozenset({"&", "AND"})
_NUMBERED_BARE: Final = frozenset({"OFC", "PH"})
_PLAIN_UNITS: Final = frozenset({"APT", "STE", "UNIT", "RM", "BLDG", "TRLR", "DEPT"})
_FILLERS: Final = frozenset({"#", "NO", "NUM", "NUMBER"})


def split_glued(tokens: list[str]) -> list[str]:
    """Part designators from their numbers: `APT4B`, `2NDFL`.

    >>> split_glued(["STE100"])
    ['STE', '100']
    """
    parted: list[str] = []
    for token in tokens:
        glued = _GLUED_UNIT.fullmatch(token) or _GLUED_FLOOR.fullmatch(token)
        parted.extend(glued.groups() if glued else (token,))
    return parted


def looks_like_number(token: str) -> bool:
    """Return whether a token can number a unit: digits, a letter or two, or a mixture."""
    return _ID.fullmatch(token) is not None


def take_trailing_units(tokens: list[str], words: Words, *, is_whole: bool) -> tuple[list[str], list[Unit]]:
    """Cut units off the right end.

    Args:
        tokens: Upper-case tokens of one segment.
        words: The tables.
        is_whole: Whether the segment may consist of nothing but units.

    Returns:
        What remains and the units from left to right.
    """
    units: list[Unit] = []
    least = 0 if is_whole else 1
    while len(tokens) > least:
        found = _last_unit(tokens, words, least, has_units=bool(units))
        if found is None:
            break
        unit, length = found
        units.insert(0, unit)
        tokens = tokens[:-length]
    return tokens, units


def take_leading_units(tokens: list[str], words: Words, *, has_street: bool) -> tuple[list[str], list[Unit]]:
    """Cut units off the left end where a house number follows: `APT 4 123 MAIN ST`.

    Where the street stands already (`has_street`) any text may follow: `STE 80 BUTROVICH BUILDING`.
    """
    units: list[Unit] = []
    while len(tokens) > 2:
        unit_type = words.units.get(tokens[0]) or ("#" if tokens[0] == "#" else None)
        if unit_type is None:
            break
        at = 2 if tokens[1] in _FILLERS and unit_type != "#" else 1
        if at + 1 >= len(tokens) or not looks_like_number(tokens[at]):
            break
        is_plain = has_street and unit_type in _PLAIN_UNITS and any(map(str.isdigit, tokens[at]))
        if not (is_plain or tokens[at + 1][0].isdigit() or tokens[at + 1] in words.units):
            break
        units.append((unit_type, tokens[at]))
        tokens = tokens[at + 1 :]
    return tokens, units


def _last_unit(tokens: list[str], words: Words, least: int, *, has_units: bool) -> tuple[Unit, int] | None:
    """Return the last unit and how many tokens it takes, leaving at least `least`."""
    last = tokens[-1]
    unit_type = words.units.get(last)
    before = tokens[-2] if len(tokens) > 1 else ""
    is_list = len(tokens) > 2 and tokens[-3] in _JOINERS
    if unit_type == "FL" and len(tokens) - 2 >= least and not is_list and (floor := _floor(before)):
        return ("FL", floor), 2
    is_alone = least == 0 and len(tokens) == 1
    if unit_type in words.bare_units and (is_alone or has_units or _ends_street(before, words)):
        return (str(unit_type), ""), 1
    numbers = _numbers_at_end(tokens)
    if numbers is None:
        return None
    text, used = numbers
    rest = tokens[:-used]
    fillers = 0
    while rest and rest[-1] in _FILLERS:
        rest, fillers = rest[:-1], fillers + 1
    unit_type = words.units.get(rest[-1]) if rest else None
    is_word = text in words.suffixes or (len(text) > 1 and text in words.directionals)
    if unit_type and len(rest) - 1 >= least and not is_word and _fits(unit_type, text, rest[:-1], words):
        return (unit_type, _floor(text) if unit_type == "FL" else text), used + fillers + 1
    if fillers and tokens[-used - 1] == "#" and len(rest) >= least:
        return ("#", text), used + fillers
    return None


def _numbers_at_end(tokens: list[str]) -> tuple[str, int] | None:
    """Return the unit number at the end, `100 & 200` as one, and its count of tokens."""
    if not looks_like_number(tokens[-1]):
        return None
    used = 1
    while len(tokens) > used + 1 and tokens[-used - 1] in _JOINERS and looks_like_number(tokens[-used - 2]):
        used += 2
    return " ".join(_AND.get(token, token) for token in tokens[-used:]), used


def _fits(unit_type: str, text: str, before: list[str], words: Words) -> bool:
    """Return whether a designator can carry this number: FRONT, UPPER and SIDE are street names more often."""
    if unit_type == "FL":
        return bool(_floor(text))
    if unit_type in words.bare_units and unit_type not in _NUMBERED_BARE:
        return any(map(str.isdigit, text))
    # 1 PIER 7 has its pier as street, 1 SUITE 7 has no street at all.
    return unit_type in _PLAIN_UNITS or len(before) != 1 or not before[0][0].isdigit()


def _floor(token: str) -> str:
    found = _ORDINAL.fullmatch(token)
    return found.group(1) if found else _ORDINAL_WORDS.get(token, "")


def _ends_street(token: str, words: Words) -> bool:
    return token in words.suffixes or token in words.directionals
