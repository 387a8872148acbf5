"""How many records a customer has at most, where the list shows it: three clean lists in one file, no more than three.

Groups of records that are certainly one customer then stop at three, though by their number many should be larger.
"""

import numpy as np
from numpy.typing import NDArray

from dq.matching.components import connected

Codes = NDArray[np.int64]

CERTAIN = 9.0
"""From this weight on a pair is certainly one customer: 1 wrong in 500 by its own weight (`highest` of `safe`)."""
_LEAST_GROUPS = 30
"""Fewer groups of a size end by chance."""
_LEAST_EXPECTED = 10.0
"""None where ten are expected happens by chance once in 20,000 times."""
_BEYOND = 0.1
"""Share of the expected larger groups that may be there all the same: wrong pairs, and the odd duplicate."""


def most_records(left: Codes, right: Codes, weights: NDArray[np.float64], size: int) -> int | None:
    """Return the most records that a customer has, None where nothing limits them.

    In a list where anybody may be entered once more, groups of each size are a share of those one smaller, and the
    share hardly falls. A size of which there are many, after which there are next to none, is a limit.

    Args:
        left: Place of one record of each compared pair.
        right: Place of the other.
        weights: Match weight of each pair; no number where it was not compared.
        size: How many records there are.

    >>> one = np.arange(0, 200, 2)
    >>> most_records(one, one + 1, np.full(100, 20.0), 400)
    2
    >>> most_records(one[:9], one[:9] + 1, np.full(9, 20.0), 400) is None
    True
    """
    certain = np.flatnonzero(weights >= CERTAIN)
    one, other = left[certain], right[certain]
    is_member = np.zeros(max(int(one.max(initial=-1)), int(other.max(initial=-1))) + 1, dtype=bool)
    is_member[one] = is_member[other] = True
    number, members = np.cumsum(is_member) - 1, int(is_member.sum())
    one, other = number[one], number[other]
    labels = connected(np.minimum(one, other), np.maximum(one, other), members)
    groups = np.bincount(np.bincount(labels, minlength=1))
    groups[0] = 0
    if len(groups) > 1:
        groups[1] += size - members
    many = np.flatnonzero(groups >= _LEAST_GROUPS)
    most = int(many[-1]) if len(many) else 0
    if most < 2:
        return None
    expected = groups[most] ** 2 / max(int(groups[most - 1]), 1)
    beyond = int(groups[most + 1 :].sum())
    found = expected >= _LEAST_EXPECTED and beyond <= _BEYOND * min(expected, float(groups[most]))
    return most if found else None
