"""Chance with one meaning on every machine: PCG64's raw uniform numbers and nothing that a library may redefine."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.object_]
"""Text cells of one column; an empty cell is the empty string."""
Indexes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Weighted:
    """Words with integer weights; integers, so that their running sum is exact.

    Attributes:
        words: The words.
        until: Running sum of the weights; a ticket below `until[i]` and not below `until[i-1]` draws word i.
    """

    words: Texts
    until: Indexes

    @classmethod
    def of(cls, words: Texts, weights: Indexes) -> "Weighted":
        """Return the words with their weights."""
        return cls(words, np.cumsum(weights, dtype=np.int64))


class Chance:
    """A stream of random numbers named by integers: equal names give equal streams, other names independent ones.

    Only `Generator.random` is used: its 53 bits are fixed, while other methods of a Generator may change between
    releases of NumPy (NEP 19).
    """

    def __init__(self, *name: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(name)))

    def uniform(self, count: int) -> npt.NDArray[np.float64]:
        """Return numbers in [0, 1)."""
        return self._generator.random(count)

    def integers(self, low: int, high: int | Indexes, count: int) -> Indexes:
        """Return integers from `low` to below `high`; `high` may be one bound per number."""
        steps: Indexes = np.floor(self.uniform(count) * (np.asarray(high) - low)).astype(np.int64)
        return low + steps

    def happens(self, rate: float, count: int) -> Flags:
        """Return True with probability `rate`."""
        return self.uniform(count) < rate

    def order(self, count: int) -> Indexes:
        """Return the numbers below `count` in random order."""
        return np.argsort(self.uniform(count), kind="stable").astype(np.int64)

    def tickets(self, table: Weighted, count: int) -> Indexes:
        """Return positions in `table`, drawn by weight."""
        draws = self.integers(0, int(table.until[-1]), count)
        return np.searchsorted(table.until, draws, side="right").astype(np.int64)

    def words(self, table: Weighted, count: int) -> Texts:
        """Return words of `table`, drawn by weight."""
        return table.words[self.tickets(table, count)]

    def shares(self, shares: tuple[float, ...], count: int) -> Indexes:
        """Return 0, 1, … drawn with the given shares, which sum to 1."""
        bounds = np.array(shares[:-1]).cumsum()
        return np.searchsorted(bounds, self.uniform(count), side="right").astype(np.int64)
