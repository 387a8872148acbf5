"""Which organisations belong to a chain: their website is that of several places."""

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import Codes, Lists, expand


def in_chain(alone: NDArray[np.bool_], domains: Lists, homes: Lists, place: Codes) -> NDArray[np.bool_]:
    """Say which records have a website that organisations at several places have.

    Args:
        alone: Which records are organisations in a row of their own.
        domains: Websites of each record.
        homes: Addresses of each record.
        place: Place of each distinct address, below 0 where it has none.
    """
    here = np.flatnonzero(alone & (homes.sets.codes >= 0))
    rows, _, sites = expand(domains.sets.codes[here], domains.starts, domains.members)
    lists = homes.sets.codes[here[rows]]
    # One of its own addresses stands for a record: whoever has two is no chain by that.
    places = place[homes.members[homes.starts[lists]]]
    known = np.unique(np.column_stack([sites, places])[places >= 0], axis=0)
    several = np.bincount(known[:, 0], minlength=len(domains.values.texts)) > 1
    found = np.zeros(len(alone), dtype=bool)
    owners, _, codes = expand(domains.sets.codes, domains.starts, domains.members)
    found[owners[several[codes]]] = True
    return found
