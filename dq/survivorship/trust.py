"""How much a source's word is worth for one field: its rank there, less what age and failed checks take away."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.standards.survivorship import Trust


class SourceTrust:
    """Ranks of the records of many customers, field by field; a smaller rank is trusted more.

    Age counts from the newest record of the same customer, so that a golden value changes because data changed and
    never because a day went by.

    Args:
        records: Rows with `golden_id`, `source`, `updated_at`, `created_at`, `verified_on`.
        ranks: Source → rank for all fields, 1 is trusted most.
        policy: The trust section of the survivorship policy.
    """

    def __init__(self, records: pd.DataFrame, ranks: dict[str, int], policy: Trust) -> None:
        self._sources = records["source"]
        self._ranks = ranks
        self._policy = policy
        self._ages = _ages(records)

    def ranks(self, field: str, rows: NDArray[np.intp], objected: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the rank of each candidate for a field.

        Args:
            field: Name of the group or column.
            rows: Positions of the candidates among the records.
            objected: Whether a check objects to the candidate's value.
        """
        known = self._ranks | self._policy.by_field.get(field, {})
        if not known:
            return np.zeros(len(rows))
        last = float(max(known.values()) + 1)
        ranks = self._sources.iloc[rows].map(known).astype("float64").fillna(last).to_numpy()
        half_life = self._policy.half_life_days.get(field)
        if half_life is not None:
            ages = self._ages[rows]
            # Whole half-lives only: a month between two records is for the rules about recency to judge.
            lost: NDArray[np.float64] = np.where(np.isnan(ages), self._policy.undated, np.floor(ages / half_life))
            ranks = ranks + lost
        return ranks + objected * self._policy.invalid


def _ages(records: pd.DataFrame) -> NDArray[np.float64]:
    """Return by how many days each record is older than the newest of its customer, NaN without a date."""
    updated, created = _days(records["updated_at"]), _days(records["created_at"])
    days = np.fmax(np.where(np.isnan(updated), created, updated), _days(records["verified_on"]))
    newest = pd.Series(days).groupby(records["golden_id"].to_numpy()).transform("max").to_numpy(dtype="float64")
    aged: NDArray[np.float64] = newest - days
    return aged


def _days(moments: pd.Series) -> NDArray[np.float64]:
    """Return the day of ISO timestamps as a number, NaN where there is none."""
    codes, distinct = pd.factorize(moments.astype("str").str[:10])
    read = pd.to_datetime(pd.Series(distinct, dtype="str"), format="%Y-%m-%d", errors="coerce")
    days = (read - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy(dtype="float64", na_value=np.nan)
    taken: NDArray[np.float64] = np.append(days, np.nan)[codes]
    return taken
