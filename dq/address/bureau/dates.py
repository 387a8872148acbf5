"""Dates as mail houses write them, read as ISO day or month. Knows no clock."""

import re
from datetime import date
from typing import Final

_SEPARATED: Final = re.compile(r"(\d{1,4})[-/.](\d{1,4})(?:[-/.](\d{1,4}))?(?:[T ].*)?")
_FIRST_YEAR: Final = 1990
"""CASS is of 1992 and changes of address are kept four years: an earlier year is a misreading."""
_LAST_YEAR: Final = 2100


def read_day(text: str) -> str | None:
    """Return a date as ISO day or month, None where the text says none or leaves open which.

    Mail houses write `YYYYMMDD`, `YYYYMM`, American dates, ISO dates, and six digits in any order; six digits are read
    only where a single order gives a date.

    >>> read_day("20261005"), read_day("202610"), read_day("10/5/2026"), read_day("101112")
    ('2026-10-05', '2026-10', '2026-10-05', None)
    """
    cell = text.strip().removesuffix(".0")
    if cell.isdigit() and cell.isascii():
        return _of_digits(cell)
    found = _SEPARATED.fullmatch(cell)
    if not found:
        return None
    first, second, third = found.groups()
    if len(first) == 4:
        return _day(first, second, third) if third else _month(first, second)
    if third is None:
        return _month(second, first) if len(second) == 4 else None
    return _day(third if len(third) == 4 else f"20{third:0>2}", first, second)


def is_after(evidence_on: str, as_of: date) -> bool:
    """Tell whether an ISO day or month starts after a day."""
    return first_day(evidence_on) > as_of.isoformat()


def first_day(evidence_on: str) -> str:
    """Return the day an ISO day or month starts on.

    >>> first_day("2026-10")
    '2026-10-01'
    """
    return f"{evidence_on}-01" if len(evidence_on) == len("2026-10") else evidence_on


def _of_digits(digits: str) -> str | None:
    if len(digits) == 8:
        return _day(digits[:4], digits[4:6], digits[6:]) or _day(digits[4:], digits[:2], digits[2:4])
    if len(digits) != 6:
        return None
    readings = {
        _month(digits[:4], digits[4:]),
        _month(digits[2:], digits[:2]),
        _day(f"20{digits[:2]}", digits[2:4], digits[4:]),
        _day(f"20{digits[4:]}", digits[:2], digits[2:4]),
    } - {None}
    # A month with its whole year is the documented form and wins over a day whose year is cut.
    months = [reading for reading in readings if reading and len(reading) == len("2026-10")]
    if len(months) == 1:
        return months[0]
    return readings.pop() if len(readings) == 1 else None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _month(year: str, month: str) -> str | None:
    found = _day(year, month, "1")
    return found[:7] if found else None
