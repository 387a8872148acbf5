"""`dq diff` on the terminal: two folders, in words and as JSON."""

import json
from fractions import Fraction

from tests.cli.terminals import Terminal
from tests.quality.movement.test_counting import write


def test_two_folders_are_held_against_each_other(terminal: Terminal) -> None:
    once = "customer_is_recorded_once"
    write(terminal.folder / "then", {"a": "1", "b": "1"}, [(once, "a")])
    write(terminal.folder / "now", {"a": "1", "b": "1", "c": "1"}, [])
    for name in ("then", "now"):
        (terminal.folder / name / "manifest.json").write_text("{}", encoding="utf-8")
    answer = terminal.dq("diff", "then", "now")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0].startswith("Score: ")
    assert "(+" in lines[0]
    assert any("New records" in line for line in lines)
    assert "By record: 2 then, 3 now: 2 in both, 1 new, 0 gone." in lines
    assert any(line.startswith("  Problems of 2 records in both: 1 fixed, 0 newly broken") for line in lines), lines
    document = json.loads(terminal.dq("diff", "then", "now", "--format", "json", "--out", "lists").out)
    assert document.pop("By record")["counts"]["problems"]["fixed"] == 1
    listed = (terminal.folder / "lists" / "records.csv").read_text(encoding="utf-8").splitlines()
    assert len(listed) == 3  # the head, the new one, the one put right
    for movement in document.values():
        parts = sum((Fraction(part["exact"]) for part in movement["parts"].values()), Fraction(0))
        assert parts == Fraction(movement["exact"]["difference"])


def test_a_run_that_is_none_is_named(terminal: Terminal) -> None:
    answer = terminal.dq("diff", "nothing", "here")
    assert answer.code == 2
    assert answer.said[0] == "dq: there is no run 'nothing'"
    assert terminal.dq("diff", "a", "b", "--format", "xml").code == 2
