"""Tokens typed together are parted, tokens typed apart joined, numbers in words behind a designator become digits."""

import re
from typing import Final

from dq.address.kinds import COMMON, GLUED, ROAD, SPECIAL, UNIT, WORD
from dq.address.numbers import ordinal_value, read_cardinal
from dq.address.units import NUMBERED_BARE
from dq.address.words import Words

_UNIT = re.compile(
    r"(APT|STE|SUITE|UNIT|RM|ROOM|BLDG|LOT|SPC|TRLR|SLIP|DEPT|FL|FLOOR|PH)-?(\d[\w-]*)"
    r"|(APT|STE|SUITE|UNIT|RM|ROOM|BLDG|LOT)-([A-Z])"
)
_FLOOR = re.compile(r"(\d+(?:ST|ND|RD|TH)?)(FL|FLR|FLOOR)")
_BOX = re.compile(r"(PO|P\.O\.)?(?:BOX|BX)(\d[\w-]*)|POB(\d+)")
_ROUTE = re.compile(r"(RR|RFD|HCR?|PSC|CMR|UMR|OMC|PMB)-?(\d+[A-Z]?)(?:(BOX|BX)(\d[\w-]*))?")
_MIXED_FRACTION = re.compile(r"(\d+)-(\d+/\d+)")
_GRID = re.compile(r"([NSEW]\d+)-([NSEW]\d+)")
_NUMBERED_WORD = re.compile(r"(\d+)-([A-Z]{3,})")
_ROAD = re.compile(r"(HIGHWAY|ROUTE|ROAD|INTERSTATE|HWY|RTE)-(\d+[A-Z]?)")
_PARTS: Final = (_UNIT, _FLOOR, _ROUTE, _MIXED_FRACTION, _NUMBERED_WORD, _ROAD)

_APART: Final = {("U", "S"): "US", ("S", "R"): "SR", ("C", "R"): "CR", ("F", "M"): "FM", ("I", "H"): "IH"}
_ROAD_TYPES: Final = frozenset({"HWY", "HIGHWAY", "ROUTE", "RTE", "RT"})
_BEFORE_WORDS: Final = frozenset(
    {"ROUTE", "RTE", "RT", "HIGHWAY", "HWY", "ROAD", "RD", "INTERSTATE", "FM", "CR", "SR", "RR", "HC", "PSC", "CMR"}
) | {"BOX", "BX", "#"}
"""Words after which a cardinal is a number, beside secondary designators."""


def mend_tokens(tokens: list[str], seen: int, words: Words) -> list[str]:
    """Return tokens as they were meant.

    Args:
        tokens: Upper-case tokens of one segment.
        seen: Bits any of them has.
        words: The tables.
    """
    if seen & GLUED:
        tokens = _north(_join(_split(tokens, words)), words)
    if seen & WORD and seen & (UNIT | SPECIAL | ROAD):
        tokens = _count(tokens, words)
    return tokens


def _split(tokens: list[str], words: Words) -> list[str]:
    """Part `APT4B`, `8FL`, `POBOX12`, `RR2BOX5`, `101-1/2`, `HWY-60`; the numbers of a grid are joined instead."""
    parts: list[str] = []
    for token in tokens:
        if not words.kinds[token] & GLUED:
            parts.append(token)
        elif box := _BOX.fullmatch(token):
            parts += (["PO", "BOX"] if box[1] or box[3] else ["BOX"]) + [box[2] or box[3]]
        elif grid := _GRID.fullmatch(token):
            parts.append(grid[1] + grid[2])
        else:
            found = next((match for pattern in _PARTS if (match := pattern.fullmatch(token))), None)
            parts += filter(None, found.groups()) if found else (token,)
    return parts


def _join(tokens: list[str]) -> list[str]:
    """Join `U S 70`, `S R 7`, `F M 1960`, and `42 ND` to one token where what follows leaves no doubt."""
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        pair = _APART.get((tokens[at], tokens[at + 1])) if at + 2 < len(tokens) else None
        follower = tokens[at + 2] if pair else ""
        if pair and (follower[0].isdigit() or (pair == "US" and follower in _ROAD_TYPES)):
            joined.append(pair)
            at += 2
            continue
        if tokens[at] in {"TH", "ND"} and joined and ordinal_value(joined[-1] + tokens[at]):
            joined[-1] += tokens[at]
        else:
            joined.append(tokens[at])
        at += 1
    return joined


def _north(tokens: list[str], words: Words) -> list[str]:
    """Write `NO` as N where it is north behind a street: `21ST AVE NO STE 130`, not in `MAIN ST NO 4`."""
    return ["N" if word == "NO" and _is_north(tokens, at, words) else word for at, word in enumerate(tokens)]


def _is_north(tokens: list[str], at: int, words: Words) -> bool:
    is_behind = at > 1 and words.kinds[tokens[at - 1]] & COMMON
    return bool(is_behind) and (at + 1 == len(tokens) or tokens[at + 1] in words.units)


def _count(tokens: list[str], words: Words) -> list[str]:
    """Write the cardinal after a designator, box or route in digits: `SUITE TWO`."""
    counted: list[str] = []
    at = 0
    while at < len(tokens):
        before = counted[-1] if counted else ""
        unit_type = words.units.get(before)
        is_unit = unit_type is not None and (unit_type not in words.bare_units or unit_type in NUMBERED_BARE)
        is_numbered = is_unit or before in _BEFORE_WORDS
        value, used = read_cardinal(tokens, at, words) if is_numbered and words.kinds[tokens[at]] & WORD else (0, 0)
        follower = tokens[at + used] if at + used < len(tokens) else ""
        if used and not words.kinds[follower] & COMMON:
            counted.append(str(value))
            at += used
        else:
            counted.append(tokens[at])
            at += 1
    return counted
