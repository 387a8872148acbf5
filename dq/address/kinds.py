"""What a token may be, as bits, found once per distinct token. Decides nothing about where a token stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dq.address.special import HEADS

NUMBER: Final = 1
"""Holds a digit."""
HOUSE: Final = 2
"""Can be a house number: holds a digit and is no ordinal."""
SUFFIX: Final = 4
COMMON: Final = 8
"""A suffix that almost never ends a street name."""
DIRECTION: Final = 16
UNIT: Final = 32
"""A secondary designator, or a sign that stands for one."""
SPECIAL: Final = 64
"""May begin a delivery that is no street, or text for the line above."""
GLUED: Final = 128
"""Has to be parted, or may have to be joined with its neighbours."""
ROAD: Final = 256
"""May begin a numbered road: a type of road or a state."""
WORD: Final = 512
"""A number word, cardinal or ordinal."""
NAME: Final = 1024
"""May be written differently inside a street name."""
CROSSING: Final = 2048
"""May stand between two streets that cross."""

MOST_TOKENS: Final = 200_000
"""The memory of tokens starts afresh beyond this many (about 20 MB): house numbers of a large file never end."""

_JOINED: Final = frozenset({"U", "R", "M", "H", "TH", "ND", "NO"})
"""Letters that may belong to `U S`, `S R`, `F M`, `I H`, endings typed apart from their number, and NO for north."""
_SIGNS: Final = frozenset({"#", "NO", "NUM", "NUMBER"})
_CROSSINGS: Final = frozenset({"&", "AND", "@", "AT"})
_GLUED_ROAD: Final = re.compile(r"(?:IH|I|SR|US|FM|CR|RTE|RT|HWY|SH|CO|TR|[A-Z]{2})-?\d+[A-Z]?")
_FUSED: Final = re.compile(
    r"(?:APT|STE|SUITE|UNIT|RM|ROOM|BLDG|LOT|SPC|TRLR|SLIP|DEPT|FL|FLOOR|PH|#)-?\d[\w-]*"
    r"|(?:APT|STE|SUITE|UNIT|RM|ROOM|BLDG|LOT)-[A-Z]"
    r"|\d+(?:ST|ND|RD|TH)?(?:FL|FLR|FLOOR)"
    r"|(?:PO|P\.?O\.?)?(?:BOX|BX)\d.*|POB\d+|(?:RR|RFD|HCR?|PSC|CMR|UMR|OMC|PMB)-?\d.*"
    r"|\d+-\d+/\d+|[NSEW]\d+-[NSEW]\d+|\d+-[A-Z]{3,}"
    r"|(?:HIGHWAY|ROUTE|ROAD|INTERSTATE|HWY|RTE)-\d+[A-Z]?"
)
_ORDINAL: Final = re.compile(r"\d+(?:ST|ND|RD|TH)")


@dataclass(frozen=True)
class WordLists:
    """The spellings that give a token its kinds."""

    suffixes: Mapping[str, str]
    common_suffixes: frozenset[str]
    directionals: Mapping[str, str]
    units: Mapping[str, str]
    states: Mapping[str, str]
    number_words: frozenset[str]
    road_words: frozenset[str]
    places: frozenset[str]
    name_words: frozenset[str]


class Kinds(dict[str, int]):
    """Token → bits; an unknown token is looked at once."""

    def __init__(self, lists: WordLists) -> None:
        """Start empty.

        Args:
            lists: The spellings.
        """
        super().__init__()
        self._lists = lists
        # NORTH of North Dakota is a directional nearly always: Dakota marks the state.
        names = (name.split() for name in lists.states)
        self._state_words = frozenset(
            name[1] if len(name) > 1 and name[0] in lists.directionals else name[0] for name in names
        )

    def __missing__(self, token: str) -> int:
        """Return and remember what a token may be."""
        if len(self) >= MOST_TOKENS:
            self.clear()
        bits = self._words(token) | self._shape(token)
        self[token] = bits
        return bits

    def of(self, tokens: list[str]) -> int:
        """Return the bits that any of the tokens has."""
        seen = 0
        for token in tokens:
            seen |= self[token]
        return seen

    def _words(self, token: str) -> int:
        lists, bits = self._lists, 0
        short = lists.suffixes.get(token)
        if short is not None:
            bits |= SUFFIX | (COMMON if short in lists.common_suffixes else 0)
        if token in lists.directionals:
            bits |= DIRECTION
        if token in lists.units or token in _SIGNS:
            bits |= UNIT
        if token in lists.road_words or token in self._state_words:
            bits |= ROAD
        if token in lists.number_words:
            bits |= WORD
        if token in lists.name_words:
            bits |= NAME
        if token in HEADS or token in lists.places:
            bits |= SPECIAL
        return bits | (CROSSING if token in _CROSSINGS else 0)

    def _shape(self, token: str) -> int:
        bits = GLUED if token in _JOINED else 0
        if not any(map(str.isdigit, token)):
            return bits | (GLUED if "-" in token and _FUSED.fullmatch(token) else 0)
        bits |= NUMBER
        if not _ORDINAL.fullmatch(token):
            bits |= HOUSE
        if token.isdigit():
            return bits
        if _FUSED.fullmatch(token):
            bits |= GLUED
        return bits | (ROAD if _GLUED_ROAD.fullmatch(token) else 0)
