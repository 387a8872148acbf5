"""Foreign endings of whole addresses: recognised by postcode or country, and never in an American one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.foreign_ends import foreign_end, load_countries
from tests.address.policies import policy

COUNTRIES = load_countries(policy().standards)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123 Queen St W, Toronto, ON M5V 3L9, Canada", ("123 QUEEN ST W", "TORONTO", "ON", "M5V 3L9", "CA")),
        ("123 Queen St W Toronto ON M5V3L9 Canada", ("123 QUEEN ST W", "TORONTO", "ON", "M5V 3L9", "CA")),
        ("123 Queen St W\nToronto ON m5v-3l9", ("123 QUEEN ST W", "TORONTO", "ON", "M5V 3L9", "CA")),
        ("5 rue Laval, Montréal, Québec H2X 1Y4", ("5 RUE LAVAL", "MONTREAL", "QC", "H2X 1Y4", "CA")),
        ("200 Bay St, Ottawa, Canada", ("200 BAY ST", "OTTAWA", "", "", "CA")),
        ("10 Downing Street, London SW1A 2AA", ("10 DOWNING STREET", "LONDON", "", "SW1A 2AA", "GB")),
        ("10 Downing Street London SW1A2AA UK", ("10 DOWNING STREET", "LONDON", "", "SW1A 2AA", "GB")),
        ("5 High St, Cardiff, Wales CF10 1AA", ("5 HIGH ST", "CARDIFF", "", "CF10 1AA", "GB")),
        ("12 rue de la Paix, 75002 Paris, France", ("12 RUE DE LA PAIX", "PARIS", "", "75002", "FR")),
        ("1 Chome, Chiyoda, Tokyo 100-0001, Japan", ("1 CHOME, CHIYODA", "TOKYO", "", "100-0001", "JP")),
        ("1 George St, Sydney NSW 2000, Australia", ("1 GEORGE ST", "SYDNEY", "NSW", "2000", "AU")),
        ("11 Grimmett Close Hawthorn NSW 2043", ("11 GRIMMETT CLOSE", "HAWTHORN", "NSW", "2043", "AU")),
        ("Calle 5, Lima, Peru", ("CALLE 5", "LIMA", "", "", "PE")),
    ],
)
def test_a_foreign_address_is_taken_apart(text, expected):
    assert foreign_end(text, COUNTRIES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "12 Oak St, Lebanon",
        "12 Oak St, Lebanon, OH 45036",
        "12 Oak St, Apt 4, Lebanon",
        "1 Main St, Mexico, MO 65265",
        "1 Main St, Ontario, CA 91764",
        "1 Main St, Athens, GA",
        "5 Elm St, Jamaica, NY 11432",
        "12 Oak St, Springfield, IL 62701, Canada",
        "1 Elm St Apt B1 2CD",
        "Canada",
        "",
    ],
)
def test_an_american_address_is_left_alone(text):
    assert foreign_end(text, COUNTRIES) is None


@given(st.text(max_size=80))
def test_any_text_is_looked_at_without_raising(text):
    found = foreign_end(text, COUNTRIES)
    assert found is None or found.country
