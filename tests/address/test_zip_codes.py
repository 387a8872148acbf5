"""ZIP notations and the verdict on ZIP, city and state, case by case."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.outcomes import judge
from dq.address.zip_codes import canadian_postal_code, parse_zip
from dq.model import ADDRESS_OUTCOMES
from tests.address.policies import tables

CASES = Path(__file__).parent.parent / "cases" / "zips.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['zip']}|{case['city']}|{case['state']}")
def test_last_line_gets_its_verdict(case):
    verdict = judge(case["zip"], case["city"], case["state"], tables().reference)
    assert (verdict.zip5, verdict.zip4, verdict.city, verdict.state, verdict.outcome) == (
        case["zip5"],
        case["zip4"],
        case["city_out"],
        case["state_out"],
        case["outcome"],
    )
    assert " ".join(verdict.flags) == case["flags"]


@given(st.text(max_size=30), st.text(max_size=20), st.sampled_from(["", "MA", "ZZ", "PR", "AE"]))
def test_any_last_line_gets_an_outcome(zip_text, city, state):
    verdict = judge(zip_text, city, state, tables().reference)
    assert verdict.outcome in ADDRESS_OUTCOMES
    assert 0 < verdict.certainty <= 1


@given(st.from_regex(r"\A\d{5}(-\d{4})?\Z"))
def test_a_plain_zip_is_read_as_it_stands(text):
    code = parse_zip(text)
    assert code.zip5 == text[:5]
    assert code.zip4 == (text[6:] if text[6:] != "0000" else "")


@given(st.text(alphabet="0123456789-O Il.", max_size=14))
def test_reading_a_zip_twice_changes_nothing(text):
    code = parse_zip(text)
    if code.doubt:
        return
    again = parse_zip(f"{code.zip5}-{code.zip4}" if code.zip4 else code.zip5)
    assert (again.zip5, again.zip4, again.doubt) == (code.zip5, code.zip4, "")


def test_a_zip_of_the_rows_state_is_never_rewritten():
    reference = tables().reference
    for zip5 in sorted(reference.zips)[::97]:
        state = reference.zips[zip5][0].state
        verdict = judge(zip5, "NO SUCH CITY", state, reference)
        assert (verdict.zip5, verdict.state, verdict.city) == (zip5, state, "NO SUCH CITY")


def test_every_zip_agrees_with_its_own_city_and_state():
    reference = tables().reference
    for zip5 in sorted(reference.zips)[::53]:
        place = reference.zips[zip5][0]
        assert judge(zip5, place.city.upper(), place.state, reference).outcome == "consistent", zip5


@pytest.mark.parametrize(
    ("text", "expected"), [("m5v 3l9", "M5V 3L9"), ("M5V3L9", "M5V 3L9"), ("12345", ""), ("D5V 3L9", "")]
)
def test_canadian_postal_codes_have_one_form(text, expected):
    assert canadian_postal_code(text) == expected
