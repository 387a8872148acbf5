"""Hashes of many texts at once tell the same apart as the texts do."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.hashing import hashes_of

PIECES = st.sampled_from(["", "a", "b", "oak", "12345678", "é", "x" * 513, "x" * 512])
TEXTS = st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=12)


@given(before=TEXTS, texts=TEXTS)
def test_equal_texts_and_only_they_have_equal_hashes_wherever_they_stand(before: list[str], texts: list[str]) -> None:
    arrow = pa.array([*before, *texts], type=pa.large_string())
    hashes = hashes_of(arrow).tolist()
    assert hashes_of(arrow[len(before) :]).tolist() == hashes[len(before) :]
    assert len(set(zip(arrow.to_pylist(), hashes, strict=True))) == len(set(hashes)) == len(set(arrow.to_pylist()))
