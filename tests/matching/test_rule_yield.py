"""What each blocking rule gives, held against an oracle that makes every block and pair by hand."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pandas as pd
import pytest

from dq.engine import LocalEngine, paths_of
from dq.engine.parts import to_arrow, write_part
from dq.matching import (
    block_keys,
    block_values,
    keys_query,
    largest_blocks_query,
    match_features,
    rule_yields,
    yields_query,
)
from dq.matching.block_values import BLOCKING_FEATURES, BlockValues
from dq.matching.nicknames import nicknames_of
from dq.matching.singles import singles_of
from dq.pipeline.candidates import candidate_pairs
from dq.standards import RowPolicy
from dq.standards.matching import BlockingRule
from tests.matching.runs import points_of, records_of, row_policy

FIRSTS = ("Mary", "Bob", "Robert", "Ann", "Otto")
LASTS = ("Smith", "Zywicki", "O'Neil", "Baker", "Smith-Baker")
STREETS = ("OAK ST", "ELM AVE", "MAIN ST")
Pairs = set[tuple[int, int]]


def policy_of(max_block: int, window: int) -> RowPolicy:
    """Return the shipped policy with blocks of its own size, whatever the number of records."""
    policy = row_policy()
    matching = policy.standards.matching
    rules = {
        party: tuple(
            rule.model_copy(update={"max_block": None, "window": None}) for rule in getattr(matching.blocking, party)
        )
        for party in ("person", "organization")
    }
    bounds = {"max_block": max_block, "window": window, "most_times": 1.0, "every_pair": 0, **rules}
    blocking = matching.blocking.model_copy(update=bounds)
    return replace(
        policy, standards=replace(policy.standards, matching=matching.model_copy(update={"blocking": blocking}))
    )


def crowd(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people and companies, some with several phones and addresses."""
    rows, points = [], []
    for n in range(count):
        row = {
            "record_id": f"crm:{(n * 7) % count:04d}",
            "party_type": "organization" if n % 6 == 5 else "person",
            "address_line1": f"{n % 7} {STREETS[n % 3]}",
            "city": "RENO",
            "state": "NV",
            "zip5": f"8950{n % 3}",
            "phone": f"+1775555{n % 17:04d}",
            "birth_on": f"19{60 + n % 9}-03-0{1 + n % 4}" if n % 2 else None,
        }
        name = FIRSTS[n % 5], LASTS[n % 4 if n % 3 else 4]
        named = {"organization_name": f"{name[1]} {STREETS[n % 3]} Supply"}
        rows.append(row | (named if n % 6 == 5 else {"first_name": name[0], "last_name": name[1]}))
        points.append({"record_id": row["record_id"], "kind": "phone", "phone": f"+1312555{n % 11:04d}"})
        points.append({"record_id": row["record_id"], "kind": "address", "address_line1": "1 BAY RD", "zip5": "60601"})
    return records_of(rows), points_of(points)


class Oracle:
    """Blocks and pairs of every rule, one record after the other."""

    def __init__(self, features: pd.DataFrame, policy: RowPolicy) -> None:
        self.blocking = policy.standards.matching.blocking
        self.features = features.sort_values("record_id", ignore_index=True)
        self.values: dict[str, dict[int, set[str]]] = {}
        values = BlockValues(singles_of(self.features), nicknames_of(policy.standards))
        for feature in BLOCKING_FEATURES:
            owned: dict[int, set[str]] = defaultdict(set)
            found = values.read(feature)
            for owner, value in zip(found.owners, found.values.array(), strict=True):
                owned[int(owner)].add(str(value))
            self.values[feature] = owned
        last, first, names = (self.features[name] for name in ("last", "first", "names"))
        self.names = (last + " " + first).fillna(names).fillna("")

    def blocks(self, party: str, rule: BlockingRule) -> dict[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
        """Return key → its records, each with its finer key; once per finer key."""
        blocks: dict[tuple[str, ...], list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for record in self.features.index[self.features["party_type"].eq(party)]:
            finer = [sorted(self.values[name].get(record, {""})) for name in rule.finer]
            for key in product(*(sorted(self.values[name].get(record, ())) for name in rule.on)):
                blocks[key] += [(record, (*key, *fine)) for fine in product(*finer)]
        return blocks

    def pairs(self, party: str, rule: BlockingRule) -> Pairs:
        """Return the pairs that a rule makes."""
        made: Pairs = set()
        for rows in self.blocks(party, rule).values():
            if len(rows) <= self.blocking.max_block:
                made |= self.all_of([record for record, _ in rows])
                continue
            split: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for record, fine in rows:
                split[fine].append(record)
            for records in split.values():
                made |= self.all_of(records) if len(records) <= self.blocking.max_block else self.near(records)
        return made

    def all_of(self, records: list[int]) -> Pairs:
        """Return every pair of some records."""
        return {(left, right) for left, right in combinations(sorted(set(records)), 2)}

    def near(self, records: list[int]) -> Pairs:
        """Return each record with its next neighbours by name."""
        ordered = sorted(records, key=lambda record: (self.names[record], record))
        near = {
            (min(left, right), max(left, right))
            for place, left in enumerate(ordered)
            for right in ordered[place + 1 : place + 1 + self.blocking.window]
        }
        return {(left, right) for left, right in near if left != right}


@pytest.mark.parametrize(("count", "max_block", "window"), [(90, 60, 8), (90, 6, 2), (40, 2, 1), (1, 5, 1)])
def test_counts_are_those_of_an_oracle(tmp_path: Path, count: int, max_block: int, window: int) -> None:
    policy = policy_of(max_block, window)
    matching = policy.standards.matching
    records, points = crowd(count)
    oracle = Oracle(match_features({"records": records, "contact_points": points}, policy)["features"], policy)
    features = {"features": oracle.features}
    ids = oracle.features["record_id"]
    pairs = {place: oracle.pairs(*rule) for place, rule in enumerate(matching.blocking.rules())}
    makers = Counter(pair for made in pairs.values() for pair in made)
    matches = {pair for pair in makers if sum(pair) % 3 == 0}
    weighed = pd.DataFrame(
        [(ids[left], ids[right], "match" if (left, right) in matches else "non_match") for left, right in makers],
        columns=["record_id_l", "record_id_r", "outcome"],
        dtype="str",
    )
    tables = {}
    for name, frame in {**features, **block_keys(features, policy), "weighed": weighed}.items():
        write_part(tmp_path / f"{name}.parquet", to_arrow(frame))
        tables[name] = [tmp_path / f"{name}.parquet"]
    with LocalEngine(tmp_path / "work") as engine:
        given = {name: tables[name] for name in ("features", "block_keys")}
        made, split = candidate_pairs(engine, given, matching.blocking)
        largest = engine.frame(largest_blocks_query(matching), tables, ("rule", "records", "record_id_l"))
        frames = [split, *(engine.frame(query(matching), tables) for query in (keys_query, yields_query))]
    candidates = pd.concat([pd.read_parquet(path) for path in paths_of(made, "pairs")])
    first = {pair: min(place for place, made in pairs.items() if pair in made) for pair in sorted(makers)}
    assert candidates.to_numpy().tolist() == [[left, right, rule] for (left, right), rule in first.items()]
    values = block_values(largest, features["features"], policy)
    shown = [{**row, "value": value} for row, value in zip(largest.to_dict("records"), values, strict=True)]
    for place, (rule, found) in enumerate(
        zip(matching.blocking.rules(), rule_yields(*frames, shown, matching), strict=True)
    ):
        blocks = oracle.blocks(*rule)
        several = {key: len({record for record, _ in rows}) for key, rows in blocks.items()}
        several = {key: size for key, size in several.items() if size > 1}
        only = {pair for pair in pairs[place] if makers[pair] == 1}
        assert found["name"] == rule[1].name
        assert (found["keys"], found["blocks"]) == (len(blocks), len(several))
        assert (found["pairs"], found["only_pairs"]) == (len(pairs[place]), len(only))
        assert (found["matches"], found["only_matches"]) == (len(pairs[place] & matches), len(only & matches))
        too_large = [len(rows) for rows in blocks.values() if len(rows) > max_block]
        assert (found["split"] or {}).get("blocks", 0) == len(too_large)
        assert len(found["largest_blocks"]) == min(3, len(several))
        for block in found["largest_blocks"]:
            alike = [key for key, size in several.items() if size == block["records"]]
            assert tuple(block["value"].values()) in alike
