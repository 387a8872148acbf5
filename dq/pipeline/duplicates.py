"""The steps that find duplicates: candidate pairs, evidence, judgements, clusters."""

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import paths_of
from dq.engine.parts import to_arrow, to_frame, write_part
from dq.matching import (
    PAIR_ROWS,
    MatchPolicy,
    apply_judgements,
    block_keys,
    block_lines,
    blocks_query,
    cluster,
    compare_pairs,
    match_features,
    model_document,
    pairs_query,
    possible_match_cases,
)
from dq.model import JUDGEMENTS_TABLE
from dq.pipeline.merging import identify
from dq.pipeline.run import Run
from dq.standards import RowPolicy
from dq.tables.people_files import read_people_csv


def find_pairs(run: Run) -> None:
    """Make candidate pairs and weigh them; keeps the parts `features` and `pairs` and the model."""
    row_policy = RowPolicy(run.standards, run.plan.as_of, run.hints())
    policy = MatchPolicy(row_policy, run.plan.match_at)
    engine = run.engine
    features = engine.map(match_features, run.parts("verified"), row_policy, stage="features")
    keys = engine.map(block_keys, features, row_policy, stage="block_keys")
    tables = {"features": paths_of(features, "features"), "block_keys": paths_of(keys, "block_keys")}
    candidates = engine.sql(
        pairs_query(policy.matching), tables, ("index_l", "index_r"), stage="candidates", table="pairs", rows=PAIR_ROWS
    )
    for line in block_lines(engine.frame(blocks_query(policy.matching), tables), policy.matching):
        run.listener.say(line)
    compared = engine.map(compare_pairs, candidates, policy, stage="compared", shared={"features": tables["features"]})
    pairs = to_frame(pa.concat_tables([pq.read_table(path) for path in paths_of(compared, "pairs")]))
    judgements = _judgements(run)
    path = engine.work / "judged" / "pairs.parquet"
    write_part(path, to_arrow(apply_judgements(pairs, judgements)))
    run.keep_parts("pairs", [{"pairs": path}])
    run.keep_parts("features", features)
    party_types = engine.frame("SELECT party_type FROM features", {"features": tables["features"]})
    run.keep("model", json.dumps(model_document(policy, party_types), ensure_ascii=False, indent=1))
    run.keep("judgements", json.loads(judgements.to_json(orient="records")))


def find_clusters(run: Run) -> None:
    """Cluster the matched pairs and give golden ids; keeps the parts `crosswalk` and `cases`."""
    pairs = to_frame(pq.read_table(run.parts("pairs")[0]["pairs"]))
    records = {"records": paths_of(run.parts("verified"), "records")}
    record_ids = run.engine.frame("SELECT record_id FROM records", records, ("record_id",))["record_id"]
    clusters = cluster(pairs, record_ids, _judgements(run))
    identify(run, clusters)
    path = run.engine.work / "judged" / "cases.parquet"
    write_part(path, to_arrow(possible_match_cases(pairs, clusters)))
    run.keep_parts("cases", [{"cases": path}])


def _judgements(run: Run) -> pd.DataFrame:
    columns = tuple(JUDGEMENTS_TABLE.columns)
    if run.plan.judgements is None:
        return pd.DataFrame(columns=list(columns), dtype="str")
    return read_people_csv(run.plan.judgements, columns)
