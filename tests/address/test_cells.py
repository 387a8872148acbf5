"""Combined and repeated cells of an address row taken apart."""

import pandas as pd
import pytest

from dq import model
from dq.address.cells import CELLS, split_cells, state_code
from dq.model import TEXT
from tests.address.policies import grammar, tables

WORDS = grammar().words


def cells(**given: str) -> list[str]:
    columns = [*model.ADDRESS_COLUMNS, *model.UNSPLIT_POINT_COLUMNS]
    row = pd.DataFrame([given], columns=columns).astype(TEXT)
    return split_cells(row, WORDS, tables().reference)[list(CELLS)].iloc[0].tolist()


def test_a_combined_cell_fills_what_is_empty():
    found = cells(address_text="12 Oak St, Boston, MA 02108", city="Dorchester")
    assert found == ["12 OAK ST", "", "Dorchester", "MA", "02108"]


def test_a_last_line_fills_city_state_and_zip():
    assert cells(address_line1="12 Oak St", last_line="Boston, MA 2108") == ["12 Oak St", "", "BOSTON", "MA", "2108"]


def test_plus4_of_its_own_column_joins_the_zip():
    assert cells(zip5=" 2108", zip4="1234")[-1] == "2108-1234"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"address_line1": "12 Oak St, Boston, MA 02108", "city": "Boston", "state": "MA", "zip5": "02108"},
            ["12 OAK ST", "", "Boston", "MA", "02108"],
        ),
        (
            {"address_line1": "12 Oak St Boston MA 02108-1234", "city": "BOSTON", "zip5": "02108"},
            ["12 OAK ST", "", "BOSTON", "MA", "02108-1234"],
        ),
        ({"address_line1": "12 Oak St, Boston, MA 02108"}, ["12 OAK ST", "", "BOSTON", "MA", "02108"]),
        (
            {"address_line1": "12 Oak St, Boston, MA 02108", "city": "Chicago", "state": "IL", "zip5": "60601"},
            ["12 Oak St, Boston, MA 02108", "", "Chicago", "IL", "60601"],
        ),
        (
            {"address_line1": "12 County Road 12345", "city": "Boston", "state": "MA", "zip5": "02108"},
            ["12 County Road 12345", "", "Boston", "MA", "02108"],
        ),
        ({"address_line1": "PO Box 12345", "zip5": "02108"}, ["PO Box 12345", "", "", "", "02108"]),
    ],
)
def test_a_last_line_repeated_in_the_delivery_line_is_taken_off(given, expected):
    assert cells(**given) == expected


@pytest.mark.parametrize(("text", "code"), [("Mass.", "MA"), ("n.y.", "NY"), ("ZZ", "ZZ"), ("", "")])
def test_a_state_gets_its_code(text, code):
    assert state_code(text, WORDS) == code
