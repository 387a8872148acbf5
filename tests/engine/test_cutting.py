"""Cutting loses no row, keeps order and never parts the rows of one key."""

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dq.engine.cutting import cut_by_bounds, cut_by_rows

SCHEMA = pa.schema([("key", pa.large_string()), ("n", pa.int64())])
keys = st.lists(st.sampled_from("abcdef"), max_size=40).map(sorted)


def batches_of(sorted_keys: list[str], size: int) -> list[pa.RecordBatch]:
    rows = pa.table(
        {"key": pa.array(sorted_keys, pa.large_string()), "n": pa.array(range(len(sorted_keys)), pa.int64())}
    )
    return rows.to_batches(max_chunksize=size)


@given(keys, st.integers(1, 7), st.integers(1, 9))
def test_parts_partition_the_rows_at_key_bounds(sorted_keys: list[str], size: int, rows: int) -> None:
    parts = list(cut_by_rows(batches_of(sorted_keys, size), SCHEMA, rows, "key"))
    assert [n for part in parts for n in part["n"].to_pylist()] == list(range(len(sorted_keys)))
    seen = [set(part["key"].to_pylist()) for part in parts]
    assert all(not left & right for left, right in pairwise(seen))


@given(keys, st.integers(1, 7), st.integers(1, 9))
def test_where_parts_are_cut_does_not_depend_on_the_batches(sorted_keys: list[str], size: int, rows: int) -> None:
    one = [part.to_pydict() for part in cut_by_rows(batches_of(sorted_keys, size), SCHEMA, rows, "key")]
    other = [part.to_pydict() for part in cut_by_rows(batches_of(sorted_keys, 100), SCHEMA, rows, "key")]
    assert one == other


@given(keys, st.integers(1, 7), st.lists(st.sampled_from("abcdefz"), unique=True).map(sorted))
def test_bounds_of_another_table_are_followed(sorted_keys: list[str], size: int, bounds: list[str]) -> None:
    parts = [part["key"].to_pylist() for part in cut_by_bounds(batches_of(sorted_keys, size), SCHEMA, "key", bounds)]
    assert len(parts) == len(bounds) + 1
    assert [key for part in parts for key in part] == sorted_keys
    for bound, part, rest in zip(bounds, parts, parts[1:], strict=False):
        assert all(key <= bound for key in part)
        assert all(key > bound for key in rest)


def test_no_rows_give_one_empty_part() -> None:
    assert [part.num_rows for part in cut_by_rows([], SCHEMA, 5, "key")] == [0]
