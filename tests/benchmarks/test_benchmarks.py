"""The benchmarks' own machinery: what is measured, what a set shows of its truth, what a false cluster looks like."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.benchmarks.accuracy import largest_false_cluster, outcomes_of, per_10000
from tests.benchmarks.dirtying import DIRT, dirtied
from tests.benchmarks.labelled_sets import NUMBER, SETS, File, files
from tests.benchmarks.measuring import MARK, ContenderError, measure

PEOPLE = """id, name, city, truth-id
1, Ann, Reno, p-7
2, Anne, Reno, p-7
3, Bob, Elko, p-8
4, "Cy, Jr", Ely, p-9, odd
"""


def test_a_set_hides_its_truth(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (extract,) = files((File("people", "people.csv", "truth-id", r"p-(\d)", drop=("id",)),), tmp_path)
    assert list(extract.rows.columns) == [NUMBER, "name", "city"]
    assert extract.rows[NUMBER].tolist() == ["1", "2", "3", "4"]
    told = dict(zip(extract.rows["name"], extract.true_ids, strict=True))
    assert told == {"Ann": "7", "Anne": "7", "Bob": "8", "Cy, Jr": "9"}
    assert len(SETS) == 11


def test_the_largest_false_cluster_is_shown_as_the_source_wrote_it(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (extract,) = files((File("people", "people.csv", "truth-id", drop=("id",)),), tmp_path)
    truth = pd.DataFrame(
        {
            "record_id": "people:" + extract.rows[NUMBER],
            "true_id": extract.true_ids,
            "source": "people",
            NUMBER: extract.rows[NUMBER],
        }
    )
    golden = extract.rows["name"].map({"Ann": "G1", "Anne": "G1", "Bob": "G1", "Cy, Jr": "G2"})
    pd.DataFrame({"record_id": truth["record_id"], "golden_id": golden}).to_csv(tmp_path / "crosswalk.csv", index=False)
    shown = largest_false_cluster([extract], truth, tmp_path)
    assert sorted(zip(shown["customer"], shown["says"], strict=True)) == [
        ("A", "Ann | Reno"), ("A", "Anne | Reno"), ("B", "Bob | Elko"),
    ]  # fmt: skip


def test_outcomes_are_held_against_what_a_test_expects(tmp_path: Path) -> None:
    truth = pd.DataFrame(
        {"record_id": ["s:1", "t:1", "t:2", "t:3"], "true_id": ["7", "7|match", "7|non_match", "7|51286"]}
    )
    pairs = {"record_id_l": ["s:1"], "record_id_r": ["t:1"], "outcome": ["possible_match"]}
    pd.DataFrame(pairs).to_parquet(tmp_path / "pairs.parquet")
    found = outcomes_of(truth, tmp_path)
    assert found.to_dict("list") == {
        "expected": ["match", "non_match"], "found": ["possible_match", "non_match"],
    }  # fmt: skip


def test_wrong_merges_come_with_their_interval() -> None:
    assert per_10000(2, 1000) == "20 (5-73)"
    assert per_10000(0, 0) == ""


def test_a_contender_is_measured_up_to_its_mark(tmp_path: Path) -> None:
    program = f"x = bytes(30_000_000); print({MARK!r}, flush=True); print('after', flush=True)"
    measured = measure([sys.executable, "-c", program], {}, tmp_path / "log.txt")
    assert measured.lines == (MARK, "after")
    assert measured.seconds > 0


@pytest.mark.parametrize("program", ["print('no mark')", "raise SystemExit('gone wrong')"])
def test_a_contender_without_a_mark_has_failed(tmp_path: Path, program: str) -> None:
    with pytest.raises(ContenderError, match=r"exit \d"):
        measure([sys.executable, "-c", program], {}, tmp_path / "log.txt")


def test_a_list_is_dirtied_by_its_seed_and_as_often_as_it_is_said() -> None:
    columns = {"name": "Tioga State College", "street": "1 Oak St", "city": "Owego", "state": "NY", "zip": "13827"}
    rows = pd.DataFrame({**columns, "phone": "6075550148"}, index=range(1000))
    once, again, other = dirtied(rows, 0, 1), dirtied(rows, 0, 1), dirtied(rows, 0, 2)
    assert once.equals(again)
    assert not once.equals(other)
    assert once["name"].eq("").sum() == 1000 * DIRT["name_blank"]
    assert (~once["email"].str.contains("@")).sum() == 1000 * DIRT["email_broken"]
    assert once["created"].str.endswith("-02-30").sum() == 1000 * DIRT["date_impossible"]
