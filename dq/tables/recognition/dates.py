"""Dates of a column: whether cells are dates and in which order day, month and year stand. Converts none of them."""

import re
from collections.abc import Iterable
from typing import Final

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC: Final = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:[T ,].*)?")
_WORDED: Final = re.compile(
    r"(?i)(?:(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})[-/., ]+(\d{2,4})"
    r"|([a-z]{3,9})[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{2,4}))(?:[T ,].*)?"
)
_COMPACT: Final = re.compile(r"\d{8}(?:\d{6})?")
_YEARS: Final = range(1880, 2101)  # the oldest living person and the farthest due date of a customer file


def looks_like_date(value: str) -> bool:
    """Say whether a cell is a date written with separators or a month's name; bare digits are not enough.

    >>> [looks_like_date(text) for text in ("12/11/1978", "Mar 1 1970", "24-May-11", "19781112", "12-34")]
    [True, True, True, False, False]
    """
    return bool(_orders_of(value)) and not _COMPACT.fullmatch(value)


def compact_share(values: Iterable[str]) -> tuple[float, str]:
    """Return the share of eight-digit cells that are dates in their best order, and that order.

    >>> compact_share(["19081209", "20011331", "19990219"])
    (0.6666666666666666, 'ymd')
    """
    cells = list(values)
    counts = dict.fromkeys(("ymd", "mdy", "dmy"), 0)
    for cell in cells:
        for order in _compact_orders(cell):
            counts[order] += 1
    best = max(counts, key=lambda order: (counts[order], order == "ymd", order == "mdy"))
    return (counts[best] / len(cells) if cells else 0.0), best


def learn_order(cells: Iterable[str], default: str) -> tuple[str, str]:
    """Learn the order of day, month and year from the cells that can be read in one way only.

    Args:
        cells: Cells of one column, as typed.
        default: Order where no cell tells.

    Returns:
        `mdy`, `dmy` or `ymd`, and the reason in words.

    >>> learn_order(["03/04/2001", "25/12/1999"], "mdy")
    ('dmy', '1 of 2 dates can only be read day first')
    """
    counts = {"mdy": 0, "dmy": 0, "ymd": 0}
    total = compact = open_ = 0
    for cell in cells:
        orders = _orders_of(cell.strip())
        if not orders:
            continue
        total += 1
        compact += _COMPACT.fullmatch(cell.strip()) is not None
        if len(orders) == 1:
            counts[next(iter(orders))] += 1
        else:
            open_ += 1
    words = {"mdy": "month first", "dmy": "day first", "ymd": "year first"}
    if not any(counts.values()):
        note = f"no date tells day from month; {words[default]} is assumed" if open_ else "no ambiguous dates"
        return default, note
    if compact < total / 2 and counts["ymd"] and counts["mdy"] + counts["dmy"]:
        counts["ymd"] = 0  # a year in front speaks for itself; the order is needed for the other cells
    best = max(counts, key=lambda order: (counts[order], order == default, order))
    return best, f"{counts[best]} of {total} dates can only be read {words[best]}"


def _orders_of(value: str) -> set[str]:
    """Return the orders in which the text is a possible date; a month in letters counts as the order it stands in."""
    found = _NUMERIC.fullmatch(value)
    if found:
        first, _, second, third = found.groups()
        return _numeric_orders(first, second, third)
    worded = _WORDED.fullmatch(value)
    if worded:
        day, month, _, month2, day2, _ = worded.groups()
        name = (month or month2)[:3].lower()
        if name in _MONTHS and 1 <= int(day or day2) <= 31:
            return {"dmy", "mdy"}
        return set()
    if _COMPACT.fullmatch(value):
        return _compact_orders(value)
    return set()


def _numeric_orders(first: str, second: str, third: str) -> set[str]:
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        return {"ymd"} if 1 <= b <= 12 and 1 <= c <= 31 and len(third) <= 2 else set()
    if len(first) == 3 or len(third) in (1, 3):
        return set()
    orders = set()
    if 1 <= a <= 12 and 1 <= b <= 31:
        orders.add("mdy")
    if 1 <= b <= 12 and 1 <= a <= 31:
        orders.add("dmy")
    if not orders and len(third) == 2 and 1 <= b <= 12 and 1 <= c <= 31:
        orders.add("ymd")
    return orders


def _compact_orders(value: str) -> set[str]:
    if not _COMPACT.fullmatch(value):
        return set()
    pairs = {
        "ymd": (value[0:4], value[4:6], value[6:8]),
        "mdy": (value[4:8], value[0:2], value[2:4]),
        "dmy": (value[4:8], value[2:4], value[0:2]),
    }
    return {
        order
        for order, (year, month, day) in pairs.items()
        if int(year) in _YEARS and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    }
