"""The waterfall sums to the match weight; cases, model document and evaluation say what they mean."""

import pandas as pd
import pytest

from dq.errors import SourceError
from dq.matching import compare_one, evaluate, explain, model_document, questions
from dq.model import CASES
from tests.matching.runs import Matched, judgements_of, match_policy, matched, records_of, review

HOME = {"address_line1": "12 OAK ST", "city": "RENO", "zip5": "89501"}
NEXT_DOOR = {**HOME, "address_line1": "14 OAK ST"}


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Matched:
    rows = [
        {"first_name": "Robert", "last_name": "Zywicki", "phone": "+17755550101", **NEXT_DOOR},
        {"first_name": "Bob", "last_name": "Zywicki", "phone": "+17755550101", **NEXT_DOOR},
        {"first_name": "Robert", "last_name": "Zywicki", "suffix": "Jr", "birth_on": "1990-01-01", **HOME},
        {"first_name": "Robert", "last_name": "Zywicki", "suffix": "Sr", "birth_on": "1960-06-06", **HOME},
        {"first_name": "Otto", "last_name": "Quillfeather", "city": "ELKO"},
        {"first_name": "O", "last_name": "Quillfeather", "city": "ELKO"},
    ]
    return matched(records_of(rows), tmp_path_factory.mktemp("family"))


def test_the_waterfall_sums_to_the_match_weight(family: Matched) -> None:
    assert len(family.pairs) > 1
    for place in range(len(family.pairs)):
        pair = family.pairs.iloc[[place]]
        explanation = explain(pair, family.features, match_policy())
        assert explanation.match_weight == pair["match_weight"].iloc[0]
        assert explanation.waterfall["weight"].sum() == pytest.approx(explanation.match_weight, abs=1e-6)


def test_a_match_and_a_veto_are_told_in_words(family: Matched) -> None:
    policy = match_policy()
    match = explain(compare_one(family.features, "crm:0001", "crm:0000", policy), family.features, policy)
    assert match.outcome == "match"
    assert "one is a nickname of the other" in match.waterfall["level"].tolist()
    assert match.sentence.startswith("Match (weight ")
    veto = explain(compare_one(family.features, "crm:0002", "crm:0003", policy), family.features, policy)
    assert (veto.outcome, veto.veto) == ("non_match", "other_generation")
    assert "forbidden because one is Jr, Sr or a number and the other another one" in veto.sentence


def test_comparing_one_pair_gives_what_the_run_gave(family: Matched) -> None:
    row = family.pairs.iloc[[0]].reset_index(drop=True)
    again = compare_one(family.features, str(row["record_id_l"][0]), str(row["record_id_r"][0]), match_policy())
    pd.testing.assert_frame_equal(
        again.drop(columns="blocking_rule"), row.drop(columns="blocking_rule"), check_dtype=False
    )


def test_possible_matches_become_cases(family: Matched) -> None:
    cases = questions(family.pairs, family.clusters, judgements_of(), review(), "safe").cases
    assert list(cases.columns) == list(CASES.columns)
    possible = family.pairs[family.pairs["outcome"] != "non_match"]
    assert 0 < len(cases) <= len(possible)
    assert cases["case_id"].is_unique
    assert cases["evidence"].str.startswith("weight ").all()


def test_the_model_document_has_a_hash_of_its_content(family: Matched) -> None:
    safe, balanced = (model_document(match_policy(at), family.features) for at in ("safe", "balanced"))
    assert safe["records"] == {"person": 6, "organization": 0}
    assert safe["hash"] != balanced["hash"]
    assert safe == model_document(match_policy("safe"), family.features)


CLUSTERS = pd.DataFrame({"record_id": ["crm:1", "crm:2", "crm:3", "crm:4"], "cluster_id": ["a", "a", "a", "b"]})


def test_evaluation_by_hand() -> None:
    truth = pd.DataFrame({"record_id": ["1", "2", "crm:3", "4", "9"], "true_id": ["x", "x", "y", "y", "z"]})
    result = evaluate(CLUSTERS, truth)
    assert (result.records, result.unknown) == (4, 1)
    assert (result.true_pairs, result.found_pairs, result.right_pairs) == (2, 3, 1)
    assert result.precision == pytest.approx(1 / 3)
    assert result.recall == pytest.approx(1 / 2)
    assert result.f1 == pytest.approx(0.4)
    # Shares of each record's cluster that belong there: 2/3, 2/3, 1/3, 1; of its customer found: 1, 1, 1/2, 1/2.
    assert result.b3_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert result.b3_recall == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("truth", "words"),
    [
        ({"record_id": ["1"]}, "no column true_id"),
        ({"record_id": ["1", "crm:1"], "true_id": ["x", "x"]}, "names crm:1 twice"),
        ({"record_id": ["7"], "true_id": ["x"]}, "none of the 1 records"),
    ],
)
def test_a_truth_that_does_not_fit_is_refused(truth: dict[str, list[str]], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        evaluate(CLUSTERS, pd.DataFrame(truth))
