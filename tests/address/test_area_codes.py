"""Area codes beside the state of an address."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.address.area_codes import area_code_states, load_area_codes, phone_agrees
from dq.model import TEXT
from tests.address.policies import policy

CODES = load_area_codes(policy().standards)


def test_an_area_code_has_its_state():
    phones = ["+16175550100", "(212) 555-0100", "1-787-555-0100", "202.555.0100", "2065550100"]
    assert area_code_states(pd.Series(phones), CODES).tolist() == ["MA", "NY", "PR", "DC", "WA"]


def test_what_is_not_american_or_of_no_place_has_none():
    phones = ["800-555-0100", "+442079460000", "416-555-0100", "555-0100", "123-555-0100", "", None]
    assert area_code_states(pd.Series(phones, dtype=TEXT), CODES).isna().all()


def test_agreement_needs_both_sides():
    phones = pd.Series(["617-555-0100", "617-555-0100", "617-555-0100", None], index=[3, 1, 4, 1], dtype=TEXT)
    found = phone_agrees(phones, pd.Series(["MA", "NY", None, "MA"], index=[3, 1, 4, 1], dtype=TEXT), CODES)
    assert found.index.tolist() == [3, 1, 4, 1]
    assert [None if pd.isna(value) else bool(value) for value in found] == [True, False, None, None]


def test_every_state_has_a_code_and_every_code_a_state():
    states = policy().standards.table("states")
    civil = set(states.loc[states["is_military"] != "yes", "code"]) - {"FM", "MH", "PW"}
    assert set(CODES.values()) == civil
    assert all(len(code) == 3 and code.isdigit() for code in CODES)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_text_is_looked_at(phones):
    assert len(area_code_states(pd.Series(phones, dtype=TEXT), CODES)) == len(phones)
