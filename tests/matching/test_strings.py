"""What lengths and signatures leave out, rapidfuzz would not have found either."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel

from dq.matching.encoding import Texts
from dq.matching.strings import edits, likeness

LETTERS = st.text(alphabet="abcde éñß12.-", max_size=12)
NUMBERS = st.text(alphabet="0123459-", max_size=12)


@given(st.lists(LETTERS, min_size=1, max_size=12) | st.lists(NUMBERS, min_size=1, max_size=12), st.integers(1, 2))
def test_edits_are_those_of_rapidfuzz(values: list[str], most: int) -> None:
    one, other = (places.ravel() for places in np.meshgrid(range(len(values)), range(len(values))))
    expected = [min(OSA.distance(values[a], values[b]), most + 1) for a, b in zip(one, other, strict=True)]
    assert edits(Texts(values), one, other, most).tolist() == expected


@given(st.lists(LETTERS, min_size=1, max_size=12), st.sampled_from([0.5, 0.7, 0.75, 0.85]))
def test_likeness_is_that_of_rapidfuzz(values: list[str], least: float) -> None:
    one, other = (places.ravel() for places in np.meshgrid(range(len(values)), range(len(values))))
    found = likeness(Texts(values), one, other, least)
    shares = [Indel.normalized_similarity(values[a], values[b]) for a, b in zip(one, other, strict=True)]
    assert found[found >= least].tolist() == [round(share, 6) for share in shares if round(share, 6) >= least]


def test_a_signature_counts_letters() -> None:
    anna, nan, hanna = Texts(["anna", "nan", "hanna"]).signatures.tolist()
    assert bin(anna ^ nan).count("1") == 1
    assert bin(anna ^ hanna).count("1") == 1
