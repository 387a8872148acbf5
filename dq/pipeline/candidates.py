"""Makes the candidate pairs of a run from its features and block keys, rule by rule, on all threads."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from dq.engine import LocalEngine, Parts, paths_of
from dq.engine.parts import read_part, rows_where, to_arrow
from dq.matching import PAIR_ROWS, PARTIES
from dq.matching.candidates import (
    PAIRS,
    Blocking,
    Large,
    Numbers,
    Places,
    every_pair,
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
        # Arrow and NumPy sort and take without Python's lock. Half of the processors do it: each rule at work takes
        # half a gigabyte at five million records, and all records are encoded meanwhile.
        with ThreadPoolExecutor(max(1, engine.workers // 2)) as threads:
            rules = range(len(policy.rules()))
            return blocking, list(threads.map(lambda rule: _of_rule(rule, tables["block_keys"], blocking), rules))

    def pairs() -> Iterator[pa.RecordBatch]:
        blocking, rules = made()
        beside = [every_pair(_parties(tables["features"]), blocking)] if blocking.whole else []
        return merged([*(codes for codes, _ in rules), *beside], blocking)

    def blocks() -> list[pa.RecordBatch]:
        found = large_blocks([large for _, of_rule in made()[1] for large in of_rule])
        batches: list[pa.RecordBatch] = to_arrow(found).to_batches()
        return batches

    kept = engine.cut(pairs, PAIRS, stage=STAGE, table="pairs", rows=PAIR_ROWS)
    large = engine.cut(blocks, to_arrow(large_blocks([])).schema, stage=STAGE, table="blocks")
    return kept, read_part(large[0])["blocks"]


def made_by_rules(engine: LocalEngine, candidates: Parts, policy: BlockingRules, records: int) -> Parts:
    """Return the candidate pairs that agree on something, those to learn from.

    Among every pair of a small file nearly all have nothing in common, and what learning takes for matches among them
    is chance: of 1,000 records without e-mails it found four times as many matches as there are.

    Args:
        engine: Keeps them.
        candidates: Parts of `pairs`.
        policy: Blocking rules.
        records: How many records there are.
    """
    if not policy.whole(records):
        return candidates
    query = f"SELECT * FROM pairs WHERE rule < {len(policy.rules())}"  # noqa: S608 (a number)
    files = {"pairs": paths_of(candidates, "pairs")}
    return engine.sql(query, files, ("index_l", "index_r"), stage="by_rules", table="pairs", rows=PAIR_ROWS)


def _name_order(files: Sequence[Path]) -> Places:
    names = pa.concat_tables([pq.read_table(path, columns=["last", "first", "names"]) for path in files])
    return name_order(*(names[column].combine_chunks() for column in ("last", "first", "names")))


def _parties(files: Sequence[Path]) -> list[NDArray[np.bool_]]:
    """Return which records may be persons, and which organisations: the doubtful ones are both."""
    known = pa.concat_tables([pq.read_table(path, columns=["party_type", "other_party"]) for path in files])
    doubtful = pc.is_valid(known["other_party"]).to_numpy()
    parties = (pc.equal(known["party_type"], party).fill_null(fill_value=False).to_numpy() for party in PARTIES)
    return [party | doubtful for party in parties]


def _of_rule(rule: int, files: Sequence[Path], blocking: Blocking) -> tuple[Numbers, list[Large]]:
    rows = rows_where(files, "rule", rule, ("place", "key", "fine"))
    records, keys, fine = (rows[column].to_numpy() for column in ("place", "key", "fine"))
    del rows
    return pairs_of_rule(rule, records, keys, fine, blocking)
