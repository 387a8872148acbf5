"""Which record answers an address: the table of cases against an invented post office, and what never happens."""

import json

import pandas as pd
import pytest

from dq.address.range_match import verify_addresses
from dq.model import ADDRESS_OUTCOMES
from tests.address.range_match.springfield import aliases, file, places
from tests.address.range_match.worlds import addresses, cases, find, ranges, standards, street, unit

TABLE = "range_choice.csv"


def line_of(case: dict[str, str]) -> dict[str, str | None]:
    columns = {"address_line1": "line1", "address_line2": "line2", "city": "city", "zip5": "zip5", "firm": "firm"}
    return {column: case[name] or None for column, name in columns.items()}


@pytest.fixture(scope="module")
def found() -> list[dict[str, str]]:
    """Findings of all cases, asked at once; addresses of different firms have one key, so firm by firm."""
    findings: dict[int, dict[str, str]] = {}
    for firm in sorted({case["firm"] for case in cases(TABLE)}):
        numbers = [number for number, case in enumerate(cases(TABLE)) if case["firm"] == firm]
        lines = [line_of(cases(TABLE)[number]) for number in numbers]
        findings |= dict(zip(numbers, find(file(), *lines, cities=places(), aliases=aliases()), strict=True))
    return [findings[number] for number in range(len(cases(TABLE)))]


@pytest.mark.parametrize("number", range(len(cases(TABLE))), ids=lambda n: f"{n}-{cases(TABLE)[n]['line1']}")
def test_the_record_is_chosen_as_the_table_says(found, number):
    case, finding = cases(TABLE)[number], found[number]
    after = {column: value for column, _, value, _ in json.loads(finding.get("corrections") or "[]")}
    said = {
        **{column: finding.get(column, "") for column in ("outcome", "zip4", "delivery_point", "footnotes")},
        "line1_after": after.get("address_line1", ""),
        "city_after": after.get("city", ""),
        "zip5_after": after.get("zip5", ""),
    }
    assert said == {column: case[column] for column in said}, case["note"]


@pytest.mark.parametrize("number", range(0, len(cases(TABLE)), 25))
def test_asked_alone_the_answer_is_the_same(found, number):
    assert find(file(), line_of(cases(TABLE)[number]), cities=places(), aliases=aliases()) == [found[number]]


def test_the_table_holds_what_the_rules_speak_of():
    notes = set("".join(case["footnotes"] for case in cases(TABLE)))
    assert notes >= set("ACDEFHIJKLMNPSUVWX")
    assert len(cases(TABLE)) >= 100
    outcomes = {case["outcome"] for case in cases(TABLE)} - {""}
    assert outcomes <= set(ADDRESS_OUTCOMES)
    assert len(outcomes) == 10


def test_no_finding_speaks_as_if_mail_would_arrive(found):
    for finding in found:
        text = f"{finding.get('detail', '')} {finding.get('corrections', '')}".upper()
        assert not any(word in text for word in ("DPV", "CASS", "DELIVERABLE"))
        assert not finding.get("dpv")


def test_a_tie_names_its_choices(found):
    details = [row["detail"] for row in found if row.get("outcome") == "multiple"]
    assert "Several records fit equally well, none was picked: ELM AVE, ELM ST." in details
    assert "Several records fit equally well, none was picked: 12346 BEECH ST, 12347 BEECH ST." in details


def test_corrections_say_why():
    finding = find(file(), {"address_line1": "104 MAIN ST", "city": "OLD SPRINGFIELD"}, cities=places())[0]
    assert json.loads(finding["corrections"]) == [
        ["address_line1", "104 MAIN ST", "104 N MAIN ST", "street_directional"],
        ["city", "OLD SPRINGFIELD", "SPRINGFIELD", "city_preferred"],
    ]


def test_what_else_stands_on_a_line_stays_on_it():
    asked = addresses({"address_line1": "104 MAIN ST"})
    asked["address_line1"] = "104 MAIN ST NEAR THE MILL"
    corrections = verify_addresses(asked, file(), standards())["corrections"][0]
    assert json.loads(corrections)[0][2] == "104 N MAIN ST NEAR THE MILL"


def test_without_a_city_state_file_areas_come_from_the_ranges():
    moved, unknown = find(file(), "5 ASH ST", {"address_line1": "5 ASH ST", "zip5": "99999"})
    assert json.loads(moved["corrections"]) == [["zip5", "12345", "12346", "zip_of_street"]]
    assert unknown == {}


def test_the_evidence_is_as_old_as_the_file():
    dated = ranges(street("|OAK|ST|", "1:99", "1001", vintage="2026-08"))
    found = find(dated, "5 OAK ST", "5 ELM ST")
    assert [row["evidence_on"] for row in found] == ["2026-08", "2026-08"]
    assert {row["source"] for row in found} == {"usps_zip4"}


@pytest.mark.parametrize("source", ["nad_point", "tiger_range"])
def test_a_source_with_gaps_says_only_what_it_has(source):
    other = ranges(
        street("N|MAIN|ST|", "104", "", source=source), street("|MAPLE|DR|", "1:99", "", source=source)
    ).assign(plus4_low=pd.NA, plus4_high=pd.NA)
    found = find(other, "104 N MAIN ST", "5 MAPLE DR", "106 N MAIN ST", "104 MAIN ST", "5 MAPEL DR", "5 ELM ST")
    assert [row.get("outcome") for row in found] == ["confirmed", "range_only", None, None, None, None]
    assert {row["source"] for row in found if row} == {source}
    assert not any(row["zip4"] for row in found if row)


def test_a_house_number_in_words_is_a_number():
    assert find(file(), "One Elm St")[0]["zip4"] == "1020"


def test_an_empty_file_says_nothing():
    assert find(ranges(), "5 OAK ST", "PO BOX 7") == [{}, {}]


def test_no_address_gives_no_finding():
    empty = addresses({"address_line1": "5 OAK ST"}).iloc[:0]
    assert verify_addresses(empty, file(), standards()).empty


def test_units_of_a_building_with_many_ranges_are_found_one_by_one():
    building = [unit("|OAK|ST|", "20 E", "APT", f"{n}01:{n}20", f"{2000 + n}") for n in range(1, 300)]
    found = find(ranges(*building), *(f"20 OAK ST APT {n}07" for n in (1, 150, 299)), "20 OAK ST APT 199921")
    assert [row["zip4"] for row in found] == ["2001", "2150", "2299", ""]
    assert found[3]["outcome"] == "unit_unconfirmed"


@pytest.mark.parametrize("words", ["expand", "abbreviate"])
def test_addresses_in_any_style_are_understood(words):
    asked = addresses({"address_line1": "104 MAIN ST"})
    if words == "expand":
        asked = asked.assign(addr_suffix="Street", addr_street="Main", address_line1="104 Main Street")
    assert verify_addresses(asked, file(), standards())["zip4"].tolist() == ["1001"]


def test_rows_of_a_part_with_other_zips_are_passed_over():
    more = pd.concat([file(), ranges(street("N|MAIN|ST|", "100:198 E", "7777", zip5="54321"))])
    assert find(more, "104 N MAIN ST")[0]["zip4"] == "1001"
