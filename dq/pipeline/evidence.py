"""Questions to a finished run: why two records were (not) matched, and how it stands against the truth."""

import json
from datetime import date
from pathlib import Path

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
)
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards
from dq.tables.people_files import read_people_csv


def evaluate_run(folder: Path, truth: Path) -> Evaluation:
    """Hold a run's clusters against the truth.

    Raises:
        NotFoundError: The folder is no run; SourceError: The truth lacks its columns or does not fit the run.
    """
    crosswalk = read_people_csv(_file(folder, "crosswalk.csv"), guarded=False)
    return evaluate(crosswalk, read_people_csv(truth, ("record_id", "true_id"), guarded=False))


def explain_pair(folder: Path, record_l: str, record_r: str) -> Explanation:
    """Explain one pair of a run: as it was weighed, or, where it was not kept, weighed again from the run's records.

    Raises:
        NotFoundError: The folder is no run, or a record is not in it.
    """
    manifest = json.loads(_file(folder, "manifest.json").read_text(encoding="utf-8"))
    records = to_frame(pq.read_table(_file(folder, "records.parquet")))
    missing = [record_id for record_id in (record_l, record_r) if not records["record_id"].eq(record_id).any()]
    if missing:
        raise NotFoundError(f"{folder} has no record {missing[0]}", "record ids stand in crosswalk.csv")
    if record_l == record_r:
        raise SourceError("a record is the same customer as itself", "name two different records")
    points = to_frame(pq.read_table(_file(folder, "contact_points.parquet")))
    settings = load_settings()
    rows = RowPolicy(load_standards(settings.standards, settings.expectations), date.fromisoformat(manifest["as_of"]))
    policy = MatchPolicy(rows, manifest["match_at"], keep_all=True)
    features = match_features({"records": records, "contact_points": points}, rows)["features"]
    features = features.sort_values("record_id", ignore_index=True)
    return explain(compare_one(features, record_l, record_r, policy), features, policy)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise NotFoundError(f"{folder} is no finished run: {name} is missing", "name the --out folder of dq run")
    return path
