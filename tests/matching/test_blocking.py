"""Candidate pairs: unique, ordered, the same however the records are cut; large blocks are said."""

from pathlib import Path

import pandas as pd
import pytest

from dq.engine import LocalEngine
from dq.engine.parts import to_arrow, write_part
from dq.errors import Problem
from dq.matching import block_keys, block_lines, match_features
from dq.matching.block_values import BLOCKING_FEATURES as READABLE_FEATURES
from dq.pipeline.candidates import candidate_pairs
from dq.standards.matching import BLOCKING_FEATURES, BlockingRule, Matching
from dq.standards.reader import read_section
from tests.matching.runs import matched, records_of, row_policy

STREETS = ("OAK ST", "ELM AVE", "MAIN ST")


@pytest.fixture(scope="module")
def crowd() -> pd.DataFrame:
    firsts = ("Mary", "Bob", "Robert", "Ann", "Otto")
    lasts = ("Smith", "Zywicki", "O'Neil", "Baker")
    rows = [
        {
            "first_name": firsts[n % 5],
            "last_name": lasts[n % 4],
            "address_line1": f"{n % 7} {STREETS[n % 3]}",
            "zip5": f"8950{n % 3}",
            "phone": f"+1775555{n % 40:04d}",
        }
        for n in range(240)
    ]
    return records_of(rows)


def test_pairs_are_unique_and_ordered(crowd: pd.DataFrame, tmp_path: Path) -> None:
    result = matched(crowd, tmp_path)
    candidates = result.candidates
    assert len(candidates) > 100
    assert (candidates["index_l"] < candidates["index_r"]).all()
    assert not candidates.duplicated(["index_l", "index_r"]).any()
    assert (result.pairs["record_id_l"] < result.pairs["record_id_r"]).all()
    assert result.pairs.equals(result.pairs.sort_values(["record_id_l", "record_id_r"], ignore_index=True))


def test_result_does_not_depend_on_order_parts_or_workers(crowd: pd.DataFrame, tmp_path: Path) -> None:
    one = matched(crowd, tmp_path / "one")
    other = matched(crowd.sample(frac=1, random_state=3), tmp_path / "other", part_rows=37, workers=2)
    pd.testing.assert_frame_equal(one.candidates, other.candidates)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    pd.testing.assert_frame_equal(one.clusters, other.clusters)


def test_large_blocks_are_split_and_said(tmp_path: Path) -> None:
    rows = [{"first_name": "Mary", "last_name": "Smith", "email": "info@acme.com"}] * 700
    features = match_features({"records": records_of(rows)}, row_policy())
    keys = block_keys(features, row_policy())
    tables = {}
    for name, frame in {**features, **keys}.items():
        write_part(tmp_path / f"{name}.parquet", to_arrow(frame))
        tables[name] = [tmp_path / f"{name}.parquet"]
    matching = row_policy().standards.matching
    with LocalEngine(tmp_path / "work") as engine:
        _, blocks = candidate_pairs(engine, tables, matching.blocking)
    lines = block_lines(blocks, matching)
    assert "person_email: 1 block (largest 700 records) split by first_start" in lines
    assert any(
        line.startswith("person_email: 1 block (largest 700 records) too large after the split") for line in lines
    )


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        ({"birth_on": "1960-03-01"}, {"last_name": "Gerard", "birth_on": "1960-03-01"}, "person_crossed_birth"),
        ({"zip5": "89501"}, {"last_name": "Gerbrd", "zip5": "89501"}, "person_crossed_near"),
    ],
)
def test_crossed_names_meet_though_one_is_misspelt(left: dict[str, str], right: dict[str, str], rule: str) -> None:
    rows = [{"first_name": "Gerhard", "last_name": "Zywicki", **left}, {"first_name": "Zywicki", **right}]
    keys = block_keys(match_features({"records": records_of(rows)}, row_policy()), row_policy())["block_keys"]
    met = keys[keys.duplicated("key", keep=False)]["rule"].unique().tolist()
    names = row_policy().standards.matching.blocking.names()
    assert rule in {names[place] for place in met}


def test_every_feature_of_the_policy_can_be_read() -> None:
    assert sorted(READABLE_FEATURES) == sorted(BLOCKING_FEATURES)


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("on: [email]", "on: [e_mail]", "blocking.person.1.on", "did you mean `email`"),
        ("  middle_name:", "  midle_name:", "person.midle_name", "did you mean `middle_name`"),
        ("    nickname:", "    nickmane:", "person.first_name.nickmane", "did you mean `nickname`"),
        ("lowest: 8 ", "lowest: 1 ", "thresholds.safe", "review, lowest and highest must not fall"),
        ("m: 0.75", "m: 1.75", "person.first_name.exact.m", "less than 1"),
        ("lei: always", "lei: sometimes", "vetoes.lei", "'always', 'safe' or 'never'"),
    ],
)
def test_mistakes_in_the_policy_are_problems(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    text = (row_policy().standards.folder / "matching.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "matching.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    problems: list[Problem] = []
    assert read_section(tmp_path / "matching.yml", Matching, problems) is None
    assert any(problem.key.startswith(key) and words in str(problem) for problem in problems), problems


def test_a_rule_may_not_be_named_twice() -> None:
    blocking = row_policy().standards.matching.blocking
    names = [rule.name for _, rule in blocking.rules()]
    assert len(names) == len(set(names))
    twice = {**blocking.model_dump(), "person": [BlockingRule(name="x", on=("email",)).model_dump()] * 2}
    with pytest.raises(ValueError, match="rules named twice: x"):
        type(blocking).model_validate(twice)
