"""Cells that hold a name and its address, and often a phone or an e-mail, one after the other. Parses no address."""

import re
from collections.abc import Container, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

_EMAIL: Final = re.compile(r"[^\s@<>\",;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
_PHONE: Final = re.compile(r"(?<![\w-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[-./ ])\s?\d{3}[-. ]?\d{4}(?![\w-])")
_BOX: Final = re.compile(r"(?i)(?:^|(?<=[\s,;]))p\.?\s*o\.?\s*box\s+\w")
_HOUSE: Final = re.compile(
    r"(?:^|(?<=[\s,;]))(?=\d{1,6}(?:[A-Za-z]|-\d{1,5})?\s+(?:[A-Za-z]|\d{1,3}(?:st|nd|rd|th)\b))"
)
_PLACE: Final = re.compile(r"(?i)\b[A-Z]{2}\.?,?\s+\d{5}(?:-?\d{4})?\s*$")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_NEAR: Final = 5
"""Words between a house number and the word for its street in nearly every address (123 Old Saint Johns Bluff Rd)."""
_LEAST_WHOLE: Final = 15
"""The shortest cell with a name and an address: `Al's, 1 Elm St.`"""
_EDGES: Final = " ,;|-/"


class WholeCell(NamedTuple):
    """What one cell holds; empty where it holds none."""

    name: str
    address: str
    phone: str
    email: str


def whole_cell(text: str, streets: Container[str]) -> WholeCell:
    """Part a cell that begins with a name; one that begins with a house number has no name.

    Args:
        text: The cell.
        streets: Lower-case words for streets (st, avenue, …).

    >>> whole_cell("Acme Paint Co, 12 Oak St, Reno, NV 89501 (775) 555-0142", {"st"})
    WholeCell(name='Acme Paint Co', address='12 Oak St, Reno, NV 89501', phone='(775) 555-0142', email='')
    >>> whole_cell("studio 54 grill 254 w. 54th st. new york", {"st"}).address
    '254 w. 54th st. new york'
    """
    text, phone = _cut(text, _PHONE)
    text, email = _cut(text, _EMAIL)
    start = _address_start(text, streets)
    if start is None:
        place = _PLACE.search(text)
        comma = text.find(",")
        start = comma if place and 0 < comma < place.start() else len(text)
    return WholeCell(text[:start].strip(_EDGES), text[start:].strip(_EDGES), phone, email)


def whole_shapes(text: str, streets: Container[str]) -> Iterator[str]:
    """Yield `name_and_address` for a cell with a name and, behind it, an address, and `phone_inside`."""
    if len(text) < _LEAST_WHOLE or text[0].isdigit():
        return
    parts = whole_cell(text, streets)
    box = _BOX.match(parts.address) is not None and not _BOX.match(text)
    # A word before nothing but state and ZIP is the city.
    place = _PLACE.search(parts.address) is not None and _PLACE.match(parts.address) is None
    proven = box or parts.address[:1].isdigit() or place
    if proven and len(_LETTERS.findall(parts.name)) > 2:
        yield "name_and_address"
        if parts.phone:
            yield "phone_inside"


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(text)
    if found is None:
        return text, ""
    return (text[: found.start()] + " " + text[found.end() :]).strip(_EDGES), found.group().strip()


def _address_start(text: str, streets: Container[str]) -> int | None:
    """Return where the address begins: a house number with a street soon after it, else the first one, or a box."""
    starts = sorted(found.start() for found in (*_HOUSE.finditer(text), *_BOX.finditer(text)))
    for start, end in pairwise([*starts, len(text)]):
        words = re.findall(r"[\w']+", text[start:end].lower())[1 : _NEAR + 2]
        if any(word in streets for word in words) or _BOX.match(text, start):
            return start
    return min(starts, default=None)
