"""Whole addresses to columns: kinds, recipients, confidence, nothing raised, nothing mended."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq import model
from dq.address import AddressParser
from dq.address.address_parser import KINDS, PARSED
from dq.model import TEXT
from tests.address.dirty import lines
from tests.address.policies import policy

PARSER = AddressParser(policy().standards)


def parse(text: str | None) -> dict[str, object]:
    row = PARSER.parse(pd.Series([text], dtype=TEXT)).iloc[0]
    return {name: (None if pd.isna(value) else value) for name, value in row.items()}


def test_every_part_has_its_column():
    found = parse("Acme Corp, 123 N. Main Street SW Apt 2b, St. Louis, MO 63136-1234")
    assert found == {
        "addr_number": "123",
        "addr_predirectional": "N",
        "addr_street": "MAIN",
        "addr_suffix": "ST",
        "addr_postdirectional": "SW",
        "addr_unit_type": "APT",
        "addr_unit": "2B",
        "addr_box": None,
        "addr_route": None,
        "recipient": "ACME CORP",
        "address_line1": "123 N MAIN ST SW APT 2B",
        "address_line2": "ACME CORP",
        "city": "ST. LOUIS",
        "state": "MO",
        "zip5": "63136",
        "zip4": "1234",
        "postal_code": None,
        "country": None,
        "kind": "street",
        "confidence": found["confidence"],
    }
    assert 0.9 < float(str(found["confidence"])) <= 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12 Oak St, Boston, MA 02108", "street"),
        ("12 Oak St", "street"),
        ("Urb Las Gladiolas 150 Calle A San Juan PR 00926", "street"),
        ("Main St & Oak Ave, Springfield IL 62701", "intersection"),
        ("PO Box 5, Honolulu, HI 96813", "po_box"),
        ("RR 2 Box 15, Ames, IA 50010", "rural_route"),
        ("HC 1 Box 3, Alpine, TX 79830", "highway_contract"),
        ("PSC 802 Box 74, APO AE 09499", "military"),
        ("USS Nimitz, FPO AP 96349", "military"),
        ("General Delivery, Ely, MN 55731", "general_delivery"),
        ("123 Queen St W, Toronto, ON M5V 3L9", "foreign"),
        ("Springfield IL 62701", "unknown"),
        ("qwertz", "unknown"),
        (" \n ", "missing"),
        (None, "missing"),
    ],
)
def test_each_kind_is_told(text, kind):
    assert parse(text)["kind"] == kind


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("Ann Lee\n12 Oak St\nBoston MA 02108", "ANN LEE"),
        ("c/o Ann Lee, 12 Oak St, Boston MA 02108", "ANN LEE"),
        ("Acme Corp\nAttn: Bob\n12 Oak St\nBoston MA 02108", "ACME CORP"),
        ("12 Oak St PMB 4, Boston MA 02108", None),
        ("12 Oak St, Springfield, Sangamon County, IL 62701", None),
        ("12 Oak St, Boston MA 02108", None),
    ],
)
def test_who_is_above_the_line_is_the_recipient(text, recipient):
    assert parse(text)["recipient"] == recipient


def test_a_city_is_kept_as_written_and_a_zip_gets_no_zero():
    found = parse("12 Oak St, Bostn, MA 2108")
    assert (found["city"], found["zip5"]) == ("BOSTN", "2108")


def test_a_foreign_address_is_parted_and_its_line_kept():
    found = parse("10 Downing Street, London SW1A2AA, United Kingdom")
    columns = ("address_line1", "city", "postal_code", "country", "zip5", "addr_number")
    assert [found[column] for column in columns] == ["10 DOWNING STREET", "LONDON", "SW1A 2AA", "GB", None, None]


def test_confidence_falls_with_what_is_not_known():
    texts = ["12 Oak St, Boston, MA 02108", "12 Oak St, Xyzzy, MA 02108", "12 Oak St Xyzzy MA 02108", "asdf qwer", ""]
    confidences = PARSER.parse(pd.Series(texts))["confidence"].tolist()
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] == 0


def test_the_index_stays_and_equal_lines_are_parsed_alike():
    found = PARSER.parse(pd.Series(["12 Oak St", None, "12 Oak St"], index=[7, 9, 7], dtype=TEXT))
    assert found.index.tolist() == [7, 9, 7]
    assert found.iloc[0].equals(found.iloc[2])
    assert list(found.columns) == [*PARSED, "confidence"]
    assert all(found[column].dtype == TEXT for column in PARSED)


def test_no_lines_give_no_rows():
    found = PARSER.parse(pd.Series([], dtype=TEXT))
    assert found.empty
    assert list(found.columns) == [*PARSED, "confidence"]


def test_label_is_the_model_alone():
    found = PARSER.label(pd.Series(["12 Oak St"]))
    assert found["label"].tolist() == ["AddressNumber", "StreetName", "StreetNamePostType"]


def test_standards_in_force_are_the_default():
    assert AddressParser().parse(pd.Series(["12 Oak St"]))["address_line1"].tolist() == ["12 OAK ST"]


ENDS = st.sampled_from(
    ["", ", Boston, MA 02108", " Boston MA", "\nBoston MA 2108", " 02108", ", Toronto ON M5V 3L9", ", CT"]
)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=60), st.tuples(lines(), ENDS).map("".join)))
def test_any_text_is_parsed(text):
    found = parse(text)
    assert found["kind"] in KINDS
    assert 0 <= float(str(found["confidence"])) <= 1
    assert (found["kind"] == "missing") == (not any(found[column] for column in PARSED if column != "kind"))


@settings(max_examples=40)
@given(st.tuples(lines(), ENDS).map("".join))
def test_nothing_of_an_address_is_lost(text):
    found = parse(text)
    parts = " ".join(str(found[name]) for name in PARSED if name not in model.COMPONENT_COLUMNS and found[name])
    digits = {digit for digit in text if digit.isdecimal() and digit.isascii()}
    assert digits <= set(parts) | set("0½")
