"""Matches small tables through a real engine, from records to clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dq.engine import LocalEngine, paths_of
from dq.engine.parts import to_arrow, write_part
from dq.matching import (
    MatchPolicy,
    apply_judgements,
    block_keys,
    cluster,
    compare_pairs,
    cut_bridges,
    inner_pairs,
    match_features,
    most_of,
)
from dq.model import CONTACT_POINTS, JUDGEMENTS_TABLE, TEXT
from dq.pipeline.candidates import candidate_pairs
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards
from dq.standards.matching import ReviewShare

Row = Mapping[str, object]


@lru_cache(maxsize=1)
def row_policy() -> RowPolicy:
    """Return the shipped policy."""
    settings = load_settings()
    return RowPolicy(load_standards(settings.standards, settings.expectations), date(2026, 1, 1))


def review() -> ReviewShare:
    """Return how many cases the shipped policy puts before people."""
    return row_policy().standards.matching.review_share


def match_policy(match_at: str = "safe", *, keep_all: bool = False) -> MatchPolicy:
    """Return the shipped policy at a setting."""
    return MatchPolicy(row_policy(), match_at, keep_all)


def records_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Return records with the columns that matching reads; persons unless a row says otherwise."""
    records = pd.DataFrame(list(rows))
    if "record_id" not in records:
        records["record_id"] = [f"crm:{place:04d}" for place in range(len(records))]
    records["source"] = records["record_id"].str.partition(":")[0]
    if "party_type" not in records:
        records["party_type"] = "person"
    return records.astype(TEXT)


def points_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Return contact points with every column of the model."""
    points = pd.DataFrame(list(rows)).reindex(columns=list(CONTACT_POINTS.columns))
    return points.astype(TEXT)


def judgements_of(*judgements: tuple[str, str, str]) -> pd.DataFrame:
    """Return judgements from (record, record, judgement)."""
    rows = [
        {
            "judgement_id": f"j{place}",
            "record_id_l": left,
            "record_id_r": right,
            "judgement": word,
            "judged_at": str(place),
        }
        for place, (left, right, word) in enumerate(judgements)
    ]
    return pd.DataFrame(rows, columns=list(JUDGEMENTS_TABLE.columns), dtype="str")


@dataclass(frozen=True)
class Matched:
    """What matching made of some records."""

    features: pd.DataFrame
    candidates: pd.DataFrame
    pairs: pd.DataFrame
    clusters: pd.DataFrame

    def together(self) -> set[frozenset[str]]:
        """Return the clusters of more than one record."""
        groups = self.clusters.groupby("cluster_id")["record_id"].agg(frozenset)
        return {group for group in groups if len(group) > 1}


def matched(
    records: pd.DataFrame,
    work: Path,
    *,
    points: pd.DataFrame | None = None,
    match_at: str = "safe",
    judgements: pd.DataFrame | None = None,
    row: RowPolicy | None = None,
    part_rows: int = 1000,
    workers: int = 1,
) -> Matched:
    """Run the calls of `dq.matching` in order over an engine in `work`."""
    policy = MatchPolicy(row or row_policy(), match_at)
    matching = policy.matching
    judged = judgements_of() if judgements is None else judgements
    with LocalEngine(work, workers=workers) as engine:
        parts = []
        ordered = records.sort_values("record_id", ignore_index=True)
        for place, start in enumerate(range(0, len(ordered), part_rows)):
            rows = ordered.iloc[start : start + part_rows]
            tables = {"records": rows}
            if points is not None:
                tables["contact_points"] = points[points["record_id"].isin(rows["record_id"])]
            part = {}
            for name, frame in tables.items():
                part[name] = work / "given" / f"{name}-{place}.parquet"
                write_part(part[name], to_arrow(frame))
            parts.append(part)
        features = engine.map(match_features, parts, policy.row, stage="features")
        keys = engine.map(block_keys, features, policy.row, stage="block_keys", counted=True)
        given = {"features": paths_of(features, "features"), "block_keys": paths_of(keys, "block_keys")}
        candidates, _ = candidate_pairs(engine, given, matching.blocking)
        shared = {"features": given["features"]}
        compared = engine.map(compare_pairs, candidates, policy, stage="pairs", shared=shared)
        pairs = pd.concat([pd.read_parquet(path) for path in paths_of(compared, "pairs")], ignore_index=True)
        pairs = apply_judgements(pairs.astype(dict.fromkeys(("outcome", "veto"), TEXT)), judged)
        table = pd.concat([pd.read_parquet(path) for path in given["features"]], ignore_index=True)
        inner = inner_pairs(pairs, table["record_id"], judged)
        everything = replace(policy, keep_all=True)
        inside = compare_pairs({"pairs": inner, "features": table}, everything)["pairs"]
        most = most_of(pairs, table["record_id"])
        clusters = cluster(pairs, table["record_id"], judged, inside, most)
        return Matched(
            features=table,
            candidates=pd.concat([pd.read_parquet(path) for path in paths_of(candidates, "pairs")]),
            pairs=cut_bridges(pairs, clusters, most),
            clusters=clusters,
        )


def level_of(comparison: str, left: Row, right: Row, **also: object) -> str | None:
    """Return the level of one comparison of two records."""
    row = compared(left, right, **also).iloc[0]
    return str(row[comparison]) if isinstance(row[comparison], str) else None


def compared(left: Row, right: Row, **also: object) -> pd.DataFrame:
    """Return the compared pair of two records, whatever its outcome."""
    records = records_of([{**also, **left}, {**also, **right}])
    features = match_features({"records": records}, row_policy())["features"]
    pair = pd.DataFrame({"index_l": [0], "index_r": [1], "rule": [-1]})
    return compare_pairs({"pairs": pair, "features": features}, match_policy(keep_all=True))["pairs"]
