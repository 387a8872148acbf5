"""What a run keeps beside its tables so that later decisions can be applied to it without the extracts.

`DIR/kept/` holds `features` (what matching knows of each record), `doubts` (what standardising objected to), `itself`
(records compared with themselves) and `state.json` (what the steps told each other). None of it changes by decisions.
"""

import json
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from dq.engine import paths_of
from dq.matching.features import FEATURES
from dq.model import FLAGS, Table
from dq.pipeline.run import Run
from dq.pipeline.tables_out import stream
from dq.quality.violations import sum_counts
from dq.tables.writing import atomic, write_parquet

KEPT: Final = "kept"
"""Folder in the folder of a run."""
STATE: Final = "state.json"
DOCUMENTS: Final = ("read", "roles", "strays", "mapping", "countries", "notes")
"""What the steps before matching told later ones and reporting still asks for."""
_TEXT: Final = pa.large_string()
FEATURES_TABLE: Final = Table("features", "one row per record", dict.fromkeys(FEATURES, _TEXT), ("record_id",))
DOUBTS: Final = Table(
    "doubts",
    "one row per record or contact point that standardising objects to",
    dict.fromkeys(("record_id", "contact_point_id", FLAGS), _TEXT),
    ("record_id", "contact_point_id"),
)
ITSELF: Final = Table(
    "itself", "one row per record compared with itself", {"record_id_l": _TEXT, "match_weight": pa.float64()}, ()
)
_DOUBTS: Final = f"""
    SELECT record_id, NULL::VARCHAR AS contact_point_id, {FLAGS} FROM records WHERE {FLAGS} IS NOT NULL
    UNION ALL SELECT record_id, contact_point_id, {FLAGS} FROM contact_points WHERE {FLAGS} IS NOT NULL
"""  # noqa: S608 (names are ours)


def keep_for_decisions(run: Run) -> None:
    """Write what applying decisions to this run will need."""
    folder = run.result / KEPT
    folder.mkdir(exist_ok=True)
    write_parquet(stream(run.parts("features"), "features"), folder / "features.parquet", FEATURES_TABLE)
    verified = {name: paths_of(run.parts("verified"), name) for name in ("records", "contact_points")}
    doubts = run.engine.sql(_DOUBTS, verified, DOUBTS.sort, stage="kept", table="doubts")
    write_parquet(stream(doubts, "doubts"), folder / "doubts.parquet", DOUBTS)
    write_parquet(stream(run.parts("itself"), "pairs"), folder / "itself.parquet", ITSELF)
    write_state(run)


def write_state(run: Run) -> None:
    """Write what the steps told each other; counts of rules are summed, so that it is the same however it was cut."""
    counted = run.kept("rule_counts")
    assert isinstance(counted, list)
    counts = sum_counts(pd.DataFrame(counted))
    state: dict[str, Any] = {name: run.kept(name) for name in DOCUMENTS}
    # How a table was cut into parts is no matter of later runs, which have no parts of raw rows.
    state["read"] = [{**table, "parts": []} for table in state["read"]]
    state["rule_counts"] = counts.astype("object").where(counts.notna(), None).to_dict("records")
    with atomic(run.result / KEPT / STATE) as unfinished:
        unfinished.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
