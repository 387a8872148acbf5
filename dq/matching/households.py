"""Households: customers with one family name at one address. They are never merged for it, and get one id."""

import base64
import hmac

import numpy as np
import pandas as pd

from dq.matching.address_features import PARTS, place_of
from dq.matching.clustering import connected
from dq.matching.folding import by_distinct
from dq.model import TEXT

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
    at_home = _at_home(features.merge(clusters[["record_id", "cluster_id"]], on="record_id"))
    sizes = at_home.groupby("home")["cluster_id"].transform("nunique")
    at_home = at_home[(sizes > 1) & (sizes <= MOST)]
    codes, uniques = pd.factorize(at_home["cluster_id"].to_numpy(dtype=object), sort=True)
    names = pd.Index(uniques)
    first = names.get_indexer(pd.Index(at_home.groupby("home")["cluster_id"].transform("min")))
    labels = connected(first.astype(np.int64), codes.astype(np.int64), len(names))
    smallest = pd.Series(uniques[labels], dtype=TEXT)
    return pd.DataFrame(
        {
            "cluster_id": pd.Series(uniques, dtype=TEXT),
            "household_id": by_distinct(smallest, lambda name: _born(name, key)),
        }
    )


def _at_home(records: pd.DataFrame) -> pd.DataFrame:
    """Return `cluster_id` and `home` of every address of every person with a family name."""
    persons = records[records["party_type"].ne("organization") & records["last"].notna() & records["addresses"].notna()]
    rows = persons.assign(address=persons["addresses"].str.split(";")).explode("address", ignore_index=True)
    place = by_distinct(rows["address"].astype(TEXT), place_of)
    unit = by_distinct(rows["address"].astype(TEXT), lambda text: text.split("|")[PARTS.index("unit")])
    home = rows["last"].str.cat(place, sep="|")
    several = unit.groupby(home).transform("nunique") > 1
    # Who leaves the unit out lives in the only one that is known; where there are two, nobody knows in which.
    home = home.mask(several, home.str.cat(unit, sep="|"))
    made = pd.DataFrame({"cluster_id": rows["cluster_id"], "home": home})
    return made.dropna().drop_duplicates(ignore_index=True)


def _born(name: str, key: bytes) -> str:
    digest = hmac.digest(key, f"household\0{name}".encode(), "sha256")
    return "H" + base64.b32encode(digest)[:12].decode()
