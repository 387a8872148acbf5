"""ZIP, +4 and delivery point from whatever columns hold them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.bureau.postal import checked_delivery_point, postal_parts
from dq.model import TEXT
from tests.address.bureau.mailhouse import check_digit


def parts_of(**cells: str) -> dict[str, str]:
    rows = pd.DataFrame([{f"std_{part}": cell for part, cell in cells.items()}], dtype=TEXT)
    found = postal_parts(rows, "std").loc[0].dropna().to_dict()
    return {str(part): str(value) for part, value in found.items()}


@pytest.mark.parametrize(
    ("cells", "zip5", "zip4", "point"),
    [
        ({"zip": "02139"}, "02139", "", ""),
        ({"zip": "2139"}, "02139", "", ""),
        ({"zip": "02139-1234"}, "02139", "1234", ""),
        ({"zip": "21391234"}, "02139", "1234", ""),
        ({"zip5": "02139", "zip4": "12"}, "02139", "0012", ""),
        ({"zip": "62704", "zip4": "62704-1234"}, "62704", "1234", ""),
        ({"zip9": "627041234"}, "62704", "1234", ""),
        ({"zip5": "62704", "zip9": "1234"}, "62704", "1234", ""),
        ({"zip": "62704", "zip4": "0000"}, "62704", "", ""),
        ({"barcode": "62704123442"}, "62704", "1234", "42"),
        ({"barcode": "627041234425"}, "62704", "1234", "425"),
        ({"zip": "62704", "zip4": "1234", "barcode": "425"}, "62704", "1234", "425"),
        ({"zip": "62704", "zip4": "1234", "delivery_point": "7"}, "62704", "1234", "07"),
        ({"zip": "62704", "delivery_point": "42", "check_digit": "5"}, "62704", "", "425"),
        ({"zip": "62704", "delivery_point_check": "425"}, "62704", "", "425"),
        ({"zip": "62704", "delivery_point": "425"}, "62704", "", "425"),
        ({"zip": "=1+1", "zip4": "<b>", "barcode": "/x/"}, "", "", ""),
        ({"zip": "M5V 3L9"}, "", "", ""),
    ],
)
def test_digits_come_from_whichever_column_has_them(cells: dict[str, str], zip5: str, zip4: str, point: str) -> None:
    found = parts_of(**cells)
    assert (found.get("zip5", ""), found.get("zip4", ""), found.get("delivery_point", "")) == (zip5, zip4, point)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True), st.integers(0, 9))
def test_digits_with_their_check_digit_sum_to_a_multiple_of_ten(digits: str, other: int) -> None:
    zip5, zip4, point = (pd.Series([text], dtype=TEXT) for text in (digits[:5], digits[5:9], digits[9:]))
    full = checked_delivery_point(zip5, zip4, point).iloc[0]
    assert full == digits[9:] + check_digit(digits)
    assert sum(map(int, digits + full[-1])) % 10 == 0
    given_digit = checked_delivery_point(zip5, zip4, point + str(other)).iloc[0]
    assert given_digit == full if str(other) == full[-1] else pd.isna(given_digit)


def test_without_a_plus4_there_is_no_delivery_point() -> None:
    none, digits = pd.Series([pd.NA], dtype=TEXT), pd.Series(["42"], dtype=TEXT)
    assert checked_delivery_point(pd.Series(["62704"], dtype=TEXT), none, digits).isna().all()
