"""Candidate pairs from block keys, in arrays: sorting numbers takes a third of the time that joining tables does.

A pair is one number, its code: the place of the smaller record, that of the larger one, and the rule that made it, so
that sorted codes are sorted pairs, and of equal pairs the one of the first rule comes first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.folding import glued, text_array
from dq.standards.matching import BlockingRules

Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
PAIRS = pa.schema({"index_l": pa.int32(), "index_r": pa.int32(), "rule": pa.int16()})
"""Columns of candidate pairs."""
_WORD = 63
"""Bits of a code; the sign stays free. Forty rules leave room for 260 million records."""
_AT_ONCE = 4_000_000
"""Pairs put in order at a time: 32 MB, and twice that while they are."""
_SAMPLED = 1_000
"""One code in so many shows where to cut between pairs that are put in order at a time."""


@dataclass(frozen=True)
class Large:
    """Blocks of a rule that are too large.

    Attributes:
        rule: Place of the rule in the policy.
        fate: `split` by what is finer, or `windowed`: too large even then.
        blocks: How many there are.
        largest: Rows of the largest.
    """

    rule: int
    fate: str
    blocks: int
    largest: int


@dataclass(frozen=True)
class Blocking:
    """What pairs depend on beside the keys.

    Attributes:
        policy: Rules and limits.
        by_name: The place of each record when all are sorted by name (see `name_order`).
    """

    policy: BlockingRules
    by_name: Places

    @property
    def whole(self) -> bool:
        """Say whether every pair is compared."""
        return self.policy.whole(len(self.by_name))

    @property
    def shifts(self) -> tuple[int, int]:
        """Return where the smaller and the larger record stand in a code, in bits."""
        rule = len(self.policy.rules()).bit_length()
        record = len(self.by_name).bit_length()
        if 2 * record + rule > _WORD:
            raise ValueError(f"{len(self.by_name)} records are more than pairs of them can be numbered")
        return rule + record, rule

    def limit(self, rule: int) -> float:
        """Return the most rows of a block of a rule; a small file affords larger ones."""
        times = self.policy.small_file / max(len(self.by_name), 1)
        own = self.policy.rules()[rule][1].max_block or self.policy.max_block
        return own * max(1.0, min(self.policy.most_times, times))

    def window(self, rule: int) -> int:
        """Return how many neighbours a record meets in a block that stays too large."""
        return self.policy.rules()[rule][1].window or self.policy.window


def name_order(last: pa.Array, first: pa.Array, names: pa.Array) -> Places:
    """Return the place of each record when all are sorted by name; of equal names the one that stands first is first.

    >>> name_order(["b", None, "a"], ["x", None, "y"], [None, "a z", None]).tolist()
    [2, 1, 0]
    """
    person = glued(text_array(last), text_array(first), by=" ")
    order = pc.sort_indices(pc.coalesce(person, text_array(names), pa.scalar("", pa.large_string()))).to_numpy()
    places = np.empty(len(order), dtype=np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    return places


def pairs_of_rule(
    rule: int, records: Places, keys: Numbers, fine: Numbers, blocking: Blocking
) -> tuple[Numbers, list[Large]]:
    """Return the pairs that a rule makes, as sorted codes, and what became of blocks that are too large.

    A block over the rule's limit is replaced by its `fine` blocks; in a fine block that is still too large each record
    meets its next neighbours by name. Two records that share several keys are a pair several times.

    Args:
        rule: Place of the rule in the policy.
        records: Record of each key.
        keys: Key of the block.
        fine: Key of the fine block; equal ones have equal `keys`. No record has one twice.
        blocking: Policy, and the order of names.
    """
    limit, large = blocking.limit(rule), []
    rows, sizes, later = _grouped(keys)
    met = (sizes > 1) & (sizes <= limit)
    found = [_met(rule, records[rows[met]], later[met], blocking)]
    too_large = sizes > limit
    if too_large.any():
        large.append(_counted(rule, "split", sizes[too_large]))
        rows = rows[too_large]
        order, sizes, later = _grouped(fine[rows])
        rows = rows[order]
        met = (sizes > 1) & (sizes <= limit)
        found.append(_met(rule, records[rows[met]], later[met], blocking))
        too_large = sizes > limit
        if too_large.any():
            large.append(_counted(rule, "windowed", sizes[too_large]))
            inside = _by_name(records[rows[too_large]], later[too_large], blocking.by_name)
            found.append(_met(rule, inside, later[too_large], blocking, blocking.window(rule)))
    codes = np.concatenate(found)
    codes.sort()
    return codes, large


def every_pair(parties: Sequence[NDArray[np.bool_]], blocking: Blocking) -> Numbers:
    """Return every pair of records that may be of one party type, as sorted codes of the rule behind all others.

    Args:
        parties: Per party type, which records may be of it.
        blocking: Policy, and how many records there are: few, since all pairs are held at once.
    """
    high, low = blocking.shifts
    together = np.zeros((len(blocking.by_name), len(blocking.by_name)), dtype=bool)
    for may_be in parties:
        together |= np.outer(may_be, may_be)
    one, other = np.nonzero(np.triu(together, 1))
    codes: Numbers = one.astype(np.int64) << high | other.astype(np.int64) << low | len(blocking.policy.rules())
    return codes


def _grouped(keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return rows so that equal keys lie together, how many have the key of each, and how many of those follow it."""
    order = np.argsort(keys)
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(keys) else order
    sizes = np.diff(np.append(starts, len(keys)))
    later = np.repeat(starts + sizes - 1, sizes) - np.arange(len(keys))
    return order, np.repeat(sizes, sizes), later


def _met(rule: int, records: Places, later: Numbers, blocking: Blocking, window: int | None = None) -> Numbers:
    """Return the codes of each record with those `later` in its block, the next few of them where there is a window."""
    high, low = blocking.shifts
    rows, step = np.flatnonzero(later > 0), 1
    made = [np.empty(0, dtype=np.int64)]
    while len(rows) and (window is None or step <= window):
        one, other = records[rows], records[rows + step]
        code = np.minimum(one, other).astype(np.int64) << high
        code |= np.maximum(one, other).astype(np.int64) << low
        code |= rule
        # A record may stand in a block twice, with two values of what would split it.
        made.append(code[one != other])
        step += 1
        rows = rows[later[rows] >= step]
    return np.concatenate(made)


def _by_name(records: Places, later: Numbers, by_name: Places) -> Places:
    """Return the records of each block in the order of their names."""
    last = later == 0
    block = np.cumsum(last) - last
    return records[np.argsort(block << 32 | by_name[records])]


def _counted(rule: int, fate: str, sizes: Numbers) -> Large:
    """Count blocks of which every row says how many rows its block has."""
    lengths, rows = np.unique(sizes, return_counts=True)
    return Large(rule, fate, int((rows // lengths).sum()), int(lengths[-1]))


def merged(made: Sequence[Numbers], blocking: Blocking, at_once: int = _AT_ONCE) -> Iterator[pa.RecordBatch]:
    """Yield every pair once, in order, with the first rule that made it.

    Args:
        made: The codes of each rule, sorted.
        blocking: What they were made with.
        at_once: About how many are put in order at a time; the rows do not depend on it.
    """
    high, low = blocking.shifts
    for start, end in pairwise(_bounds(made, low, at_once)):
        codes = np.concatenate([one[slice(*np.searchsorted(one, (start, end)))] for one in made])
        codes.sort()
        pairs = codes >> low
        codes = codes[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
        left, right, rules = codes >> high, (codes >> low) & ((1 << (high - low)) - 1), codes & ((1 << low) - 1)
        columns = left.astype(np.int32), right.astype(np.int32), rules.astype(np.int16)
        yield pa.record_batch([pa.array(column) for column in columns], schema=PAIRS)


def _bounds(made: Sequence[Numbers], low: int, at_once: int) -> list[int]:
    """Return where codes are cut so that about as many lie between two cuts; the first and last are beyond them."""
    every = min(_SAMPLED, at_once)
    sample = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *(one[::every] for one in made)]))
    cuts = np.unique(sample[at_once // every :: at_once // every] >> low << low)
    return [0, *cuts[cuts > 0].tolist(), 2**_WORD - 1]


def large_blocks(found: Sequence[Large]) -> pd.DataFrame:
    """Return what became of blocks that are too large, a row per rule and fate, as `block_lines` reads it."""
    names = ("rule", "fate", "blocks", "largest")
    columns = {name: [getattr(one, name) for one in found] for name in names}
    return pd.DataFrame(columns).astype(dict.fromkeys(names, "int64") | {"fate": "str"})
