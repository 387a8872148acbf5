"""Numbers in words and ordinals: every value, written out and read back."""

import pytest

from dq.address.numbers import is_fraction, is_ordinal, ordinal, ordinal_value, read_cardinal, read_ordinal
from tests.address.policies import grammar

ONES = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]
TEENS = ["TEN", "ELEVEN", "TWELVE", "THIRTEEN", "FOURTEEN", "FIFTEEN", "SIXTEEN", "SEVENTEEN", "EIGHTEEN", "NINETEEN"]
TENS = ["TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY"]


def spell(number: int) -> list[str]:
    """A number below a million in words, after the rule of the language."""
    if number >= 1000:
        return [*spell(number // 1000), "THOUSAND", *(spell(number % 1000) if number % 1000 else [])]
    if number >= 100:
        return [ONES[number // 100 - 1], "HUNDRED", *(spell(number % 100) if number % 100 else [])]
    if number >= 20:
        return [TENS[number // 10 - 2], *([ONES[number % 10 - 1]] if number % 10 else [])]
    return [TEENS[number - 10] if number >= 10 else ONES[number - 1]]


def test_every_number_in_words_is_read():
    words = grammar().words
    for number in [*range(1, 1000), 1200, 1234, 9999, 12_345]:
        spelled = spell(number)
        assert read_cardinal(spelled, 0, words) == (number, len(spelled))


@pytest.mark.parametrize(
    ("text", "value", "used"),
    [
        ("TWELVE HUNDRED MAIN", 1200, 2),
        ("TWO FIVE", 2, 1),
        ("TWENTY TWENTY", 20, 1),
        ("HUNDRED MAIN", 0, 0),
        ("OAK", 0, 0),
    ],
)
def test_reading_stops_where_the_number_does(text, value, used):
    assert read_cardinal(text.split(), 0, grammar().words) == (value, used)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("FIRST", 1),
        ("TWELFTH", 12),
        ("TWENTY FIRST", 21),
        ("NINETY NINTH", 99),
        ("ONE HUNDRED FIRST", 101),
        ("ONE HUNDRED TWENTY FIFTH", 125),
        ("TWO HUNDREDTH", 200),
        ("TENTH FIRST", None),
        ("TWO FIRST", None),
        ("MAIN FIRST", None),
        ("TWENTY ONE", None),
    ],
)
def test_ordinals_in_words_are_read_whole_or_not_at_all(text, value):
    assert read_ordinal(text.split(), grammar().words) == value


def test_every_ordinal_has_its_ending():
    endings = {number: ordinal(number).removeprefix(str(number)) for number in range(1, 1000)}
    assert {number for number in endings if endings[number] == "ST"} == {
        n for n in endings if n % 10 == 1 and n % 100 != 11
    }
    assert {number for number in endings if endings[number] == "ND"} == {
        n for n in endings if n % 10 == 2 and n % 100 != 12
    }
    assert {number for number in endings if endings[number] == "RD"} == {
        n for n in endings if n % 10 == 3 and n % 100 != 13
    }
    assert all(is_ordinal(f"{number}{ending}") for number, ending in endings.items())
    assert all(ordinal_value(f"{number}{ending}") == number for number, ending in endings.items())


def test_fractions_are_short():
    assert [text for text in ("1/2", "3/4", "11/16", "100/200", "1/", "A/2") if is_fraction(text)] == [
        "1/2",
        "3/4",
        "11/16",
    ]
