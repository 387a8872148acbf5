"""City, state and ZIP found at the end of a cell, with and without commas."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.last_line import split_address, split_last_line
from tests.address.policies import grammar, tables

WORDS = grammar().words
CASES = Path(__file__).parent.parent / "cases" / "whole_addresses.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["address"])
def test_a_whole_address_is_taken_apart(case):
    found = split_address(case["address"].replace("\\r", "\r").replace("\\n", "\n"), WORDS, tables().reference)
    assert found[:4] == (case["line"], case["city"], case["state"], case["zip"]), case["note"]


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
    assert split_last_line(text, WORDS)[1:4] == expected


def test_commas_or_none_make_no_difference_for_listed_cities():
    reference = tables().reference
    for zip5 in sorted(reference.zips)[::211]:
        place = reference.zips[zip5][0]
        with_commas = split_address(f"12 Oak St, {place.city}, {place.state} {zip5}", WORDS, reference)
        without = split_address(f"12 Oak St {place.city} {place.state} {zip5}".upper(), WORDS, reference)
        assert with_commas[:4] == without[:4], zip5
        assert with_commas.line == "12 OAK ST", zip5


@given(st.text(max_size=200))
def test_any_cell_is_taken_apart_without_raising(text):
    found = split_address(text, WORDS, tables().reference)
    assert all(isinstance(part, str) for part in found[:4])
    assert 0 < found.certainty <= 1
    assert found.state == "" or found.state in tables().reference.states


@pytest.mark.parametrize("unit", [" IL", "1 ", ",", "A ", "62701 ", "\n"])
def test_a_cell_of_ten_thousand_characters_stays_whole(unit):
    text = "x" + unit * 5_000 + "x"
    found = split_address(text, WORDS, tables().reference)
    assert (found.city, found.state, found.zip_text) == ("", "", "")
