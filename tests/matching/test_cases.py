"""What stewards are asked: the strongest pairs up to the cap, chains that were cut, judgements that contradict."""

import pandas as pd
import pytest

from dq.matching import cluster, cut_bridges, inner_pairs, most_of, questions
from dq.matching.cases import contradictions
from dq.matching.compare import PAIR_COLUMNS
from dq.standards.matching import ReviewShare
from tests.matching.runs import judgements_of

RECORDS = pd.Series([f"crm:{n:04d}" for n in range(200)], dtype="str")


def _pairs(*rows: tuple[int, int, float, str]) -> pd.DataFrame:
    table = [(f"crm:{low:04d}", f"crm:{high:04d}", weight, outcome) for low, high, weight, outcome in rows]
    made = pd.DataFrame(table, columns=["record_id_l", "record_id_r", "match_weight", "outcome"])
    return made.reindex(columns=list(PAIR_COLUMNS)).astype({"veto": "str", "outcome": "str"})


APART = pd.DataFrame({"record_id": RECORDS, "cluster_id": RECORDS})


@pytest.mark.parametrize(
    ("safe", "least", "match_at", "asked"),
    [(0.01, 0, "safe", 2), (0.01, 5, "safe", 5), (1, 0, "safe", 8), (0.01, 0, "balanced", 8)],
)
def test_the_strongest_cases_stay(safe: float, least: int, match_at: str, asked: int) -> None:
    pairs = _pairs(*((n, n + 100, float(n), "possible_match") for n in range(8)))
    share = ReviewShare(safe=safe, balanced=1, least=least)
    made = questions(pairs, APART, judgements_of(), share, match_at)
    assert (len(made.cases), made.left_out) == (asked, 8 - asked)
    assert set(made.cases["record_id"]) == {f"crm:{n:04d}" for n in range(8 - asked, 8)}


def test_a_chain_whose_ends_disagree_is_cut_and_says_why() -> None:
    pairs = _pairs((0, 1, 20.0, "match"), (1, 2, 3.0, "match"))
    inner = inner_pairs(pairs, RECORDS, judgements_of())
    assert inner[["index_l", "index_r"]].to_numpy().tolist() == [[0, 2]]
    inside = _pairs((0, 2, -15.0, "non_match"))
    clusters = cluster(pairs, RECORDS, judgements_of(), inside)
    of = clusters.set_index("record_id")["cluster_id"]
    assert of["crm:0000"] == of["crm:0001"] != of["crm:0002"]
    cut = cut_bridges(pairs, clusters).set_index("record_id_r").loc["crm:0002"]
    assert (cut["outcome"], cut["veto"]) == ("possible_match", "weak_bridge")
    case = questions(
        cut_bridges(pairs, clusters), clusters, judgements_of(), ReviewShare(safe=1, balanced=1, least=0), "safe"
    ).cases
    assert case["evidence"].str.contains("left apart: the other records").all()


@pytest.mark.parametrize(("certain", "together"), [(8.0, 2), (30.0, 3)])
def test_a_doubtful_pair_joins_no_more_records_than_customers_of_the_lists_have(certain: float, together: int) -> None:
    twice = [(n, n + 1, 20.0, "match") for n in range(0, 100, 2)]
    pairs, records = _pairs(*twice, (1, 100, certain, "match")), pd.Series(RECORDS[:140])
    most = most_of(pairs, records)
    clusters = cluster(pairs, records, judgements_of(), _pairs((0, 100, 2.0, "possible_match")), most)
    assert (most, clusters["cluster_size"].max()) == (2, together)
    vetoes = cut_bridges(pairs, clusters, most)["veto"].dropna().tolist()
    assert vetoes == (["more_records"] if together == 2 else [])


def test_a_chain_whose_ends_agree_well_enough_holds() -> None:
    pairs = _pairs((0, 1, 20.0, "match"), (1, 2, 14.0, "match"))
    clusters = cluster(pairs, RECORDS, judgements_of(), _pairs((0, 2, -6.0, "non_match")))
    assert clusters["cluster_size"].max() == 3


def test_a_judgement_same_holds_whatever_the_ends_look_like() -> None:
    pairs = _pairs((0, 1, 20.0, "match"))
    same = judgements_of(("crm:0001", "crm:0002", "SAME"))
    clusters = cluster(pairs, RECORDS, same, _pairs((0, 2, -15.0, "non_match"), (1, 2, -15.0, "non_match")))
    assert clusters["cluster_size"].max() == 3


def test_contradictory_judgements_are_cases() -> None:
    judged = judgements_of(
        ("crm:0000", "crm:0001", "SAME"), ("crm:0001", "crm:0002", "SAME"), ("crm:0000", "crm:0002", "DIFFERENT"),
        ("crm:0005", "crm:0006", "DIFFERENT"),
    )  # fmt: skip
    found = contradictions(judged)
    assert found[["kind", "record_id", "record_id_r"]].to_numpy().tolist() == [
        ["contradiction", "crm:0000", "crm:0002"]
    ]
    assert found["evidence"].iloc[0].endswith("SAME along crm:0000 = crm:0001 = crm:0002")
    clusters = cluster(_pairs(), RECORDS, judged).set_index("record_id")["cluster_id"]
    assert clusters["crm:0000"] != clusters["crm:0002"]
