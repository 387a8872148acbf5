"""Whole frames of addresses: columns, outcomes, flags, changes, and nothing American abroad."""

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dq import model
from dq.address import parse_lines, standardize_addresses
from dq.model import TEXT
from tests.address.dirty import lines
from tests.address.policies import addresses, policy

CELLS = ["address_line1", "address_line2", "city", "state", "zip5", "zip4", "postal_code", "country"]


def standardize(*rows: dict[str, str], country: str | None = "US") -> tuple[pd.DataFrame, pd.DataFrame]:
    return standardize_addresses(addresses(*rows, country=country), policy())


def row(country: str | None = "US", **cells: str) -> pd.Series:
    return standardize(cells, country=country)[0].iloc[0]


def reasons(changes: pd.DataFrame) -> dict[str, str]:
    return dict(zip(changes["column"], changes["reason"], strict=True))


def test_an_american_row_is_written_checked_and_its_changes_told():
    cells = {
        "address_line1": "123 North Main Street",
        "address_line2": "Apt. 4",
        "city": "St. Louis",
        "state": "Missouri",
        "zip5": "631361234",
    }
    result, changes = standardize(cells)
    out = result.iloc[0]
    assert out["address_line1"] == "123 N MAIN ST APT 4"
    assert pd.isna(out["address_line2"])
    assert (out["city"], out["state"], out["zip5"], out["zip4"]) == ("SAINT LOUIS", "MO", "63136", "1234")
    assert (out["addr_number"], out["addr_street"], out["addr_unit"]) == ("123", "MAIN", "4")
    assert out["address_outcome"] == "consistent"
    assert out["address_evidence"] == "geonames:zip+city+state"
    assert 0.9 < out["address_confidence"] <= 1
    assert reasons(changes) == {
        "address_line1": "moved",
        "address_line2": "moved",
        "city": "city_name",
        "state": "state_code",
        "zip5": "zip_split",
        "zip4": "zip_split",
    }
    assert list(changes.columns) == list(model.CHANGES.columns)
    assert set(changes["record_id"]) == {"crm:0"}


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ({"address_line1": "1 Main St", "city": "Boston", "state": "MA", "zip5": "02108"}, "consistent"),
        ({"address_line1": "1 Main St", "city": "Chicago", "state": "MA", "zip5": "02108"}, "zip_city_mismatch"),
        ({"address_line1": "1 Main St", "city": "Boston", "state": "TX", "zip5": "02108"}, "zip_city_mismatch"),
        ({"address_line1": "5 elm", "city": "Anytown", "state": "WA", "zip5": "00000"}, "zip_invalid"),
        ({"address_line1": "1 Main St", "city": "San Juan", "state": "PR", "zip5": "00901"}, "consistent"),
        ({"address_line1": "1 Main St", "city": "Washington", "state": "DC", "zip5": "20098"}, "unverified"),
        ({"address_line1": "1 Main St"}, "unverified"),
        ({"address_line1": "asdf qwer zxcv", "city": "Boston", "state": "MA", "zip5": "02108"}, "parse_doubt"),
        ({"city": "Boston", "state": "MA", "zip5": "02108"}, "consistent"),
        ({}, "missing"),
    ],
)
def test_each_reachable_outcome(cells, outcome):
    assert row(**cells)["address_outcome"] == outcome


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("12 Oak Street", "12 OAK ST", "abbreviated"),
        ("12 oak st", "12 OAK ST", "case"),
        ("12 OAK ST.", "12 OAK ST", "punctuation"),
        ("12 Oak St Apt #4", "12 OAK ST APT 4", "unit"),
        ("P.O. Box 7", "PO BOX 7", "punctuation"),
        ("Post Office Box 7", "PO BOX 7", "delivery_form"),
        ("100 Ctr St", "100 CENTER ST", "expanded"),
    ],
)
def test_a_change_says_why(before, after, reason):
    result, changes = standardize({"address_line1": before})
    assert result["address_line1"].iloc[0] == after
    assert reasons(changes)["address_line1"] == reason
    assert changes["before"].iloc[0] == before


def test_what_moves_above_the_line_is_told_for_both_columns():
    result, changes = standardize({"address_line1": "c/o Ann Lee, 12 Oak St"})
    assert (result["address_line1"].iloc[0], result["address_line2"].iloc[0]) == ("12 OAK ST", "C/O ANN LEE")
    assert reasons(changes) == {"address_line1": "moved_to_line2", "address_line2": "moved_to_line2"}


def test_a_standard_row_has_no_change():
    cells = {"address_line1": "12 OAK ST", "city": "BOSTON", "state": "MA", "zip5": "02108", "zip4": "1234"}
    result, changes = standardize(cells)
    assert changes.empty
    assert result.iloc[0]["zip4"] == "1234"


def test_a_lost_zero_is_restored_and_told():
    result, changes = standardize({"address_line1": "12 OAK ST", "city": "BOSTON", "state": "MA", "zip5": "2108"})
    assert result["zip5"].iloc[0] == "02108"
    assert reasons(changes) == {"zip5": "zip_padded"}


def test_a_whole_address_in_one_cell_is_split_and_the_cell_emptied():
    result, changes = standardize({"address_text": "12 Oak Street Apt 3, Boston, MA 02108-1234"})
    out = result.iloc[0]
    assert [out[column] for column in CELLS[:6] if column != "address_line2"] == [
        "12 OAK ST APT 3",
        "BOSTON",
        "MA",
        "02108",
        "1234",
    ]
    assert pd.isna(out["address_text"])
    assert reasons(changes)["city"] == "address_split"
    assert set(changes.loc[changes["column"] != "zip4", "before"]) == {"12 Oak Street Apt 3, Boston, MA 02108-1234"}


def test_a_whole_address_in_the_delivery_line_loses_what_stands_in_its_own_cells():
    cells = {"address_line1": "12 Oak St, Boston, MA 02108", "city": "Boston", "state": "MA", "zip5": "02108"}
    result, changes = standardize(cells)
    out = result.iloc[0]
    assert (out["address_line1"], out["city"], out["zip5"]) == ("12 OAK ST", "BOSTON", "02108")
    assert pd.isna(out["address_line2"])
    assert reasons(changes)["address_line1"] == "address_split"


def test_a_last_line_in_one_cell_is_split_and_the_cell_emptied():
    out = row(address_line1="12 Oak St", last_line="Boston, Massachusetts 2108")
    assert (out["city"], out["state"], out["zip5"]) == ("BOSTON", "MA", "02108")
    assert pd.isna(out["last_line"])


def test_the_source_text_stays_untouched():
    points = addresses({"address_line1": "12 Oak Street", "zip5": "2108"})
    points["address_line1_raw"] = points["address_line1"]
    result, _ = standardize_addresses(points, policy())
    assert result["address_line1_raw"].tolist() == ["12 Oak Street"]


@pytest.mark.parametrize("country", [None, "AU", "GB"])
def test_nothing_american_happens_abroad(country):
    cells = {
        "address_line1": "7 wallaby  place street",
        "address_line2": "unit 4",
        "city": "st james",
        "state": "wa",
        "zip5": "0211",
    }
    result, changes = standardize(cells, country=country)
    out = result.iloc[0]
    assert (out["address_line1"], out["address_line2"]) == ("7 WALLABY PLACE STREET", "UNIT 4")
    assert (out["city"], out["state"]) == ("ST JAMES", "WA")
    assert pd.isna(out["zip5"])
    assert out["postal_code"] == "0211"
    assert out[list(model.COMPONENT_COLUMNS)].isna().all()
    assert out["address_outcome"] == ("foreign" if country else "unverified")
    assert reasons(changes)["postal_code"] == "postal_code"


def test_a_canadian_postal_code_gets_its_form():
    assert row(country="CA", address_line1="1 Bay St", state="ON", zip5="m5v3l9")["postal_code"] == "M5V 3L9"


def test_a_canadian_row_is_known_by_two_signs_where_nobody_typed_a_country():
    cells = {"address_line1": "1 Bay St", "city": "Toronto", "state": "ON", "zip5": "M5V3L9"}
    for country in (None, "US"):
        out = row(country=country, **cells)
        assert (out["country"], out["postal_code"], out["address_outcome"]) == ("CA", "M5V 3L9", "foreign")
    typed = row(country="US", country_raw="USA", **cells)
    assert (typed["country"], typed["address_outcome"]) == ("US", "zip_invalid")


@pytest.mark.parametrize(
    ("text", "line", "city", "state", "postal_code", "country"),
    [
        ("123 Queen St W, Toronto, ON m5v3l9, Canada", "123 QUEEN ST W", "TORONTO", "ON", "M5V 3L9", "CA"),
        ("10 Downing Street, London SW1A 2AA", "10 DOWNING STREET", "LONDON", None, "SW1A 2AA", "GB"),
        ("12 rue de la Paix, 75002 Paris, France", "12 RUE DE LA PAIX", "PARIS", None, "75002", "FR"),
        ("5 rue Évêque, Montréal QC H2X 1Y4", "5 RUE ÉVÊQUE, MONTRÉAL QC H2X 1Y4", None, None, "H2X 1Y4", "CA"),
    ],
)
def test_a_combined_cell_that_lies_abroad_is_parted_as_typed(text, line, city, state, postal_code, country):
    result, changes = standardize({"address_text": text})
    columns = ["address_line1", "city", "state", "postal_code", "country"]
    out = [None if pd.isna(value) else value for value in result.iloc[0][columns]]
    assert out == [line, city, state, postal_code, country]
    assert (result.iloc[0]["address_outcome"], pd.isna(result.iloc[0]["zip5"])) == ("foreign", True)
    assert reasons(changes)["country"] == "country_from_address"
    typed = row(country="US", country_raw="USA", address_text=text)
    assert typed["country"] == "US"


def test_a_last_line_abroad_is_parted():
    out = row(address_line1="123 Queen St W", last_line="North York, ON M2N5N9")
    columns = ["address_line1", "city", "state", "postal_code", "country"]
    assert out[columns].tolist() == ["123 QUEEN ST W", "NORTH YORK", "ON", "M2N 5N9", "CA"]


def test_a_british_postcode_gets_its_blank():
    assert row(country="GB", address_line1="10 Downing St", zip5="sw1a2aa")["postal_code"] == "SW1A 2AA"


@pytest.mark.parametrize(
    ("line", "zip4", "evidence", "flags"),
    [
        ("PO Box 17", "0017", "geonames:zip+city+state po_box:+4", None),
        ("PO Box 123456", "3456", "geonames:zip+city+state po_box:+4", None),
        ("PO Box 17", "1234", "geonames:zip+city+state", "zip4:not_of_box"),
        ("PO Box A", "1234", "geonames:zip+city+state", None),
        ("RR 2 Box 17", "1234", "geonames:zip+city+state", None),
        ("PO Box 17", None, "geonames:zip+city+state", None),
    ],
)
def test_the_plus4_of_a_bare_box_speaks_for_it(line, zip4, evidence, flags):
    cells = {"address_line1": line, "city": "Boston", "state": "MA", "zip5": "02108"}
    out = row(**cells, **({"zip4": zip4} if zip4 else {}))
    assert out["address_evidence"] == evidence
    assert (None if pd.isna(out["flags"]) else out["flags"]) == flags
    assert out["address_outcome"] == "consistent"


def test_flags_are_added_to_those_that_came_and_are_known():
    out = row(
        address_line1="123 Main St PO Box 4", city="Boston", state="MA", zip5="02108", flags="address_line1:mojibake"
    )
    assert out["flags"] == "address_line1:mojibake address_line1:po_box_and_street"
    known = set(policy().standards.table("flags")["flag"])
    raised = row(address_line1="Oak St, 5 Elm St, PO Box 7", state="XX", zip5="O000")["flags"].split()
    assert raised
    assert {word.partition("=")[0] for word in raised} <= known


def test_an_empty_frame_keeps_its_columns():
    result, changes = standardize_addresses(addresses().iloc[:0], policy())
    assert result.empty
    assert changes.empty
    assert set(CELLS) | set(model.COMPONENT_COLUMNS) <= set(result.columns)
    assert list(changes.columns) == list(model.CHANGES.columns)


def test_text_columns_are_text_and_confidence_a_number():
    result, changes = standardize({"address_line1": "12 Oak St"}, {}, {"city": "Boston", "country": "GB"})
    assert all(
        result[column].dtype == TEXT for column in (*CELLS, *model.COMPONENT_COLUMNS, "address_outcome", "flags")
    )
    assert result["address_confidence"].dtype == "float64"
    assert all(changes[column].dtype == TEXT for column in changes)


# Shrinking whole frames takes minutes and says little. What an example costs are columns: a few hold many rows.
QUICK = settings(max_examples=12, phases=(Phase.explicit, Phase.generate))

rows_of_cells = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "address_line1": st.one_of(lines(), st.text(max_size=40)),
            "address_line2": st.sampled_from(["Apt 4", "PO Box 3", "c/o Bob", "5 Oak Ave", "4B", " "]),
            "city": st.sampled_from(["Boston", "bostn", "St. Louis", "Chicago", "?", "Winston-Salem"]),
            "state": st.sampled_from(["MA", "mass.", "Missouri", "ON", "XX", "N.C."]),
            "zip5": st.sampled_from(["02108", "2108", "63136-1234", "M5V3L9", "00000", "O2108", "x", "021081234"]),
            "country": st.sampled_from(["US", "CA", "AU"]),
        },
    ),
    min_size=1,
    max_size=14,
)


@QUICK
@given(rows_of_cells)
def test_twice_equals_once_and_row_order_is_irrelevant(rows):
    points = addresses(*rows)
    once, _ = standardize_addresses(points, policy())
    twice, changes = standardize_addresses(once, policy())
    columns = [*CELLS, *model.COMPONENT_COLUMNS, *model.VERIFICATION_COLUMNS, "flags"]
    pd.testing.assert_frame_equal(twice[columns], once[columns])
    assert changes.empty
    backwards, _ = standardize_addresses(points.iloc[::-1], policy())
    pd.testing.assert_frame_equal(backwards.iloc[::-1][columns], once[columns])


@QUICK
@given(rows_of_cells)
def test_no_value_changes_without_a_change(rows):
    points = addresses(*rows)
    result, changes = standardize_addresses(points, policy())
    told = set(zip(changes["contact_point_id"], changes["column"], strict=True))
    for column in CELLS:
        differs = points[column].fillna("") != result[column].fillna("")
        for point in points.loc[differs, "contact_point_id"]:
            assert (point, column) in told
    assert changes["reason"].notna().all()
    assert (changes["reason"] != "").all()


def test_parse_lines_takes_lines_apart_and_keeps_the_index():
    found = parse_lines(pd.Series(["12 Oak Street Apt 4", None], index=[7, 9], dtype=TEXT), policy().standards)
    assert found.index.tolist() == [7, 9]
    assert found.loc[7, "address_line1"] == "12 OAK ST APT 4"
    assert found.loc[7, "addr_unit_type"] == "APT"
    assert pd.isna(found.loc[9, "address_line1"])
