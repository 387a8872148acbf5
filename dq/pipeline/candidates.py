"""Makes the candidate pairs of a run from its features and block keys, rule by rule, on all threads."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import LocalEngine, Parts
from dq.engine.parts import read_part, rows_where, to_arrow
from dq.matching import PAIR_ROWS
from dq.matching.candidates import (
    PAIRS,
    Blocking,
    Large,
    Numbers,
    Places,
    large_blocks,
    merged,
    name_order,
    pairs_of_rule,
)
from dq.standards.matching import BlockingRules

STAGE = "candidates"


def candidate_pairs(
    engine: LocalEngine, tables: Mapping[str, Sequence[Path]], policy: BlockingRules
) -> tuple[Parts, pd.DataFrame]:
    """Return the parts of the candidate pairs (`pairs`) and what became of blocks that are too large.

    Args:
        engine: Keeps them.
        tables: Files of `features`, in the order of `record_id`, and of `block_keys`.
        policy: Blocking rules.

    Returns:
        Pairs with `index_l`, `index_r` (places of the records, `index_l < index_r`) and `rule` (the first one that made
        the pair), each once, sorted; and the frame that `block_lines` reads.
    """

    @cache
    def made() -> tuple[Blocking, list[tuple[Numbers, list[Large]]]]:
        blocking = Blocking(policy, _name_order(tables["features"]))
        # Arrow and NumPy sort and take without Python's lock.
        with ThreadPoolExecutor(engine.workers) as threads:
            rules = range(len(policy.rules()))
            return blocking, list(threads.map(lambda rule: _of_rule(rule, tables["block_keys"], blocking), rules))

    def pairs() -> Iterator[pa.RecordBatch]:
        blocking, rules = made()
        return merged([codes for codes, _ in rules], blocking)

    def blocks() -> list[pa.RecordBatch]:
        found = large_blocks([large for _, of_rule in made()[1] for large in of_rule])
        batches: list[pa.RecordBatch] = to_arrow(found).to_batches()
        return batches

    kept = engine.cut(pairs, PAIRS, stage=STAGE, table="pairs", rows=PAIR_ROWS)
    large = engine.cut(blocks, to_arrow(large_blocks([])).schema, stage=STAGE, table="blocks")
    return kept, read_part(large[0])["blocks"]


def _name_order(files: Sequence[Path]) -> Places:
    names = pa.concat_tables([pq.read_table(path, columns=["last", "first", "names"]) for path in files])
    return name_order(*(names[column].combine_chunks() for column in ("last", "first", "names")))


def _of_rule(rule: int, files: Sequence[Path], blocking: Blocking) -> tuple[Numbers, list[Large]]:
    rows = rows_where(files, "rule", rule, ("place", "key", "fine"))
    records, keys, fine = (rows[column].to_numpy() for column in ("place", "key", "fine"))
    return pairs_of_rule(rule, records, keys, fine, blocking)
