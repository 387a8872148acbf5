"""What must not stand in a free text: card numbers, social security numbers, traces of a wrong encoding. Pure."""

import re
from typing import Final

# Cheap patterns that everything found below matches too: most texts are let go by Arrow, without a call of Python.
MAY_BE_CARD: Final = r"[0-9](?:[ -]?[0-9]){12}"
MAY_BE_SSN: Final = r"[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}|[0-9]{9}"
MAY_BE_MOJIBAKE: Final = r"[^\x00-\x7f]"

_CARD = re.compile(r"(?<![\d.+-])(?:\d[ -]?){12,18}\d(?!\d|[.-]\d)", re.ASCII)
# First digits of the schemes in use: Visa 4; Mastercard 51-55, 2221-2720; American Express 34, 37; Discover 6011,
# 644-649, 65; Diners 36, 38, 300-305; JCB 3528-3589 (ISO/IEC 7812-1 and the schemes' own pages).
_SCHEMES = re.compile(
    r"^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12})$"
)
# Area 000, 666 and 900-999, group 00 and serial 0000 are never given out
# (Social Security Administration, POMS RM 10201.035).
_SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])", re.ASCII)
# A bare run of nine digits is one only where the text says so: most are other numbers.
_SAID_SSN = re.compile(
    r"\b(?:ssn|soc(?:ial)?\.? ?sec(?:urity)?(?: (?:no|num|number))?\.?)\D{0,5}(?!000|666|9\d\d)\d{9}\b",
    re.I | re.ASCII,
)
# UTF-8 read as Windows-1252: a lead byte shows as Ã, Â, â or ð, followed by what a continuation byte shows as.
_CONTINUATION = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_MOJIBAKE = re.compile(
    f"\ufffd|[\u00c2\u00c3\u00c4\u00c5]{_CONTINUATION}|\u00e2{_CONTINUATION}{{2}}|\u00f0{_CONTINUATION}{{3}}|ï»¿"
)


def has_payment_card(text: str) -> bool:
    """Say whether the text holds a number of a card scheme in use whose check digit is right.

    >>> has_payment_card("paid w/ 4111 1111 1111 1111 exp 09/27"), has_payment_card("tracking 4111111111111112")
    (True, False)
    """
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _SCHEMES.match(digits) and len(set(digits)) > 1 and _luhn(digits):
            return True
    return False


def has_social_security_number(text: str) -> bool:
    """Say whether the text holds a number that could have been given out as a social security number.

    >>> has_social_security_number("SSN: 219-09-9999"), has_social_security_number("call 212-555-0148 re 987-65-4321")
    (True, False)
    """
    return bool(_SSN.search(text) or _SAID_SSN.search(text))


def has_mojibake(text: str) -> bool:
    """Say whether the text shows traces of a wrong encoding.

    >>> has_mojibake("JosÃ© MuÃ±oz"), has_mojibake("José Muñoz")
    (True, False)
    """
    return _MOJIBAKE.search(text) is not None


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
