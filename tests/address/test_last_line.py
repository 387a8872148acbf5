"""City, state and ZIP found at the end of a cell, with and without commas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.last_line import split_address, split_last_line
from tests.address.policies import grammar, tables

WORDS = grammar().words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Springfield, IL 62701-1234", ("SPRINGFIELD", "IL", "62701-1234")),
        ("Springfield IL", ("SPRINGFIELD", "IL", "")),
        ("New York, New York 10001", ("NEW YORK", "NY", "10001")),
        ("Charleston, W. Va. 25301", ("CHARLESTON", "WV", "25301")),
        ("Boston MA 2139", ("BOSTON", "MA", "2139")),
        ("Beverly Hills 90210 CA", ("BEVERLY HILLS", "CA", "90210")),
        ("Honolulu, Hawaii 96813 USA", ("HONOLULU", "HI", "96813")),
        ("62701", ("", "", "62701")),
        ("Paris", ("PARIS", "", "")),
        ("", ("", "", "")),
    ],
)
def test_last_line_is_taken_apart(text, expected):
    assert split_last_line(text, WORDS)[1:] == expected


@pytest.mark.parametrize(
    ("text", "line", "city"),
    [
        ("123 Main St, Springfield, IL 62701", "123 MAIN ST", "SPRINGFIELD"),
        ("123 MAIN ST SPRINGFIELD IL 62701", "123 MAIN ST", "SPRINGFIELD"),
        ("123 Main St\nSpringfield IL 62701", "123 MAIN ST", "SPRINGFIELD"),
        ("123 Main St\r\nApt 4\r\nSpringfield, IL 62701", "123 MAIN ST, APT 4", "SPRINGFIELD"),
        ("5 Oak Dr West Sacramento CA 95691", "5 OAK DR", "WEST SACRAMENTO"),
        ("4700 Stableway Rd Pike Road AL 36064", "4700 STABLEWAY RD", "PIKE ROAD"),
        ("Suite 4, 5 Elm St St Louis MO 63136", "SUITE 4, 5 ELM ST", "ST LOUIS"),
        ("12 Oak St, Xyzzy Town, TX 75001", "12 OAK ST", "XYZZY TOWN"),
        ("12 Oak St, Portland, OR", "12 OAK ST", "PORTLAND"),
        ("PO Box 5 Honolulu HI 96813", "PO BOX 5", "HONOLULU"),
        ("123 Main St NE", "123 MAIN ST NE", ""),
        ("123 Main St", "123 MAIN ST", ""),
    ],
)
def test_whole_address_parts_before_its_city(text, line, city):
    found = split_address(text, WORDS, tables().reference)
    assert (found.line, found.city) == (line, city)


def test_commas_or_none_make_no_difference_for_listed_cities():
    reference = tables().reference
    for zip5 in sorted(reference.zips)[::211]:
        place = reference.zips[zip5][0]
        with_commas = split_address(f"12 Oak St, {place.city}, {place.state} {zip5}", WORDS, reference)
        without = split_address(f"12 Oak St {place.city} {place.state} {zip5}".upper(), WORDS, reference)
        assert with_commas == without, zip5
        assert with_commas.line == "12 OAK ST", zip5


@given(st.text(max_size=200))
def test_any_cell_is_taken_apart_without_raising(text):
    found = split_address(text, WORDS, tables().reference)
    assert all(isinstance(part, str) for part in found)
    assert found.state == "" or found.state in tables().reference.states


@pytest.mark.parametrize("unit", [" IL", "1 ", ",", "A ", "62701 ", "\n"])
def test_a_cell_of_ten_thousand_characters_stays_whole(unit):
    text = "x" + unit * 5_000 + "x"
    found = split_address(text, WORDS, tables().reference)
    assert (found.city, found.state, found.zip_text) == ("", "", "")
