"""What `dq match --explain-blocking` adds: how much each blocking rule gives, with masked examples."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from dq.engine import paths_of, rows_of
from dq.matching import (
    block_values,
    every_pair_query,
    every_pair_yield,
    keys_query,
    largest_blocks_query,
    rule_yields,
    yields_query,
)
from dq.pipeline.run import Run
from dq.quality.scorecard.masking import mask
from dq.standards import RowPolicy

BLOCKING_FILE = "blocking.json"


def note_rule_yields(run: Run, policy: RowPolicy, tables: Mapping[str, Sequence[Path]], blocks: pd.DataFrame) -> None:
    """Count what each rule gives and keep it as `blocking`.

    Args:
        run: The run, its pairs weighed.
        policy: Policy of the run.
        tables: Files of `features`, `block_keys` and `weighed`.
        blocks: What became of blocks that are too large, as `candidate_pairs` gives it.
    """
    matching, engine = policy.standards.matching, run.engine
    keys, yields = (engine.frame(query(matching), tables, ("rule",)) for query in (keys_query, yields_query))
    largest = engine.frame(
        largest_blocks_query(matching), tables, ("rule", "record_id_l", "record_id_r", "key")
    ).sort_values(["rule", "records"], ascending=[True, False], kind="stable")
    rules = rule_yields(blocks, keys, yields, _masked(run, largest, policy, tables["features"]), matching)
    records = rows_of([{"features": path} for path in tables["features"]], "features")
    if matching.blocking.whole(records):
        compared = {"pairs": paths_of(run.parts("candidates"), "pairs"), "weighed": tables["weighed"]}
        rules.append(every_pair_yield(engine.frame(every_pair_query(matching), compared)))
    document = {
        "records": records,
        "pairs": rows_of(run.parts("candidates"), "pairs"),
        "rules": rules,
    }
    run.keep("blocking", document)


def _masked(run: Run, largest: pd.DataFrame, policy: RowPolicy, features: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the largest blocks with what their records share, readable by shape only."""
    named = pd.unique(pd.concat([largest["record_id_l"], largest["record_id_r"]])).tolist()
    listed = ", ".join("'" + str(record_id).replace("'", "''") + "'" for record_id in named) or "NULL"
    query = f"SELECT * FROM features WHERE record_id IN ({listed})"  # noqa: S608 (quoted)
    known = run.engine.frame(query, {"features": features}, ("record_id",))
    blocks = largest.to_dict("records")
    for block, values in zip(blocks, block_values(largest, known, policy), strict=True):
        block["value"] = {feature: mask(value) for feature, value in values.items()}
    return [{str(name): value for name, value in block.items()} for block in blocks]


def write_rule_yields(run: Run) -> list[str]:
    """Write `blocking.json` where it was asked for; return the line that says so."""
    document = run.kept("blocking")
    if document is None or not run.plan.explain_blocking:
        return []
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (run.result / BLOCKING_FILE).write_text(text, encoding="utf-8")
    return [f"What each blocking rule gives: {{out}}/{BLOCKING_FILE}"]
