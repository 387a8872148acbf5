"""A bought list against the customers one has: every row gets one outcome, the strongest customer, and its repeats."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.linking import LINK_OUTCOMES, LINKS, link_rows
from dq.model import TEXT


def links(
    pairs: list[tuple[str, str, float, str]], clusters: dict[str, str], *, one_to_one: bool = False
) -> dict[str, dict[str, object]]:
    """Return what `link_rows` says per row; `a…` are customers, `b…` rows of the list."""
    table = pd.DataFrame(pairs, columns=["record_id_l", "record_id_r", "match_weight", "outcome"])
    table = table.astype({"record_id_l": TEXT, "record_id_r": TEXT, "outcome": TEXT})
    crosswalk = pd.DataFrame({"record_id": list(clusters), "golden_id": list(clusters.values())}, dtype=TEXT)
    ids = crosswalk["record_id"]
    found = link_rows(
        ids[ids.str.startswith("b")], ids[ids.str.startswith("a")], table, crosswalk, one_to_one=one_to_one
    )
    assert list(found.columns) == list(LINKS)
    return {str(row["record_id"]): dict(row) for row in found.to_dict("records")}


def test_existing_possible_new() -> None:
    pairs = [("a1", "b1", 12.0, "match"), ("a2", "b2", 5.0, "possible_match"), ("a2", "b3", -9.0, "non_match")]
    found = links(pairs, {"a1": "G1", "b1": "G1", "a2": "G2", "b2": "G3", "b3": "G4"})
    assert [found[row]["link"] for row in ("b1", "b2", "b3")] == ["existing", "possible", "new"]
    assert (found["b1"]["customer_record_id"], found["b1"]["match_weight"]) == ("a1", 12.0)
    assert found["b2"]["customer_record_id"] == "a2"
    assert pd.isna(found["b3"]["customer_record_id"])


def test_the_strongest_customer_is_named_and_all_are_counted() -> None:
    pairs = [("a1", "b1", 10.0, "match"), ("a2", "b1", 14.0, "match")]
    found = links(pairs, {"a1": "G1", "a2": "G1", "b1": "G1"})["b1"]
    assert (found["customer_record_id"], found["customers"]) == ("a2", 2)


def test_a_row_said_twice_names_the_first_and_is_existing_through_it() -> None:
    found = links([("a1", "b1", 10.0, "match"), ("b1", "b2", 20.0, "match")], dict.fromkeys(["a1", "b1", "b2"], "G1"))
    assert found["b2"]["repeats"] == "b1"
    assert found["b2"]["link"] == "existing"
    assert pd.isna(found["b1"]["repeats"])


@pytest.mark.parametrize(("one_to_one", "weaker"), [(False, "existing"), (True, "possible")])
def test_one_customer_may_be_one_row_only(one_to_one: bool, weaker: str) -> None:
    pairs = [("a1", "b1", 10.0, "match"), ("a1", "b2", 11.0, "match")]
    found = links(pairs, dict.fromkeys(["a1", "b1", "b2"], "G1"), one_to_one=one_to_one)
    assert (found["b1"]["link"], found["b2"]["link"]) == (weaker, "existing")


@given(
    st.lists(
        st.tuples(st.sampled_from(["a1", "a2", "a3"]), st.sampled_from(["b1", "b2", "b3", "b4"]), st.integers(-9, 20)),
        max_size=8,
        unique_by=lambda pair: pair[:2],
    ),
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
    st.booleans(),
)
def test_every_row_has_one_outcome_whatever_the_order(
    weighed: list[tuple[str, str, int]], golden: list[int], one_to_one: bool
) -> None:
    ids = ["a1", "a2", "a3", "b1", "b2", "b3", "b4"]
    clusters = {record: f"G{number}" for record, number in zip(ids, golden, strict=True)}
    pairs = [(a, b, float(w), "possible_match" if w < 9 else "match") for a, b, w in weighed]
    found = links(pairs, clusters, one_to_one=one_to_one)
    assert set(found) == {"b1", "b2", "b3", "b4"}
    assert {row["link"] for row in found.values()} <= set(LINK_OUTCOMES)
    other = links(pairs[::-1], dict(reversed(clusters.items())), one_to_one=one_to_one)
    assert pd.DataFrame(found).astype(str).equals(pd.DataFrame(other).astype(str))
