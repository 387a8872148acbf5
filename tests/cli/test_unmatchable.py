"""What cannot be matched is refused with what was recognised and what to do; what can be matched badly still runs."""

import csv
from pathlib import Path

import pytest

from dq.settings import load_settings
from tests.cli.terminals import ROOT, Terminal

with (ROOT / "tests" / "cases" / "unmatchable.csv").open(encoding="utf-8", newline="") as _file:
    CASES = [pytest.param(row, id=row["note"]) for row in csv.DictReader(_file)]


@pytest.mark.parametrize("case", CASES)
def test_a_source_in_which_nothing_says_who(case: dict[str, str], terminal: Terminal) -> None:
    (terminal.folder / "list.csv").write_text(case["content"].replace("\\n", "\n"))
    answer = terminal.dq("match", "list.csv", "--out", "out", "--workers", "1")
    if case["refused"] == "yes":
        assert answer.code == 2, answer
        assert "dq: list: nothing says who a record is" in answer.err
        assert case["says"] in answer.err
        assert "Traceback" not in answer.err
        assert [path.name for path in terminal.folder.iterdir()] == ["list.csv"]
    else:
        assert answer.code == 0, answer
        assert case["says"] in answer.out


def test_one_of_several_sources_is_named_and_standardising_goes_on(terminal: Terminal) -> None:
    (terminal.folder / "people.csv").write_text("id,name\n1,Mary Kwan\n2,Bob Ray\n")
    (terminal.folder / "sums.csv").write_text("id,amount\n1,10\n2,20\n")
    answer = terminal.dq("run", "people.csv", "sums.csv", "--out", "out", "--workers", "1")
    assert answer.code == 2
    assert "dq: sums: nothing says who" in answer.err
    assert terminal.dq("standardize", "sums.csv", "--out", "out", "--workers", "1").code == 0


@pytest.fixture
def matching(terminal: Terminal) -> Path:
    """Return a copy of the shipped policy of matching beside a small list."""
    (terminal.folder / "list.csv").write_text("id,name,Open receivables\n1,Mary Kwan,10\n2,Bob Ray,\n")
    path = terminal.folder / "own.yml"
    path.write_text((load_settings().standards / "matching.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_every_mistake_in_the_policy_of_matching_is_said_at_once(matching: Path, terminal: Terminal) -> None:
    text = matching.read_text()
    for old, new in (
        ("on: [email], finer: [first_start]", "on: [emial], finer: [first_strat, lastt]"),
        ("    nickname:  ", "    nicknam:  "),
        ("    lowest: 8 ", "    lowest: 12 "),
        ("lei: always", "lei: allways"),
        ("generic_name_above:", "generic_nam_above:"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    matching.write_text(text)
    answer = terminal.dq("match", "list.csv", "--out", "out", "--matching", matching)
    assert answer.code == 2
    for part in (
        "unknown feature `emial`, did you mean `email`?",
        "unknown feature `first_strat`, did you mean `first_start`?; unknown feature `lastt`, did you mean `last`?",
        "person.first_name.nicknam: unknown key (did you mean `nickname`?)",
        "thresholds.safe: review, lowest and highest must not fall",
        "vetoes.lei: Input should be 'always', 'safe' or 'never'",
        "generic_nam_above: unknown key (did you mean `generic_name_above`?)",
    ):
        assert part in answer.err
    assert not (terminal.folder / "out").exists()


def test_a_misspelled_column_of_never_merge_is_an_error_and_another_sources_is_not(
    matching: Path, terminal: Terminal
) -> None:
    text = matching.read_text()
    matching.write_text(text.replace("never_merge: []", "never_merge: [{column: extra.Open recevables, values: []}]"))
    answer = terminal.dq("match", "list.csv", "--out", "out", "--matching", matching, "--workers", "1")
    assert answer.code == 2
    assert "did you mean `extra.Open receivables`?" in answer.err
    matching.write_text(text.replace("never_merge: []", "never_merge: [{column: extra.Contract, values: []}]"))
    answer = terminal.dq("match", "list.csv", "--out", "out", "--matching", matching, "--workers", "1")
    assert answer.code == 0
    assert "no source of this run has the column extra.Contract" in answer.out


@pytest.mark.parametrize(
    ("cells", "customers"),
    [
        ("Mary Kwan,mary@kwan.com,775-555-0101", "1 customers"),  # all identical: one customer
        ("Mary Kwan,,", "700 customers"),  # one block of one common value: nobody is merged for a name
    ],
)
def test_one_huge_block_is_split_and_told(cells: str, customers: str, terminal: Terminal) -> None:
    rows = "".join(f"{number},{cells}\n" for number in range(700))
    (terminal.folder / "list.csv").write_text("id,name,email,phone\n" + rows)
    answer = terminal.dq("match", "list.csv", "--out", "out", "--workers", "1", "--match-at", "balanced")
    assert answer.code == 0, answer
    assert "person_names: 1 block (largest 700 records) split by" in answer.out
    assert f"700 records are {customers}" in answer.out


def test_records_that_share_no_filled_column_are_compared_with_nobody(terminal: Terminal) -> None:
    rows = ["id,first_name,last_name,email,phone", "1,Ann,,,", "2,,Lee,,", "3,,,a@b.com,", "4,,,,775-555-0101"]
    (terminal.folder / "list.csv").write_text("\n".join([*rows, *(f"{number},,,," for number in range(5, 40))]) + "\n")
    answer = terminal.dq("match", "list.csv", "--out", "out", "--workers", "1", "--match-at", "balanced")
    assert answer.code == 0, answer
    assert "39 records are 39 customers; 0 pairs wait" in answer.out
