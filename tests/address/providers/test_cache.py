"""Answers on disk: what is kept, what a crash may do, who may write."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.providers import Answer
from dq.address.providers.cache import AnswerCache, cached_answers
from dq.address.providers.contract import Correction
from dq.address.providers.findings_file import merge_findings
from dq.errors import ConflictError, SourceError

CORRECTED = Answer("a", "confirmed", zip4="1234", corrections=(Correction("city", "A", "Ä\u2028", "smarty:B"),))


def test_answers_come_back_as_they_were(tmp_path):
    kept = [CORRECTED, Answer("b"), Answer("c", "multiple", detail="Smarty: two\nlines")]
    with AnswerCache(tmp_path, "smarty", "2026-11") as cache:
        cache.append("2026-11-22", [*kept, Answer("d", failure="timeout")])
        assert cache.asked == {"a", "b", "c"}
    assert list(cached_answers(tmp_path, "smarty", "2026-11")) == [("2026-11-22", answer) for answer in kept]
    assert list(cached_answers(tmp_path, "smarty", "2026-12")) == []
    assert list(cached_answers(tmp_path, "usps", "2026-11")) == []


@given(st.integers(0, 400), st.binary(max_size=20))
def test_a_file_that_was_cut_off_anywhere_is_read_as_far_as_it_goes(tmp_path_factory, end, junk):
    folder = tmp_path_factory.mktemp("library")
    with AnswerCache(folder, "smarty", "2026-11") as cache:
        cache.append("2026-11-22", [CORRECTED, Answer("b"), Answer("c", "vacant")])
    path = folder / "findings-cache" / "smarty" / "2026-11" / "answers.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:end] + junk)
    kept = whole[:end].count(b"\n")
    with AnswerCache(folder, "smarty", "2026-11") as cache:
        cache.append("2026-11-23", [Answer("later", "vacant")])
    found = [answer.address_key for _, answer in cached_answers(folder, "smarty", "2026-11")]
    assert found[:kept] == ["a", "b", "c"][:kept]
    assert found[-1] == "later"


@pytest.mark.parametrize("line", ["[]", "5", '"a"', "{}", '{"day": 5, "address_key": "a"}', '{"day": "x", "what": 1}'])
def test_a_line_of_something_else_is_passed_over(tmp_path, line):
    with AnswerCache(tmp_path, "usps", "2026-11") as cache:
        cache.append("2026-11-22", [Answer("a", "vacant")])
    path = tmp_path / "findings-cache" / "usps" / "2026-11" / "answers.jsonl"
    path.write_text(f"{line}\n{path.read_text()}")
    assert [answer.address_key for _, answer in cached_answers(tmp_path, "usps", "2026-11")] == ["a"]


def test_one_gathering_at_a_time_asks_a_provider(tmp_path):
    with AnswerCache(tmp_path, "usps", "2026-11"):
        with pytest.raises(ConflictError, match="another command is asking the provider usps"):
            AnswerCache(tmp_path, "usps", "2026-11").__enter__()
        with AnswerCache(tmp_path, "smarty", "2026-11") as other:
            assert other.asked == set()
    with AnswerCache(tmp_path, "usps", "2026-11") as again:
        assert again.asked == set()


def merged(library, *answers):
    path = merge_findings(library, "smarty", answers, 0.0)
    return pd.read_parquet(path).set_index("address_key")


def test_the_newest_answer_of_an_address_stays(tmp_path):
    merged(tmp_path, ("2026-10-02", Answer("a", "vacant")), ("2026-10-02", Answer("b", "vacant")))
    found = merged(tmp_path, ("2026-11-03", CORRECTED), ("2026-09-01", Answer("b", "confirmed")))
    assert found["outcome"].to_dict() == {"a": "confirmed", "b": "vacant"}
    assert found.loc["a", "corrections"] == '[["city", "A", "Ä\u2028", "smarty:B"]]'
    found = merged(tmp_path, ("2026-11-03", Answer("a", "vacant")), ("2026-11-03", Answer("a", "unit_missing")))
    assert found.loc["a", "outcome"] == "unit_missing"
    found = merged(tmp_path, ("2026-12-01", Answer("a")))
    assert found.loc["a", "outcome"] == "unit_missing"


def test_unchanged_findings_keep_their_bytes_and_their_description(tmp_path):
    merge_findings(tmp_path, "usps_api", [("2026-10-02", Answer("a", "vacant"))], 0.0)
    before = {path.name: path.read_bytes() for path in (tmp_path / "findings").iterdir()}
    merge_findings(tmp_path, "usps_api", [("2026-10-02", Answer("a", "vacant"))], 9e8)
    assert {path.name: path.read_bytes() for path in (tmp_path / "findings").iterdir()} == before
    assert set(before) == {"usps_api.parquet", "usps_api.json"}


def test_nothing_found_writes_nothing(tmp_path):
    assert merge_findings(tmp_path, "census", [("2026-11-22", Answer("a"))], 0.0) is None
    assert list(tmp_path.iterdir()) == []


def test_something_else_in_the_place_of_findings_is_said(tmp_path):
    path = tmp_path / "findings" / "smarty.parquet"
    path.parent.mkdir()
    path.write_text("no parquet")
    with pytest.raises(SourceError, match="no file of findings"):
        merge_findings(tmp_path, "smarty", [("2026-11-22", CORRECTED)], 0.0)
    pd.DataFrame({"x": [1]}).to_parquet(path)
    with pytest.raises(SourceError, match="no file of findings"):
        merge_findings(tmp_path, "smarty", [("2026-11-22", CORRECTED)], 0.0)
