"""Survivorship rules as sort keys: a smaller key wins. Pure arithmetic on the rows of merged customers."""

import numpy as np
import pandas as pd

from dq.standards.survivorship import Survivorship
from dq.survivorship.trust import SourceTrust


class Ranking:
    """Sort keys of the records of many clusters, computed once and shared by all columns.

    Args:
        records: Rows with `golden_id`, `record_id`, `source`, dates, `flags`, `address_outcome`.
        trust: Source → rank, 1 is trusted most.
        policy: The survivorship policy.
        flagged: `record_id|column` of flat values that a check objects to.
    """

    def __init__(
        self, records: pd.DataFrame, trust: dict[str, int], policy: Survivorship, flagged: frozenset[str]
    ) -> None:
        self.records = records
        self.policy = policy
        self.flagged = flagged
        self._trust = SourceTrust(records, trust, policy.trust)
        moments = records["updated_at"].where(records["updated_at"].notna(), records["created_at"])
        self._recency = _descending_text(moments)
        self._customers, _ = pd.factorize(records["golden_id"])

    def keys(
        self,
        rule: str,
        field: str,
        rows: "np.ndarray[tuple[int], np.dtype[np.intp]]",
        values: pd.DataFrame,
        needed: list[str],
    ) -> pd.Series:
        """Return one number per candidate for `rule`; the smallest wins.

        Args:
            rule: Name of a survivorship rule.
            field: Name of the group, or of the only column.
            rows: Positions of the candidates among the records.
            values: Candidate values: the columns of the group, indexed 0…n-1.
            needed: Columns of the group that make it worth anything.
        """
        if rule == "most_trusted_source":
            return pd.Series(self._trust.ranks(field, rows, self._objected(rows, values)))
        if rule == "most_recent":
            return pd.Series(self._recency[rows])
        if rule == "most_frequent":
            return self._frequency(rows, values)
        if rule == "most_complete":
            return _completeness(values, needed)
        if rule == "valid_first":
            return self._validity(rows, values)
        if rule == "largest":
            return -pd.to_numeric(values.iloc[:, 0], errors="coerce").fillna(-np.inf)
        ordered = values.iloc[:, 0].rank(method="dense")
        return (ordered if rule == "earliest" else -ordered).fillna(np.inf)

    def _frequency(self, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", values: pd.DataFrame) -> pd.Series:
        group = self._customers[rows].astype(np.int64)
        for column in values:
            codes, distinct = pd.factorize(values[column].astype("str").fillna(""))
            spelled, _ = pd.factorize(pd.Index(distinct).str.casefold())
            # Customers and spellings are far fewer than the root of what 64 bits count, and numbered anew each time.
            group, _ = pd.factorize(group * len(distinct) + spelled[codes])
        return pd.Series(-np.bincount(group)[group].astype("float64"), index=values.index)

    def _validity(self, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", values: pd.DataFrame) -> pd.Series:
        if "address_outcome" in values:
            order = {outcome: position for position, outcome in enumerate(self.policy.outcome_order)}
            return values["address_outcome"].map(order).astype("float64").fillna(float(len(order)))
        return pd.Series(self._doubts(rows, values))

    def _objected(
        self, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", values: pd.DataFrame
    ) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        if "address_outcome" in values:
            return values["address_outcome"].isin(self.policy.trust.invalid_outcomes).to_numpy(dtype=bool)
        return self._doubts(rows, values) > 0

    def _doubts(
        self, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", values: pd.DataFrame
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        record_ids = self.records["record_id"].to_numpy()[rows]
        bad = np.zeros(len(rows))
        for column in values:
            bad += np.fromiter((f"{record_id}|{column}" in self.flagged for record_id in record_ids), bool, len(rows))
        return bad


def _completeness(values: pd.DataFrame, needed: list[str]) -> pd.Series:
    """Rank what matters first: a full first name beats an initial with a `Ms.` before it."""
    lengths = values.astype("str").apply(lambda column: column.str.len()).fillna(0)
    ladder = {
        "needed": values[needed].notna().sum(axis=1),
        "needed_length": lengths[needed].sum(axis=1),
        "filled": values.notna().sum(axis=1),
        "length": lengths.sum(axis=1),
    }
    return -pd.DataFrame(ladder).groupby(list(ladder), sort=True).ngroup().astype("float64")


def _descending_text(moments: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Rank ISO timestamps so that the latest is smallest and unknown ones come last."""
    ranks = moments.rank(method="dense").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isnan(ranks), np.inf, -ranks)
