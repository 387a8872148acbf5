"""The steps that find duplicates: candidate pairs, a model, evidence, judgements, clusters."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import Parts, paths_of
from dq.engine.parts import read_column, to_arrow, to_frame, write_part
from dq.matching import (
    PAIR_ROWS,
    PLACES,
    Known,
    MatchModel,
    MatchPolicy,
    apply_judgements,
    block_lines,
    cluster,
    compare_pairs,
    cut_bridges,
    encoded,
    features_and_keys,
    features_read,
    households,
    inner_pairs,
    model_document,
    most_of,
    read_model,
)
from dq.matching.folding import text_array
from dq.model import JUDGEMENTS_TABLE, TEXT
from dq.pipeline.asking import ask
from dq.pipeline.candidates import candidate_pairs, made_by_rules
from dq.pipeline.learning import learned_model
from dq.pipeline.match_numbers import weigh_itself
from dq.pipeline.merging import identify
from dq.pipeline.rule_yields import note_rule_yields
from dq.pipeline.run import Run
from dq.standards import RowPolicy
from dq.tables.people_files import read_people_csv


def find_pairs(run: Run, since: int | None = None) -> None:
    """Make candidate pairs and weigh them; keeps `features`, `weighed`, `inside`, `itself`, `homes`, the model.

    Args:
        run: The run.
        since: Place of a record in the order of `record_id`: only pairs of one from there on with one before are
            weighed. The model is learned of all pairs. None: all are weighed.
    """
    row_policy = RowPolicy(run.standards, run.plan.as_of, run.hints())
    policy = MatchPolicy(row_policy, run.plan.match_at)
    engine = run.engine
    features = engine.map(
        features_and_keys,
        run.parts("verified"),
        row_policy,
        stage="features",
        reads=features_read(policy.matching),
        counted=True,
    )
    tables = {name: paths_of(features, name) for name in ("features", "block_keys")}
    run.keep_parts("features", features)
    model = None if run.plan.model is None else read_model(run.plan.model.read_bytes(), str(run.plan.model))
    if len(features) > _MANY_PARTS:
        engine.rest()
    with ThreadPoolExecutor(1) as beside:
        # Neither needs the other, and both have stretches that one processor works through alone.
        made = beside.submit(candidate_pairs, engine, tables, policy.matching.blocking)
        codes = _encoded(run, model)
        candidates, blocks = made.result()
    for line in block_lines(blocks, policy.matching):
        run.listener.say(line)
    run.keep_parts("candidates", candidates)
    engine.warm(compare_pairs, candidates)
    keeping = engine.keeping(codes, "known")
    del codes
    with keeping as known:
        policy = replace(policy, known=known)
        path = engine.work / "homes" / "homes.parquet"
        write_part(path, to_arrow(known.homes))
        run.keep_parts("homes", [{"homes": path}])
        if model is None:
            teaching = made_by_rules(engine, candidates, policy.matching.blocking, len(known.is_person))
            model = learned_model(run, teaching, policy)
        policy = replace(policy, model=model)
        _weigh(run, policy, candidates if since is None else _across(run, candidates, since))
    if run.plan.explain_blocking:
        note_rule_yields(run, row_policy, {**tables, "weighed": paths_of(run.parts("weighed"), "pairs")}, blocks)


_MANY_PARTS = 20
"""Processes that worked through more parts than this keep 0.4 GB each of what lay between, of a million and less half
as much: there starting anew would cost one second in twenty."""


def _across(run: Run, candidates: Parts, since: int) -> Parts:
    """Return the candidate pairs of a record from a place on with one before it."""
    query = f"SELECT * FROM pairs WHERE index_l < {int(since)} AND index_r >= {int(since)}"  # noqa: S608 (a number)
    files = {"pairs": paths_of(candidates, "pairs")}
    return run.engine.sql(query, files, ("index_l", "index_r"), stage="across", table="pairs", rows=PAIR_ROWS)


def _encoded(run: Run, model: MatchModel | None) -> Known:
    """Return all records as codes."""
    files = paths_of(run.parts("features"), "features")
    return encoded(partial(read_column, files), run.standards, model.generic_values if model else None)


def _weigh(run: Run, policy: MatchPolicy, candidates: Parts) -> None:
    """Compare the candidate pairs, those inside components that no rule made, and records with themselves."""
    judgements = judgements_of(run)
    with ThreadPoolExecutor(1) as beside:
        itself = beside.submit(_weigh_records, run, policy)
        weighed = run.engine.map(compare_pairs, candidates, policy, stage="compared")
        itself.result()
    if not judgements.empty:
        path = run.engine.work / "judged" / "weighed.parquet"
        write_part(path, to_arrow(apply_judgements(_table(weighed, "pairs"), judgements)))
        weighed = [{"pairs": path}]
    run.keep_parts("weighed", weighed)
    # Few pairs are left to compare, and what the processes map counts in each of them.
    run.engine.rest()
    assert policy.known is not None
    inner = inner_pairs(_matched(weighed), policy.known.record_ids.arrow, judgements)
    run.keep_parts("inside", _compared_inside(run, inner, policy))
    run.keep("judgements", json.loads(judgements.to_json(orient="records")))


def _matched(weighed: Parts) -> pd.DataFrame:
    """Read what of pairs says which records they join."""
    return _table(weighed, "pairs", [name for name in _MATCHED if name in pq.read_schema(weighed[0]["pairs"]).names])


_MATCHED = ("record_id_l", "record_id_r", "match_weight", "outcome", "veto", *PLACES)
"""What of a pair says which records it joins."""


def _weigh_records(run: Run, policy: MatchPolicy) -> None:
    """Compare records with themselves; keep the model."""
    records = _features(run, ("party_type",))
    weigh_itself(run, replace(policy, keep_all=True), len(records))
    run.keep("model", json.dumps(model_document(policy, records), ensure_ascii=False, indent=1))


def find_clusters(run: Run) -> None:
    """Cluster the matched pairs, give golden ids and households; keeps the parts `pairs`, `crosswalk` and `cases`."""
    pairs, judgements = _matched(run.parts("weighed")), judgements_of(run)
    record_ids = text_array(read_column(paths_of(run.parts("features"), "features"), "record_id"))
    inside = _matched(run.parts("inside")).astype(dict.fromkeys(("outcome", "veto"), TEXT))
    most = most_of(pairs, record_ids)
    clusters = cluster(pairs, record_ids, judgements, inside, most)
    with ThreadPoolExecutor(1) as beside:
        identified = beside.submit(_identify, run, record_ids, clusters)
        ask(run, cut_bridges(pairs, clusters, most), clusters, judgements)
        identified.result()


def _identify(run: Run, record_ids: pa.Array, clusters: pd.DataFrame) -> None:
    """Keep golden ids and households."""
    homes = _table(run.parts("homes"), "homes")
    identify(run, clusters, households(homes, record_ids, clusters, run.plan.settings.key))


def _compared_inside(run: Run, pairs: pd.DataFrame, policy: MatchPolicy) -> Parts:
    """Weigh the pairs inside components that nobody looked at."""
    parts = []
    for place, start in enumerate(range(0, max(len(pairs), 1), PAIR_ROWS)):
        path = run.engine.work / "inside" / f"given-{place:05d}.parquet"
        write_part(path, to_arrow(pairs.iloc[start : start + PAIR_ROWS]))
        parts.append({"pairs": path})
    return run.engine.map(compare_pairs, parts, replace(policy, keep_all=True), stage="inside")


def _features(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """Read columns of the features of all records, in the order of `record_id`."""
    return _table(run.parts("features"), "features", columns)


def _table(parts: Parts, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read columns of a table (default: all of them) from all parts."""
    files = paths_of(parts, name)
    return to_frame(pa.concat_tables([pq.read_table(path, columns=columns and list(columns)) for path in files]))


def judgements_of(run: Run) -> pd.DataFrame:
    """Return the decisions of people on pairs that the run is given."""
    columns = tuple(JUDGEMENTS_TABLE.columns)
    if run.plan.judgements is None:
        return pd.DataFrame(columns=list(columns), dtype="str")
    return read_people_csv(run.plan.judgements, columns)
