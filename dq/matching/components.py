"""Connected components of a graph whose edges are two arrays."""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


def connected(left: Codes, right: Codes, size: int) -> Codes:
    """Return the smallest record of each record's connected component (labels spread along edges and halve paths)."""
    labels = np.arange(size, dtype=np.int64)
    while True:
        before = labels.copy()
        ends = np.minimum(labels[left], labels[right])
        # The label of an end's own label sinks too, so that whole trees join and rounds grow with the logarithm.
        for nodes in (left, right, before[left], before[right]):
            np.minimum.at(labels, nodes, ends)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels
