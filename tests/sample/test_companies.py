"""Organisations in truth: chains, look-alikes, values."""

import numpy as np
from stdnum.us import ein

from dq.sample.chance import Chance
from dq.sample.companies import make_companies
from dq.sample.reference import read_reference
from tests.sample.conftest import reference_table

COMPANIES = make_companies(Chance(1, 0, 2), 1500, read_reference(reference_table))


def test_branches_bear_the_brand_of_their_headquarters_and_a_store_number() -> None:
    branches = np.flatnonzero(COMPANIES.headquarters >= 0)
    assert len(branches) > 50
    for branch in branches.tolist():
        brand, _, store = COMPANIES.core[branch].partition(" #")
        assert brand == COMPANIES.core[COMPANIES.headquarters[branch]]
        assert store.isdigit()


def test_headquarters_have_no_parent() -> None:
    heads = COMPANIES.headquarters[COMPANIES.headquarters >= 0]
    assert (COMPANIES.headquarters[heads] == -1).all()


def test_lookalikes_differ_in_tax_id_and_legal_form() -> None:
    town = COMPANIES.addresses
    alike = np.flatnonzero(
        (COMPANIES.core[1:] == COMPANIES.core[:-1])
        & (town.city[1:] == town.city[:-1])
        & (COMPANIES.headquarters[1:] < 0)
    )
    assert len(alike) > 10
    assert (COMPANIES.legal_form[alike] != COMPANIES.legal_form[alike + 1]).all()
    assert (COMPANIES.tax_id[alike] != COMPANIES.tax_id[alike + 1]).all()


def test_values_have_a_heavy_tail() -> None:
    assert COMPANIES.value.mean() > 5 * np.median(COMPANIES.value)


def test_tax_ids_are_possible() -> None:
    assert all(ein.is_valid(number) for number in COMPANIES.tax_id.tolist())
