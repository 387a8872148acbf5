"""What a wrong city or ZIP was meant to be: misspelt names, swapped digits, distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.outcomes import judge
from dq.address.place_names import distance_km
from dq.address.zip_proposals import mistyped_area, near_typos, own_typo, proposed_zip, swapped_zip
from dq.address.zip_reference import NEAR_KM
from tests.address.policies import tables

REFERENCE = tables().reference
SOME_ZIPS = sorted(REFERENCE.zips)[::331]


@pytest.mark.parametrize(
    ("zip5", "city", "state", "expected"),
    [
        ("60601", "CHICGO", "IL", "Chicago"),
        ("60601", "CHIGO", "IL", ""),
        ("63136", "SIANT LOUIS", "MO", "Saint Louis"),
        ("91701", "RANCHO CUCAMO", "CA", "Rancho Cucamonga"),
        ("78201", "SAN", "TX", ""),
        ("60601", "", "IL", ""),
        ("60601", "SPRINGFIELD", "IL", ""),
    ],
)
def test_own_city_is_recognised_through_a_small_misspelling(zip5, city, state, expected):
    assert own_typo(zip5, city, state, REFERENCE) == expected


def test_boise_and_boise_city_are_one_name():
    assert near_typos("83714", "BOSIE", "ID", REFERENCE) == ["Boise"]


def test_two_names_as_near_as_each_other_are_offered_and_not_decided():
    assert near_typos("01704", "BOOTON", "MA", REFERENCE) == ["Bolton", "Boston"]
    verdict = judge("01704", "BOOTON", "MA", REFERENCE)
    assert (verdict.outcome, verdict.city, verdict.reasons) == ("zip_city_mismatch", "BOOTON", ())
    assert verdict.flags == ("city:not_of_zip", "city:typo=BOLTON|BOSTON")


@pytest.mark.parametrize("swap", range(4))
def test_swapped_digits_are_found_again(swap):
    found = 0
    for zip5 in SOME_ZIPS:
        place = REFERENCE.zips[zip5][0]
        wrong = zip5[:swap] + zip5[swap + 1] + zip5[swap] + zip5[swap + 2 :]
        if wrong != zip5:
            meant = swapped_zip(wrong, place.city, place.state, REFERENCE)
            assert REFERENCE.own_city(meant, place.city)
            found += meant == zip5
    assert found > 50


def test_a_wrong_digit_in_the_area_is_found_again():
    assert mistyped_area("43839", "FINDLAY", "OH", REFERENCE) == ["45839"]
    assert len(mistyped_area("00000", "FINDLAY", "OH", REFERENCE)) == 0


def test_a_proposal_carries_its_distance():
    assert proposed_zip("77801", "AUSTIN", "TX", REFERENCE) == "78701,138km"
    assert proposed_zip("49001", "DETROIT", "MI", REFERENCE) == ""


def test_near_keys_are_those_a_plain_search_finds():
    for zip5 in SOME_ZIPS[::9]:
        place = REFERENCE.zips[zip5][0]
        expected = {
            key
            for (state, key), positions in REFERENCE.places.items()
            if state == place.state
            for position in positions
            if distance_km(place.latitude, place.longitude, position.latitude, position.longitude) <= position.reach
        }
        assert set(REFERENCE.near_keys(zip5, place.state)) == expected, zip5


@given(st.sampled_from(SOME_ZIPS), st.text(max_size=12))
def test_no_name_makes_a_proposal_fail(zip5, city):
    state = REFERENCE.zips[zip5][0].state
    assert isinstance(own_typo(zip5, city, state, REFERENCE), str)
    assert isinstance(near_typos(zip5, city, state, REFERENCE), list)
    assert isinstance(proposed_zip(zip5, city, state, REFERENCE), str)


def test_distance_is_that_of_the_globe():
    # New York to Los Angeles along the great circle, about 3,936 km by any gazetteer.
    assert distance_km(40.7128, -74.006, 34.0522, -118.2437) == pytest.approx(3936, abs=5)
    assert distance_km(10, 20, 10, 20) == 0
    assert NEAR_KM > 0
