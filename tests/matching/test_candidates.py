"""Pairs of block keys, held against every two rows of a block; `test_rule_yield` does so from records on."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.candidates import Blocking, every_pair, large_blocks, merged, name_order, pairs_of_rule
from tests.matching.runs import row_policy

RECORDS, MAX_BLOCK = 12, 3
ROWS = st.lists(st.tuples(st.integers(0, RECORDS - 1), st.integers(0, 3), st.integers(0, 2)), unique=True)


def blocking_of(window: int) -> Blocking:
    """Return the shipped rules with small blocks, however few records there are; names fall as records rise."""
    policy = row_policy().standards.matching.blocking
    person = tuple(rule.model_copy(update={"max_block": None, "window": None}) for rule in policy.person[:2])
    bounds = {"max_block": MAX_BLOCK, "window": window, "most_times": 1.0, "every_pair": 0}
    bounds |= {"person": person, "organization": ()}
    return Blocking(policy.model_copy(update=bounds), np.arange(RECORDS, dtype=np.int32)[::-1].copy())


def naive(rows: list[tuple[int, int, int]], window: int) -> tuple[set[tuple[int, int]], dict[str, list[int]]]:
    """Return the pairs of one rule and the sizes of blocks that are split or stay too large."""
    pairs: set[tuple[int, int]] = set()
    sizes: dict[str, list[int]] = {"split": [], "windowed": []}
    for key in {key for _, key, _ in rows}:
        block = [record for record, mine, _ in rows if mine == key]
        if len(block) <= MAX_BLOCK:
            pairs |= set(combinations(sorted(set(block)), 2))
            continue
        sizes["split"].append(len(block))
        for fine in {fine for _, mine, fine in rows if mine == key}:
            part = sorted(record for record, mine, own in rows if (mine, own) == (key, fine))
            if len(part) > MAX_BLOCK:
                sizes["windowed"].append(len(part))
            pairs |= {
                (one, other)
                for place, one in enumerate(part)
                for other in (part[place + 1 :] if len(part) <= MAX_BLOCK else part[place + 1 : place + 1 + window])
            }
    return pairs, sizes


@given(ROWS, ROWS, st.integers(1, 2), st.sampled_from([1, 5, 1_000]))
def test_pairs_are_those_of_every_block(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]], window: int, at_once: int
) -> None:
    blocking = blocking_of(window)
    codes = []
    expected: dict[tuple[int, int], int] = {}
    for rule, rows in ((1, second), (0, first)):
        records, keys, fine = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        made, large = pairs_of_rule(rule, records.astype(np.int32), keys, keys * 3 + fine, blocking)
        pairs, sizes = naive(rows, window)
        expected |= dict.fromkeys(pairs, rule)
        codes.append(made)
        counted = [(fate, len(found), max(found)) for fate, found in sizes.items() if found]
        assert [(one.fate, one.blocks, one.largest) for one in large] == counted
        assert large_blocks(large)["rule"].tolist() == [rule] * len(counted)
    rows = [row for batch in merged(codes, blocking, at_once) for row in zip(*batch.to_pydict().values(), strict=True)]
    assert rows == [(*pair, rule) for pair, rule in sorted(expected.items())]


def test_a_small_file_is_compared_whole_behind_the_rules() -> None:
    bounds = {"every_pair": RECORDS}
    blocking = Blocking(blocking_of(1).policy.model_copy(update=bounds), np.arange(RECORDS, dtype=np.int32))
    persons, organizations = np.arange(RECORDS) < 7, np.arange(RECORDS) > 5
    keys = np.array([1, 1], dtype=np.int64)
    made, _ = pairs_of_rule(0, np.array([3, 11], dtype=np.int32), keys, keys, blocking)
    assert blocking.whole
    codes = [made, every_pair([persons, organizations], blocking)]
    rows = [row for batch in merged(codes, blocking) for row in zip(*batch.to_pydict().values(), strict=True)]
    # Record 6 may be either; no rule and no comparison joins a person with an organisation.
    expected = dict.fromkeys([*combinations(range(7), 2), *combinations(range(6, RECORDS), 2)], 2) | {(3, 11): 0}
    assert rows == [(*pair, rule) for pair, rule in sorted(expected.items())]
    assert not Blocking(blocking.policy, np.arange(RECORDS + 1, dtype=np.int32)).whole


def test_names_are_ordered_by_their_bytes_and_ties_by_place() -> None:
    last, first = ["ng", "ng lee", None, "ng", "öz"], ["zoe", "al", "bo", "zoe", "a"]
    assert name_order(pa.array(last), pa.array(first), pa.array([None, None, "acme", None, None])).tolist() == [
        2, 1, 0, 3, 4,
    ]  # fmt: skip


def test_more_records_than_codes_can_number_are_refused() -> None:
    policy = blocking_of(1).policy
    everybody = np.broadcast_to(np.int32(0), (2**31,))
    with pytest.raises(ValueError, match="2147483648 records"):
        _ = Blocking(policy, everybody).shifts
