"""Decides who is parked: the accepted rules, those who work for parked employers, and whom people brought back."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pandas as pd

from dq.conversion.assigning import household_accounts
from dq.conversion.parking.judging import Known, spared_by
from dq.conversion.rows import Customers
from dq.model import TEXT
from dq.standards.parking import Parking

PARKED_COLUMNS: Final = ("id", "rule", "reason", "approver", "accepted_on", "employer_id")
"""One row per parked customer, sorted by `id`; `employer_id` is whose parking takes a person along, else null."""
EVERYWHERE: Final = ""
"""`targets` of a customer who is kept out of every target of a run; else those it is kept out of, parted by `|`."""


def decide(policy: Parking, hits: pd.DataFrame, known: Known, back: Collection[str], as_of: date) -> pd.DataFrame:
    """Return who is parked.

    Args:
        policy: The rules; only accepted ones park.
        hits: Of `find_hits`.
        known: The customers.
        back: Customers that people brought back; no rule parks them.
        as_of: The day of the run.

    Returns:
        Columns PARKED_COLUMNS; of several rules the first of the policy is told.
    """
    accepted = [name for name, rule in policy.rules.items() if rule.state_on(as_of) == "accepted"]
    own = hits.loc[hits["rule"].isin(accepted) & ~hits["id"].isin(list(back))]
    rank = own["rule"].map({name: place for place, name in enumerate(accepted)})
    first = own.assign(rank=rank).sort_values(["id", "rank"]).drop_duplicates("id")
    first = first[["id", "rule", "reason"]].assign(employer_id=pd.Series(None, index=first.index, dtype=TEXT))
    if policy.contacts == "parked":
        first = pd.concat([first, _taken_along(policy, first, known, back)], ignore_index=True)
    by = {name: policy.rules[name].accepted for name in accepted}
    first["approver"] = first["rule"].map({name: one.by for name, one in by.items() if one})
    first["accepted_on"] = first["rule"].map({name: one.on.isoformat() for name, one in by.items() if one})
    return first[list(PARKED_COLUMNS)].astype(TEXT).sort_values("id", ignore_index=True)


def decide_for(
    targets: Sequence[str], policy: Parking, hits: pd.DataFrame, known: Known, back: Collection[str], as_of: date
) -> pd.DataFrame:
    """Return who is parked for which targets: `decide` for each, by the rules that speak of it.

    Args:
        targets: Of the run; without any, rules that name targets speak of nobody.
        policy: The rules.
        hits: Of `find_hits`.
        known: The customers.
        back: Customers that people brought back.
        as_of: The day of the run.

    Returns:
        Columns PARKED_COLUMNS and `targets`; where rules differ by target, the first of the policy is told.
    """
    rank = {name: place for place, name in enumerate(policy.rules)}
    told = [
        decide(policy.about([one]), hits, known, back, as_of).assign(targets=one) for one in targets or [EVERYWHERE]
    ]
    rows = pd.concat(told, ignore_index=True)
    kept_out = rows.groupby("id")["targets"].agg("|".join)
    rows = rows.assign(rank=rows["rule"].map(rank)).sort_values(["id", "rank"], kind="stable").drop_duplicates("id")
    rows["targets"] = rows["id"].map(kept_out).replace("|".join(targets), EVERYWHERE).astype(TEXT)
    return rows.drop(columns="rank").reset_index(drop=True)


def taken_along(parked: Collection[str], known: Known, spared: Collection[str], back: Collection[str]) -> pd.DataFrame:
    """Return the people all of whose employers are parked and who are not parked themselves.

    Args:
        parked: Customers that are parked.
        known: Who works for whom.
        spared: Who is exempt.
        back: Whom people brought back.

    Returns:
        `id`, `employer_id` (the first of theirs by id), sorted by `id`.
    """
    there = known.employers.assign(is_parked=known.employers["employer_id"].isin(list(parked)))
    everyone = there.groupby("id")["is_parked"].all()
    ids = everyone.index[everyone.to_numpy(dtype=bool)]
    own = there.loc[there["id"].isin(ids) & ~there["id"].isin([*parked, *spared, *back])]
    first = own.sort_values(["id", "employer_id"]).drop_duplicates("id")
    return first[["id", "employer_id"]].reset_index(drop=True)


def _taken_along(policy: Parking, parked: pd.DataFrame, known: Known, back: Collection[str]) -> pd.DataFrame:
    found = taken_along(list(parked["id"]), known, (), back)
    of_employer = parked.set_index("id")
    found["rule"] = found["employer_id"].map(of_employer["rule"]).astype(TEXT)
    found["reason"] = "works for " + found["employer_id"] + ": " + found["employer_id"].map(of_employer["reason"])
    is_spared = pd.Series(False, index=found.index)
    for name in found["rule"].unique():
        is_spared |= found["rule"].eq(name) & found["id"].isin(spared_by(policy.rules[name], known))
    return found.loc[~is_spared]


def without_parked(customers: Customers, parked: Collection[str]) -> tuple[Customers, pd.DataFrame]:
    """Take parked customers, and the relations that lead to them, out of what is converted.

    Returns:
        The others, and what `TargetRows.parked` wants of those taken out: `row_id`, the id columns, and as
        `parent_row_id` the account of a household all of whose members are taken out; null for others.
    """
    grain, out = customers.grain, list(parked)
    if not out:
        return customers, pd.DataFrame(columns=["row_id", grain.id, "parent_row_id"], dtype=TEXT)
    is_out = customers.rows[grain.id].isin(out)
    relations = customers.relations
    leads = relations[grain.start].isin(out) | relations[grain.end].isin(out)
    ids = customers.rows.loc[is_out, grain.id].astype(TEXT)
    left = replace(
        customers,
        rows=customers.rows.loc[~is_out].reset_index(drop=True),
        relations=relations.loc[~leads].reset_index(drop=True),
    )
    homes = household_accounts(customers.rows, grain)
    empty = homes[is_out].mask(homes[is_out].isin(homes[~is_out]))
    return left, pd.DataFrame({"row_id": ids, grain.id: ids, "parent_row_id": empty}).reset_index(drop=True)
