"""Text to segments: punctuation, Unicode, and what of both stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.tokens import fold, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Oak St/Suite 4", ["12 OAK ST SUITE 4"]),
        ("101 1/2 Main", ["101 1/2 MAIN"]),
        ("Apt 4/5", ["APT 4/5"]),
        ("c / o Ann Lee", ["C/O ANN LEE"]),
        ("12 N/W Oak", ["12 NW OAK"]),
        ("12-B Oak-Hill T-Bird", ["12-B OAK HILL T BIRD"]),
        ("Apt-B Ste K-L-M", ["APT B STE K-L-M"]),
        ("1 - 3 Oak", ["1-3 OAK"]),
        ("1 - 3rd Ave", ["1 3RD AVE"]),
        ("Suite A - J", ["SUITE A-J"]),
        ("39.2 Rd. P.O.Box", ["39.2 RD PO BOX"]),
        ("O'Brien “Q” A&M Main&1st", ["OBRIEN Q A&M MAIN & 1ST"]),
        ("a,b;c(d)\ne|f", ["A", "B", "C", "D", "E", "F"]),
        ("10,000 Oak", ["10000 OAK"]),
        ("100,102 Oak", ["100", "102 OAK"]),
        ("12½ Peña", ["12 1/2 PENA"]),
        ("Apt.#4", ["APT # 4"]),
        (" ,;- ", []),
    ],
)
def test_punctuation_goes_where_the_publication_says(text, expected):
    assert segments(text) == expected


@given(st.text(max_size=80))
def test_segments_are_plain_and_stay_so(text):
    for segment in segments(text):
        assert segment == " ".join(segment.split())
        assert segment == fold(segment)
        assert not set(segment) & set(",;|()[]{}\n'\"`")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_letter_or_digit_is_lost(text):
    kept = "".join(character for character in "".join(segments(text)) if character.isalnum())
    assert kept == "".join(character for character in text.upper() if character.isalnum())
