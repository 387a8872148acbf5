"""Groups of pairs by the sources of their records: between sources, within each, and between each two."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from dq.matching.encoding import Codes
from dq.matching.model import BETWEEN

_MOST_SOURCES = 8
"""With more sources the pairs of two of them become too few to learn from, and count together."""


@dataclass(frozen=True)
class Sources:
    """The source of each record.

    Attributes:
        codes: Source of each record, as a code.
        names: Name of each code, in alphabetical order.
    """

    codes: Codes
    names: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of pairs: between sources, then within each, then between each two."""
        names = self.names
        return (BETWEEN, *names, *(f"{one} and {other}" for one, other in combinations(names, 2) if self._by_two))

    @property
    def _by_two(self) -> bool:
        return len(self.names) <= _MOST_SOURCES

    @cached_property
    def table(self) -> Codes:
        """Return the group of pairs of each two sources, as its place in `groups`."""
        count = len(self.names)
        table = np.zeros((count, count), dtype=np.int64)
        if self._by_two:
            for place, (one, other) in enumerate(combinations(range(count), 2)):
                table[one, other] = table[other, one] = place + count + 1
        table[np.arange(count), np.arange(count)] = np.arange(count) + 1
        return table

    def of_pairs(self, left: Codes, right: Codes) -> Codes:
        """Return the group of each pair, as its place in `groups`."""
        return self.table[self.codes[left], self.codes[right]]
