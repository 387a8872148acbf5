"""Secondary designators (Publication 28 section 213): finds apartment, suite and floor at the ends of a line."""

import re
from typing import Final

from dq.address.kinds import COMMON, DIRECTION, HOUSE, NUMBER, ROAD, SUFFIX, UNIT, WORD
from dq.address.numbers import is_ordinal, read_ordinal
from dq.address.words import Words

Unit = tuple[str, str]
"""Designator (abbreviation, or `#` where it is unknown) and its number, empty where the designator needs none."""

_ID = re.compile(r"[A-Z]{0,3}-?\d[\w./-]*|[A-Z](-[A-Z0-9]+)*|[A-Z]{2}|[A-Z]/[A-Z]")
_FLOOR = re.compile(r"(\d{1,3})(?:ST|ND|RD|TH)?")
_AND: Final = {"AND": "&"}
_JOINERS: Final = frozenset({"&", "AND"})
NUMBERED_BARE: Final = frozenset({"OFC", "PH"})
_PLAIN_UNITS: Final = frozenset({"APT", "STE", "UNIT", "RM", "BLDG", "TRLR", "DEPT"})
_NEVER_NAMES: Final = frozenset({"BSMT", "LBBY", "PH", "REAR"})
"""Bare designators that end no street name; FRONT, UPPER, LOWER, SIDE and OFFICE need a complete street before them."""
_FILLERS: Final = frozenset({"#", "NO", "NUM", "NUMBER"})
_LARGE: Final = {"BLDG": 0, "EDIF": 0, "TOWER": 0, "WING": 1, "HNGR": 0, "PIER": 0, "FL": 1, "LEVEL": 1}
"""What holds other units stands first, whatever the order typed: section 231 reads from the smallest on the right."""
_LEFT_EMPTY: Final = frozenset({"APT", "STE", "UNIT", "RM"})
"""Designators that people type without a number; FEDERAL BUILDING and OFFICE TOWER are names."""
_LITTLE_WORDS: Final = frozenset({"OF", "AT", "IN", "ON", "TO", "BY", "OR", "AN", "AS", "IS", "MY", "NO"})
"""Words of two letters that number nothing."""
_STOREYS: Final = frozenset({"FL", "LEVEL"})
_STOREY_NAMES: Final = {name: name for name in ("GROUND", "LOWER", "UPPER", "MAIN", "TOP", "GARDEN", "MEZZANINE")} | {
    "GRND": "GROUND",
    "GRD": "GROUND",
    "LWR": "LOWER",
    "UPR": "UPPER",
}
"""Storeys without a number: `GROUND FLOOR`."""
_NO_UNIT_AFTER: Final = frozenset({"HWY", "LOOP", "EXPY", "FWY"})
"""After these suffixes a lone number is more often the road's than a unit's."""


def looks_like_number(token: str) -> bool:
    """Return whether a token can number a unit: digits, a letter or two, or a mixture."""
    return _ID.fullmatch(token) is not None


def take_units(
    tokens: list[str], start: int, words: Words, *, has_street: bool = False
) -> tuple[list[str], list[Unit], list[str]]:
    """Cut the units off the right end of a segment.

    Args:
        tokens: Upper-case tokens of one segment.
        start: The first token that can be a unit; 0 where the segment may consist of nothing but units.
        words: The tables.
        has_street: Whether the street stands already, so that any text may follow the units.

    Returns:
        What stands before the units, the units from left to right, and text behind them.
    """
    for at in range(start, len(tokens)):
        if not _may_start(tokens, start, at, words):
            continue
        units, end = _read_units(tokens, at, words)
        if not units:
            continue
        if end == len(tokens):
            return tokens[:at], units, []
        is_street_complete = at > 1 and words.kinds[tokens[at - 1]] & (SUFFIX | DIRECTION | NUMBER)
        if units[-1][1] and (is_street_complete or (at == 0 and has_street)):
            behind, more, last = take_units(tokens[end:], 1, words)
            return tokens[:at], [*units, *more], [*behind, *last]
    head, units = _take_lone_number(tokens, start, words)
    return head, units, []


def take_leading_units(tokens: list[str], words: Words, *, has_street: bool) -> tuple[list[str], list[Unit]]:
    """Cut units off the left end where a house number follows: `APT 4 123 MAIN ST`.

    Where the street stands already (`has_street`) any text may follow: `STE 80 BUTROVICH BUILDING`.
    """
    units: list[Unit] = []
    while len(tokens) > 2 and (found := _read_unit(tokens, 0, words, is_last=False)):
        unit, used = found
        if unit[0] in words.bare_units and used == 2 and not words.kinds[tokens[2]] & (HOUSE | UNIT):
            unit, used = (unit[0], ""), 1  # REAR 425 OAK ST
        if used >= len(tokens):
            break
        is_plain = has_street and unit[0] in _PLAIN_UNITS and any(map(str.isdigit, unit[1]))
        follower = words.kinds[tokens[used]]
        is_number = used + 1 < len(tokens) and follower & (HOUSE | WORD)
        if not is_plain and not follower & UNIT and not is_number:
            break
        units.append(unit)
        tokens = tokens[used:]
    return tokens, units


def order_units(units: list[Unit]) -> tuple[Unit, ...]:
    """Return units with what holds others first; a unit given twice stands once."""
    return tuple(sorted(dict.fromkeys(units), key=lambda unit: _LARGE.get(unit[0], 2) if unit[1] else 2))


def _may_start(tokens: list[str], start: int, at: int, words: Words) -> bool:
    """Return whether a token can begin the units; the floor of `2ND FLOOR` begins with its number."""
    if words.kinds[tokens[at]] & UNIT:
        return not (at > start and words.units.get(tokens[at]) == "FL" and is_ordinal(tokens[at - 1]))
    if at + 1 == len(tokens) or words.units.get(tokens[at + 1]) not in _STOREYS:
        return False
    return tokens[at] in _STOREY_NAMES or bool(_floor(tokens[at], words))


def _read_units(tokens: list[str], start: int, words: Words) -> tuple[list[Unit], int]:
    """Read units from `start` on; returns them and where they end."""
    units: list[Unit] = []
    at = start
    while at < len(tokens):
        if units and tokens[at] in _JOINERS and at + 1 < len(tokens) and words.kinds[tokens[at + 1]] & UNIT:
            at += 1  # `# 104 & # 105`
        found = _read_unit(tokens, at, words, is_last=True)
        if found is None:
            break
        if at == start and not _can_start(found[0], tokens, start, words):
            break
        units.append(found[0])
        at += found[1]
    return units, at


def _read_unit(tokens: list[str], at: int, words: Words, *, is_last: bool) -> tuple[Unit, int] | None:
    """Return the unit that starts at a token, and how many tokens it takes; `is_last`: no house number can follow."""
    first = tokens[at]
    if at + 1 < len(tokens) and (behind := words.units.get(tokens[at + 1])) in _STOREYS:
        if behind == "FL" and (floor := _floor(first, words)) and not _is_road_number(tokens, at, words):
            return ("FL", floor), 2
        if first in _STOREY_NAMES and not _is_numbered(tokens, at + 2, words):
            return (f"{_STOREY_NAMES[first]} {behind}", ""), 2
    unit_type = words.units.get(first)
    number_at = at + 1 if unit_type else at
    while number_at < len(tokens) and tokens[number_at] in _FILLERS:
        number_at += 1
    if unit_type is None:
        if number_at == at:
            return None
        if number_at < len(tokens) and words.units.get(tokens[number_at], "PH") not in words.bare_units:
            found = _read_unit(tokens, number_at, words, is_last=is_last)  # `# APT 4`
            return (found[0], found[1] + number_at - at) if found else None
        unit_type = "#"
    if number_at < len(tokens) and (number := _read_number(unit_type, tokens, number_at, words, is_last=is_last)):
        return (unit_type, number[0]), number[1] - at
    if number_at > at + 1:
        return None
    is_empty = number_at == len(tokens) or (number_at + 1 < len(tokens) and _is_storey(tokens, number_at, words))
    is_bare = unit_type in words.bare_units or (is_last and is_empty and unit_type in _LEFT_EMPTY)
    return ((unit_type, ""), 1) if is_bare else None


def _is_storey(tokens: list[str], at: int, words: Words) -> bool:
    return words.units.get(tokens[at + 1]) == "FL" and bool(_floor(tokens[at], words))


def _is_numbered(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a number follows, so that `UPPER FLOOR 2` is two units."""
    return at < len(tokens) and bool(words.kinds[tokens[at]] & NUMBER)


def _is_road_number(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a number before FL is not the floor's, because one follows: `ROAD 51 FL 2`."""
    if not tokens[at].isdigit() or at + 2 >= len(tokens) or not _floor(tokens[at + 2], words):
        return False
    return at + 3 == len(tokens) or bool(words.kinds[tokens[at + 3]] & UNIT)


def _read_number(unit_type: str, tokens: list[str], at: int, words: Words, *, is_last: bool) -> tuple[str, int] | None:
    """Return the number of a unit and where it ends: `100 & 200` is one, and so is `520 WEST`."""
    first = tokens[at]
    if unit_type == "FL":
        floor = _floor(first, words)
        return (floor, at + 1) if floor else None
    if not _fits(unit_type, first, words, is_end=at + 1 == len(tokens)):
        return None
    if is_ordinal(first) and at + 1 < len(tokens) and words.units.get(tokens[at + 1]) == "FL":
        return None
    end, kinds = at + 1, words.kinds
    while end + 1 < len(tokens) and tokens[end] in _JOINERS and looks_like_number(tokens[end + 1]):
        end += 2
    can_go_on = is_last and (kinds[first] & NUMBER or len(first) == 1)
    while can_go_on and end < len(tokens) and _continues(tokens, end, words):
        end += 1
    return " ".join(_AND.get(token, token) for token in tokens[at:end]), end


def _fits(unit_type: str, token: str, words: Words, *, is_end: bool) -> bool:
    """Return whether a token can number this designator: one with a digit any, a word only suites and the like."""
    if words.kinds[token] & NUMBER:
        return looks_like_number(token)
    if unit_type in words.bare_units and unit_type not in NUMBERED_BARE:
        return False
    if len(token) == 1 or "-" in token:
        return looks_like_number(token)
    if token in words.suffixes or token in words.directionals or token in words.units or token in _LITTLE_WORDS:
        return False
    return looks_like_number(token) or (unit_type in _PLAIN_UNITS and is_end)


def _continues(tokens: list[str], at: int, words: Words) -> bool:
    """Return whether a token belongs to the number before it: `APT 4 B`, `STE 520 WEST`, but not `APT 4 2 FL`."""
    if at + 1 < len(tokens) and words.units.get(tokens[at + 1]) == "FL":
        return False
    rest = tokens[at + 1 :]
    if rest and not words.kinds[rest[0]] & UNIT and not (len(rest) == 1 and rest[0] in words.directionals):
        return False  # a second address may start here
    token = tokens[at]
    if token in words.directionals:
        return bool(words.kinds[tokens[at - 1]] & NUMBER)
    return not words.kinds[token] & UNIT and looks_like_number(token) and token not in words.suffixes


def _can_start(unit: Unit, tokens: list[str], at: int, words: Words) -> bool:
    """Return whether the first unit of a line can stand here: FRONT, UPPER and PIER are street names more often."""
    unit_type, number = unit
    before = tokens[at - 1] if at else ""
    kinds = words.kinds
    if at == 0:
        return True
    if " " in unit_type or not (number or unit_type in words.bare_units):
        return bool(kinds[before] & (SUFFIX | DIRECTION | NUMBER)) and at > 1
    if unit_type in words.bare_units and not number:
        return unit_type in _NEVER_NAMES or (at > 1 and bool(kinds[before] & (COMMON | DIRECTION | NUMBER)))
    if unit_type in words.other_units or (not kinds[number.split()[0]] & NUMBER and len(number) > 2):
        return bool(kinds[before] & (SUFFIX | DIRECTION | NUMBER)) and at > 1
    # 1 PIER 7 has its pier as street, 1 SUITE 7 has no street at all.
    return unit_type in _PLAIN_UNITS or unit_type in {"#", "FL"} or at > 1 or not kinds[before] & HOUSE


def _take_lone_number(tokens: list[str], start: int, words: Words) -> tuple[list[str], list[Unit]]:
    """Take a unit number without designator after a complete street: `450 MAIN ST 4B`, `PARK AVE W 4 N`."""
    kinds, end = words.kinds, len(tokens) - 1
    if end > 3 and kinds[tokens[end]] & DIRECTION and tokens[end - 1].isdigit():
        end -= 1
    at = end - 1
    while at > 2 and kinds[tokens[at]] & DIRECTION:
        at -= 1
    if at < 2 or end < start:
        return tokens, []
    last = tokens[end]
    is_number = kinds[last] & NUMBER and not is_ordinal(last) and looks_like_number(last)
    is_letter = len(last) == 1 and last.isalpha() and not kinds[last] & DIRECTION
    if not (is_number or is_letter):
        return tokens, []
    suffix, named = words.suffixes.get(tokens[at]), kinds[tokens[at - 1]]
    is_road = start > at or (0 < start <= end and at + 1 == start)
    is_street = at > start and suffix in words.common_suffixes and suffix not in _NO_UNIT_AFTER
    is_street = is_street and not named & DIRECTION
    if not (is_street and not (suffix == "RD" and named & ROAD)) and not (is_road and end - start > 0):
        return tokens, []
    return tokens[:end], [("#", " ".join(tokens[end:]))]


def _floor(token: str, words: Words) -> str:
    found = _FLOOR.fullmatch(token)
    if found:
        return found[1]
    value = read_ordinal([token], words) or words.cardinals.get(token)
    return str(value) if value else ""
