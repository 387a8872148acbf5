"""City State records: three tables, and the rest counted."""

from collections.abc import Hashable
from pathlib import Path

import pandas as pd

from tests.address.reference.conftest import Product
from tests.address.reference.deliveries import CITY_FIELDS, CITY_LENGTH, city, header, put
from tests.address.reference.loads import Desk

CITY = {
    "zip5": "12345",
    "city_state_key": "V13916",
    "zip_class": "U",
    "city": "NEW PORTSMOUTH FALLS",
    "city_short": "NEW PORTSMTH",
    "facility": "P",
    "is_mailing_name": "Y",
    "last_line_key": "V13916",
    "last_line_city": "NEW PORTSMOUTH FALLS",
    "has_city_delivery": "N",
    "route_sort": "D",
    "is_unique_name": "Y",
    "finance_no": "353910",
    "state": "NY",
    "county_fips": "103",
    "county_name": "SUFFOLK",
}
ALIAS = {
    "zip5": "12345",
    "alias_predirectional": "N",
    "alias_street": "OLD POST",
    "alias_suffix": "RD",
    "alias_postdirectional": "E",
    "predirectional": "S",
    "street": "STATE ROUTE 9",
    "suffix": "TRL",
    "postdirectional": "W",
    "alias_type": "O",
    "alias_date": "20240131",
    "low": "0000000100",
    "high": "0000000298",
    "parity": "E",
}
SPLIT = {
    "old_zip5": "12345",
    "old_carrier_route": "C001",
    "new_zip5": "12346",
    "new_carrier_route": "C019",
    "split_date": "20260401",
}


def rows_of(path: Path | None) -> list[dict[Hashable, str]]:
    """Return the rows of a table without their empty cells."""
    assert path is not None
    return [row.dropna().to_dict() for _, row in pd.read_parquet(path).iterrows()]


def test_records_become_rows_field_by_field(desk: Desk, tmp_path: Path) -> None:
    content = [header(CITY_LENGTH), city(**CITY), city("A", **ALIAS), city("Z", **SPLIT)]
    desk.city_state(put(tmp_path / "ctystate.txt", b"".join(content)))
    vintage = {"vintage": "2026-10"}
    assert rows_of(desk.library.cities_path()) == [CITY | vintage]
    cleaned = {"alias_date": "2024-01-31", "low": "100", "high": "298"}
    assert rows_of(desk.library.aliases_path()) == [ALIAS | cleaned | vintage]
    assert rows_of(desk.library.zone_splits_path()) == [SPLIT | {"split_date": "2026-04-01"} | vintage]


def test_blank_fields_are_null_and_the_columns_stay(desk: Desk, tmp_path: Path) -> None:
    desk.city_state(put(tmp_path / "ctystate.txt", header(CITY_LENGTH) + city(zip5="12345", city="ELMIRA")))
    assert rows_of(desk.library.cities_path()) == [{"zip5": "12345", "city": "ELMIRA", "vintage": "2026-10"}]
    aliases = desk.library.aliases_path()
    assert aliases is not None
    empty = pd.read_parquet(aliases)
    assert list(empty.columns) == [*CITY_FIELDS["A"], "vintage"]
    assert len(empty) == 0


def test_other_records_are_counted_and_skipped(desk: Desk, tmp_path: Path) -> None:
    others = [city("S", label_zip="12345", combined_zip="12346"), b"N12345".ljust(CITY_LENGTH), b"P".ljust(CITY_LENGTH)]
    report = desk.city_state(put(tmp_path / "c.txt", header(CITY_LENGTH) + city(**CITY) + b"".join(others)))
    assert report.dataset.records == {"D": 1, "N": 1, "P": 1, "S": 1}
    assert report.dataset.skipped == {"N": 1, "P": 1, "S": 1}
    assert report.dataset.rows == 1


def test_each_product_is_found_among_the_other_ones_files(desk: Desk, product: Product) -> None:
    report = desk.city_state(product.folder)
    names = len(product.zip4)
    assert any(f"{names} files such as" in note and "hold ZIP+4 records" in note for note in report.notes)
    assert desk.zip4(product.folder).dataset.files == tuple(
        f"{product.folder.name}/zip4/{name}" for name in product.zip4
    )
    cities = pd.read_parquet(desk.library.cities_path() or "")
    ranges = desk.ranges()
    assert set(ranges["last_line_key"]) <= set(cities["city_state_key"])
    assert set(ranges["urbanization_key"].dropna()) <= set(cities.loc[cities["facility"] == "U", "city_state_key"])
    aliases = pd.read_parquet(desk.library.aliases_path() or "")
    streets = set(zip(ranges["zip5"], ranges["street"], strict=True))
    assert set(zip(aliases["zip5"], aliases["street"], strict=True)) <= streets
