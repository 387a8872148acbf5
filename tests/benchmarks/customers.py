"""Generated customers, standardised once: what every contender of the matching benchmark starts from.

A folder per size: `sample/` (extracts and answers), `out.staging-*` (the steps before matching), `standardised/`
(`records-*.parquet`, the same files) and `keys.parquet` (block keys per record and rule, for tools that block in SQL).
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import LocalEngine, Parts, paths_of
from dq.matching import block_keys, match_features
from dq.matching.blocking import made_pairs
from dq.pipeline import run_step
from dq.pipeline.listening import Silence
from dq.pipeline.planning import make_plan
from dq.pipeline.staging import load_state
from dq.sample.writing import write_sample
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards

AS_OF = "2026-11-21"
SEED = 1
SOURCES = ("crm", "billing.csv", "web_signups.csv")
STEPS = ("ingest", "standardize", "verify")


@dataclass(frozen=True)
class Customers:
    """Standardised customers on disk.

    Attributes:
        folder: Where everything of this size is.
        staging: The run that stopped before matching.
    """

    folder: Path
    staging: Path

    @property
    def parts(self) -> Parts:
        """Return the standardised parts."""
        listed = load_state(self.staging, "parts-verified")
        assert isinstance(listed, list), "the steps before matching have not run"
        return [
            {table: self.staging / "work" / place for table, place in part.items() if table != "changes"}
            for part in listed
        ]

    @property
    def standardised(self) -> Path:
        """Return the folder of the standardised records."""
        return self.folder / "standardised"

    @property
    def keys(self) -> Path:
        """Return the file of block keys."""
        return self.folder / "keys.parquet"

    def truth(self) -> pd.DataFrame:
        """Return `record_id`, `true_id`."""
        return pd.read_csv(self.folder / "sample/answers/true_clusters.csv", dtype="str")


def prepare(rows: int, folder: Path) -> Customers:
    """Generate and standardise about `rows` rows, unless the folder has them."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    if not (folder / "sample/answers/true_clusters.csv").exists():
        write_sample(rows, SEED, folder / "sample", standards.table)
    staging = next(folder.glob("out.staging-*/state/done-verify.json"), None)
    if staging is None:
        plan = make_plan([str(folder / "sample" / name) for name in SOURCES], folder / "out", as_of=AS_OF)
        for step in STEPS:
            run_step(step, plan, Silence())
        staging = next(folder.glob("out.staging-*/state/done-verify.json"))
    customers = Customers(folder, staging.parents[1])
    customers.standardised.mkdir(exist_ok=True)
    for place, part in enumerate(customers.parts):
        for table, path in part.items():
            copy = customers.standardised / f"{table}-{place:05d}.parquet"
            if not copy.exists():
                _link(path, copy)
    if not customers.keys.exists():
        _write_keys(customers, RowPolicy(standards, pd.Timestamp(AS_OF).date()))
    return customers


def _write_keys(customers: Customers, policy: RowPolicy) -> None:
    """Write `record_id` and a list of keys per rule: the key of each block a record is in, after blocks were split.

    What `window` adds in blocks that are too large even then has no key and is left out.
    """
    blocking = policy.standards.matching.blocking
    query = f"WITH {made_pairs(blocking)} SELECT DISTINCT rule::INTEGER AS rule, i::INTEGER AS i, key FROM small_blocks"
    work = customers.folder / "keys"
    with LocalEngine(work, os.cpu_count() or 1) as engine:
        features = engine.map(match_features, customers.parts, policy, stage="features")
        keys = engine.map(block_keys, features, policy, stage="block_keys", counted=True)
        tables = {"features": paths_of(features, "features"), "block_keys": paths_of(keys, "block_keys")}
        record_ids = engine.frame("SELECT record_id FROM features", tables, ("record_id",))["record_id"]
        made = engine.sql(query, tables, ("rule", "i", "key"), stage="keys", table="keys", rows=5_000_000)
        listed = pa.concat_tables([pq.read_table(path) for path in paths_of(made, "keys")])
    columns = {"record_id": pa.array(record_ids, pa.large_string())}
    bounds = np.searchsorted(listed["rule"].to_numpy(), np.arange(len(blocking.rules()) + 1))
    for place, (_, rule) in enumerate(blocking.rules()):
        own = listed.slice(bounds[place], bounds[place + 1] - bounds[place]).combine_chunks()
        starts = np.searchsorted(own["i"].to_numpy(), np.arange(len(record_ids) + 1)).astype("int32")
        columns[rule.name] = pa.ListArray.from_arrays(
            pa.array(starts), pa.array(own["key"].to_numpy()), mask=pa.array(np.diff(starts) == 0)
        )
    pq.write_table(pa.table(columns), customers.keys)
    shutil.rmtree(work)


def fresh_run(customers: Customers, folder: Path) -> Path:
    """Lay out a run that has done every step before matching; its parts are the same files, not copies."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted((customers.staging / "state").glob("*.json")):
        _link(path, folder / "state" / path.name)
    listed = json.loads((customers.staging / "state/parts-verified.json").read_text())
    for part in listed:
        for place in part.values():
            _link(customers.staging / "work" / place, folder / "work" / place)
    return folder


def _link(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    os.link(path, copy)
