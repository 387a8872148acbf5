"""ZIP codes in every notation to `zip5` and `zip4`. Whether a ZIP exists is for `zip_reference`."""

import re
from typing import NamedTuple

_SHAPE = re.compile(r"(\d{5})(?:[-\s./]*(\d{4}))?[-\s]*")
_SHORT_PLUS4 = re.compile(r"(\d{3,4})[-\s]+(\d{4})|(\d{3,4})(\d{4})")
_INCOMPLETE = re.compile(r"(\d{5})[-\s]+(\d{1,3})")
_SHORT = re.compile(r"(\d{3,4})-?")
_CELL_NOISE = re.compile(r"^['\"=\s]+|['\"\s.,;]+$|\.0+$")
_CANADIAN = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[\s-]*(\d[ABCEGHJ-NPRSTV-Z]\d)")
_BRITISH = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)\s*(\d[ABD-HJLNP-UW-Z]{2})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−_", "-"))
_LETTERS = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "B": "8"})
_NO_PLUS4 = "0000"


class ZipCode(NamedTuple):
    """A ZIP taken apart.

    Attributes:
        zip5: Five digits; `""` where the cell holds none; the cell as typed where it is no ZIP.
        zip4: Four digits or `""`.
        reason: Why it differs from the cell; `""` where it does not.
        doubt: Code of what is wrong; `""` where nothing is.
        padded: The five digits with lost zeros restored, `""` unless digits are missing; to be confirmed.
    """

    zip5: str
    zip4: str = ""
    reason: str = ""
    doubt: str = ""
    padded: str = ""


def parse_zip(text: str) -> ZipCode:
    """Take a ZIP cell apart.

    A lost zero is only proposed (`padded`): the state must confirm it.

    >>> parse_zip("021391234")
    ZipCode(zip5='02139', zip4='1234', reason='zip_split', doubt='', padded='')
    >>> parse_zip("2139").padded
    '02139'
    """
    cell = _CELL_NOISE.sub("", text.translate(_DASHES).strip()).strip()
    if not cell:
        return ZipCode("")
    if found := _SHAPE.fullmatch(cell):
        zip5, zip4 = found.group(1), found.group(2) or ""
        if zip4 == _NO_PLUS4:
            return ZipCode(zip5, "", "zip4_placeholder")
        return ZipCode(zip5, zip4, "" if cell == text == zip5 else "zip_split" if zip4 else "punctuation")
    if found := _SHORT_PLUS4.fullmatch(cell):
        head, zip4 = found.group(1) or found.group(3), found.group(2) or found.group(4)
        return ZipCode(cell, "" if zip4 == _NO_PLUS4 else zip4, "", "length", head.zfill(5))
    if found := _SHORT.fullmatch(cell):
        return ZipCode(cell, "", "", "length", found.group(1).zfill(5))
    if found := _INCOMPLETE.fullmatch(cell):
        return ZipCode(found.group(1), "", "zip4_incomplete", "zip4_incomplete")
    if (digits := cell.upper().translate(_LETTERS)) != cell and (found := _SHAPE.fullmatch(digits)):
        return ZipCode(cell, found.group(2) or "", "", "letters", found.group(1))
    return ZipCode(cell, "", "", "not_a_zip")


def canadian_postal_code(text: str) -> str:
    """Return a Canadian postal code as `A1A 1A1`, or `""` where the text has another shape.

    >>> canadian_postal_code("m5v3l9")
    'M5V 3L9'
    """
    found = _CANADIAN.fullmatch(text.strip().upper())
    return f"{found.group(1)} {found.group(2)}" if found else ""


def british_postcode(text: str) -> str:
    """Return a British postcode with its blank, or `""` where the text has another shape.

    >>> british_postcode("sw1a2aa")
    'SW1A 2AA'
    """
    found = _BRITISH.fullmatch(text.strip().upper())
    return f"{found.group(1)} {found.group(2)}" if found else ""
