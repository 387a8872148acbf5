"""Questions to a finished run: its own weights are told, mistakes stand field by field, JSON holds all of it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dq.cli.evidence import differences, evaluation_document
from dq.errors import NotFoundError, SourceError
from dq.pipeline.evidence import evaluate_run, explain_pair
from tests.pipeline.runs import run, write_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run over people of whom some stand there twice."""
    here = tmp_path_factory.mktemp("evidence")
    rows = [["key", "first_name", "last_name", "phone", "city"]]
    truth = [["record_id", "true_id"]]
    lasts = ("Zywicki", "Quill", "Marsh", "Okafor", "Brandt", "Lopez")
    for number in range(60):
        first, last = ("Otto", "Mabel", "Ruth", "Ezra", "Lena")[number % 5], lasts[number // 10]
        rows.append([f"a{number}", first, last, f"775-555-01{number:02d}", "Reno"])
        truth.append([f"a{number}", f"T{number}"])
        if number % 3 == 0:
            rows.append([f"b{number}", first[:1], last, f"775-555-01{number:02d}", "Elko"])
            truth.append([f"b{number}", f"T{number}"])
    run([write_csv(here / "people.csv", rows)], here / "out", key_column="key")
    write_csv(here / "truth.csv", truth)
    return here / "out"


def test_a_kept_pair_is_told_as_the_run_weighed_it(folder: Path) -> None:
    pairs = pd.read_parquet(folder / "pairs.parquet")
    assert len(pairs) > 5
    for row in pairs.head(3).to_dict("records"):
        for ends in (("record_id_l", "record_id_r"), ("record_id_r", "record_id_l")):
            told = explain_pair(folder, row[ends[0]], row[ends[1]])
            assert told.match_weight == row["match_weight"]
            assert told.waterfall["weight"].sum() == pytest.approx(row["match_weight"], abs=1e-6)
            assert (told.outcome, told.basis) == (row["outcome"], "")


def test_a_pair_that_was_not_kept_is_weighed_beside_all_or_some(folder: Path) -> None:
    exact = explain_pair(folder, "people:a0", "people:a59")
    assert (exact.outcome, exact.basis) == ("non_match", "")
    about = explain_pair(folder, "people:a0", "people:a59", whole=10, beside=40)
    assert "weighed again beside" in about.basis
    assert about.match_weight == pytest.approx(exact.match_weight, abs=1)
    assert about.waterfall["weight"].sum() == pytest.approx(about.match_weight, abs=1e-6)


def test_questions_about_nothing_are_refused(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="has no record people:zz"):
        explain_pair(folder, "people:a0", "people:zz")
    with pytest.raises(SourceError, match="same customer as itself"):
        explain_pair(folder, "people:a0", "people:a0")


def test_the_document_of_an_evaluation_holds_outcome_curve_and_examples(folder: Path) -> None:
    judged = evaluate_run(folder, folder.parent / "truth.csv")
    document = json.loads(json.dumps(evaluation_document(judged)))
    assert [row["what"] for row in document["outcome"]] == ["wrong merges", "missed duplicates"]
    missed = document["outcome"][1]
    assert missed["of"] == 20
    assert missed["low"] <= missed["pairs"] / missed["of"] <= missed["high"]
    assert document["match_at"] == "safe"
    assert document["missed_duplicates"]["pairs"] == len(judged.mistakes.missed)
    assert len(document["curve"]) > 5
    for example in document["missed_duplicates"]["first"]:
        assert example["differences"]["first_name"][0] != example["differences"]["first_name"][1]
        assert "last_name" in example["same"]


def test_differences_stand_field_by_field() -> None:
    left = {"first_name": "Mary", "last_name": "Kwan", "phone": "1"}
    right = {"first_name": "Mary", "last_name": "Kwon", "city": "Reno"}
    assert differences(left, right) == [("last_name", "Kwan", "Kwon"), ("phone", "1", ""), ("city", "", "Reno")]
