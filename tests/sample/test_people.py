"""Households in truth: who is alike without being the same."""

import numpy as np

from dq.sample.chance import Chance
from dq.sample.people import make_people
from dq.sample.reference import read_reference
from tests.sample.conftest import reference_table

PEOPLE = make_people(Chance(1, 0, 1), 3000, read_reference(reference_table))


def test_fathers_and_sons_share_everything_but_suffix_and_birth() -> None:
    sons = np.flatnonzero(PEOPLE.suffix == "Jr")
    assert len(sons) > 10
    assert (PEOPLE.suffix[sons - 1] == "Sr").all()
    for same in (PEOPLE.first, PEOPLE.last, PEOPLE.household, PEOPLE.home):
        assert (same[sons] == same[sons - 1]).all()
    assert (PEOPLE.born[sons] > PEOPLE.born[sons - 1]).all()


def test_twins_share_birth_and_home_but_not_the_first_name() -> None:
    second = np.flatnonzero((np.diff(PEOPLE.household) == 0) & (np.diff(PEOPLE.born) == 0)) + 1
    assert len(second) > 10
    assert (PEOPLE.first[second] != PEOPLE.first[second - 1]).all()


def test_strangers_hardly_share_a_mailbox() -> None:
    head = np.unique(PEOPLE.household, return_index=True)[1]
    mailboxes = PEOPLE.email[head].tolist()
    assert len(set(mailboxes)) == len(mailboxes)


def test_phones_look_real() -> None:
    numbers = [number for number in PEOPLE.mobile.styled("", "", "").tolist() if number]
    assert all(len(number) == 10 and number[0] in "23456789" and number[3] in "23456789" for number in numbers)
    assert not any(number[3:6] == "555" or number[4:6] == "11" for number in numbers)
