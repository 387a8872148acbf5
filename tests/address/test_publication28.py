"""Publication 28 lines: the publication's rules as a table, and what holds for every text."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.publication28 import components, standardize_line, write_case
from dq.address.tokens import LONGEST_LINE, fold
from tests.address.dirty import lines
from tests.address.policies import ABBREVIATE, EXPAND, grammar

CASES = Path(__file__).parent.parent / "cases" / "publication28.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(text: str, style=ABBREVIATE) -> tuple[str, str]:
    return standardize_line(text, grammar(), style)[:2]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["input"])
def test_line_has_the_form_of_the_publication(case):
    assert write(case["input"]) == (case["line1"], case["line2"])


def test_the_table_is_large_enough_to_mean_something():
    assert len(cases()) >= 150
    assert len({case["section"] for case in cases()}) >= 20


@pytest.mark.parametrize("style", [ABBREVIATE, EXPAND], ids=["abbreviate", "expand"])
def test_standardizing_a_case_twice_equals_once(style):
    for case in cases():
        once = write(case["input"], style)
        assert write("\n".join(once), style) == once, case["input"]


def test_abbreviating_undoes_expanding_for_every_case():
    for case in cases():
        short = write(case["input"])
        long = write("\n".join(short), EXPAND)
        assert write("\n".join(long)) == short, case["input"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 n oak st apt 4b", "12 North Oak Street Apartment 4B"),
        ("12 ST CHARLES AVE", "12 Saint Charles Avenue"),
        ("250 SOUTH ST E", "250 South Street East"),
        ("100 MAIN AVE DR", "100 Main Avenue Drive"),
        ("100 AVE E", "100 Avenue E"),
        ("5 PARK PL STE 3", "5 Park Place Suite 3"),
        ("100 W 5TH ST NE", "100 West 5th Street Northeast"),
        ("PO BOX 12", "PO Box 12"),
        ("RR 3 BOX 98D", "RR 3 Box 98D"),
    ],
)
def test_expanding_spells_words_out_but_not_names(text, expected):
    assert write(text, EXPAND)[0] == expected


@given(lines())
def test_twice_equals_once(text):
    once = write(text)
    assert write("\n".join(once)) == once


@given(lines())
def test_abbreviating_undoes_expanding(text):
    short = write(text)
    assert write("\n".join(write("\n".join(short), EXPAND))) == short


@given(lines())
def test_no_digit_is_lost_or_made_up(text):
    plain = fold(text)
    if re.search(r"\b(FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH)\b|\b0", plain):
        return
    assert sorted(re.findall(r"\d", plain)) == sorted(re.findall(r"\d", "".join(write(text))))


@given(st.text(max_size=300))
def test_random_text_never_raises_and_settles(text):
    once = write(text)
    assert write("\n".join(once)) == once


@given(st.text(alphabet="PO BXRSTAE#0123-/,.\n", max_size=60))
def test_texts_near_the_patterns_settle(text):
    once = write(text)
    assert write("\n".join(once)) == once


@pytest.mark.parametrize("unit", ["A", "#", "1 ", "BOX ", "APT 4 ", "N ", "C/O ", "RR 1 ", "\nx", "é", "-", "("])
def test_a_cell_of_ten_thousand_characters_is_kept(unit):
    text = (unit * 10_000)[:10_000]
    line = standardize_line(text, grammar(), ABBREVIATE)
    assert line.parts.flags == ("too_long",)
    assert line.parts.confidence == 0.0
    assert len(text) > LONGEST_LINE
    assert line.line1 == " ".join(fold(text).split())


def test_house_numbers_are_never_altered():
    for number in ("0012", "112-10", "N6W23001", "1O1", "123A", "12 1/2", "39.2"):
        line = standardize_line(f"{number} Oak Grove Street", grammar(), ABBREVIATE)
        assert line.line1 == f"{number} OAK GROVE ST"
        assert line.parts.number == number


def test_components_carry_the_words_of_the_style():
    line = standardize_line("123 N. Main Street SW, Bldg 4 Apt 2b", grammar(), ABBREVIATE)
    assert components(line.parts, grammar().words, ABBREVIATE) == {
        "addr_number": "123",
        "addr_predirectional": "N",
        "addr_street": "MAIN",
        "addr_suffix": "ST",
        "addr_postdirectional": "SW",
        "addr_unit_type": "BLDG APT",
        "addr_unit": "4 2B",
        "addr_box": "",
        "addr_route": "",
    }


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("123 Main St PO Box 4", "po_box_and_street"),
        ("123 Main St, 45 Oak Ave", "two_addresses"),
        ("Oak Street", "no_number"),
        ("12345", "no_street"),
    ],
)
def test_doubts_are_flags(text, flag):
    assert flag in standardize_line(text, grammar(), ABBREVIATE).parts.flags


def test_different_units_never_become_one_line():
    units = ["Apt 1", "Apt 11", "Ste 1", "# 1", "Unit 1-A", "Unit 1A", "Bldg 1 Apt 1", "Fl 1", ""]
    assert len({write(f"123 Main St {unit}") for unit in units}) == len(units)


def test_title_case_keeps_what_is_written_in_capitals():
    assert write_case("C/O JOHN, 12 NW 5TH ST STE K-L PO BOX 4B", EXPAND) == "c/o John, 12 NW 5th St Ste K-L PO Box 4B"
