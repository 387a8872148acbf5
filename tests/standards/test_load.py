"""Policy as one value: read whole, hashed, sent to workers; mistakes told all at once."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dq.errors import Problem, StandardsError
from dq.settings import load_settings
from dq.standards import Standards, load_standards
from dq.standards.reader import Policy, read_document, read_section, suggest


class Sample(Policy):
    """A section for these tests."""

    name: str
    weight: float = 1.0


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    settings = load_settings()
    for folder in (settings.standards, settings.expectations):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("build"))
    return tmp_path / "standards", tmp_path / "expectations"


def problems_of(folders: tuple[Path, Path]) -> list[str]:
    with pytest.raises(StandardsError) as told:
        load_standards(*folders)
    return [str(problem) for problem in told.value.problems]


def test_scalars_are_text_and_duplicate_keys_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("state: NO\nzip: 01234\nwhen: 2020-01-01\nlist: [1e5, yes, null]\n")
    problems: list[Problem] = []
    assert read_document(path, problems) == {
        "state": "NO", "zip": "01234", "when": "2020-01-01", "list": ["1e5", "yes", "null"],
    }  # fmt: skip
    path.write_text("a: 1\na: 2\n")
    read_document(path, problems)
    assert [problem.key for problem in problems] == ["line 2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: x\nwieght: 2\n", "did you mean `weight`?"),
        (b"name: x\nweight: heavy\n", "got 'heavy'"),
        (b"weight: 2\n", "name"),
        (b"- a\n- b\n", "a mapping is expected"),
        (b"name: [\n", "not valid YAML"),
        (b"name: caf\xe9\n", "not UTF-8"),
        (b"name: x\n\tweight: 2\n", "not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "sample.yml"
    path.write_bytes(content)
    problems: list[Problem] = []
    assert read_section(path, Sample, problems) is None
    assert len(problems) == 1
    assert message in str(problems[0])
    assert problems[0].file == "sample.yml"


def test_an_unknown_word_is_answered_with_the_nearest_or_all() -> None:
    assert suggest("nmae", ["name", "weight"]) == "did you mean `name`?"
    assert suggest("zzz", ["weight", "name"]) == "known: `name`, `weight`"


def test_every_mistake_of_every_file_is_told_at_once(folders: tuple[Path, Path]) -> None:
    standards, expectations = folders
    (standards / "style.yml").write_text("address_case: loud\nname_case: shout\n")
    (standards / "survivorship.yml").unlink()
    (standards / "sources").mkdir(exist_ok=True)
    (standards / "sources" / "crm.yml").write_text("time_zone: Mars/Olympus\ntrust: 0\n")
    rules = expectations / "customers_golden.yml"
    rules.write_text(rules.read_text().replace("layer: golden", "layer: gold", 1))
    told = "\n".join(problems_of(folders))
    for part in ("address_case", "name_case", "survivorship.yml: the file is missing", "Mars/Olympus", "trust", "gold"):
        assert part in told


def _reorder(folder: Path) -> None:
    path = folder / "style.yml"
    path.write_text(path.read_text() + "\n# a remark\n")


def _note(folder: Path) -> None:
    (folder / "notes.txt").write_text("no policy")


@pytest.mark.parametrize(("change", "same"), [(_reorder, False), (_note, True)])
def test_the_hash_follows_the_bytes_of_policy(
    folders: tuple[Path, Path], change: Callable[[Path], None], same: bool
) -> None:
    before = load_standards(*folders).hash
    change(folders[0])
    assert (load_standards(*folders).hash == before) is same


def test_policy_survives_the_way_to_a_worker() -> None:
    settings = load_settings()
    here = load_standards(settings.standards, settings.expectations)
    there = pickle.loads(pickle.dumps(here))
    assert isinstance(there, Standards)
    assert there == here
    assert there.source("unheard of") == here.source("unheard of")


def test_reference_tables_are_text() -> None:
    settings = load_settings()
    states = load_standards(settings.standards, settings.expectations).table("states")
    assert {"NA", "ND"} & set(states["code"]) == {"ND"}
    assert not states.isna().any(axis=None)
