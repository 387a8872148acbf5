"""What `dq_match` runs."""

import os
import sys
from datetime import date
from pathlib import Path

from dq.engine import LocalEngine
from dq.matching import features_and_keys, features_read
from dq.pipeline.duplicates import find_clusters, find_pairs
from dq.pipeline.listening import Silence
from dq.pipeline.plan import RunPlan
from dq.pipeline.run import Run
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards
from tests.benchmarks.customers import AS_OF
from tests.benchmarks.measuring import MARK


def main() -> None:
    """Match; the clusters are the crosswalk that the run keeps."""
    staging, match_at = Path(sys.argv[1]), sys.argv[2]
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    workers = os.cpu_count() or 1
    as_of = date.fromisoformat(AS_OF)
    plan = RunPlan((), staging.with_suffix(".out"), settings, as_of, match_at, workers=workers)
    with LocalEngine(staging / "work", workers) as engine:
        run = Run(plan, standards, {}, "benchmark", staging, engine, Silence())
        if match_at == "keys":
            policy = RowPolicy(standards, as_of, run.hints())
            reads = features_read(standards.matching)
            engine.map(features_and_keys, run.parts("verified"), policy, stage="features", reads=reads, counted=True)
        else:
            find_pairs(run)
            find_clusters(run)
    print(MARK, flush=True)
