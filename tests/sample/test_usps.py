"""The synthetic ZIP+4 product: exact layout, every kind of record, and customers whose right answers are right."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import SettingsError
from dq.model import ADDRESS_OUTCOMES
from dq.sample.usps import write_usps_sample
from dq.sample.usps.customers import ADDRESSES
from tests.address.reference.deliveries import CITY_LENGTH, ZIP4_LENGTH
from tests.sample.conftest import reference_table
from tests.sample.usps_oracle import Answers, Record, holds, holds_unit, numbers_in, plus4_of, read_records, street_of

RECORDS, CUSTOMERS, SEED = 12_000, 1_500, 11
CASES = reference_table("sample/usps_cases")


@dataclass(frozen=True)
class Sample:
    """A synthetic product on disk and what it holds."""

    folder: Path

    @cached_property
    def answers(self) -> Answers:
        """Return the records."""
        return Answers(read_records(self.folder))

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Return the answer key."""
        return pd.read_csv(self.folder / "addresses.csv", dtype="str", keep_default_na=False, na_filter=False)

    def of_case(self, *cases: str) -> list[Record]:
        """Return the customers of some cases."""
        rows = self.customers[self.customers["case"].isin(cases)]
        assert len(rows), cases
        return rows.to_dict("records")  # type: ignore[return-value]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("usps")
    size = write_usps_sample(RECORDS, CUSTOMERS, SEED, folder, reference_table)
    assert sum(count for name, count in size.records.items() if name.startswith("zip4/")) == RECORDS
    assert size.records["addresses.csv"] == CUSTOMERS
    return Sample(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


# ---- the files ----------------------------------------------------------------------------------------------------
def test_files_have_whole_records_a_header_and_ascending_zips(made: Sample) -> None:
    for name, content in contents(made.folder / "zip4").items():
        assert len(content) % ZIP4_LENGTH == 0
        assert content.startswith(b"C     COPYRIGHT(C) 10-26 USPS 001 SYNTHETIC RECORDS")
        zips = [content[at + 1 : at + 6] for at in range(ZIP4_LENGTH, len(content), ZIP4_LENGTH)]
        assert zips == sorted(zips)
        assert {zip5[:1].decode() for zip5 in zips} == {name.removesuffix(".txt")[-1]}
    cities = (made.folder / "ctystate/ctystate.txt").read_bytes()
    assert len(cities) % CITY_LENGTH == 0
    assert {chr(cities[at]) for at in range(0, len(cities), CITY_LENGTH)} >= set("CDA")


def test_there_are_exactly_as_many_records_as_asked_for(made: Sample) -> None:
    assert len(made.answers.records) == RECORDS
    assert len({record["update_key"] for record in made.answers.records}) == RECORDS


def test_every_kind_of_record_is_there(made: Sample) -> None:
    records = made.answers.records
    assert set(Counter(record["record_type"] for record in records)) == set("SHFPRG")
    for name, values in {
        "parity": {"O", "E", "B"},
        "base_alternate": {"A", "B"},
        "lacs": {"L", ""},
        "government": {"E", ""},
        "unit_parity": {"O", "E", "B", ""},
    }.items():
        assert {record[name] for record in records} >= values, name
    assert any(record["plus4_low"] == "00ND" for record in records)
    assert any(record["plus4_low"] != record["plus4_high"] for record in records if record["record_type"] == "F")
    assert any(record["low"].startswith("-") for record in records if record["record_type"] == "P")
    assert any(record["urbanization_key"] for record in records)
    assert {"RR", "HC"} <= {record["street"].split()[0] for record in records if record["record_type"] == "R"}
    for record in records:
        if record["low"].isdigit():
            assert int(record["low"]) <= int(record["high"])
            assert record["parity"] == "B" or int(record["low"]) % 2 == int(record["high"]) % 2


def test_streets_of_a_zip_are_distinct_and_so_are_their_sides(made: Sample) -> None:
    ranges = Counter(
        (record["zip5"], street_of(record), record["low"])
        for record in made.answers.records
        if record["record_type"] == "S"
    )
    assert max(ranges.values()) == 1


def test_cities_of_a_post_office_share_its_finance_number(made: Sample) -> None:
    content = (made.folder / "ctystate/ctystate.txt").read_bytes().decode()
    cities = [content[at : at + CITY_LENGTH] for at in range(CITY_LENGTH, len(content), CITY_LENGTH)]
    details = [city for city in cities if city[0] == "D"]
    offices = {city[1:6]: city[93:99] for city in details}
    assert {record["zip5"]: record["finance_no"] for record in made.answers.records} == offices
    assert {city[12] for city in details} == {" ", "M", "P", "U"}
    assert {city[55] for city in details} == {"Y", "N"}
    assert max(Counter(offices.values()).values()) > 2, "some post offices have several ZIPs"


def test_equal_seeds_give_equal_bytes_and_leave_nothing_of_another_sample(made: Sample, tmp_path: Path) -> None:
    write_usps_sample(3 * RECORDS, 0, SEED + 1, tmp_path, reference_table)
    assert contents(tmp_path) != contents(made.folder)
    write_usps_sample(RECORDS, CUSTOMERS, SEED, tmp_path, reference_table)
    assert contents(tmp_path) == contents(made.folder)


@pytest.mark.parametrize("records", [500, 1_003])
def test_small_samples_are_whole(records: int, tmp_path: Path) -> None:
    size = write_usps_sample(records, 100, 1, tmp_path, reference_table)
    assert len(read_records(tmp_path)) == records
    assert size.records["addresses.csv"] == 100


def test_too_small_samples_and_files_as_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="too few"):
        write_usps_sample(499, 0, 1, tmp_path, reference_table)
    (tmp_path / "out").write_text("x")
    with pytest.raises(SettingsError, match="is a file"):
        write_usps_sample(500, 0, 1, tmp_path / "out", reference_table)


# ---- the answer key -----------------------------------------------------------------------------------------------
def test_the_answer_key_has_every_case_with_its_outcome(made: Sample) -> None:
    customers = made.customers
    assert tuple(customers.columns) == ADDRESSES
    assert len(customers) == CUSTOMERS
    assert customers["address_id"].is_unique
    assert set(CASES["expected_outcome"]) <= set(ADDRESS_OUTCOMES)
    assert set(customers["case"]) == set(CASES["case"])
    outcomes = dict(zip(CASES["case"], CASES["expected_outcome"], strict=True))
    assert (customers["case"].map(outcomes) == customers["expected_outcome"]).all()
    assert customers["address_line1"].ne("").all()
    assert customers["zip5"].str.fullmatch(r"\d{5}").all()
    assert customers["expected_zip4"].str.fullmatch(r"(\d{4})?").all()


def covering(records: list[Record], street: str, number: str) -> list[Record]:
    return [record for record in records if street_of(record) == street and holds(record, number)]


def test_street_addresses_have_one_range_and_no_building(made: Sample) -> None:
    for customer in made.of_case("street_range", "street_single", "other_city", "plus4_outdated", "no_delivery"):
        number, street = customer["address_line1"].split(" ", 1)
        records = made.answers.of_zip(customer["zip5"], "S", "H", "F")
        (found,) = covering(records, street, number)
        assert found["record_type"] == "S"
        assert plus4_of(found) == customer["expected_zip4"]
        assert (found["low"] == found["high"]) == (customer["case"] == "street_single") or found["plus4_low"] == "00ND"
        assert (found["plus4_low"] == "00ND") == (customer["case"] == "no_delivery")


def test_units_lie_in_one_range_of_their_building(made: Sample) -> None:
    for customer in made.of_case("unit_in_range", "unit_missing", "unit_wrong", "building_default"):
        number, rest = customer["address_line1"].split(" ", 1)
        names = {street_of(record) for record in made.answers.of_zip(customer["zip5"], "H")}
        street = next(name for name in sorted(names, key=len, reverse=True) if f"{rest} ".startswith(f"{name} "))
        unit = rest[len(street) :].strip().split(" ")[-1]
        there = covering(made.answers.of_zip(customer["zip5"], "H", "F"), street, number)
        assert all(record["record_type"] == "H" for record in there)
        (default,) = [record for record in there if not record["unit_low"]]
        ranges = [record for record in there if record["unit_low"] and unit and holds_unit(record, unit)]
        assert bool(ranges) == (customer["case"] == "unit_in_range")
        assert (len(there) == 1) == (customer["case"] == "building_default")
        assert plus4_of(ranges[0] if ranges else default) == customer["expected_zip4"]


def test_boxes_and_routes_have_their_records(made: Sample) -> None:
    for customer in made.of_case("po_box", "rural_box", "military"):
        street, number = customer["address_line1"].rsplit(" ", 1)
        street = street.removesuffix(" BOX") if customer["case"] != "po_box" else street
        records = made.answers.of_zip(customer["zip5"], "P", "R", "S")
        in_file = "-" + number[1:] if number.startswith("0") else number
        (found,) = covering(records, street, in_file)
        assert plus4_of(found, number) == customer["expected_zip4"]
    for customer in made.of_case("rural_default", "box_out_of_range", "general_delivery", "street_in_box_zip"):
        line = customer["address_line1"]
        records = made.answers.of_zip(customer["zip5"], "P", "R", "G")
        assert not any(holds(record, line.rsplit(" ", 1)[1]) for record in records if line.startswith(record["street"]))
        if customer["expected_zip4"]:
            (found,) = [
                record for record in records if line.removesuffix(" BOX 9000") == record["street"] and not record["low"]
            ]
            assert plus4_of(found) == customer["expected_zip4"]


def test_firms_stand_alone_at_their_number(made: Sample) -> None:
    for customer in made.of_case("firm"):
        number, street = customer["address_line1"].split(" ", 1)
        (found,) = covering(made.answers.of_zip(customer["zip5"], "F"), street, number)
        assert found["building"] == customer["address_line2"]
        assert plus4_of(found) == customer["expected_zip4"]


def test_what_is_not_to_be_found_is_nowhere_in_the_post_office(made: Sample) -> None:
    for customer in made.of_case("number_out_of_range", "street_unknown", "directional_wrong", "street_in_box_zip"):
        number, street = customer["address_line1"].split(" ", 1)
        records = made.answers.of_office(customer["zip5"], "S", "H", "F")
        assert covering(records, street, number) == []
        is_known = any(street_of(record) == street for record in records)
        assert is_known == (customer["case"] == "number_out_of_range")


def test_a_changed_component_leaves_one_street_of_that_name(made: Sample) -> None:
    for customer in made.of_case("suffix_missing", "suffix_wrong", "directional_missing", "wrong_zip"):
        number, rest = customer["address_line1"].split(" ", 1)
        records = made.answers.of_office(customer["expected_zip5"], "S")
        close = [
            record
            for record in records
            if f" {record['street']} " in f" {rest} "
            and holds(record, number)
            and record["plus4_low"] == customer["expected_zip4"]
        ]
        assert close or not customer["expected_zip4"]
        names = {
            (record["zip5"], street_of(record))
            for record in records
            if record["street"] in {c["street"] for c in close}
        }
        assert len(names) <= 1
        if customer["case"] == "wrong_zip":
            assert customer["zip5"] != customer["expected_zip5"]
            assert made.answers.office_of(customer["zip5"]) == made.answers.office_of(customer["expected_zip5"])
            assert covering(made.answers.of_zip(customer["zip5"], "S"), rest, number) == []


def test_several_answers_differ_by_their_directional_alone(made: Sample) -> None:
    for customer in made.of_case("multiple"):
        number, street = customer["address_line1"].split(" ", 1)
        records = made.answers.of_zip(customer["zip5"], "S")
        assert covering(records, street, number) == []
        there = [
            record
            for record in records
            if street_of(record).removeprefix(record["predirectional"] + " ") == street and holds(record, number)
        ]
        assert len({plus4_of(record) for record in there}) > 1
        assert all(record["predirectional"] for record in there)


def test_aliases_stand_in_the_city_state_file(made: Sample) -> None:
    content = (made.folder / "ctystate/ctystate.txt").read_bytes().decode()
    lines = [content[at : at + CITY_LENGTH] for at in range(0, len(content), CITY_LENGTH)]
    places = ((43, 44), (45, 72), (73, 76), (77, 78))
    aliases = {
        (line[1:6], line[8:36].strip()): " ".join(
            filter(None, (line[first - 1 : last].strip() for first, last in places))
        )
        for line in lines
        if line.startswith("A")
    }
    for customer in made.of_case("alias_street"):
        number, alias = customer["address_line1"].split(" ", 1)
        street = aliases[customer["zip5"], alias]
        (found,) = covering(made.answers.of_zip(customer["zip5"], "S", "H", "F"), street, number)
        assert plus4_of(found) == customer["expected_zip4"]


def test_a_misspelt_name_is_one_letter_off(made: Sample) -> None:
    for customer in made.of_case("street_misspelt"):
        number, rest = customer["address_line1"].split(" ", 1)
        records = [record for record in made.answers.of_zip(customer["zip5"], "S") if holds(record, number)]
        letters = Counter(rest)
        near = [
            record
            for record in records
            if sum(((Counter(street_of(record)) - letters) + (letters - Counter(street_of(record)))).values()) <= 1
            and record["street"] not in rest
        ]
        assert near, customer["address_line1"]
        assert numbers_in(number)
