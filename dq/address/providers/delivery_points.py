"""From what a provider says of a delivery point to an outcome. Words such as DPV stand here as the provider's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dq.address.providers.contract import Address, Answer, Correction

_NUMBER_FAULTS: Final = {
    "M1": "the house number is missing",
    "M3": "the house number is not known on this street",
    "P1": "the box number is missing",
    "P3": "the box number is not known",
}
_PLAIN_WORDS: Final = {
    "confirmed": "the address is confirmed with its unit",
    "unit_missing": "the building is confirmed, a unit is missing",
    "unit_unconfirmed": "the building is confirmed, the unit is not",
    "vacant": "the delivery point is known and vacant",
    "no_delivery": "the address is known but gets no street delivery",
    "number_out_of_range": "the street is known, the number is not",
    "street_not_found": "no such address is known",
    "range_only": "a ZIP+4 range covers it; the delivery point was not checked",
    "building_default": "only the building's default record matched",
}
_NOT_THERE: Final = frozenset({"street_not_found", "number_out_of_range"})
"""With these a provider's spelling is a guess at another address: nothing of it is taken over."""


@dataclass(frozen=True)
class DeliveryPoint:
    """One address as a provider gives it back; `""` for whatever it left out.

    Attributes:
        title: The provider's name in sentences.
        source: The provider's word in `dq.address.findings.GRADES`.
        line1: Delivery line with its unit.
        city: City.
        state: Two-letter code.
        zip5: Five digits.
        zip4: Four digits.
        point: The two digits of the delivery point.
        footnotes: AMS/CASS letters.
        dpv: Y, D, S or N.
        dpv_footnotes: Pairs of letters and digits, run together.
        is_vacant: Whether the provider says that nobody takes mail in.
        is_default: Whether it says that only a default record matched (AMS return code 32).
    """

    title: str
    source: str
    line1: str
    city: str
    state: str
    zip5: str
    zip4: str
    point: str = ""
    footnotes: str = ""
    dpv: str = ""
    dpv_footnotes: str = ""
    is_vacant: bool = False
    is_default: bool = False


def text_of(fields: object, name: str) -> str:
    """Return a text field of a JSON object, trimmed; `""` where the object or the field is missing or no text.

    >>> text_of({"ZIPPlus4": " 0123 ", "city": None}, "ZIPPlus4")
    '0123'
    """
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def answer_of(address: Address, found: DeliveryPoint) -> Answer:
    """Return the answer a delivery point gives for the address that was asked.

    The codes are those of CASS: Y primary and secondary number confirmed, D secondary missing, S secondary not
    confirmed, N nothing confirmed. A footnote says more: R7 no street delivery, M and P a faulty number, U1 a ZIP of
    its own whose owner gets everything.

    Returns:
        An answer with an outcome; a failure `no_verdict` where the provider said neither a code nor a ZIP+4.
    """
    notes = {found.dpv_footnotes[at : at + 2] for at in range(0, len(found.dpv_footnotes), 2)}
    outcome = _outcome(found, notes)
    if not outcome:
        return Answer(address.address_key, failure="no_verdict")
    is_there = outcome not in _NOT_THERE
    return Answer(
        address.address_key,
        outcome,
        zip4=found.zip4 if is_there else "",
        delivery_point=delivery_point(found.zip5, found.zip4, found.point) if is_there else "",
        footnotes=found.footnotes,
        dpv=found.dpv,
        dpv_footnotes=found.dpv_footnotes,
        corrections=_corrections(address, found) if is_there else (),
        detail=_detail(address, found, outcome, notes),
    )


def delivery_point(zip5: str, zip4: str, point: str) -> str:
    """Return the two digits of a delivery point and the check digit; `""` unless all digits are there.

    The check digit makes the sum of all twelve digits a multiple of ten.

    >>> delivery_point("21229", "3737", "01")
    '013'
    """
    digits = zip5 + zip4 + point
    if not re.fullmatch(r"[0-9]{11}", digits) or len(point) != 2:
        return ""
    return f"{point}{-sum(map(int, digits)) % 10}"


def _outcome(found: DeliveryPoint, notes: set[str]) -> str:
    if found.dpv in {"Y", "D", "S"}:
        if found.is_vacant:
            return "vacant"
        if "R7" in notes:
            return "no_delivery"
        return {"Y": "confirmed", "D": "unit_missing", "S": "unit_unconfirmed"}[found.dpv]
    if found.dpv == "N":
        # A ZIP+4 beside an N: the street has a range around the number, the number itself is no delivery point.
        return "number_out_of_range" if notes & _NUMBER_FAULTS.keys() or found.zip4 else "street_not_found"
    if found.dpv:
        return ""
    if found.is_default:
        return "building_default"
    return "range_only" if found.zip4 else ""


def _detail(address: Address, found: DeliveryPoint, outcome: str, notes: set[str]) -> str:
    faults = [words for code, words in _NUMBER_FAULTS.items() if code in notes]
    words = faults[0] if faults and found.dpv == "N" else _PLAIN_WORDS[outcome]
    code = f" (DPV {found.dpv})" if found.dpv else ""
    more = "; the unit is not needed for delivery" if "CC" in notes else ""
    more += "; the ZIP belongs to one receiver, the street was not checked" if "U1" in notes else ""
    if outcome not in _NOT_THERE and found.line1 and not _keeps_numbers(address.line1, found.line1):
        more += f"; spelled there as {_plain(found.line1)}"
    return f"{found.title}{code}: {words}{more}."


def _corrections(address: Address, found: DeliveryPoint) -> tuple[Correction, ...]:
    """Return where the provider's spelling differs; case and blanks are no difference.

    A line that lacks a number of the line asked (a unit nobody knows, an old rural route) is no spelling of it and is
    left to the detail: a correction never drops what a customer wrote.
    """
    pairs = [("city", address.city, found.city), ("state", address.state, found.state)]
    pairs.append(("zip5", address.zip5, found.zip5))
    if _keeps_numbers(address.line1, found.line1):
        pairs.insert(0, ("address_line1", address.line1, found.line1))
    why = f"{found.source}:{found.footnotes}" if found.footnotes else found.source
    spelled = ((field, before, _plain(after)) for field, before, after in pairs)
    return tuple(Correction(field, before, after, why) for field, before, after in spelled if after and after != before)


def _keeps_numbers(before: str, after: str) -> bool:
    """Tell whether every word with a digit survives.

    >>> _keeps_numbers("742 EVERGREEN TERR APT 2B", "742 Evergreen Ter Apt 2B")
    True
    >>> _keeps_numbers("12-A OAK ST", "12 OAK ST")
    False
    """
    kept = _plain(after).split()
    return all(word in kept for word in before.split() if any(character.isdigit() for character in word))


def _plain(text: str) -> str:
    return " ".join(text.upper().split())
