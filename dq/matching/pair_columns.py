"""The columns of compared pairs, and how what comparing found is put into them. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.encoding import MISSING
from dq.matching.evidence import COMPARISONS, Evidence
from dq.matching.folding import as_series, text_array
from dq.matching.scoring import probability
from dq.model import PAIRS

Numbers = NDArray[np.integer]
OUTCOMES = ("match", "possible_match", "non_match")


def weight_column(comparison: str) -> str:
    """Return the column that holds the weight of a comparison."""
    return f"{comparison}_weight"


PAIR_COLUMNS = (*PAIRS.columns, *COMPARISONS, *(weight_column(name) for name in ("prior", *COMPARISONS)))
"""Columns of compared pairs: those of `pairs`, a level per comparison, and the weights that sum to `match_weight`."""
PLACES = ("index_l", "index_r")
"""Columns that compared pairs carry until they are written: the places of both records in the order of `record_id`."""


@dataclass(frozen=True)
class Kept:
    """Pairs of one party type that are kept, of those that were compared.

    Attributes:
        pairs: Rows of the pairs as they were given, one per row of the evidence.
        chosen: Which rows of the evidence are kept.
        evidence: What comparing found.
        weights: Match weight of each row of the evidence.
        outcome: Place of the outcome among OUTCOMES of each row of the evidence.
        veto: Veto of each row of the evidence, the empty text where there is none.
    """

    pairs: NDArray[np.int64]
    chosen: NDArray[np.int64]
    evidence: Evidence
    weights: NDArray[np.float64]
    outcome: Numbers
    veto: NDArray[np.object_]


class Joined:
    """What is kept of both party types, in the order of the pairs."""

    def __init__(self, parts: Sequence[Kept]) -> None:
        rows = np.concatenate([part.pairs[part.chosen] for part in parts])
        self._parts = parts
        self._order = np.argsort(rows, kind="stable")
        self.rows: NDArray[np.int64] = rows[self._order]

    def columns(self) -> dict[str, object]:
        """Return the columns that comparing fills, without those that say which records a pair is of."""
        weights = self._put([part.weights for part in self._parts])
        veto: NDArray[np.object_] = self._put([part.veto for part in self._parts])
        nothing = np.full(len(veto), None, dtype=object)
        made: dict[str, object] = {
            "match_weight": weights,
            "match_probability": probability(weights),
            "outcome": words((*OUTCOMES, None), self._put([part.outcome for part in self._parts])),
            "veto": as_series(text_array(np.where(veto == "", nothing, veto))),
            weight_column("prior"): self._put([part.evidence.prior for part in self._parts]),
        }
        for name in COMPARISONS:
            made[name] = self._levels(name)
            made[weight_column(name)] = self._weights(name)
        return made

    def _put(self, values: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return values of all rows of the evidence for the rows that are kept, in order."""
        taken = [value[part.chosen] for value, part in zip(values, self._parts, strict=True)]
        return np.concatenate(taken)[self._order]

    def _levels(self, comparison: str) -> pd.Series:
        """Return the level of a comparison in words; each party type has its own ladder."""
        names: list[str | None] = []
        numbers = []
        for part in self._parts:
            levels = part.evidence.levels.get(comparison)
            if levels is None:
                numbers.append(np.full(len(part.pairs), MISSING, dtype=np.int64))
            else:
                numbers.append(np.where(levels < 0, MISSING, levels.astype(np.int64) + len(names)))
                names += part.evidence.names[comparison]
        return words((*names, None), self._put(numbers))

    def _weights(self, comparison: str) -> NDArray[Any]:
        """Return the weight of a comparison, no number for pairs of a party type that knows none of it."""
        return self._put(
            [part.evidence.weights.get(comparison, np.full(len(part.pairs), np.nan)) for part in self._parts]
        )


def words(texts: Sequence[str | None], places: NDArray[Any]) -> pd.Series:
    """Return the word of each place as text; place -1 is the last word."""
    taken = np.where(places < 0, len(texts) - 1, places)
    return as_series(pa.array(texts, type=pa.large_string()).take(pa.array(taken)))
