"""Amounts: money and counts as plain decimal text. Converts no currency; a currency sign goes, with a change."""

import re
from decimal import Decimal, InvalidOperation

import pandas as pd

from dq.standardize.distinct import Outcome, standardize_distinct

_LONGEST = 60
"""Fifteen digits with signs, groups and a currency need about thirty characters; more is prose."""
_MOST_DIGITS, _MOST_DECIMALS = 18, 9
"""Nobody is worth a quintillion; such a number is a key or a card number gone through a spreadsheet."""
_USUAL = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,6})?")
"""What most cells look like; the general reading below comes to the same."""
_CURRENCY = re.compile(r"^(?:USD?|CAD|EUR|GBP|AUD|MXN|[$€£¥]|[A-Z]{1,2}\$)|(?:USD|CAD|EUR|GBP|AUD|MXN|[$€£¥])$", re.I)
_SCALE = {"k": 3, "thousand": 3, "m": 6, "mm": 6, "mn": 6, "mio": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_NUMBER = re.compile(r"([0-9][0-9.,' ]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,2}))?\s*([A-Za-z]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")


def standardize_amounts(values: pd.Series, column: str = "value_amount") -> pd.DataFrame:
    """Write amounts as plain decimal text; columns `value`, `reason`, `flags`, one row per value."""
    return standardize_distinct(values, lambda text: standardize_amount(text, column))


def standardize_amount(text: str, column: str = "value_amount") -> Outcome:
    """Write one amount as plain decimal text, or keep it as typed with a flag.

    >>> standardize_amount("($1,234.50)").value
    '-1234.50'
    """
    number = _plain(text)
    return Outcome(text, None, f"{column}:invalid") if number is None else Outcome(number, "amount_plain")


def _plain(text: str) -> str | None:
    usual = _USUAL.fullmatch(text)
    if usual:
        return f"{int(usual[1].replace(',', ''))}{usual[2] or ''}"
    rest = text.strip().replace("\xa0", " ").replace("\u2212", "-").replace("\u202f", " ")
    if len(rest) > _LONGEST:
        return None
    is_negative = False
    if rest.startswith("(") and rest.endswith(")"):
        is_negative, rest = True, rest[1:-1].strip()
    for _ in range(3):  # sign and currency stand in any order on either side: -$5, $-5, USD 5-
        if rest.startswith("-") or rest.endswith("-"):
            is_negative, rest = True, rest.strip("-").strip()
        rest = _CURRENCY.sub("", rest.removeprefix("+").strip(), count=1).strip()
    match = _NUMBER.fullmatch(rest)
    if match is None:
        return None
    digits, exponent, word = _decimal_point(match[1].strip()), int(match[2] or 0), (match[3] or "").lower()
    if digits is None or (word and word not in _SCALE):
        return None
    return _scaled(digits, exponent + _SCALE.get(word, 0), is_negative)


def _scaled(digits: str, exponent: int, is_negative: bool) -> str | None:
    try:
        number = Decimal(digits).scaleb(exponent)
    except InvalidOperation:
        return None
    if number and not -_MOST_DECIMALS <= number.adjusted() <= _MOST_DIGITS:
        return None
    number = -number if is_negative and number else number
    return f"{number:f}"


def _decimal_point(digits: str) -> str | None:
    """Return the digits with a point as decimal sign and no groups.

    With both signs the last one is the decimal sign; one sign alone groups where three digits follow each of its
    uses (a single point never groups: 1.234 is a decimal number).
    """
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits if digits.isdigit() else _ungrouped(digits)
    sign = digits[last]
    head, tail = digits[:last], digits[last + 1 :]
    if sign in head or (sign == "," and "." not in head and len(tail) == 3 and head not in {"", "0"}):
        return _ungrouped(digits)
    whole = _ungrouped(head) if head else "0"
    return None if whole is None or not (tail.isdigit() or not tail) else f"{whole}.{tail}" if tail else whole


def _ungrouped(digits: str) -> str | None:
    if digits.isdigit():
        return digits
    return re.sub(r"[^0-9]", "", digits) if _GROUPED.fullmatch(digits) else None
