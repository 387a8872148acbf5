"""Questions to a finished run: why two records were (not) matched, and how it stands against the truth."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq.engine.parts import columns_of, to_frame
from dq.errors import NotFoundError, SourceError
from dq.matching import (
    Evaluation,
    Explanation,
    MatchPolicy,
    compare_one,
    evaluate,
    explain,
    features_read,
    match_features,
    read_model,
)
from dq.matching.evaluation import full_ids
from dq.matching.mistakes import Mistakes, find_mistakes
from dq.model import PAIRS
from dq.pipeline.finished import features_of, file_of, manifest_of, row_policy_of
from dq.standards import RowPolicy
from dq.tables.people_files import read_people_csv

LOOKED_AT: Final = 5
"""Wrong merges and misses shown: enough to see a pattern, few enough to read."""
_TELLING: Final = ("full_name", "first_name", "last_name", "organization_name", "address_line1", "city", "birth_on")


COMPARED: Final = (
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "organization_name",
    "birth_on",
    "tax_id",
    "email",
    "phone",
    "mobile",
    "address_line1",
    "city",
    "state",
    "zip5",
    "postal_code",
)
"""Columns in which the records of a mistake are held against each other."""
WHOLE: Final = 50_000
"""Records up to which a pair that was not kept is weighed beside all of them."""
BESIDE: Final = 20_000
"""Of more records, so many: frequencies are then right to a few per cent, weights to a tenth of a bit."""


@dataclass(frozen=True)
class Judged:
    """A run held against the truth.

    Attributes:
        evaluation: Pairwise and B-cubed figures.
        mistakes: Wrong merges and misses, the most convincing first, and the curve along the weight.
        looks: record_id → what its record says by column, for the mistakes worth looking at.
        waiting: Pairs that wait for a decision.
        match_at: Setting of the run.
    """

    evaluation: Evaluation
    mistakes: Mistakes
    looks: dict[str, dict[str, str]]
    waiting: int
    match_at: str


def evaluate_run(folder: Path, truth: Path) -> Judged:
    """Hold a run's clusters against the truth.

    Raises:
        NotFoundError: The folder is no run; SourceError: The truth lacks its columns or does not fit the run.
    """
    crosswalk = read_people_csv(file_of(folder, "crosswalk.csv"), guarded=False)
    given = read_people_csv(truth, ("record_id", "true_id"), guarded=False)
    evaluation = evaluate(crosswalk, given)
    known = given.dropna(subset=["record_id", "true_id"])
    known = known.assign(record_id=full_ids(known["record_id"], crosswalk["record_id"]))
    pairs = to_frame(pq.read_table(file_of(folder, "pairs.parquet"), columns=[*PAIRS.columns]))
    mistakes = find_mistakes(pairs, crosswalk, known)
    waiting = int(pairs["outcome"].eq("possible_match").sum())
    return Judged(evaluation, mistakes, _looks(folder, mistakes), waiting, str(manifest_of(folder)["match_at"]))


def _looks(folder: Path, mistakes: Mistakes) -> dict[str, dict[str, str]]:
    """Return what the records of the first mistakes say, by column."""
    shown = [rows.head(LOOKED_AT) for rows in (mistakes.wrong, mistakes.missed)]
    wanted = sorted({record for rows in shown for side in ("record_id_l", "record_id_r") for record in rows[side]})
    path = file_of(folder, "records.parquet")
    columns = [name for name in COMPARED if name in pq.read_schema(path).names]
    table = pq.read_table(path, columns=["record_id", *columns], filters=[("record_id", "in", wanted or [""])])
    return {
        str(row["record_id"]): {name: str(row[name]) for name in columns if isinstance(row[name], str)}
        for row in to_frame(table).to_dict("records")
    }


def telling(row: Mapping[Hashable, Any]) -> str:
    """Return what tells a record from others, in one line."""
    return " ".join(str(row[name]) for name in _TELLING if isinstance(row.get(name), str))


def explain_pair(
    folder: Path, record_l: str, record_r: str, *, whole: int = WHOLE, beside: int = BESIDE
) -> Explanation:
    """Explain one pair of a run: as it was weighed, or, where it was not kept, weighed again from the run's records.

    Reads the two records; a pair that was not kept also needs how frequent values are, which of many records a part
    tells.

    Args:
        folder: The run.
        record_l: One record.
        record_r: Another.
        whole: Up to so many records, a pair that was not kept is weighed beside all of them.
        beside: Of more, beside about so many.

    Raises:
        NotFoundError: The folder is no run, or a record is not in it.
        SourceError: It is one record twice.
    """
    if record_l == record_r:
        raise SourceError("a record is the same customer as itself", "name two different records")
    manifest = manifest_of(folder)
    low, high = sorted((record_l, record_r))
    rows = row_policy_of(folder)
    two = _features(folder, [low, high], rows)
    missing = sorted({low, high} - set(two["record_id"]))
    if missing:
        raise NotFoundError(f"{folder} has no record {missing[0]}", "record ids stand in crosswalk.csv")
    learned = read_model(file_of(folder, "model.json").read_bytes(), "model.json")
    policy = MatchPolicy(rows, manifest["match_at"], keep_all=True, model=learned)
    kept = _kept_pair(folder, low, high)
    if len(kept):
        return explain(kept, two, policy)
    ids = to_frame(pq.read_table(file_of(folder, "records.parquet"), columns=["record_id"]))["record_id"]
    if len(ids) <= whole:
        features = features_of(folder, rows)
        return explain(compare_one(features, low, high, policy), two, policy)
    some = ids.iloc[:: max(1, len(ids) // beside)]
    features = _features(folder, sorted({low, high, *some}), rows)
    explained = explain(compare_one(features, low, high, policy), two, policy)
    counted = f"{len(features):,} of {len(ids):,} records"
    return replace(
        explained, basis=f"The run did not keep the pair; weighed again beside {counted}: nearly its weights."
    )


def _features(folder: Path, record_ids: list[str], rows: RowPolicy) -> pd.DataFrame:
    """Return the features of some records, sorted by `record_id`."""
    wanted = [("record_id", "in", record_ids)]
    frames = {}
    for name, patterns in features_read(rows.standards.matching).items():
        path = file_of(folder, f"{name}.parquet")
        frames[name] = to_frame(pq.read_table(path, columns=columns_of(path, patterns), filters=wanted))
    return match_features(frames, rows)["features"].sort_values("record_id", ignore_index=True)


def _kept_pair(folder: Path, low: str, high: str) -> pd.DataFrame:
    """Return the pair as the run weighed it; no row where it did not, or where people alone decided it."""
    path = file_of(folder, "pairs.parquet")
    wanted = [("record_id_l", "==", low), ("record_id_r", "==", high)]
    pair = to_frame(pq.read_table(path, filters=wanted))
    return pair[pair["match_weight"].notna()].reset_index(drop=True)
