"""Names of places made comparable, and how far two places lie apart. Knows no place."""

import math
import re
from collections.abc import Mapping
from typing import Final

from dq.address.tokens import fold

EARTH_KM: Final = 6371.0

_WORD = re.compile(r"[A-Z0-9]+")
KINDS: Final = frozenset({"CITY", "TOWN", "TOWNSHIP", "VILLAGE", "BOROUGH", "CDP"})
_SIDES: Final = frozenset({"NORTH", "SOUTH", "EAST", "WEST", "NORTHEAST", "NORTHWEST", "SOUTHEAST", "SOUTHWEST"})


def place_key(name: str, words: Mapping[str, str]) -> str:
    """Return a place's comparable key: upper case, abbreviations spelled, without blanks and signs.

    >>> place_key("St. Mary's", {"ST": "SAINT"})
    'SAINTMARYS'
    """
    return "".join(key_words(name, words))


def key_variants(name: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the key, then the key without `City`, `Town of` and the like.

    >>> key_variants("Town of Amherst", {})
    ('TOWNOFAMHERST', 'AMHERST')
    """
    parts = key_words(name, words)
    keys = ["".join(parts)]
    if len(parts) > 1 and parts[-1] in KINDS:
        keys.append("".join(parts[:-1]))
    if len(parts) > 2 and parts[0] in KINDS and parts[1] == "OF":
        keys.append("".join(parts[2:]))
    return tuple(dict.fromkeys(filter(None, keys)))


def without_side(name: str, words: Mapping[str, str]) -> str:
    """Return the key of the place that a name says a side of, `""` where it says none.

    >>> without_side("N. Chesterfield", {"N": "NORTH"})
    'CHESTERFIELD'
    """
    parts = key_words(name, words)
    return "".join(parts[1:]) if len(parts) > 1 and parts[0] in _SIDES else ""


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance in km (haversine)."""
    north = math.radians(other_latitude - latitude)
    east = math.radians(other_longitude - longitude)
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(latitude)) * math.cos(math.radians(other_latitude)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def key_words(name: str, words: Mapping[str, str]) -> list[str]:
    """Return the words of a name in upper case without signs, abbreviations spelled.

    >>> key_words("Ft. Wayne", {"FT": "FORT"})
    ['FORT', 'WAYNE']
    """
    parts = [words.get(word, word) for word in _WORD.findall(fold(name).replace("'", ""))]
    # Westborough and Westboro are one town; a borough of its own word stays.
    return [word[:-3] if word.endswith("BOROUGH") and len(word) > len("BOROUGH") else word for word in parts]
