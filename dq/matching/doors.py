"""Whose name is known with Jr, Sr or a number at the same door: there are two of that name."""

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import Codes, Lists, are_among, expand


def beside_marked(
    names: tuple[Codes, Codes], marked: NDArray[np.bool_], homes: Lists, place: Codes
) -> NDArray[np.bool_]:
    """Say which records without Jr, Sr or a number have another's name and door who has one.

    Args:
        names: Codes of first and last names, below 0 where there is none.
        marked: Which records have Jr, Sr or a number.
        homes: Addresses of each record.
        place: Place of each distinct address, below 0 where it has none.
    """
    first, last = (codes.astype(np.int64) for codes in names)
    named = np.flatnonzero((first >= 0) & (last >= 0) & (homes.sets.codes >= 0))
    rows, _, addresses = expand(homes.sets.codes[named], homes.starts, homes.members)
    records, places = named[rows], place[addresses].astype(np.int64)
    at_home = places >= 0
    records, places = records[at_home], places[at_home]
    # A couple of names and a door are three numbers; two at a time keep them within 64 bits.
    whole = first[records] * (int(last.max(initial=0)) + 1) + last[records]
    among = are_among(whole, whole[marked[records]])
    records, places, whole = records[among], places[among], np.unique(whole[among], return_inverse=True)[1]
    doors = whole.astype(np.int64) * (int(places.max(initial=0)) + 1) + places
    found = np.zeros(len(first), dtype=bool)
    found[records[are_among(doors, doors[marked[records]])]] = True
    return found & ~marked
