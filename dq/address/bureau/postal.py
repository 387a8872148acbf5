"""Postal parts of a row brought into one form: ZIP, +4, delivery point, and the lines standardised. Judges nothing."""

from typing import Final

import pandas as pd

from dq.address.outcomes import city_text
from dq.address.publication28 import write_case
from dq.address.standardize import parse_lines
from dq.address.words import Words, plain_state
from dq.model import TEXT
from dq.standards import Standards
from dq.text.distinct import map_distinct

PLACE: Final = ("line1", "line2", "city", "state", "zip5", "zip4")

_NO_PLUS4: Final = "0000"
_ZIP4, _ZIP5, _ZIP9, _DELIVERY = 4, 5, 9, 11


def postal_parts(rows: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the address of one role as the mail house wrote it, its digits in columns of their own.

    ZIPs come as five or nine digits, with a +4 beside, inside a barcode or all of these; a spreadsheet takes leading
    zeros, which the fixed width gives back.

    Args:
        rows: Columns `<role>_<part>`; those that are absent count as null.
        role: `std` or `new`.

    Returns:
        Index of `rows`: PLACE and `delivery_point` (two digits, or three with the check digit), null where absent.
    """
    cells = {part: _column(rows, f"{role}_{part}") for part in _PARTS}
    barcode = _digits(cells["barcode"])
    long_zip = _widened(cells["zip"], _ZIP5, _ZIP9)
    full = _of_length(long_zip, _ZIP9)
    for part in ("zip9", "zip4"):
        full = full.fillna(_of_length(_digits(cells[part]), _ZIP9))
    full = full.fillna(barcode.where(barcode.str.len().ge(_DELIVERY)))
    zip5 = _widened(cells["zip5"], _ZIP5).fillna(long_zip.str[:_ZIP5]).fillna(full.str[:_ZIP5])
    zip4 = (
        _widened(cells["zip4"], _ZIP4).fillna(full.str[_ZIP5:_ZIP9]).fillna(_of_length(_digits(cells["zip9"]), _ZIP4))
    )
    return pd.DataFrame(
        {
            **{part: cells[part] for part in ("line1", "line2", "city", "state")},
            "zip5": zip5,
            "zip4": zip4.mask(zip4 == _NO_PLUS4),
            "delivery_point": _delivery_point(cells, barcode),
        }
    ).astype(TEXT)


def checked_delivery_point(zip5: pd.Series, zip4: pd.Series, digits: pd.Series) -> pd.Series:
    """Return delivery points with their check digit, null where ZIP or +4 is missing or the check digit contradicts.

    The digits of ZIP, +4, delivery point and check digit sum to a multiple of ten.
    """
    code = (zip5 + zip4 + digits.str[:2]).where(digits.str.len().ge(2))

    def check(text: str) -> str:
        return text[-2:] + str(-sum(map(int, text)) % 10)

    full = map_distinct(code, check)
    return full.where((digits.str.len() < 3) | (digits == full)).astype(TEXT)


def standard_place(place: pd.DataFrame, standards: Standards, words: Words) -> pd.DataFrame:
    """Return an address in the form standardising gives: the unit on the delivery line, words and case of the style.

    Args:
        place: Columns of PLACE as the mail house wrote them.
        standards: For the word tables and the style.
        words: The same tables, built.
    """
    text = place["line1"].fillna("") + "\n" + place["line2"].fillna("")
    parsed = parse_lines(text.where(place["line1"].notna() | place["line2"].notna()), standards)
    style = standards.style
    return place.assign(
        line1=parsed["address_line1"].astype(TEXT),
        line2=parsed["address_line2"].astype(TEXT),
        city=map_distinct(place["city"], lambda city: write_case(city_text(city), style) or None),
        state=map_distinct(place["state"], lambda state: words.states.get(plain_state(state)) or plain_state(state)),
    )


_PARTS: Final = (
    *("line1", "line2", "city", "state", "zip", "zip5", "zip4", "zip9"),
    *("delivery_point", "delivery_point_check", "check_digit", "barcode"),
)


def _column(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].astype(TEXT) if column in rows else pd.Series(pd.NA, index=rows.index, dtype=TEXT)


def _digits(cells: pd.Series) -> pd.Series:
    """Return cells that are digits, hyphens and blanks as digits alone, null for all others."""
    plain = cells.str.replace(r"\.0$|[-\s/]", "", regex=True)
    return plain.where(plain.str.fullmatch(r"[0-9]+").eq(True))


def _widened(cells: pd.Series, *widths: int) -> pd.Series:
    """Return digits with up to two lost zeros given back to the next width, null where they are too many or too few."""
    digits = _digits(cells)
    filled = pd.Series(pd.NA, index=cells.index, dtype=TEXT)
    for width in widths:
        fits = digits.str.len().between(max(width - _MOST_LOST, 1), width)
        filled = filled.mask(fits.eq(True) & filled.isna(), digits.str.zfill(width))
    return filled


_MOST_LOST: Final = 2
"""ZIPs start with at most two zeros (00501 Holtsville), and so does a +4 that anybody has."""


def _of_length(digits: pd.Series, length: int) -> pd.Series:
    return digits.where(digits.str.len().eq(length))


def _delivery_point(cells: dict[str, pd.Series], barcode: pd.Series) -> pd.Series:
    check = _digits(cells["check_digit"]).str.slice(0, 1)
    two = _widened(cells["delivery_point"], 2)
    two = two.str.cat(check.fillna(""))
    length = barcode.str.len()
    short = barcode.where(length.isin([2, 3]))
    long = barcode.str[_ZIP9:].where(length.isin([_DELIVERY, _DELIVERY + 1]))
    # Some write three digits under the name of two.
    three = _digits(cells["delivery_point"]).where(cells["delivery_point"].str.len().eq(3))
    return three.fillna(_widened(cells["delivery_point_check"], 3)).fillna(two).fillna(short).fillna(long)
