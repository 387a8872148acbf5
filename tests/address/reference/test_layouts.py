"""The layouts: every byte of a record belongs to one field, and fields stand where the product has them."""

import pytest

from dq.address.findings import RANGES
from dq.address.reference.layouts import read_products
from dq.standards import Standards
from tests.address.reference.deliveries import CITY_FIELDS, CITY_LENGTH, ZIP4_FIELDS, ZIP4_LENGTH

NOT_READ = {"no_delivery", "kind", "source", "vintage"}


def test_every_byte_belongs_to_one_field(shipped: Standards) -> None:
    for product in read_products(shipped).values():
        for fields in product.fields.values():
            bounds = list(fields.values())
            assert [first for first, _ in bounds] == [0, *(last for _, last in bounds[:-1])]
            assert bounds[-1][1] == product.length


def test_lengths_and_codes_are_those_of_the_products(shipped: Standards) -> None:
    products = read_products(shipped)
    assert {kind: product.length for kind, product in products.items()} == {
        "usps-zip4": ZIP4_LENGTH,
        "usps-citystate": CITY_LENGTH,
    }
    assert set(products["usps-zip4"].fields) == {"C", "D"}
    assert set(products["usps-citystate"].fields) == {"C", "D", "A", "Z", "S"}


def test_fields_stand_where_the_records_have_them(shipped: Standards) -> None:
    products = read_products(shipped)
    found = products["usps-zip4"].fields["D"]
    assert {name: (first + 1, last) for name, (first, last) in found.items()} == ZIP4_FIELDS
    for code, fields in CITY_FIELDS.items():
        found = products["usps-citystate"].fields[code]
        assert {name: (first + 1, last) for name, (first, last) in found.items() if name in fields} == fields
        assert set(found) - set(fields) <= {"code", "filler"}


@pytest.mark.parametrize("kind", ["usps-zip4", "usps-citystate"])
def test_month_and_year_stand_in_the_header(kind: str, shipped: Standards) -> None:
    fields = read_products(shipped)[kind].fields["C"]
    assert {name: (fields[name][0] + 1, fields[name][1]) for name in ("statement", "month", "year", "owner")} == {
        "statement": (7, 18),
        "month": (20, 21),
        "year": (23, 24),
        "owner": (26, 29),
    }


def test_every_column_of_a_range_is_a_field_or_worked_out(shipped: Standards) -> None:
    fields = read_products(shipped)["usps-zip4"].fields["D"]
    assert set(RANGES) - set(fields) == NOT_READ
