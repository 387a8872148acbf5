"""`dq train` as a person uses it: what it says, what it writes, and when it writes nothing."""

import csv
from pathlib import Path

import pytest
import yaml

from dq.model import JUDGEMENTS_TABLE
from dq.settings import load_settings
from dq.standards import load_standards
from tests.cli.terminals import Terminal

OPTIONS = ("--as-of", "2026-11-22", "--workers", "1", "--quiet", "--match-at", "balanced")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with people of whom every second stands there twice, and who they are."""
    folder = tmp_path_factory.mktemp("labelled")
    firsts = ["Otto", "Mabel", "Ruth", "Ezra", "Lena", "Hugo", "Ida", "Carl", "Nora", "Abel"]
    lasts = ["Zywicki", "Quill", "Marsh", "Okafor", "Brandt", "Lopez", "Weiss", "Tanaka", "Ferro", "Kovac"]
    rows, truth = [["key", "first_name", "last_name", "city", "birth_date"]], [["record_id", "true_id"]]
    for number in range(100):
        first, last = firsts[number % 10], lasts[number // 10]
        born = f"{1950 + number % 50}-0{1 + number % 9}-1{number % 10}"
        rows.append([f"a{number}", first, last, "Reno", born])
        truth.append([f"a{number}", f"T{number}"])
        if number % 2:
            spelled = last[:-1] if number % 4 == 1 else last
            rows.append([f"b{number}", first, spelled, "Reno", born])
            truth.append([f"b{number}", f"T{number}"])
    for name, table in (("people", rows), ("truth", truth)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
    return folder


@pytest.fixture
def trained(labelled: Path, terminal: Terminal) -> Path:
    """Return the folder of a finished run beside its truth."""
    out = labelled / "run"
    if not out.is_dir():
        assert terminal.dq("match", labelled / "people.csv", "--key", "key", "--out", out, *OPTIONS).code == 0
    return out


def test_a_trained_file_loads_is_the_same_again_and_is_used(trained: Path, labelled: Path, terminal: Terminal) -> None:
    truth = labelled / "truth.csv"
    before = terminal.dq("train", trained, "--labels", truth)
    assert before.code == 0, before
    assert "Version 2 of matching.yml would say:" in before.out
    assert not list(terminal.folder.iterdir())
    for name in ("one.yml", "two.yml"):
        answer = terminal.dq("train", trained, "--labels", truth, "--out", name)
        assert answer.code == 0, answer
        assert f"dq match --matching {name} uses it" in answer.out
    one = terminal.folder / "one.yml"
    assert one.read_bytes() == (terminal.folder / "two.yml").read_bytes()
    settings = load_settings()
    matching = load_standards(settings.standards, settings.expectations, one).matching
    assert matching.version == 2
    assert matching.trained_on is not None
    assert matching.trained_on.labelled_pairs > 40
    again = terminal.dq("match", labelled / "people.csv", "--key", "key", "--out", "again", *OPTIONS, "--matching", one)
    assert again.code == 0, again
    assert (terminal.folder / "again" / "matching.yml").read_text() == one.read_text()
    third = terminal.dq("train", "again", "--labels", truth, "--out", "three.yml")
    assert third.code == 0
    if (terminal.folder / "three.yml").exists():
        assert yaml.safe_load((terminal.folder / "three.yml").read_text())["version"] == 3


def test_judgements_alone_move_no_u(trained: Path, terminal: Terminal) -> None:
    columns = list(JUDGEMENTS_TABLE.columns)
    with (terminal.folder / "judgements.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for number in range(1, 100, 2):
            pair = {"record_id_l": f"people:a{number}", "record_id_r": f"people:b{number}", "judgement": "SAME"}
            writer.writerow({"judgement_id": f"j{number}", "judged_at": "2026-11-22", **pair})
    answer = terminal.dq("train", trained, "--judgements", "judgements.csv")
    assert answer.code == 0, answer
    assert "0 labelled and 50 judged pairs" in answer.out
    assert "random pairs" not in answer.out
    assert "Judged pairs are those somebody had doubts about" in answer.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "there is nothing to learn from"),
        (("--labels", "nope.csv"), "--labels nope.csv is no file"),
        (("--labels", "few.csv"), "are too few to learn from"),
        (("--labels", "strange.csv"), "none of the 1 records of strange.csv is in the run"),
        (("--labels", "twice.csv"), "twice.csv names people:a1 twice"),
        (("--labels", "wrong.csv"), "wrong.csv lacks the column true_id"),
    ],
)
def test_labels_that_teach_nothing_are_refused(
    options: tuple[str, ...], message: str, trained: Path, terminal: Terminal
) -> None:
    for name, text in (
        ("few", "record_id,true_id\na1,A\nb1,A\na2,B\n"),
        ("strange", "record_id,true_id\nzz,A\n"),
        ("twice", "record_id,true_id\na1,A\na1,B\n"),
        ("wrong", "record_id,customer\na1,A\n"),
    ):
        (terminal.folder / f"{name}.csv").write_text(text)
    answer = terminal.dq("train", trained, *options, "--out", "new.yml")
    assert answer.code == 2
    assert message in answer.said[0]
    assert len(answer.said) == 2
    assert not (terminal.folder / "new.yml").exists()
