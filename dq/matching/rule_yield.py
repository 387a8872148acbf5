"""What each blocking rule yields: keys, blocks, pairs, and the pairs no other rule makes. Decides nothing."""

from itertools import product
from typing import Any

import pandas as pd

from dq.matching.block_values import BlockValues, Owned
from dq.matching.blocking import key_of, made_pairs
from dq.matching.nicknames import nicknames_of
from dq.matching.singles import singles_of
from dq.standards import RowPolicy
from dq.standards.matching import EVERY_PAIR, Matching

FATES = ("split", "windowed")
"""What becomes of a block that is too large; see `candidates.Large`."""
SHOWN_BLOCKS = 3
"""Largest blocks shown of a rule: a value that many customers share is the first or second, the rest looks alike."""
_BITS = 62
"""Rules noted in one integer, a bit each: a signed one of 64 bits holds so many with room to spare."""


def keys_query(matching: Matching) -> str:
    """Return the query that counts, per `rule`, its distinct `keys` and the `blocks` among them, before any split.

    A key that one record has alone is no block.
    """
    return f"""
        WITH {made_pairs(matching.blocking)},
        keyed AS (SELECT rule, min(i) AS low, max(i) AS high FROM coarse_blocks GROUP BY rule, key)
        SELECT rule::INTEGER AS rule, count(*) AS keys, count(*) FILTER (low < high) AS blocks FROM keyed GROUP BY rule
    """  # noqa: S608 (only integers are put in)


def largest_blocks_query(matching: Matching) -> str:
    """Return the query for the largest blocks of each rule: `rule`, `key`, `records`, and the outermost two of them."""
    return f"""
        WITH {made_pairs(matching.blocking)},
        keyed AS (
            SELECT rule, key, min(i) AS low, max(i) AS high, count(*) AS size FROM coarse_blocks GROUP BY rule, key
        ),
        -- Ranked by rows, which `max_block` speaks of; a record with two values of `finer` stands twice.
        largest AS (
            SELECT * FROM keyed WHERE low < high
            QUALIFY row_number() OVER (PARTITION BY rule ORDER BY size DESC, low, high, key) <= {SHOWN_BLOCKS}
        ),
        counted AS (
            SELECT b.rule, b.key, b.low, b.high, count(DISTINCT c.i) AS records
            FROM largest b JOIN coarse_blocks c ON c.key = b.key AND c.rule = b.rule GROUP BY ALL
        )
        SELECT b.rule::INTEGER AS rule, b.key, b.records, l.record_id AS record_id_l, r.record_id AS record_id_r
        FROM counted b JOIN ids l ON l.i = b.low JOIN ids r ON r.i = b.high
    """  # noqa: S608 (only integers are put in)


def yields_query(matching: Matching) -> str:
    """Return the query for what each `rule` gives: `pairs`, `only_pairs`, `matches`, `only_matches`.

    Reads `features`, `block_keys` and `weighed` (`record_id_l`, `record_id_r`, `outcome`). `only`: no other rule makes
    the pair. Per pair the rules are bits of a few integers, and equal sets of rules are counted together, so that no
    more than one row per pair is held, and that on disk where memory ends.
    """
    rules = len(matching.blocking.rules())
    words = range(0, rules, _BITS)
    bits = ", ".join(
        f"bit_or(CASE WHEN rule BETWEEN {first} AND {first + _BITS - 1} THEN 1::BIGINT << (rule - {first}) ELSE 0 END)"
        f" AS bits_{first}"
        for first in words
    )
    listed = ", ".join(f"bits_{first}" for first in words)
    alone = " + ".join(f"bit_count(bits_{first})" for first in words) + " = 1"
    return f"""
        WITH {made_pairs(matching.blocking)},
        matched AS (
            SELECT l.i AS l, r.i AS r FROM weighed w
            JOIN ids l ON l.record_id = w.record_id_l JOIN ids r ON r.record_id = w.record_id_r
            WHERE w.outcome = 'match'
        ),
        noted AS (SELECT l, r, {bits} FROM made GROUP BY l, r),
        sets AS (
            SELECT {listed}, {alone} AS alone, m.l IS NOT NULL AS is_match, count(*)::BIGINT AS pairs
            FROM noted LEFT JOIN matched m USING (l, r) GROUP BY ALL
        )
        SELECT rule::INTEGER AS rule, sum(pairs) AS pairs,
            coalesce(sum(pairs) FILTER (alone), 0) AS only_pairs,
            coalesce(sum(pairs) FILTER (is_match), 0) AS matches,
            coalesce(sum(pairs) FILTER (alone AND is_match), 0) AS only_matches
        FROM sets CROSS JOIN range({rules}) AS rules(rule)
        WHERE ([{listed}][rule // {_BITS} + 1] >> (rule % {_BITS})::INTEGER) & 1 = 1
        GROUP BY rule
    """  # noqa: S608 (only integers are put in)


def every_pair_query(matching: Matching) -> str:
    """Return the query for the `pairs` and `matches` that stand only in the comparison of a small file as a whole.

    Reads the candidate `pairs` and `weighed`, where a pair has the first rule that made it.
    """
    return f"""
        SELECT (SELECT count(*) FROM pairs WHERE rule = {len(matching.blocking.rules())}) AS pairs,
            (SELECT count(*) FROM weighed WHERE blocking_rule = '{EVERY_PAIR}' AND outcome = 'match') AS matches
    """  # noqa: S608 (a number and a name of ours)


def every_pair_yield(counted: pd.DataFrame) -> dict[str, Any]:
    """Return the document of the rule that compares a small file as a whole, from the row of `every_pair_query`.

    Only what no other rule makes counts as its own: it makes every other pair as well.
    """
    pairs, matches = (int(counted[name].iloc[0]) for name in ("pairs", "matches"))
    return {
        "name": EVERY_PAIR, "party_type": None, "on": [], "finer": [], "keys": 0, "blocks": 0,
        "pairs": pairs, "only_pairs": pairs, "matches": matches, "only_matches": matches,
        **dict.fromkeys(FATES), "largest_blocks": [],
    }  # fmt: skip


def rule_yields(
    blocks: pd.DataFrame, keys: pd.DataFrame, yields: pd.DataFrame, largest: list[dict[str, Any]], matching: Matching
) -> list[dict[str, Any]]:
    """Return one document per rule, in the order of the policy; rules that give nothing too.

    Args:
        blocks: Rows of `large_blocks`.
        keys: Rows of `keys_query`.
        yields: Rows of `yields_query`.
        largest: Per block of `largest_blocks_query`: `rule`, `records` and `value`, feature → text.
        matching: Policy.
    """
    counts = keys.merge(yields, on="rule", how="outer").set_index("rule").astype("Int64").fillna(0)
    documents = []
    for place, (party, rule) in enumerate(matching.blocking.rules()):
        own = blocks[blocks["rule"].eq(place)].set_index("fate")[["blocks", "largest"]].to_dict("index")
        found = counts.loc[place].to_dict() if place in counts.index else dict.fromkeys(counts.columns, 0)
        documents.append(
            {"name": rule.name, "party_type": party, "on": list(rule.on), "finer": list(rule.finer)}
            | {str(name): int(count) for name, count in found.items()}
            | {fate: {name: int(n) for name, n in own[fate].items()} if fate in own else None for fate in FATES}
            | {"largest_blocks": [{k: b[k] for k in ("records", "value")} for b in largest if b["rule"] == place]}
        )
    return documents


def block_values(largest: pd.DataFrame, features: pd.DataFrame, policy: RowPolicy) -> list[dict[str, str]]:
    """Return, per row of `largest_blocks_query`, feature → what the records of the block have in common.

    Args:
        largest: Rows of that query.
        features: Features of (at least) the records named there.
        policy: Policy of the run.
    """
    rules = policy.standards.matching.blocking.rules()
    known = features.reset_index(drop=True)
    places = {record_id: place for place, record_id in enumerate(known["record_id"])}
    values_of = BlockValues(singles_of(known), nicknames_of(policy.standards))
    owned: dict[str, list[set[str]]] = {}
    found = []
    for row in largest.to_dict("records"):
        rule, left, right = int(row["rule"]), places[row["record_id_l"]], places[row["record_id_r"]]
        on = rules[rule][1].on
        for feature in on:
            if feature not in owned:
                owned[feature] = _values_of(values_of.read(feature), len(known))
        # Two records may share several values (two phones): the key says which of them made this block.
        shared = product(*(sorted(owned[feature][left] & owned[feature][right]) for feature in on))
        values = next(values for values in shared if key_of(rule, values) == row["key"])
        found.append(dict(zip(on, values, strict=True)))
    return found


def _values_of(owned: Owned, records: int) -> list[set[str]]:
    """Return the values of each record."""
    sets: list[set[str]] = [set() for _ in range(records)]
    for owner, value in zip(owned.owners.tolist(), owned.values.array().to_pylist(), strict=True):
        sets[owner].add(value)
    return sets
