"""What was accepted for picklists is remembered in a file that anybody can read and edit."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dq.conversion.agreeing import LEARNED
from dq.conversion.proposals import PROPOSALS
from dq.errors import DQError, StandardsError
from dq.pipeline.picklists import FILE, read_learned, read_proposals, remember

ON = date(2026, 11, 22)


def proposals(path: Path, *lines: dict[str, str]) -> Path:
    """Write a file of proposals; what a line does not say is as for an accepted rating."""
    plain = {
        "proposal_id": "P1", "target": "salesforce", "object": "Lead", "field": "Rating", "action": "map", "value": "1",
        "proposed": "Hot", "source": "legacy", "columns": "Rating", "accepted": "yes",
    }  # fmt: skip
    pd.DataFrame([{**plain, **line} for line in lines]).reindex(columns=list(PROPOSALS)).to_csv(path, index=False)
    return path


def test_what_was_accepted_is_added_once_and_the_last_word_counts(tmp_path: Path) -> None:
    assert read_learned(tmp_path).empty
    file = proposals(
        tmp_path / "proposals.csv",
        {},
        {"value": "2", "accepted": ""},
        {"value": "3", "proposed": ""},
        {"action": "cut", "value": "4"},
        {"value": "=5", "source": ""},
    )
    assert remember(tmp_path, file, "Mary Kwan", ON) == 2
    assert remember(tmp_path, file, "Bob Ray", ON) == 0, "what is known already is not said again"
    other = proposals(tmp_path / "other.csv", {"proposed": "Warm"})
    assert remember(tmp_path, other, "Bob Ray", ON) == 1
    known = read_learned(tmp_path)
    assert known[["source", "value", "becomes", "field", "accepted_by"]].fillna("").to_numpy().tolist() == [
        ["legacy", "1", "Hot", "Lead.Rating", "Mary Kwan"],
        ["", "=5", "Hot", "Lead.Rating", "Mary Kwan"],
        ["legacy", "1", "Warm", "Lead.Rating", "Bob Ray"],
    ]
    assert (tmp_path / FILE).read_text(encoding="utf-8").splitlines()[0] == ",".join(LEARNED)


def test_a_file_of_an_earlier_version_is_taken(tmp_path: Path) -> None:
    path = proposals(tmp_path / "proposals.csv", {})
    old = pd.read_csv(path, dtype=str).drop(columns=["source", "columns", "canonical", "how", "accepted_before_by"])
    old.to_csv(path, index=False)
    assert read_proposals(path)[["proposed", "accepted"]].to_numpy().tolist() == [["Hot", "yes"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns,value\nRating,1\n", "lacks the column"),
        (f"{','.join(LEARNED)}\nRating,,1,,salesforce,Lead.Rating,Mary,2026-11-01\n", "row 2: `becomes` is empty"),
        (f"{','.join(LEARNED)}\nRating,,1,Hot,salesforce,Lead.Rating,Mary,yesterday\n", "row 2: `yesterday` is no day"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(StandardsError, match=said):
        read_learned(tmp_path)


def test_somebody_has_to_have_accepted_it(tmp_path: Path) -> None:
    with pytest.raises(DQError, match="names nobody"):
        remember(tmp_path, proposals(tmp_path / "proposals.csv", {}), " ", ON)
