"""The +4 a range determines, the delivery point and its check digit. Gives nothing where the rules are unknown."""

from typing import Final

import pandas as pd

from dq.model import TEXT

GENERAL_POINT: Final = "99"
"""Delivery point of general delivery."""
_DIGITS: Final = r"[0-9]+"
_PLUS4: Final = r"[0-9]{4}"


def plus4_of(ranges: pd.DataFrame, numbers: pd.Series) -> pd.Series:
    """Return the +4 of a number in the range it lies in.

    One +4 for the whole range is that of every number. A range of post office boxes as wide as its range of +4 numbers
    them in step. Anything else, and a range to which nothing is delivered, determines none.

    Args:
        ranges: `low, high, plus4_low, plus4_high, record_type`.
        numbers: The number asked about; index of `ranges`.

    Returns:
        Four digits, null where undetermined; index of `ranges`.
    """
    low, high = ranges["plus4_low"], ranges["plus4_high"]
    is_plus4 = low.str.fullmatch(_PLUS4) & high.str.fullmatch(_PLUS4)
    one = low.where((low == high) & is_plus4).astype(TEXT)
    steps = (ranges["record_type"] == "P") & (low != high) & is_plus4
    for column in (ranges["low"], ranges["high"], numbers):
        steps &= column.str.fullmatch(_DIGITS).fillna(False)
    steps = steps.fillna(False).astype(bool)
    if not steps.any():
        return one
    ends, plus4s = ranges[steps][["low", "high"]].astype("int64"), ranges[steps][["plus4_low", "plus4_high"]]
    plus4s = plus4s.astype("int64")
    is_even = (ends["high"] - ends["low"]) == (plus4s["plus4_high"] - plus4s["plus4_low"])
    stepped = (plus4s["plus4_low"] + numbers[steps].astype("int64") - ends["low"])[is_even]
    found = stepped.astype(TEXT).str.zfill(4)
    return found.reindex(ranges.index).fillna(one).astype(TEXT)


def delivery_points(zip5: pd.Series, plus4: pd.Series, points: pd.Series) -> pd.Series:
    """Return two digits of the delivery point and the check digit of the eleven digits before it.

    Args:
        zip5: ZIPs.
        plus4: +4; null gives null.
        points: The number the point is taken from: of the house, the unit or the box. Its last two digits count; a
            number that is not all digits gives null, as its table is not published with the file.
    """
    is_known = plus4.notna() & points.str.fullmatch(_DIGITS).fillna(False) & zip5.str.fullmatch(r"[0-9]{5}")
    is_known = is_known.fillna(False).astype(bool)
    digits = zip5[is_known] + plus4[is_known] + points[is_known].str[-2:].str.zfill(2)
    found = [text[-2:] + check_digit(text) for text in digits]
    return pd.Series(found, index=digits.index, dtype=TEXT).reindex(zip5.index).astype(TEXT)


def check_digit(digits: str) -> str:
    """Return the digit that makes the sum of all digits a multiple of ten.

    >>> check_digit("12345678934")
    '8'
    """
    return str(-sum(map(int, digits)) % 10)
