"""Streets near the one an address names: one component other, or misspelt. Whether one is unique is judged later.

A directional may be added, dropped or completed, never turned (the cardinal rule): E may become NE, never W.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from dq.address.range_match.number_keys import Flags
from dq.address.range_match.questions import PARTS
from dq.address.range_match.streets import COMPONENT, MISSPELT, Streets

LONG_NAME: Final = 8
"""From this length on two edits are a misspelling; in a shorter name one."""
SHORTEST_NAME: Final = 4
"""Below this length names are one edit apart by nature: OAK and OAR, A and B."""
NAMES_AT_ONCE: Final = 500
"""Misspelt names compared with all names of a ZIP at a time: a few million distances, 8 MB."""

_COMPONENTS: Final = ("predirectional", "suffix", "postdirectional")
_SPECIAL: Final = r"PO BOX|GENERAL DELIVERY|(?:RR|HC|PSC|CMR|UNIT|OMC|UMR) [0-9]+[A-Z]?"


def component_neighbours(read: pd.DataFrame, streets: Streets) -> pd.DataFrame:
    """Return the streets of the same name and ZIP that differ in exactly one component.

    Args:
        read: Readings of questions. One that is not the standard form may only be added to.
        streets: Streets of the range table.

    Returns:
        `question, street_no, level`, `is_turned` (it would take turning a directional, which is never done) and
        `is_added` (only what the address leaves out is added).
    """
    there = streets.table[["zip5", "name_key", *_COMPONENTS]].rename_axis("street_no").reset_index()
    met = read[["question", "zip5", "name_key", "is_other", *_COMPONENTS]].merge(
        there.dropna(subset=["name_key"]).fillna(""), on=["zip5", "name_key"], suffixes=("", "_there")
    )
    differs = {part: (met[part] != met[f"{part}_there"]).to_numpy(dtype=bool) for part in _COMPONENTS}
    turned = np.zeros(len(met), dtype=bool)
    for part in ("predirectional", "postdirectional"):
        turned |= differs[part] & ~_may_become(met[part], met[f"{part}_there"])
    added = np.all([~differs[part] | (met[part] == "").to_numpy(dtype=bool) for part in _COMPONENTS], axis=0)
    is_near = np.sum(list(differs.values()), axis=0) == 1
    is_near &= added | ~met["is_other"].to_numpy(dtype=bool)
    met = met.assign(level=COMPONENT, is_turned=turned, is_added=added)
    near: pd.DataFrame = met.loc[is_near, ["question", "street_no", "level", "is_turned", "is_added"]]
    return near.sort_values("is_added", ascending=False, kind="stable").drop_duplicates(["question", "street_no"])


def _may_become(own: pd.Series, other: pd.Series) -> Flags:
    """Return where a directional may become another: added, dropped, or completed by its other half."""
    completes = own.map({"N": "NE NW", "S": "SE SW", "E": "NE SE", "W": "NW SW"}).fillna("")
    is_half = [bool(theirs) and theirs in wholes.split() for wholes, theirs in zip(completes, other, strict=True)]
    may: Flags = (own == "").to_numpy(dtype=bool) | (other == "").to_numpy(dtype=bool) | np.array(is_half, dtype=bool)
    return may


def misspelt_neighbours(read: pd.DataFrame, streets: Streets) -> pd.DataFrame:
    """Return the streets whose name is the only one of the ZIP within the allowed edits, the components being equal.

    Args:
        read: Readings of questions.
        streets: Streets of the range table.

    Returns:
        `question, street_no, level`.
    """
    asked = read[read["street"].str.len() >= SHORTEST_NAME]
    wanted = asked[["zip5", "street"]].drop_duplicates()
    there = streets.table[streets.table["zip5"].isin(wanted["zip5"].unique())]
    names = there[["zip5", "street"]].dropna()
    names = names[~names["street"].str.fullmatch(_SPECIAL)]
    known = {str(zip5): sorted(set(group)) for zip5, group in names.groupby("zip5")["street"]}
    meant = [
        (zip5, name, real)
        for zip5, group in wanted.groupby("zip5")["street"]
        for name, real in _only_close(sorted(set(group)), known.get(str(zip5), []))
    ]
    spelled = pd.DataFrame(meant, columns=["zip5", "street", "real"], dtype="str")
    corrected = asked.merge(spelled, on=["zip5", "street"]).assign(street=lambda rows: rows["real"])
    table = there[["zip5", *PARTS]].fillna("").rename_axis("street_no").reset_index()
    met = corrected[["question", "zip5", *PARTS]].merge(table, on=["zip5", *PARTS])
    return met[["question", "street_no"]].drop_duplicates().assign(level=MISSPELT)


def _only_close(wanted: list[str], known: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the one known name it can be a misspelling of; names with several or none are left out."""
    lengths = np.array([len(name) for name in known])
    marks = np.array([_marks(name) for name in known], dtype=object)
    for begin in range(0, len(wanted) if known else 0, NAMES_AT_ONCE):
        some = wanted[begin : begin + NAMES_AT_ONCE]
        edits = process.cdist(some, known, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        for name, row in zip(some, edits, strict=True):
            allowed = np.where((lengths >= LONG_NAME) & (len(name) >= LONG_NAME), 2, 1)
            # 5TH and 6TH, AVENUE A and AVENUE B are two streets, not one misspelt.
            close = np.flatnonzero((row <= allowed) & (lengths >= SHORTEST_NAME) & (marks == _marks(name)))
            if len(close) == 1:
                yield name, known[close[0]]


def _marks(name: str) -> str:
    """Return what tells numbered and lettered streets apart: digits and single letters."""
    return "".join(word if len(word) == 1 else "".join(filter(str.isdigit, word)) for word in name.split())
