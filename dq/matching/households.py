"""Households: customers with one family name at one address. They are never merged for it, and get one id."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import components, places_of_parts
from dq.matching.clustering import customers_of
from dq.matching.components import connected
from dq.matching.encoding import distinct, pieces
from dq.matching.folding import as_series, glued, numbered, text_array
from dq.text.keyed_ids import keyed_ids
from dq.text.order import in_order, places_among

MOST = 12
"""More customers of one name at one address are no household: a farm road, a home, a placeholder."""


def households(features: pd.DataFrame, clusters: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """Give customers of one household one id.

    Args:
        features: `record_id`, `party_type`, `last`, `addresses` of all records.
        clusters: `record_id`, `cluster_id`.
        key: Secret of the home.

    Returns:
        `cluster_id`, `household_id` (`H` and 12 characters of the keyed hash of the household's smallest `record_id`),
        one row per customer that shares a home with another one, sorted.
    """
    customer, heads = customers_of(clusters)
    ids = text_array(clusters["cluster_id"]).take(pa.array(heads))
    if not in_order(ids):
        order = pc.sort_indices(ids)
        customer, ids = np.argsort(order.to_numpy())[customer], ids.take(order)
    places = places_among(text_array(clusters["record_id"]), text_array(features["record_id"])).to_numpy()
    home, customer = _at_home(features, customer[places])
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    sizes = np.diff(np.append(starts, len(home)))
    shared = np.repeat((sizes > 1) & (sizes <= MOST), sizes)
    first = np.repeat(customer[starts], sizes)[shared]
    labels = connected(first, customer[shared], len(ids))
    found = distinct(customer[shared])
    smallest, homes = numbered(ids.take(pa.array(labels[found])))
    given = keyed_ids("H", "household", homes.to_pylist(), key)
    return pd.DataFrame(
        {
            "cluster_id": as_series(ids.take(pa.array(found))),
            "household_id": as_series(given.take(pa.array(smallest))),
        }
    )


def _at_home(records: pd.DataFrame, customers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return home and customer of every address of every person with a family name, each pair once, sorted."""
    chosen = records["party_type"].ne("organization") & records["last"].notna() & records["addresses"].notna()
    persons = np.flatnonzero(chosen.to_numpy(dtype=bool))
    last, lists = (text_array(records[name]).take(pa.array(persons)) for name in ("last", "addresses"))
    owners, addresses = pieces(lists, ";")
    parts = components(addresses)
    places = places_of_parts(parts)
    known = pc.not_equal(places, "").to_numpy(zero_copy_only=False)
    home, homes = numbered(glued(last.take(pa.array(owners)), places, by="|"))
    # 0 where no unit is known.
    named = parts["unit"]
    unit = numbered(pc.if_else(pc.equal(named, ""), None, named))[0] + 1
    units = int(unit.max(initial=0)) + 1
    pairs = pd.unique((home * units + unit)[unit > 0])
    several = np.bincount(pairs // units, minlength=len(homes))[home] > 1
    # Who leaves the unit out lives in the only one that is known; where there are two, nobody knows in which.
    kept = known & ~(several & (unit == 0))
    home = home * units + np.where(several, unit, 0)
    count = int(customers.max(initial=0)) + 1
    cells = np.sort(pd.unique(pd.factorize(home[kept])[0] * count + customers[persons[owners[kept]]]))
    return cells // count, cells % count
