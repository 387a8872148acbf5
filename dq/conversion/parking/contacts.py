"""Says what becomes of those around a parked customer: who works for it, who belongs to it."""

from collections.abc import Collection
from typing import Final

import pandas as pd

from dq.conversion.assigning import Grain
from dq.model import TEXT

RELATION_COLUMNS: Final = ("customer", "type", "parked_customer", "outcome")
"""One row per relation from a customer to a parked one.

Outcomes: `parked_with_it`: the person is parked because all employers are; `parked_itself`: a rule speaks of it, too;
`stays_without_it`: it is converted, and the relation is not.
"""
_UPWARDS: Final = ("works_for", "parent")
"""Relations that lead from a child to its parent."""


def relations_of(
    parked: pd.DataFrame, relations: pd.DataFrame, grain: Grain, everybody: Collection[str]
) -> pd.DataFrame:
    """Return what becomes of the children of parked customers; a parent loses nothing when a child is parked.

    Args:
        parked: Of `decide`.
        relations: Between customers.
        grain: Which columns name them.
        everybody: Ids of all customers; who is none has no outcome.
    """
    led = relations.loc[relations["type"].isin(_UPWARDS) & relations[grain.end].isin(parked["id"])]
    led = led.loc[led[grain.start].isin(list(everybody))]
    found = pd.DataFrame({"customer": led[grain.start], "type": led["type"], "parked_customer": led[grain.end]})
    along = set(parked.loc[parked["employer_id"].notna(), "id"])
    outcome = found["customer"].isin(parked["id"]).map({True: "parked_itself", False: "stays_without_it"})
    found["outcome"] = outcome.mask(found["customer"].isin(along), "parked_with_it")
    told = found[list(RELATION_COLUMNS)].astype(TEXT).drop_duplicates()
    return told.sort_values(["customer", "parked_customer", "type"], ignore_index=True)
