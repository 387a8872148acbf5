"""Blocking rules: which pairs of records are worth comparing. Never scores them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.block_values import BlockValues, Owned
from dq.matching.hashing import GOLDEN, MIX, Hashes, hashes_of, mixed
from dq.matching.nicknames import nicknames_of
from dq.matching.singles import Single, every, singles_of
from dq.model import Frames
from dq.standards import RowPolicy
from dq.standards.matching import BlockingRule, BlockingRules, Matching

PAIR_ROWS = 250_000
"""Rows of a part of candidate pairs: three numbers each, compared in half a second."""


@dataclass(frozen=True)
class Hashed:
    """The values of a feature as hashes.

    Attributes:
        starts: Where the values of each record start, one more than there are records.
        hashes: Hash of each value.
        alone: No record has more than one.
    """

    starts: NDArray[np.int64]
    hashes: Hashes
    alone: bool


def block_keys(frames: Frames, policy: RowPolicy) -> Frames:
    """Compute the block keys of each record under each rule.

    Args:
        frames: `features`; the index is the place of each record in the order of `record_id` (`map(counted=True)`).
        policy: Policy of the run.

    Returns:
        `block_keys`: `place` of the record, `rule` (its place in the policy), `key` and `fine` (64-bit hashes that
        differ between rules; `fine` is the key of the split block), a row per record, rule and key.
    """
    features = frames["features"]
    return {"block_keys": keys_of(singles_of(features), features.index.to_numpy(dtype="int32"), policy)}


def keys_of(features: Mapping[str, Single], places: NDArray[np.int32], policy: RowPolicy) -> pd.DataFrame:
    """Return `block_keys` (see there) of records whose features are codes.

    Args:
        features: Columns of the features.
        places: Place of each record in the order of `record_id`.
        policy: Policy of the run.
    """
    values = BlockValues(features, nicknames_of(policy.standards))
    rules = policy.standards.matching.blocking.rules()
    doubtful = features["other_party"].known
    records = {party: np.flatnonzero(features["party_type"].is_in((party,)) | doubtful) for party, _ in rules}
    wanted = {feature for party, rule in rules if len(records[party]) for feature in (*rule.on, *rule.finer)}
    hashed = {feature: _hashed(values.read(feature), len(places)) for feature in sorted(wanted)}
    none = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int16), *(np.empty(0, dtype=np.uint64) for _ in range(2))
    made = [
        _keys_of(place, rule, records[party], hashed)
        for place, (party, rule) in enumerate(rules)
        if len(records[party])
    ]
    owners, numbers, keys, fine = (np.concatenate(column) for column in zip(none, *made, strict=True))
    columns = {"place": places[owners], "rule": numbers, "key": keys.view("int64"), "fine": fine.view("int64")}
    return pd.DataFrame(columns, copy=False)


Keys = tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.uint64], NDArray[np.uint64]]
"""Record, rule, key and fine key."""


def _keys_of(place: int, rule: BlockingRule, records: NDArray[np.int64], hashed: dict[str, Hashed]) -> Keys:
    """Return the keys of one rule, each once."""
    owners, keys = records, _seed(place, len(records))
    for feature in rule.on:
        owners, keys, _ = _combined(owners, keys, hashed[feature], keep_missing=False)
    fine_owners, fine, coarse = owners, keys, keys
    for feature in rule.finer:
        fine_owners, fine, taken = _combined(fine_owners, fine, hashed[feature], keep_missing=True)
        coarse = coarse[taken]
    once = _each_once(fine_owners, fine)
    fine_owners, coarse, fine = fine_owners[once], coarse[once], fine[once]
    return fine_owners, np.full(len(fine_owners), place, dtype=np.int16), coarse, fine


def _each_once(owners: NDArray[np.int64], fine: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say which rows stand for the first time; the rows of an owner lie together, and most owners have one."""
    again = owners[1:] == owners[:-1]
    once = np.ones(len(owners), dtype=bool)
    several = np.flatnonzero(np.append(again, False) | np.append(False, again)) if len(owners) else owners
    # Two rows of one owner are one number: a fine key says which block it is a part of.
    rows = (fine[several] ^ (owners[several].astype(np.uint64) * MIX)) * MIX
    once[several] = ~pd.Series(rows).duplicated().to_numpy()
    return once


def _seed(place: int, count: int) -> NDArray[np.uint64]:
    """Return what the keys of a rule grow from: equal values under two rules are two blocks."""
    return np.full(count, np.uint64((place + 1) * GOLDEN % 2**64))


def key_of(place: int, values: Sequence[str]) -> int:
    """Return the key of the block of a rule (its place in the policy) with these values, in the order of its `on`."""
    owner, keys = np.zeros(1, dtype=np.int64), _seed(place, 1)
    for value in values:
        hashed = _hashed(Owned(owner, every(value, 1)), 1)
        _, keys, _ = _combined(owner, keys, hashed, keep_missing=False)
    return int(keys.view("int64")[0])


def _hashed(owned: Owned, records: int) -> Hashed:
    """Return the values of records as hashes, ordered by their records."""
    owners, codes, texts = owned.owners, owned.values.codes, owned.values.texts
    counts = np.bincount(owners, minlength=records)
    starts = np.concatenate([[0], np.cumsum(counts)])
    if np.any(owners[1:] < owners[:-1]):
        codes = codes[np.argsort(owners, kind="stable")]
    return Hashed(starts, hashes_of(texts)[codes], int(counts.max(initial=0)) < 2)


def _combined(
    owners: NDArray[np.int64], keys: Hashes, values: Hashed, *, keep_missing: bool
) -> tuple[NDArray[np.int64], Hashes, NDArray[np.int64]]:
    """Extend each key by every value its owner has; an owner without one is left out or keeps its key."""
    first = values.starts[owners]
    counts = values.starts[owners + 1] - first
    if values.alone:
        taken = np.arange(len(owners)) if keep_missing else np.flatnonzero(counts)
        found = first[taken]
    else:
        repeats = np.maximum(counts, 1) if keep_missing else counts
        taken = np.repeat(np.arange(len(owners)), repeats)
        found = np.arange(len(taken)) + np.repeat(first - np.cumsum(repeats) + repeats, repeats)
    if not keep_missing:
        return owners[taken], mixed(keys[taken], values.hashes[found]), taken
    combined = keys[taken]
    present = np.flatnonzero(counts[taken])
    combined[present] = mixed(combined[present], values.hashes[found[present]])
    return owners[taken], combined, taken


def made_pairs(blocking: BlockingRules) -> str:
    """Return the common table expressions that end in `made`: every pair, `l < r`, with every `rule` that makes it.

    Repeats are possible: two records may share several keys of a rule. `ids` (`record_id`, its place `i`) and
    `coarse_blocks` (`i`, `rule`, `key`, `size` before any split) are among them.
    """
    widest = max([blocking.window, *(rule.window or 0 for _, rule in blocking.rules())])
    return f"""
        {_blocks(blocking)},
        sorted_blocks AS (
            SELECT i, rule, key, row_number() OVER (PARTITION BY key ORDER BY name, i) AS place
            FROM fine_blocks JOIN ids USING (i) WHERE size > {_limit(blocking)}
        ),
        -- Materialized: otherwise the join on the key alone may come first, which squares the largest block.
        neighbours AS MATERIALIZED (
            SELECT i, rule, key, place + step AS place
            FROM sorted_blocks CROSS JOIN range(1, {widest + 1}) AS steps(step) WHERE step <= {_window(blocking)}
        ),
        made AS (
            SELECT l.i AS l, r.i AS r, l.rule FROM small_blocks l JOIN small_blocks r ON l.key = r.key AND l.i < r.i
            UNION ALL
            SELECT least(l.i, r.i), greatest(l.i, r.i), l.rule
            FROM neighbours l JOIN sorted_blocks r ON l.key = r.key AND r.place = l.place
            WHERE l.i <> r.i
        )
    """  # noqa: S608 (only integers are put in)


def _limit(blocking: BlockingRules) -> str:
    """Return the largest block of a row's rule, as an expression; a small file affords larger ones."""
    own = " ".join(
        f"WHEN {place} THEN {rule.max_block}" for place, (_, rule) in enumerate(blocking.rules()) if rule.max_block
    )
    largest = f"(CASE rule {own} ELSE {blocking.max_block} END)" if own else str(blocking.max_block)
    return f"{largest} * (SELECT times FROM generosity)"  # noqa: S608 (only numbers are put in)


def _window(blocking: BlockingRules) -> str:
    """Return how many neighbours a row meets, as an expression of its rule."""
    own = " ".join(
        f"WHEN {place} THEN {rule.window}" for place, (_, rule) in enumerate(blocking.rules()) if rule.window
    )
    return f"(CASE rule {own} ELSE {blocking.window} END)" if own else str(blocking.window)


def _generosity(blocking: BlockingRules) -> str:
    return f"""
        generosity AS (
            SELECT greatest(1, least({blocking.most_times}, {blocking.small_file} / count(*)::DOUBLE)) AS times
            FROM features
        )
    """  # noqa: S608 (only numbers are put in)


def _blocks(blocking: BlockingRules) -> str:
    limit = _limit(blocking)
    return f"""
        {_generosity(blocking)},
        ids AS (
            SELECT record_id, (row_number() OVER (ORDER BY record_id) - 1)::INTEGER AS i,
                coalesce(last || ' ' || first, names, '') AS name
            FROM features
        ),
        -- Read again where they are needed: held in memory they take half a gigabyte per million records.
        keys AS NOT MATERIALIZED (SELECT place AS i, rule, key, fine FROM block_keys),
        sizes AS NOT MATERIALIZED (SELECT key, count(*)::INTEGER AS size FROM keys GROUP BY key HAVING size > 1),
        coarse_blocks AS (SELECT i, rule, key, fine, coalesce(size, 1) AS size FROM keys LEFT JOIN sizes USING (key)),
        blocks AS MATERIALIZED (SELECT i, rule, key, fine, size FROM keys JOIN sizes USING (key)),
        fine_sizes AS (
            SELECT fine, count(*)::INTEGER AS size FROM blocks WHERE size > {limit} GROUP BY fine HAVING count(*) > 1
        ),
        fine_blocks AS (
            SELECT b.i, b.rule, b.fine AS key, f.size
            FROM (SELECT i, rule, fine FROM blocks WHERE size > {limit}) b JOIN fine_sizes f ON f.fine = b.fine
        ),
        small_blocks AS (
            SELECT i, rule, key FROM blocks WHERE size <= {limit}
            UNION ALL
            SELECT i, rule, key FROM fine_blocks WHERE size <= {limit}
        )
    """  # noqa: S608 (only integers are put in)


def block_lines(blocks: pd.DataFrame, matching: Matching) -> list[str]:
    """Return one sentence per rule whose blocks were too large, from the rows of `large_blocks`."""
    rules = matching.blocking.rules()
    lines = []
    for row in blocks.sort_values(["rule", "fate"]).to_dict("records"):
        rule = rules[int(row["rule"])][1]
        by = " and ".join(rule.finer) or "nothing finer"
        blocks_word = "block" if row["blocks"] == 1 else "blocks"
        what = (
            f"split by {by}"
            if row["fate"] == "split"
            else f"too large after the split: each record met its {_neighbours(rule, matching.blocking)} by name"
        )
        lines.append(f"{rule.name}: {row['blocks']:,} {blocks_word} (largest {row['largest']:,} records) {what}")
    return lines


def _neighbours(rule: BlockingRule, blocking: BlockingRules) -> str:
    window = rule.window or blocking.window
    return "next neighbour" if window == 1 else f"{window} neighbours"
