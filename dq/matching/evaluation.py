"""How right clusters are, measured against a truth: pairwise and B-cubed precision, recall and F1."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dq.errors import SourceError


@dataclass(frozen=True)
class Evaluation:
    """What clusters got right, among the records of the truth.

    Attributes:
        records: Records judged.
        unknown: Records of the truth that the run does not have.
        true_pairs: Pairs that are one customer.
        found_pairs: Pairs the run put together.
        right_pairs: Pairs that are both.
        precision: `right_pairs` / `found_pairs`; 1 where nothing was put together.
        recall: `right_pairs` / `true_pairs`; 1 where there is nothing to find.
        b3_precision: Mean over records of the share of their cluster that belongs there (Bagga and Baldwin 1998).
        b3_recall: Mean over records of the share of their customer that was found.
    """

    records: int
    unknown: int
    true_pairs: int
    found_pairs: int
    right_pairs: int
    precision: float
    recall: float
    b3_precision: float
    b3_recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)

    @property
    def b3_f1(self) -> float:
        """Return the harmonic mean of the B-cubed figures."""
        return _harmonic(self.b3_precision, self.b3_recall)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def evaluate(clusters: pd.DataFrame, truth: pd.DataFrame) -> Evaluation:
    """Hold clusters against the truth.

    Args:
        clusters: `record_id` and `cluster_id` (or `golden_id`), one row per record.
        truth: `record_id`, `true_id`; a bare key means the only source's record of that key. Records that do not stand
            there are left out on both sides.

    Raises:
        SourceError: The truth lacks its columns, names a record twice, or none of its records is in the run.
    """
    label = "cluster_id" if "cluster_id" in clusters else "golden_id"
    missing = [name for name in ("record_id", "true_id") if name not in truth]
    if missing:
        raise SourceError(f"the truth has no column {' and '.join(missing)}", "it needs `record_id,true_id`")
    truth = truth.dropna(subset=["record_id", "true_id"])
    records = full_ids(truth["record_id"], clusters["record_id"])
    twice = records[records.duplicated()]
    if len(twice):
        raise SourceError(f"the truth names {twice.iloc[0]} twice", "keep one row per record")
    places = pd.Index(clusters["record_id"]).get_indexer(pd.Index(records))
    found = places >= 0
    if not found.any():
        raise SourceError(
            f"none of the {len(truth):,} records of the truth is in the run",
            "write record_id as `source:key`, or the bare key where there is one source",
        )
    true_ids = pd.factorize(truth["true_id"][found])[0]
    made_ids = pd.factorize(clusters[label].to_numpy(dtype=object)[places[found]])[0]
    return _measured(true_ids, made_ids, int((~found).sum()))


def full_ids(named: pd.Series, known: pd.Series) -> pd.Series:
    """Return bare keys as full record ids where the run has one source."""
    prefixes = sorted({str(record_id).partition(":")[0] for record_id in known})
    if len(prefixes) != 1:
        return named
    full = prefixes[0] + ":" + named
    return named.where(named.isin(known), full)


def _measured(true_ids: np.ndarray, made_ids: np.ndarray, unknown: int) -> Evaluation:
    both = pd.factorize(true_ids.astype(np.int64) * (int(made_ids.max()) + 1) + made_ids)[0]
    sizes = [np.bincount(ids) for ids in (true_ids, made_ids, both)]
    true_pairs, found_pairs, right_pairs = (int((size * (size - 1) // 2).sum()) for size in sizes)
    shared = sizes[2][both]
    return Evaluation(
        records=len(true_ids),
        unknown=unknown,
        true_pairs=true_pairs,
        found_pairs=found_pairs,
        right_pairs=right_pairs,
        precision=right_pairs / found_pairs if found_pairs else 1.0,
        recall=right_pairs / true_pairs if true_pairs else 1.0,
        b3_precision=float(np.mean(shared / sizes[1][made_ids])),
        b3_recall=float(np.mean(shared / sizes[0][true_ids])),
    )
