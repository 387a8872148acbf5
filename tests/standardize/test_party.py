"""Person or organisation: the case table and what holds for every input."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dq.model import PARTY_TYPES
from dq.standardize.name_tables import name_tables
from dq.standardize.party import decide_party, party_features
from tests.standardize.names_dirt import NAMES
from tests.standardize.policies import cases, packaged, texts


def test_names_are_told_apart_as_the_table_says() -> None:
    table = cases("party")
    assert len(table) >= 80
    decided = decide_party(texts([case["name"] for case in table]), packaged())
    found = decided["party_type"].tolist()
    wrong = [(case["name"], got) for case, got in zip(table, found, strict=True) if got != case["party_type"]]
    assert wrong == []


def test_every_feature_has_a_weight_with_its_reason() -> None:
    weights = packaged().table("party_weights")
    assert sorted(weights["feature"]) == sorted(party_features(texts(["a"]), name_tables(packaged())))
    assert (weights["why"].str.len() > 4).all()


def test_what_names_nobody_is_not_decided_with_confidence() -> None:
    decided = decide_party(texts([None, "", "--", "42", "asdf", "TEST"]), packaged())
    assert decided["party_type"].isna().tolist() == [True, True, True, True, False, False]
    assert decided["party_confidence"].dropna().tolist() == [0.5, 0.5]


@given(st.lists(NAMES, max_size=8))
def test_each_name_is_judged_by_itself(names: list[str | None]) -> None:
    column = texts(names).set_axis(range(10, 10 + len(names)))
    decided = decide_party(column, packaged())
    assert decided.index.equals(column.index)
    assert decided["party_type"].dropna().isin(PARTY_TYPES).all()
    assert decided["party_confidence"].dropna().between(0.5, 1).all()
    pd.testing.assert_frame_equal(decide_party(column.iloc[::-1], packaged()).iloc[::-1], decided)
