"""Publication 28 lines: the publication's rules as a table, and what holds for every text."""

import csv
import re
from pathlib import Path

import pytest
import usaddress
from hypothesis import given
from hypothesis import strategies as st

from dq.address.kinds import CROSSING, DIRECTION, NAME, ROAD, SPECIAL, SUFFIX, UNIT, WORD
from dq.address.parser import parse_line
from dq.address.publication28 import components, standardize_line, write_case
from dq.address.tokens import LONGEST_LINE, fold, segments
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
    assert len(cases()) >= 400
    assert len({case["section"] for case in cases()}) >= 30
    assert len({case["input"] for case in cases()}) == len(cases())


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
def test_what_is_called_settled_is_read_again_the_same(text):
    line = standardize_line(text, grammar(), ABBREVIATE)
    if line.parts.is_settled:
        again = parse_line(line.line1, grammar())
        assert again._replace(flags=line.parts.flags) == line.parts


NUMBER_WORDS = re.compile(r"\b(ONE|TWO|FIVE|TWENTY|HUNDRED|SECOND|FORTY|SEVENTH)\b|\b0")


@given(lines())
def test_no_digit_is_lost_or_made_up(text):
    plain = fold(text)
    if not NUMBER_WORDS.search(plain):
        assert sorted(re.findall(r"\d", plain)) == sorted(re.findall(r"\d", "".join(write(text))))


@given(lines())
def test_no_word_that_no_table_knows_is_lost(text):
    words = grammar().words
    known = SUFFIX | DIRECTION | UNIT | SPECIAL | ROAD | WORD | NAME | CROSSING
    written = "".join(character for character in "".join(write(text)) if character.isalnum())
    for token in " ".join(segments(text)).split():
        if token.isalpha() and not words.kinds[token] & known and token not in {"ROUTE", "FOOT", "DELIVERY", "M", "L"}:
            assert token in written, token


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
    for number in ("0012", "112-10", "N6W23001", "1O1", "123A", "12 1/2", "39.2", "4922 B", "5-5616", "123-125"):
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


UNITS = [
    "Apt 1",
    "Apt 11",
    "Ste 1",
    "# 1",
    "Unit 1-A",
    "Unit 1A",
    "Bldg 1 Apt 1",
    "Fl 1",
    "",
    "Ste 100 West",
    "Ste 100",
]
UNITS += [
    "Ste 100 East",
    "Ste 100 & 200",
    "Ste 100 200",
    "Rear",
    "Front",
    "PH",
    "PH 1",
    "Bsmt",
    "Lot 1",
    "Level 1",
    "Apt A",
]
UNITS += [
    "Unit A",
    "PMB 1",
    "Rm 1",
    "Spc 1",
    "Bldg 1",
    "Apt 4 B",
    "Apt 4",
    "Ground Floor",
    "Lower Level",
    "Dept 1",
    "Apt",
]
STREETS = [
    "123 Main St",
    "123 N 5th Ave SW",
    "123 Hwy 60",
    "123 Broadway",
    "123 County Road 5",
    "842 E 1700 S",
    "12 Avenue E",
]
STREETS += ["1 Calle 5", "12 I-10 Frontage Rd", "One Penn Plaza", "123 Old Mill", "PO Box 7", "RR 2 Box 5"]


@pytest.mark.parametrize("street", STREETS)
def test_different_units_never_become_one_line(street):
    lines_of = {unit: write(f"{street} {unit}") for unit in UNITS}
    assert len(set(lines_of.values())) == len(UNITS), sorted(lines_of.items(), key=lambda item: item[1])


WORDS_OF = {
    "N": ["N", "N.", "North", "north", "NORTH", "No."],
    "SW": ["SW", "S.W.", "Southwest", "South West", "S W", "s/w"],
    "ST": ["St", "St.", "Street", "STR", "street"],
    "BLVD": ["Blvd", "Boulevard", "Boul.", "BLVD."],
    "TER": ["Ter", "Terrace", "Terr"],
    "5TH": ["5th", "Fifth", "5", "5TH", "5 th"],
    "SAINT JOHNS": ["St. John's", "St Johns", "Saint Johns", "SAINT JOHN'S"],
    "MOUNT VERNON": ["Mt. Vernon", "Mount Vernon", "MT VERNON", "Mount-Vernon"],
    "APT 4B": ["Apt 4B", "Apt. #4B", "Apartment 4B", "APT4B", "Apt No. 4B", "# Apt 4B", "Apt-4B"],
    "FL 2": ["Fl 2", "2nd Floor", "Second Floor", "Floor 2", "2FL", "Floor Two", "2nd Flr."],
    "STE 100": ["Ste 100", "Suite 100", "Suite #100", "STE. 100", "Ste100"],
    "# 7": ["# 7", "#7", "No. 7", "Number 7"],
}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """One street address in a dirty spelling, and in standard form."""
    name = draw(st.sampled_from(["5TH", "SAINT JOHNS", "MOUNT VERNON"]))
    before, suffix = draw(st.sampled_from(["", "N", "SW"])), draw(st.sampled_from(["ST", "BLVD", "TER"]))
    after = "" if before else draw(st.sampled_from(["", "N", "SW"]))
    unit = draw(st.sampled_from(["", "APT 4B", "FL 2", "STE 100", "# 7"]))
    street = ["123", *filter(None, (before, name, suffix, after))]
    dirty = [draw(st.sampled_from(WORDS_OF.get(word, [word]))) for word in street]
    typed_unit = draw(st.sampled_from(WORDS_OF[unit])) if unit else ""
    joiner = draw(st.sampled_from([" ", ", ", "\n", "  ", " / ", "; "]))
    parts = [" ".join(dirty), typed_unit]
    if unit and not unit.startswith("#") and draw(st.booleans()):
        parts.reverse()
    return joiner.join(filter(None, parts)), " ".join(filter(None, (*street, unit)))


@given(spellings())
def test_spellings_of_one_address_become_one_line(spelling):
    typed, standard = spelling
    assert write(typed) == (standard, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Oak St Apt 3", "Apt 3 12 Oak St"),
        ("12 Oak St, Apt 3", "Apt 3, 12 Oak St"),
        ("12 Oak St Bldg 4 Apt 3", "12 Oak St Apt 3 Bldg 4"),
        ("12 Oak St Fl 2 Ste 3", "Ste 3, 2nd Floor, 12 Oak St"),
        ("RR 1 Box 218", "Box 218 RR 1"),
        ("HC 1 Box 218", "Box 218, HC 1"),
        ("PSC 802 Box 74", "PSC 802, Box 74"),
        ("12 Oak St PMB 4", "PMB 4, 12 Oak St"),
        ("12 Oak St\nc/o Ann Lee", "c/o Ann Lee\n12 Oak St"),
        ("12 Oak St\nPO Box 4", "PO Box 4\n12 Oak St"),
        ("City Hall, 12 Oak St", "12 Oak St, City Hall"),
    ],
)
def test_order_is_irrelevant_where_the_rule_says_so(one, other):
    assert write(one) == write(other)


@pytest.mark.parametrize(
    "text",
    [
        "PSC 802 BOX 74 APO BOX 3",
        "#4B FLOOR 2 MAIN ST #4",
        "PO BOX 4 12 OAK ST PO BOX 5",
        "12 OAK ST APT 4 45 ELM ST APT 5",
        "12 OAK 45 ELM 7 ASH",
        "RR 2 BOX 5 RR 3 BOX 6",
        "BOX 7 12 OAK BOX 8",
        "12 MAIN ST ## 45 N MAIN 7",
    ],
)
def test_what_the_model_refuses_gets_a_reading_and_its_doubt(text):
    with pytest.raises(usaddress.RepeatedLabelError):
        usaddress.tag(text)
    line = standardize_line(text, grammar(), ABBREVIATE)
    assert line.line1
    assert line.parts.confidence < 0.7 or line.parts.flags


def test_text_above_the_line_is_shortened_only_where_it_is_too_long():
    firm = "Department of Environmental Protection and Natural Resources Administration"
    short = "DEPARTMENT OF ENVIRONMENTAL PROTECTION AND NATURAL RESOURCES ADMIN"
    assert write(f"{firm}\n12 Oak St") == ("12 OAK ST", short.replace("ENVIRONMENTAL", "ENVIR"))
    assert write("Department of Environmental Protection\n12 Oak St")[1] == "DEPARTMENT OF ENVIRONMENTAL PROTECTION"


def test_title_case_keeps_what_is_written_in_capitals():
    assert write_case("C/O JOHN, 12 NW 5TH ST STE K-L PO BOX 4B", EXPAND) == "c/o John, 12 NW 5th St Ste K-L PO Box 4B"
