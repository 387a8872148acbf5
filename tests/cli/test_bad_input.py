"""What cannot be run is refused in one line and a hint, with exit 2; nothing is written."""

import shutil
from pathlib import Path

import pytest

from dq.settings import load_settings
from tests.cli.terminals import Terminal

ROWS = "id,name,city,state\n1,Mary Kwan,Dayton,OH\n2,Bob Ray,Akron,OH\n"


@pytest.fixture
def folder(terminal: Terminal) -> Path:
    """Fill the working folder with sources that are right and wrong."""
    here = terminal.folder
    (here / "good.csv").write_text(ROWS)
    (here / "empty.csv").write_text("")
    (here / "blank.csv").write_text("\n  \n\n")
    (here / "header.csv").write_text("id,name\n")
    (here / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (here / "program.csv").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(4000))
    (here / "notes").mkdir()
    (here / "notes" / "thesis.docx").write_text("not dq's")
    (here / "nothing").mkdir()
    (here / "inputs").mkdir()
    (here / "inputs" / "a.csv").write_text(ROWS)
    return here


WRONG_SOURCES = [
    (["missing.csv"], "missing.csv does not exist"),
    (["empty.csv"], "empty.csv is an empty file"),
    (["blank.csv"], "blank.csv has no line that can be read"),
    (["header.csv"], "header.csv has a header but no rows"),
    (["photo.csv"], "photo.csv is a picture"),
    (["program.csv"], "program.csv is"),
    (["nothing"], "nothing is an empty folder"),
    (["notes"], "the folder notes holds no table"),
    (["x=good.csv", "x=inputs"], "two sources are named 'x'"),
    (["good.csv", "empty.csv"], "empty.csv is an empty file"),
]

WRONG_OPTIONS = [
    (["--match-at", "wild"], "--match-at wild is unknown"),
    (["--as-of", "soon"], "--as-of soon is no date"),
    (["--country", "USA"], "--country USA is no country code"),
    (["--country", "QQ"], "--country QQ is no country"),
    (["--key", "nope"], "no source has the column of --key nope"),
    (["--ignore", "nope", "--map", "neither=city"], "no source has the column of --map neither, --ignore nope"),
    (["--map", "name"], "--map name is not HEADER=COLUMN"),
    (["--map", "name=city", "--map", "name=state"], "--map contradicts itself: name is city and state"),
    (["--map", "name=city", "--ignore", "name"], "--map contradicts itself: name is city and nothing (--ignore)"),
    (["--map", "name=nonsense"], "--map name=nonsense names no column of dq"),
    (["--judgements", "nope.csv"], "--judgements nope.csv is no file"),
    (["--judgements", "good.csv"], "good.csv lacks the column"),
    (["--overrides", "good.csv"], "good.csv lacks the column"),
    (["--previous", "inputs"], "--previous inputs holds no crosswalk.csv"),
]

WRONG_PLACES = [
    ("inputs/out", ["inputs"], "lies inside the source"),
    ("inputs", ["inputs"], "lies inside the source"),
    ("good.csv", ["good.csv"], "holds the source"),
    (".", ["good.csv"], "holds the source"),
    ("notes", ["good.csv"], "holds something that dq did not write"),
    ("empty.csv", ["good.csv"], "is a file"),
    ("empty.csv/out", ["good.csv"], "which is a file"),
]


def refused(terminal: Terminal, *arguments: str) -> str:
    """Run the command; return the message after checking that nothing else was said or done."""
    before = sorted(path.relative_to(terminal.folder) for path in terminal.folder.rglob("*"))
    answer = terminal.dq(*arguments)
    assert answer.code == 2, answer
    assert "Traceback" not in answer.err
    assert answer.said[0].startswith("dq: ")
    assert len(answer.said) == 2
    assert answer.said[1].startswith("    ")
    assert sorted(path.relative_to(terminal.folder) for path in terminal.folder.rglob("*")) == before
    return answer.said[0]


@pytest.mark.parametrize(("sources", "message"), WRONG_SOURCES, ids=lambda value: str(value)[:30])
def test_a_source_that_is_no_table(terminal: Terminal, folder: Path, sources: list[str], message: str) -> None:
    assert message in refused(terminal, "run", *sources, "--out", "out", "--quiet")


@pytest.mark.parametrize(("options", "message"), WRONG_OPTIONS, ids=lambda value: str(value)[:30])
def test_an_option_that_is_wrong(terminal: Terminal, folder: Path, options: list[str], message: str) -> None:
    assert message in refused(terminal, "run", "good.csv", "--out", "out", "--quiet", *options)


@pytest.mark.parametrize(("out", "sources", "message"), WRONG_PLACES, ids=lambda value: str(value)[:30])
def test_an_output_folder_that_would_destroy_something(
    terminal: Terminal, folder: Path, out: str, sources: list[str], message: str
) -> None:
    assert message in refused(terminal, "run", *sources, "--out", out, "--quiet").lower()


@pytest.mark.parametrize("command", ["standardize", "match", "profile"])
def test_the_smaller_commands_refuse_alike(terminal: Terminal, folder: Path, command: str) -> None:
    out = [] if command == "profile" else ["--out", "out"]
    assert "does not exist" in refused(terminal, command, "missing.csv", *out)


def test_questions_to_a_folder_that_is_no_run(terminal: Terminal, folder: Path) -> None:
    assert "is no finished run" in refused(terminal, "explain", "inputs", "a", "b")
    assert "is no finished run" in refused(terminal, "evaluate", "inputs", "good.csv")


def test_an_unknown_format(terminal: Terminal, folder: Path) -> None:
    assert "--format xml is unknown" in refused(terminal, "profile", "good.csv", "--format", "xml")


def test_policy_with_mistakes_is_told_whole(terminal: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes in a rule file, the style and the matching policy at once; every one is named, with a hint."""
    home = terminal.folder / "home"
    settings = load_settings()
    for source in (settings.standards, settings.expectations):
        shutil.copytree(source, home / source.name, ignore=shutil.ignore_patterns("build"))
    (home / "dq.toml").write_text('key = "a secret of at least sixteen"\n')
    rules = home / "expectations" / "customers_raw.yml"
    rules.write_text(rules.read_text().replace("severity: warn", "severity: wran", 1))
    (home / "standards" / "style.yml").write_text("address_case: loud\naddres_words: expand\n")
    matching = home / "standards" / "matching.yml"
    matching.write_text(matching.read_text() + "\nunheard_of: 1\n")
    monkeypatch.setenv("DQ_HOME", str(home))
    answer = terminal.dq("run", "good.csv", "--out", "out", "--quiet")
    assert answer.code == 2
    assert "Traceback" not in answer.err
    for told in ("customers_raw.yml", "wran", "style.yml", "loud", "did you mean `address_words`?", "unheard_of"):
        assert told in answer.err, answer.err
    assert not list(terminal.folder.glob("out*"))
