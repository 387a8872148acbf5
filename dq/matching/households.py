"""Households: customers with one family name at one address. They are never merged for it, and get one id."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.clustering import customers_of
from dq.matching.components import connected
from dq.matching.encoding import distinct
from dq.matching.folding import as_series, numbered, text_array
from dq.text.keyed_ids import keyed_ids
from dq.text.order import in_order, places_among

MOST = 12
"""More customers of one name at one address are no household: a farm road, a home, a placeholder."""


def households(
    homes: pd.DataFrame, record_ids: "pd.Series | pa.Array | pa.ChunkedArray", clusters: pd.DataFrame, key: bytes
) -> pd.DataFrame:
    """Give customers of one household one id.

    Args:
        homes: `home`, `record` (see `homes_of`).
        record_ids: Id of each record, in the order that `record` counts.
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
    rows = places_among(text_array(clusters["record_id"]), text_array(record_ids)).to_numpy()
    home, customer = _lived_in(homes, customer[rows])
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    sizes = np.diff(np.append(starts, len(home)))
    shared = np.repeat((sizes > 1) & (sizes <= MOST), sizes)
    first = np.repeat(customer[starts], sizes)[shared]
    labels = connected(first, customer[shared], len(ids))
    found = distinct(customer[shared])
    smallest, names = numbered(ids.take(pa.array(labels[found])))
    given = keyed_ids("H", "household", names, key)
    return pd.DataFrame(
        {
            "cluster_id": as_series(ids.take(pa.array(found))),
            "household_id": as_series(given.take(pa.array(smallest))),
        }
    )


def _lived_in(homes: pd.DataFrame, customers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return home and customer of those who live in one, each pair once, sorted."""
    home, record = (homes[name].to_numpy(dtype=np.int64) for name in ("home", "record"))
    count = int(customers.max(initial=0)) + 1
    cells = distinct(home * count + customers[record])
    return cells // count, cells % count
