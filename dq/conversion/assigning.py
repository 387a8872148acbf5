"""Decides which customers become which object of a target, and whose row is whose parent. Never looks at values."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dq.model import TEXT
from dq.standards.targets import HOUSEHOLD, PARK, Assignment, Target, parent_field

HOUSEHOLD_MARK = "H:"
"""Opens the `row_id` of a household's own account: no golden or record id begins like that."""


@dataclass(frozen=True)
class Grain:
    """What one customer is: a golden record or an input row.

    Attributes:
        id: Column of customers that identifies one.
        start: Column of relations that names who has the relation.
        end: Column of relations that names whom it leads to.
    """

    id: str
    start: str
    end: str


GOLDEN_GRAIN = Grain("golden_id", "from_golden_id", "to_golden_id")
RECORD_GRAIN = Grain("record_id", "from_record_id", "to_record_id")


def assign(
    target: Target, policy: Sequence[Assignment], customers: pd.DataFrame, relations: pd.DataFrame, grain: Grain
) -> pd.DataFrame:
    """Return what every customer becomes.

    Args:
        target: What is to be loaded.
        policy: One of the target's `assign`.
        customers: One row per customer with `party_type`, `status`, `household_id` where there is one, and
            `account_key`: the key of an employer or parent that the sources name but do not have.
        relations: `works_for` leads from a person to an organisation, `parent` from one organisation to another.
        grain: What one customer is.

    Returns:
        One row per customer with the index of `customers`: `object` (or `park`), `row_id`, `parent_row_id` (null:
        none), `employer_id` (the same whether or not the object has a field for it), `has_household` (the row gets a
        household's account as its parent). A customer no line speaks of is parked.
    """
    ids = customers[grain.id].astype(TEXT)
    parents = _parents(customers, relations, grain)
    made = pd.DataFrame({"row_id": ids, "object": pd.Series(None, index=ids.index, dtype=TEXT)})
    made["has_household"] = False
    left = pd.Series(True, index=ids.index)
    parties = _parties(customers)
    for line in policy:
        fits = left & _fits(line, customers, parties, parents)
        made.loc[fits, "object"] = line.object
        made.loc[fits, "has_household"] = line.parent == HOUSEHOLD
        left &= ~fits
    made["object"] = made["object"].fillna(PARK)
    made["employer_id"] = parents
    made["parent_row_id"] = parents.where(made["object"].isin(_with_parents(target)))
    homes = household_accounts(customers, grain)
    made["parent_row_id"] = made["parent_row_id"].where(~made["has_household"], homes).astype(TEXT)
    return made


def household_accounts(customers: pd.DataFrame, grain: Grain) -> pd.Series:
    """Return the `row_id` that the account of each customer's household has, should it get one."""
    return (HOUSEHOLD_MARK + _column(customers, "household_id").fillna(customers[grain.id].astype(TEXT))).astype(TEXT)


def _parties(customers: pd.DataFrame) -> pd.Series:
    """Return what every customer is; one without a name is taken for what most of the others are, else for a person."""
    known = _column(customers, "party_type")
    organizations = int(known.eq("organization").sum())
    return known.fillna("organization" if organizations > int(known.eq("person").sum()) else "person")


def _fits(line: Assignment, customers: pd.DataFrame, parties: pd.Series, parents: pd.Series) -> pd.Series:
    fits = pd.Series(True, index=customers.index)
    if line.party:
        fits &= parties == line.party
    if line.has_parent is not None:
        fits &= parents.notna() == line.has_parent
    if line.status:
        wanted = {status.casefold() for status in line.status}
        fits &= _column(customers, "status").str.casefold().isin(wanted)
    return fits


def _with_parents(target: Target) -> list[str]:
    return [name for name in target.objects if parent_field(target, name) is not None]


def _parents(customers: pd.DataFrame, relations: pd.DataFrame, grain: Grain) -> pd.Series:
    """Return the id of each customer's parent: the smallest it has a relation to, else a key nobody has."""
    wanted = relations.loc[relations["type"].isin(["works_for", "parent"])]
    first = wanted.groupby(grain.start)[grain.end].min()
    known = customers[grain.id].map(first).astype(TEXT)
    return known.fillna(_column(customers, "account_key"))


def _column(customers: pd.DataFrame, name: str) -> pd.Series:
    if name in customers.columns:
        return customers[name].astype(TEXT)
    return pd.Series(None, index=customers.index, dtype=TEXT)
