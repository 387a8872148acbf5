"""Trains the policy of matching on a finished run whose pairs people labelled or judged. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from dq.engine import LocalEngine, paths_of
from dq.engine.parts import to_arrow, write_part
from dq.errors import SourceError
from dq.matching import block_keys, sample_query
from dq.matching.evaluation import full_ids
from dq.matching.training import Material
from dq.matching.training_check import Check, trained_without_harm
from dq.matching.training_moves import Move
from dq.matching.training_pairs import LabelledPairs, labelled_pairs, random_pairs, unseen
from dq.matching.training_text import next_version
from dq.model import JUDGEMENTS_TABLE
from dq.pipeline.candidates import candidate_pairs
from dq.pipeline.finished import features_of, manifest_of, matching_file_of, row_policy_of
from dq.settings import load_settings
from dq.standards import RowPolicy
from dq.standards.matching import TrainedOn
from dq.tables.people_files import read_people_csv

MOST_STRANGERS = 500_000
"""Labelled pairs of different customers that are compared; of more, every n-th."""
MOST_OUTSIDE = 100_000
"""Pairs of a labelled and another record that are compared; of more, every n-th."""
CLEARLY_DIFFERENT = (-12.0, -4.0)
"""Weights of pairs that are different customers (at -4 all but 6 in 100) and yet have something in common."""
_LABELLED = """
    WITH known AS (
        SELECT index_l, index_r, l.who = r.who AS same
        FROM pairs JOIN labelled l ON l.place = index_l JOIN labelled r ON r.place = index_r
    ),
    size AS (SELECT greatest(1, ceil(count(*) FILTER (NOT same) / {most}))::BIGINT AS step FROM known)
    SELECT index_l, index_r, CASE WHEN same THEN 1 ELSE step END AS every
    FROM known, size WHERE same OR (index_l::BIGINT * 40503 + index_r::BIGINT * 9973) % step = 0
"""
_OUTSIDE = """
    WITH half AS (
        SELECT index_l, index_r
        FROM pairs LEFT JOIN labelled l ON l.place = index_l LEFT JOIN labelled r ON r.place = index_r
        WHERE (l.who IS NULL) <> (r.who IS NULL)
    ),
    size AS (SELECT greatest(1, ceil(count(*) / {most}))::BIGINT AS every FROM half)
    SELECT index_l, index_r, every
    FROM half, size WHERE (index_l::BIGINT * 40503 + index_r::BIGINT * 9973) % every = 0
"""


@dataclass(frozen=True)
class Training:
    """What labels teach about a run's policy of matching.

    Attributes:
        labelled: Labelled pairs.
        judged: Judged ones.
        same: How many of both are one customer.
        customers: Customers the labels know.
        moves: What moves; empty where the labels say nothing beyond chance.
        checks: What it is worth on customers that did not teach it, by setting; empty where nothing moves.
        text: The next version of `matching.yml`.
        version: Version of the file as it is.
    """

    labelled: int
    judged: int
    same: int
    customers: int
    moves: Sequence[Move]
    checks: dict[str, Check]
    text: str
    version: int

    @property
    def is_harmful(self) -> bool:
        """Say whether a setting gets worse beyond chance."""
        return any(check.is_worse for check in self.checks.values())


def train_run(folder: Path, labels: Path | None, judgements: Path | None, day: str) -> Training:
    """Train on a finished run.

    Args:
        folder: The run.
        labels: File with `record_id,true_id`; a bare key means the only source's.
        judgements: File with judgements of pairs.
        day: Day of the training, for the file's log.

    Raises:
        NotFoundError: The folder is no run.
        SourceError: The labels are no such files, do not fit the run, or are too few.
    """
    row = row_policy_of(folder)
    features = features_of(folder, row)
    truth = _truth(labels, features["record_id"])
    judged = _judgements(judgements)
    material = _material(features, truth, judged, row)
    pairs = material.pairs
    _enough(pairs, row)
    trained, checks = trained_without_harm(material)
    count = int(pairs.judged.sum())
    origin = TrainedOn(
        at=day, run=str(manifest_of(folder)["run_id"]), labelled_pairs=len(pairs.left) - count, judged_pairs=count
    )
    text = matching_file_of(folder, load_settings()).read_text(encoding="utf-8-sig")
    version = row.standards.matching.version
    return Training(
        labelled=origin.labelled_pairs,
        judged=count,
        same=int(pairs.same.sum()),
        customers=pairs.customers,
        moves=trained.moves,
        checks=checks,
        text=next_version(text, version, trained.moves, origin, [check_line(*item) for item in checks.items()]),
        version=version,
    )


def check_line(match_at: str, check: Check) -> str:
    """Return what training is worth at a setting, as a sentence."""
    before, after = check.before, check.after
    return (
        f"at {match_at}, out of fold: precision {before.precision:.4f} -> {after.precision:.4f}, recall "
        f"{before.recall:.4f} -> {after.recall:.4f}, F1 {before.f1:.4f} -> {after.f1:.4f}; "
        f"{check.better:,.0f} pairs decided better, {check.worse:,.0f} worse"
    )


def _truth(labels: Path | None, record_ids: pd.Series) -> pd.DataFrame:
    columns = ("record_id", "true_id")
    if labels is None:
        return pd.DataFrame(columns=list(columns), dtype="str")
    truth = read_people_csv(labels, columns, guarded=False).dropna()
    truth = truth.assign(record_id=full_ids(truth["record_id"], record_ids))
    twice = truth["record_id"][truth["record_id"].duplicated()]
    if len(twice):
        raise SourceError(f"{labels} names {twice.iloc[0]} twice", "keep one row per record")
    if not truth["record_id"].isin(record_ids).any():
        raise SourceError(
            f"none of the {len(truth):,} records of {labels} is in the run",
            "write record_id as `source:key`, or the bare key where there is one source",
        )
    return truth


def _judgements(path: Path | None) -> pd.DataFrame:
    columns = tuple(JUDGEMENTS_TABLE.columns)
    return pd.DataFrame(columns=list(columns), dtype="str") if path is None else read_people_csv(path, columns)


def _enough(pairs: LabelledPairs, row: RowPolicy) -> None:
    """Refuse labels that can move nothing.

    Raises:
        SourceError: There are too few; whoever asks for a new file is not to go on with the old one unawares.
    """
    least, same = row.standards.matching.learning.least_matches, int(pairs.same.sum())
    if len(pairs.left) < least or same < least:
        raise SourceError(
            f"{len(pairs.left):,} labelled pairs, {same:,} of them one customer, are too few to learn from: "
            f"{least} pairs of one customer are the least (least_matches in matching.yml)",
            "label or judge more pairs; nothing was changed",
        )


def _material(features: pd.DataFrame, truth: pd.DataFrame, judgements: pd.DataFrame, row: RowPolicy) -> Material:
    """Block the records and gather what there is to train from."""
    matching = row.standards.matching
    places = pd.Index(features["record_id"]).get_indexer(pd.Index(truth["record_id"]))
    known = pd.DataFrame({"place": places, "who": pd.factorize(truth["true_id"])[0]}).query("place >= 0")
    with TemporaryDirectory(prefix="dq-train-") as name, LocalEngine(Path(name)) as engine:
        given = {"features": Path(name) / "features.parquet"}
        write_part(given["features"], to_arrow(features))
        write_part(Path(name) / "labelled.parquet", to_arrow(known))
        keys = engine.map(block_keys, [given], row, stage="block_keys", counted=True)
        tables = {"features": [given["features"]], "block_keys": paths_of(keys, "block_keys")}
        order = ("index_l", "index_r")
        # Pairs that agree on nothing teach nothing: see `made_by_rules`.
        made, _ = candidate_pairs(engine, tables, matching.blocking.model_copy(update={"every_pair": 0}))
        found = {"pairs": paths_of(made, "pairs"), "labelled": [Path(name) / "labelled.parquet"]}
        sample = engine.frame(sample_query(matching), {"pairs": found["pairs"]}, order)
        inside = engine.frame(_LABELLED.format(most=MOST_STRANGERS), found, order)
        outside = engine.frame(_OUTSIDE.format(most=MOST_OUTSIDE), found, order)
    pairs = labelled_pairs(features["record_id"], inside, truth, judgements)
    is_person = features["party_type"].ne("organization").to_numpy(dtype=bool)
    randoms = random_pairs(pairs, is_person, matching.learning.random_pairs)
    material = Material(features, sample, pairs, 1.0, randoms, row)
    return _without_the_clear(material, outside)


def _without_the_clear(material: Material, outside: pd.DataFrame) -> Material:
    """Leave out pairs that nobody would ever put together, after counting how many strangers have no label."""
    lowest, highest = CLEARLY_DIFFERENT
    pairs, weights = material.pairs, material.labels.weights
    stranger = ~pairs.same & ~pairs.judged & (weights > lowest) & (weights < highest)
    if len(outside):
        policy = material.policy(material.matching, "balanced", material.model)
        others = material.compared(outside, policy).weights
        met = outside["every"].to_numpy(dtype=np.float64)[(others > lowest) & (others < highest)]
        times = unseen(pairs.stands_for[stranger], met)
    else:
        times = 1.0
    return replace(material, pairs=pairs.taken(pairs.same | pairs.judged | (weights > lowest)), unseen=times)
