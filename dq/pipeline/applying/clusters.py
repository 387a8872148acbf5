"""Puts records together anew, only where decisions changed something: components that a changed judgement touches."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from dq.engine.parts import read_column, to_arrow, to_frame, write_part
from dq.matching import (
    PAIR_COLUMNS,
    Coded,
    MatchPolicy,
    apply_judgements,
    cluster,
    compare_pairs,
    cut_bridges,
    encoded,
    homes_of,
    households,
    inner_pairs,
    questions,
    read_model,
)
from dq.matching.components import connected
from dq.matching.folding import text_array
from dq.matching.judging import changed_pairs, standing
from dq.matching.most_records import most_records
from dq.matching.vetoes import CUTS
from dq.model import CROSSWALK, TEXT
from dq.pipeline.applying.base import Base
from dq.pipeline.duplicates import judgements_of
from dq.pipeline.kept import KEPT
from dq.pipeline.run import Run
from dq.standards import RowPolicy
from dq.survivorship import inherit_golden_ids

Places = NDArray[np.int64]


@dataclass(frozen=True)
class _Pairs:
    """All pairs of a run, their ends as places among the names.

    Attributes:
        rows: The table as it was written.
        names: Every record, and whatever else judgements name, sorted.
        left: Place of one end of each pair.
        right: Place of the other.
    """

    rows: pa.Table
    names: pa.Array
    left: Places
    right: Places

    def places(self, record_ids: Sequence[str]) -> Places:
        """Return the places of records."""
        return _places(pa.array(record_ids, type=self.names.type), self.names)


def recluster(run: Run, base: Base) -> None:
    """Cluster what changed judgements touch; keeps the parts `pairs`, `crosswalk` and `cases`, as a whole run does."""
    before, judgements = base.judgements, judgements_of(run)
    changed = changed_pairs(before, judgements)
    crosswalk = base.crosswalk
    pairs = _read(base, crosswalk, [before, judgements])
    touched = _touched(pairs, changed.keys())
    table, clusters = _again(run, base, pairs, touched, judgements, [pair for pair, was in changed.items() if was])
    run.keep("judgements", json.loads(judgements.to_json(orient="records")))
    path = run.engine.work / "judged" / "pairs.parquet"
    write_part(path, table)
    run.keep_parts("pairs", [{"pairs": path}])
    crosswalk = _renamed(run, crosswalk, clusters)
    path = run.engine.work / "identity" / "crosswalk.parquet"
    write_part(path, to_arrow(crosswalk[list(CROSSWALK.columns)]))
    run.keep_parts("crosswalk", [{"crosswalk": path}])
    _ask(run, table, crosswalk, judgements)


def _read(base: Base, crosswalk: pd.DataFrame, judged: Sequence[pd.DataFrame]) -> _Pairs:
    rows = pq.read_table(base.folder / "pairs.parquet")
    named = [judgements[side] for judgements in judged for side in ("record_id_l", "record_id_r")]
    every = pa.concat_arrays([text_array(column) for column in (crosswalk["record_id"], *named)])
    names = pc.unique(every)
    names = names.take(pc.sort_indices(names))
    ends = (_places(rows[side].combine_chunks(), names) for side in ("record_id_l", "record_id_r"))
    return _Pairs(rows, names, *ends)


def _places(record_ids: pa.Array, names: pa.Array) -> Places:
    found = pc.index_in(record_ids.cast(names.type), value_set=names)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _touched(pairs: _Pairs, changed: Any) -> NDArray[np.bool_]:
    """Say which records are in a component, as it was or as it will be, that a changed judgement touches."""
    ends = [pairs.places([pair[side] for pair in changed]) for side in (0, 1)]
    is_edge = _is_match(pairs.rows)
    left, right = (np.concatenate([of[is_edge], end]) for of, end in zip((pairs.left, pairs.right), ends, strict=True))
    labels = connected(np.minimum(left, right), np.maximum(left, right), len(pairs.names))
    found = np.zeros(len(labels), dtype=bool)
    found[labels[np.concatenate(ends)]] = True
    return found[labels]


def _is_match(rows: pa.Table) -> NDArray[np.bool_]:
    """Say which pairs matched, also where clustering cut them afterwards."""
    cut = pc.is_in(rows["veto"], value_set=pa.array(CUTS, type=pa.large_string()))
    kept = pc.and_(pc.equal(rows["outcome"], "match"), pc.is_null(rows["veto"]))
    return np.asarray(pc.or_(cut, kept).to_numpy(), dtype=bool)


def _again(
    run: Run,
    base: Base,
    pairs: _Pairs,
    touched: NDArray[np.bool_],
    judgements: pd.DataFrame,
    formerly: list[tuple[str, str]],
) -> tuple[pa.Table, pd.DataFrame]:
    """Return all pairs as they are now, and the clusters of the touched records.

    Args:
        run: The run that is made.
        base: The run it is made from.
        pairs: Its pairs.
        touched: Which of the names are touched.
        judgements: Judgements in force now.
        formerly: Changed pairs that somebody had judged before.
    """
    inside = touched[pairs.left] & touched[pairs.right]
    weigher = _Weigher(run, base)
    own = _undecided(to_frame(pairs.rows.filter(pa.array(inside))), formerly, weigher)
    names = set(pairs.names.filter(pa.array(touched)).to_pylist())
    judged = standing(judgements)
    judged = judged[judged["record_id_l"].isin(names) & judged["record_id_r"].isin(names)]
    own = apply_judgements(own, judged)
    ids = weigher.record_ids[weigher.record_ids.isin(names)]
    among = inner_pairs(own, ids, judged)
    places = ids.index.to_numpy(dtype=np.int64)
    ends = {side: places[among[side].to_numpy()] for side in ("index_l", "index_r")}
    weights = np.asarray(pairs.rows["match_weight"].to_numpy(), dtype=np.float64)
    most = most_records(pairs.left, pairs.right, weights, len(weigher.record_ids))
    clusters = cluster(own, ids, judged, weigher.weighed(among.assign(**ends)), most)
    own = cut_bridges(own, clusters, most)
    rest = pairs.rows.filter(pa.array(~inside))
    new = to_arrow(own).select(rest.schema.names).cast(rest.schema)
    order = [("record_id_l", "ascending"), ("record_id_r", "ascending")]
    return pa.concat_tables([rest, new]).sort_by(order).combine_chunks(), clusters


def _undecided(own: pd.DataFrame, formerly: list[tuple[str, str]], weigher: "_Weigher") -> pd.DataFrame:
    """Return pairs as the machine had weighed them, before clusters cut any and before the judgements that are gone."""
    own = own[own["match_weight"].notna()].reset_index(drop=True)
    cut = own["veto"].isin(CUTS)
    own = own.assign(outcome=own["outcome"].mask(cut, "match"), veto=own["veto"].mask(cut))
    keys = pd.MultiIndex.from_frame(own[["record_id_l", "record_id_r"]].astype(object))
    rows = np.flatnonzero(keys.isin(formerly))
    if not len(rows):
        return own
    places = pd.Index(weigher.record_ids)
    given = {f"index_{side}": places.get_indexer(own[f"record_id_{side}"].iloc[rows]) for side in ("l", "r")}
    weighed = weigher.weighed(pd.DataFrame({**given, "rule": np.int64(-1)}))
    for column in ("outcome", "veto"):
        values = own[column].to_numpy(dtype=object)
        values[rows] = weighed[column].to_numpy(dtype=object)
        own[column] = pd.Series(values, dtype=TEXT)
    return own


class _Weigher:
    """Weighs pairs as the run did; reads the values of all records only once there is a pair to weigh."""

    def __init__(self, run: Run, base: Base) -> None:
        self._run = run
        self._base = base
        self._features = base.folder / KEPT / "features.parquet"
        self.record_ids: pd.Series = to_frame(pq.read_table(self._features, columns=["record_id"]))["record_id"]

    def weighed(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return pairs of places, compared, in the order given."""
        if pairs.empty:
            texts = [name for name in PAIR_COLUMNS if not name.endswith(("_weight", "_probability"))]
            return pd.DataFrame(columns=list(PAIR_COLUMNS), dtype="float64").astype(dict.fromkeys(texts, TEXT))
        made = compare_pairs({"pairs": pairs}, self._policy)["pairs"]
        return made.astype(dict.fromkeys(("outcome", "veto"), TEXT))

    @cached_property
    def _policy(self) -> MatchPolicy:
        run, path = self._run, self._base.folder / "model.json"
        model = read_model(path.read_bytes(), str(path))
        known = encoded(partial(read_column, [self._features]), run.standards, model.generic_values)
        row = RowPolicy(run.standards, run.plan.as_of)
        return MatchPolicy(row, run.plan.match_at, keep_all=True, model=model, known=known)


def _renamed(run: Run, crosswalk: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk with the golden ids, sizes and households of now."""
    previous = crosswalk[["record_id", "golden_id"]]
    ids = inherit_golden_ids(clusters, previous, run.plan.settings.key)
    named = clusters.merge(ids, on="cluster_id").set_index("record_id")
    places = pd.Index(crosswalk["record_id"]).get_indexer(named.index)
    made = crosswalk.copy()
    for column in ("golden_id", "cluster_size"):
        values = made[column].to_numpy(dtype=object).copy()
        values[places] = named[column].to_numpy(dtype=object)
        made[column] = pd.Series(values, dtype=crosswalk[column].dtype)
    whole = _clusters_of(made)
    features = run.engine.work / "base" / "features.parquet"
    homes = homes_of(Coded(partial(read_column, [features])))
    found = households(homes, read_column([features], "record_id"), whole, run.plan.settings.key)
    by_cluster = found.set_index("cluster_id")["household_id"]
    made["household_id"] = whole["cluster_id"].map(by_cluster).astype(TEXT)
    return made


def _clusters_of(crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return `record_id`, `cluster_id`: the smallest record of each golden record, which comes first."""
    smallest = crosswalk.drop_duplicates("golden_id").set_index("golden_id")["record_id"]
    cluster_ids = crosswalk["golden_id"].map(smallest).astype(TEXT)
    return pd.DataFrame({"record_id": crosswalk["record_id"], "cluster_id": cluster_ids})


def _ask(run: Run, table: pa.Table, crosswalk: pd.DataFrame, judgements: pd.DataFrame) -> None:
    """Keep the questions for stewards."""
    open_ones = table.filter(pc.is_in(table["outcome"], value_set=pa.array(["match", "possible_match"])))
    share = run.standards.matching.review_share
    asked = questions(to_frame(open_ones), _clusters_of(crosswalk), judgements, share, run.plan.match_at)
    if asked.left_out:
        run.listener.say(f"{asked.left_out:,} weaker possible matches are not put before people (`review_share`)")
    path = run.engine.work / "judged" / "cases.parquet"
    write_part(path, to_arrow(asked.cases))
    run.keep_parts("cases", [{"cases": path}])
