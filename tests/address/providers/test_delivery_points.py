"""From a provider's codes to an outcome."""

import csv
from pathlib import Path

import pytest

from dq.address.providers.contract import Address, Correction
from dq.address.providers.delivery_points import DeliveryPoint, answer_of, delivery_point
from dq.model import ADDRESS_OUTCOMES

CASES = Path(__file__).parents[2] / "cases" / "delivery_points.csv"
ADDRESS = Address("k", "742 EVERGREEN TERR APT 2B", unit="APT 2B", city="SPRINGFEILD", state="IL", zip5="62740")


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def point(**cells: object) -> DeliveryPoint:
    return DeliveryPoint(
        **{
            "title": "Smarty",
            "source": "smarty",
            "line1": "742 Evergreen Ter Apt 2B",
            "city": "Springfield",
            "state": "IL",
            "zip5": "62704",
            "zip4": "1234",
            "point": "42",
            **cells,
        }
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['dpv']}-{case['dpv_footnotes']}-{case['outcome']}")
def test_codes_mean_what_the_table_says(case):
    answer = answer_of(
        ADDRESS,
        point(
            dpv=case["dpv"],
            dpv_footnotes=case["dpv_footnotes"],
            zip4=case["zip4"],
            is_vacant=case["vacant"] == "Y",
            is_default=case["code"] == "32",
        ),
    )
    assert (answer.outcome or answer.failure) == case["outcome"]
    assert answer.failure or (answer.outcome in ADDRESS_OUTCOMES and case["words"] in answer.detail)
    assert answer.failure or answer.detail.startswith("Smarty")
    assert (answer.dpv, answer.dpv_footnotes) == (("", "") if answer.failure else (case["dpv"], case["dpv_footnotes"]))


def test_what_is_spelled_differently_is_a_correction_that_names_its_source():
    answer = answer_of(ADDRESS, point(dpv="Y", footnotes="BN"))
    assert answer.corrections == (
        Correction("address_line1", "742 EVERGREEN TERR APT 2B", "742 EVERGREEN TER APT 2B", "smarty:BN"),
        Correction("city", "SPRINGFEILD", "SPRINGFIELD", "smarty:BN"),
        Correction("zip5", "62740", "62704", "smarty:BN"),
    )
    assert (answer.zip4, answer.delivery_point) == ("1234", "425")


def test_case_and_blanks_are_no_correction():
    same = point(dpv="Y", line1=" 742  Evergreen Terr Apt 2B ", city="Springfeild", zip5="62740")
    assert answer_of(ADDRESS, same).corrections == ()


@pytest.mark.parametrize("line", ["742 Evergreen Ter", "7420 Evergreen Ter Apt 2B", "PO Box 5"])
def test_a_line_that_loses_a_number_is_shown_and_not_taken_over(line):
    answer = answer_of(ADDRESS, point(dpv="S", line1=line))
    assert [correction.field for correction in answer.corrections] == ["city", "zip5"]
    assert f"spelled there as {line.upper()}" in answer.detail


@pytest.mark.parametrize("dpv_footnotes", ["A1", "AAM3"])
def test_nothing_of_an_address_that_is_not_there_is_taken_over(dpv_footnotes):
    answer = answer_of(ADDRESS, point(dpv="N", dpv_footnotes=dpv_footnotes))
    assert (answer.corrections, answer.zip4, answer.delivery_point) == ((), "", "")


@pytest.mark.parametrize("digits", [("6270", "1234", "42"), ("62704", "", "42"), ("62704", "1234", ""), ("", "", "٤٢")])
def test_no_delivery_point_without_all_its_digits(digits):
    assert delivery_point(*digits) == ""


def test_twelve_digits_of_a_delivery_point_sum_to_a_multiple_of_ten():
    for number in range(100):
        found = delivery_point("62704", "1234", f"{number:02}")
        assert sum(map(int, f"627041234{found}")) % 10 == 0
        assert found[:2] == f"{number:02}"
