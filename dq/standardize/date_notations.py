"""Notations of dates and times: what a text says, before any judgement whether it can be true.

Knows ISO 8601, numbers parted by signs in the three orders, eight digits in a row, English month names and, where a
column's hint says so, Excel's serial numbers.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

ORDERS = ("mdy", "dmy", "ymd", "excel")

_MONTH_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_TIME = (
    r"(?:(?:[Tt]|[ ,]\s*|\s+at\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<a>[0-9]{4})[-/. ](?P<b>[0-9]{1,2})[-/. ](?P<c>[0-9]{1,2})" + _TIME)
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})\s?[-/. ]\s?(?P<b>[0-9]{1,2})\s?[-/. ]\s?(?P<c>[0-9]{4}|[0-9]{2})" + _TIME)
_COMPACT = re.compile(r"(?P<digits>[0-9]{8})" + _TIME.replace(r"(?:[Tt]|[ ,]\s*|\s+at\s+)", r"(?:[Tt]|[ ,]\s*)"))
_COMPACT_TIME = re.compile(
    r"(?P<digits>[0-9]{8})[Tt]?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})(?P<half>)(?P<zone>[Zz])?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_MONTH_FIRST = re.compile(
    _WEEKDAY
    + r"(?P<month>[a-z]{3,9})\.?[-/ ]*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<year>[0-9]{4}|'?[0-9]{2})"
    + _TIME,
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s+of)?[-/. ]*(?P<month>[a-z]{3,9})\.?[-/, ]*"
    r"(?P<year>[0-9]{4}|'?[0-9]{2})" + _TIME,
    re.IGNORECASE,
)
_YEAR_MONTH_NAME = re.compile(
    r"(?P<year>[0-9]{4})[-/ ](?P<month>[a-z]{3,9})[-/ ](?P<day>[0-9]{1,2})" + _TIME, re.IGNORECASE
)
_INCOMPLETE = re.compile(
    r"[0-9]{4}|[0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}|[a-z]{3,9}\.?,?[-/ ]*[0-9]{4}", re.IGNORECASE
)
_SERIAL = re.compile(r"[0-9]{1,6}(?:\.[0-9]+)?")
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (a serial number has no zone)
_LONGEST = 60
"""`Wednesday, September 30th, 1998 at 12:00:00.000000 AM +00:00` has fewer; more is prose."""
_LAST_DAY = 31
_PLAUSIBLE_YEARS = range(1850, 2101)
"""Eight digits are a date, and start with the year, only where the year is one a customer file can hold."""


class Reading(NamedTuple):
    """What a text says.

    Attributes:
        moment: The date and time, None where the text says none or an impossible one.
        has_time: Whether a time of day was written.
        offset: Minutes east of UTC, None where none was written.
        doubt: Code of what is doubtful, empty where nothing is: `unreadable`, `incomplete`, `impossible` and
            `ambiguous` come without a moment, `century_assumed` and `other_order` with one.
    """

    moment: datetime | None
    has_time: bool = False
    offset: int | None = None
    doubt: str = ""


def read_date(text: str, order: str | None, latest_year: int) -> Reading:
    """Read a date, with its time if it has one, in any known notation.

    Args:
        text: The date as typed.
        order: One of `ORDERS`; None refuses to choose between day and month.
        latest_year: A year of two digits is put into the century that ends here: with 2026, `26` is 2026 and `27` 1927.

    >>> read_date("Apr 3, 1978", None, 2026).moment
    datetime.datetime(1978, 4, 3, 0, 0)
    """
    stripped = text.strip(" \t\r\n\0\xa0")
    if len(stripped) > _LONGEST:
        return Reading(None, doubt="unreadable")
    if order == "excel" and _SERIAL.fullmatch(stripped):
        return _serial(float(stripped))
    if match := _YEAR_FIRST.fullmatch(stripped):
        return _reading(match, int(match["a"]), int(match["b"]), int(match["c"]))
    if match := _YEAR_LAST.fullmatch(stripped):
        return _numbers(match, order, latest_year)
    if match := _COMPACT.fullmatch(stripped) or _COMPACT_TIME.fullmatch(stripped):
        return _compact(match, order)
    for notation in (_MONTH_FIRST, _DAY_FIRST, _YEAR_MONTH_NAME):
        match = notation.fullmatch(stripped)
        if match and match["month"].lower() in _MONTHS:
            year, is_assumed = _full_year(match["year"].lstrip("'"), latest_year)
            doubt = "century_assumed" if is_assumed else ""
            return _reading(match, year, _MONTHS[match["month"].lower()], int(match["day"]), doubt)
    return Reading(None, doubt="incomplete" if _INCOMPLETE.fullmatch(stripped) else "unreadable")


def _serial(days: float) -> Reading:
    # Excel counts a 29 February 1900 that never was: serials below 61 are a day off in it, and no date of a customer.
    if days < 61:
        return Reading(None, doubt="impossible")
    moment = _EXCEL_DAY_ZERO + timedelta(seconds=round(days * 86_400))
    return Reading(moment, has_time=days != int(days))


def _full_year(digits: str, latest_year: int) -> tuple[int, bool]:
    if len(digits) == 4:
        return int(digits), False
    year = latest_year - latest_year % 100 + int(digits)
    return (year if year <= latest_year else year - 100), True


def _numbers(match: re.Match[str], order: str | None, latest_year: int) -> Reading:
    a, b, c = match["a"], match["b"], match["c"]
    if len(c) == 2 and len(a) == 2 and (order == "ymd" or int(a) > _LAST_DAY):
        year, _ = _full_year(a, latest_year)
        return _reading(match, year, int(b), int(c), "century_assumed")
    year, is_assumed = _full_year(c, latest_year)
    doubt = "century_assumed" if is_assumed else ""
    return _ordered(match, year, int(a), int(b), order, doubt)


def _ordered(match: re.Match[str], year: int, first: int, second: int, order: str | None, doubt: str) -> Reading:
    """Tell day from month: by the column's order, or where only one of the two readings is a date."""
    if order == "dmy":
        first, second = second, first
    is_known = order in {"mdy", "dmy"}
    wanted = _reading(match, year, first, second, doubt)
    if wanted.moment is not None and (is_known or first == second):
        return wanted
    other = _reading(match, year, second, first, doubt)
    if other.moment is None:
        return wanted
    if wanted.moment is None:
        return other._replace(doubt="other_order") if is_known and not doubt else other
    return Reading(None, doubt="ambiguous")


def _compact(match: re.Match[str], order: str | None) -> Reading:
    digits = match["digits"]
    if int(digits[:4]) in _PLAUSIBLE_YEARS:
        reading = _reading(match, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if reading.moment is not None:
            return reading
    if int(digits[4:]) in _PLAUSIBLE_YEARS:
        return _ordered(match, int(digits[4:]), int(digits[:2]), int(digits[2:4]), order, "")
    return Reading(None, doubt="impossible")


def _reading(match: re.Match[str], year: int, month: int, day: int, doubt: str = "") -> Reading:
    if match["hour"] is None:
        try:
            return Reading(datetime(year, month, day), doubt=doubt)  # noqa: DTZ001 (the zone follows)
        except ValueError:
            return Reading(None, doubt="impossible")
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return Reading(None, doubt="impossible")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        second = min(int(match["second"] or 0), 59)  # a leap second (:60) is not worth losing the time for
        moment = datetime(year, month, day, hour, int(match["minute"]), second)  # noqa: DTZ001 (the zone follows)
    except ValueError:
        return Reading(None, doubt="impossible")
    return Reading(moment, True, _offset(match["zone"]), doubt)


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else 0)
    return -minutes if zone[0] == "-" else minutes
