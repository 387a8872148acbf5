"""Where a street ends, by its words alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.street_end import after_street, leaves_line
from tests.address.dirty import lines
from tests.address.policies import grammar

WORDS = grammar().words


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("12 OAK ST SPRINGFIELD", "SPRINGFIELD"),
        ("12 OAK ST N SPRINGFIELD", "SPRINGFIELD"),
        ("12 OAK ST APT B LONG BEACH", "LONG BEACH"),
        ("12 OAK ST 2ND FLOOR LONG BEACH", "LONG BEACH"),
        ("12 OAK ST STE 4 COEUR D'ALENE", "COEUR D'ALENE"),
        ("12 OAK ST", None),
        ("12 OAK ST NORTH", None),
        ("12 OAK ST LOBBY", None),
        ("12 AVENUE OF THE AMERICAS", None),
        ("OAK STREET SPRINGFIELD", None),
        ("12 OAK ST ONE TWO THREE FOUR FIVE", None),
        ("", None),
        (",", None),
    ],
)
def test_words_after_a_complete_street_are_found(text, rest):
    at = after_street(text, WORDS)
    assert (None if at is None else text[at:]) == rest


@pytest.mark.parametrize(
    ("line", "city", "expected"),
    [
        ("12 OAK ST", "SPRINGFIELD", True),
        ("100", "PIKE ROAD", False),
        ("100 N", "OAK PARK", False),
        ("480 N 900 E", "PROVO", True),
        ("1405 EAST NORTH", "VICTORIA", True),
        ("8-3RD", "ALMA", False),
        ("PO BOX 5", "ALMA", True),
        ("9 ELM ST APT", "N CHARLESTON", False),
        ("9 ELM ST BLDG", "ST PAUL", True),
        ("26 OCEAN OAKS", "LANE", False),
        ("26 OCEAN OAKS RD", "LANE", True),
        ("", "LANE", True),
        ("12 OAK ST", ".", False),
    ],
)
def test_a_city_leaves_a_street_before_it(line, city, expected):
    assert leaves_line(line, city, WORDS) is expected


@given(lines(), st.text(max_size=20))
def test_no_line_makes_it_fail(line, city):
    assert leaves_line(line.upper(), city, WORDS) in {True, False}
    at = after_street(line.upper(), WORDS)
    assert at is None or 0 < at < len(line)
