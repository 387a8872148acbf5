"""Questions to a finished run: why two records were (not) matched, and how it stands against the truth."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from dq.engine.parts import to_frame
from dq.errors import NotFoundError, SourceError
from dq.matching import (
    Evaluation,
    Explanation,
    MatchPolicy,
    compare_one,
    evaluate,
    explain,
    match_features,
    read_model,
)
from dq.matching.evaluation import full_ids
from dq.matching.mistakes import Mistakes, find_mistakes
from dq.model import PAIRS
from dq.pipeline.finished import file_of, manifest_of, row_policy_of
from dq.tables.people_files import read_people_csv

LOOKED_AT: Final = 5
"""Wrong merges and misses shown: enough to see a pattern, few enough to read."""
_TELLING: Final = ("full_name", "first_name", "last_name", "organization_name", "address_line1", "city", "birth_on")


@dataclass(frozen=True)
class Judged:
    """A run held against the truth.

    Attributes:
        evaluation: Pairwise and B-cubed figures.
        mistakes: Wrong merges and misses, the most convincing first, and the curve along the weight.
        looks: record_id → what its record says, for the mistakes worth looking at.
        waiting: Pairs that wait for a decision.
    """

    evaluation: Evaluation
    mistakes: Mistakes
    looks: dict[str, str]
    waiting: int


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
    return Judged(evaluation, mistakes, _looks(folder, mistakes), waiting)


def _looks(folder: Path, mistakes: Mistakes) -> dict[str, str]:
    """Return what the records of the first mistakes say, in one line each."""
    shown = [rows.head(LOOKED_AT) for rows in (mistakes.wrong, mistakes.missed)]
    wanted = sorted({record for rows in shown for side in ("record_id_l", "record_id_r") for record in rows[side]})
    path = file_of(folder, "records.parquet")
    columns = [name for name in _TELLING if name in pq.read_schema(path).names]
    table = pq.read_table(path, columns=["record_id", *columns], filters=[("record_id", "in", wanted or [""])])
    return {str(row["record_id"]): telling(row) for row in to_frame(table).to_dict("records")}


def telling(row: Mapping[Hashable, Any]) -> str:
    """Return what tells a record from others, in one line."""
    return " ".join(str(row[name]) for name in _TELLING if isinstance(row.get(name), str))


def explain_pair(folder: Path, record_l: str, record_r: str) -> Explanation:
    """Explain one pair of a run: as it was weighed, or, where it was not kept, weighed again from the run's records.

    Raises:
        NotFoundError: The folder is no run, or a record is not in it.
    """
    manifest = manifest_of(folder)
    records = to_frame(pq.read_table(file_of(folder, "records.parquet")))
    missing = [record_id for record_id in (record_l, record_r) if not records["record_id"].eq(record_id).any()]
    if missing:
        raise NotFoundError(f"{folder} has no record {missing[0]}", "record ids stand in crosswalk.csv")
    if record_l == record_r:
        raise SourceError("a record is the same customer as itself", "name two different records")
    points = to_frame(pq.read_table(file_of(folder, "contact_points.parquet")))
    rows = row_policy_of(folder)
    learned = read_model(file_of(folder, "model.json").read_bytes(), "model.json")
    policy = MatchPolicy(rows, manifest["match_at"], keep_all=True, model=learned)
    features = match_features({"records": records, "contact_points": points}, rows)["features"]
    features = features.sort_values("record_id", ignore_index=True)
    return explain(compare_one(features, record_l, record_r, policy), features, policy)
