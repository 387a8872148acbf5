"""A movement in words, rounded so that the parts still sum to the difference that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from dq.quality.movement.parts import PARTS, Movement, Part

WORDS: Final[Mapping[Part, str]] = {
    "rules": "Rules that were added, removed, rewritten or weighed anew",
    "gone": "Records that are gone",
    "new": "New records",
    "fixed": "Records put right where they were typed",
    "broken": "Records spoilt where they were typed",
    "filled": "Values filled in or taken out, so that more or fewer are judged",
    "decisions": "Decisions of people",
    "reference": "Reference data and standards that changed",
    "others": "Records nobody touched: a day older, or others like them came or went",
}


@dataclass(frozen=True)
class Sentence:
    """One part of a movement: what it is, how far it moved the score, and how many units it is about."""

    part: Part
    words: str
    value: Fraction
    units: int


def sentences(movement: Movement, digits: int = 2) -> list[Sentence]:
    """Return the parts that moved anything, the largest first, rounded to decimals that still sum."""
    values = rounded(movement.parts, movement.difference, digits)
    found = [
        Sentence(part, WORDS[part], values[part], movement.units.get(part, 0))
        for part in PARTS
        if values.get(part) or movement.parts.get(part)
    ]
    return sorted(found, key=lambda one: (-abs(one.value), PARTS.index(one.part)))


def rounded(parts: Mapping[Part, Fraction], total: Fraction, digits: int) -> dict[Part, Fraction]:
    """Round parts so that they sum to the rounded total: each down, then the largest remainders up.

    >>> third = Fraction(1, 3)
    >>> [float(value) for value in rounded({"gone": third, "new": third, "fixed": third}, Fraction(1), 2).values()]
    [0.34, 0.33, 0.33]
    """
    unit = Fraction(1, 10**digits)
    whole = {part: floor(value / unit) for part, value in parts.items()}
    # Rounding down loses at least nothing and less than one unit a part, so that 0 <= missing <= len(parts).
    missing = round(total / unit) - sum(whole.values())
    by_remainder = sorted(parts, key=lambda part: (whole[part] - parts[part] / unit, PARTS.index(part)))
    for part in by_remainder[:missing]:
        whole[part] += 1
    return {part: count * unit for part, count in whole.items()}
