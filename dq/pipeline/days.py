"""Days that a cell can mean, where no column says whether the month or the day comes first."""

from datetime import date
from typing import Final

from dq.standardize.date_notations import read_date

_ORDERS: Final = ("mdy", "dmy")


def latest_day(text: str, year: int) -> str | None:
    """Return the ISO date of a text; of two readings the later one, which leaves the customer alone longer.

    >>> latest_day("03/04/2022", 2026), latest_day("2022-03-04T10:00:00Z", 2026), latest_day("soon", 2026)
    ('2022-04-03', '2022-03-04', None)
    """
    return max(days_read(text, year), default=None)


def earliest_day(text: str, year: int) -> str | None:
    """Return the ISO date of a text; of two readings the earlier one, which makes it older.

    >>> earliest_day("03/04/2022", 2026)
    '2022-03-04'
    """
    return min(days_read(text, year), default=None)


def days_read(text: str, year: int) -> list[str]:
    """Return the ISO dates that a text can mean, none where it is no date."""
    if len(text) >= 10 and text[4] == text[7] == "-":
        try:
            return [date.fromisoformat(text[:10]).isoformat()]
        except ValueError:
            return []
    moments = (read_date(text, order, year).moment for order in _ORDERS)
    return [moment.date().isoformat() for moment in moments if moment is not None]
