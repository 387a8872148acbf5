"""Documents under test: what is not described, leads nowhere or is no longer true fails the build."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml

from dq.cli.app import app
from dq.standards.costs import Costs
from dq.standards.dimensions import Dimensions
from dq.standards.ingest import Ingest
from dq.standards.lookups import Lookups
from dq.standards.matching import Matching
from dq.standards.parking import Parking
from dq.standards.reader import Policy
from dq.standards.rule_arguments import EXPECTATIONS, TABLES
from dq.standards.rules import Rule
from dq.standards.sources import SourcePolicy
from dq.standards.stewardship import Stewardship
from dq.standards.style import Style
from dq.standards.survivorship import Survivorship, SurvivorshipRule
from dq.standards.targets import Target
from tests.sessions import DOCUMENTS, ROOT, commands_of, replay, sessions_of

SECTIONS = (
    Costs,
    Dimensions,
    Ingest,
    Lookups,
    Matching,
    Parking,
    SourcePolicy,
    Stewardship,
    Style,
    Survivorship,
    Target,
)
RULE_FILES = sorted((ROOT / "expectations").glob("*.yml"))
COMMANDS = typer.main.get_command(app)
# Each word is put together, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    r"(?<![\w.:])/(?:work|root|tmp|home)/\w"  # a place on somebody's machine
    r"|\.\./sha" r"red\b"
    r"|file:" r"///"
    r"|files\.python" r"hosted"
    r"|(?i:sub" r"agent)"
)  # fmt: skip


@cache
def text_of(place: str) -> str:
    """Return a document of the repository."""
    return (ROOT / place).read_text(encoding="utf-8")


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files the repository keeps."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def documents() -> list[Path]:
    """Return every Markdown file."""
    return [path for path in tracked() if path.suffix == ".md"]


def code_of(document: Path) -> list[str]:
    """Return what stands in code style: fenced blocks and words between backticks."""
    text = document.read_text(encoding="utf-8")
    fenced = re.findall(r"^```.*?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return fenced + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def policies_of(section: type[Policy]) -> Iterator[type[Policy]]:
    """Yield a section and every policy its fields are made of."""
    yield section
    pending = [field.annotation for field in section.model_fields.values()]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, Policy):
            yield from policies_of(annotation)
        pending += get_args(annotation)


def is_named(word: str, text: str) -> bool:
    """Tell whether a word stands in code style somewhere, alone or among others."""
    return re.search(rf"`[^`\n]*(?<![\w.-]){re.escape(word)}(?![\w-])[^`\n]*`", text) is not None


@pytest.mark.parametrize(
    ("text", "expected"), [("`trusted` and trust", False), ("`key: trust`", True), ("`x-trust`", False)]
)
def test_a_word_inside_another_is_not_that_word(text: str, expected: bool) -> None:
    assert is_named("trust", text) is expected


# ---- the terminal -------------------------------------------------------------------------------------------------
def leaves(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something by its full name, those of groups as `group command`."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def options() -> list[tuple[str, str]]:
    """Return (command, option) for every option of every command."""
    return [
        (name, option)
        for name, command in leaves(COMMANDS)
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
    ]


@pytest.mark.parametrize("command", sorted({command for command, _ in options()} | {"explain"}))
def test_every_command_is_described(command: str) -> None:
    assert f"`dq {command} " in text_of("dq/cli/README.md")


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_described_with_its_command(command: str, option: str) -> None:
    lines = [
        line for line in text_of("dq/cli/README.md").splitlines() if line.startswith("|") and is_named(option, line)
    ]
    assert lines, f"{option} of dq {command} is not in dq/cli/README.md"
    same = next(line for line in text_of("dq/cli/README.md").splitlines() if "`--key COLUMN`" in line)
    of = " ".join(same if "| same |" in line else line for line in lines)
    assert re.search(rf"\b{command}\b", of), f"{option} is not said to be an option of dq {command}"


def test_no_option_is_described_that_does_not_exist() -> None:
    known = {option for _, option in options()} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text_of("dq/cli/README.md"))) <= known


@pytest.mark.parametrize("document", [path.relative_to(ROOT).as_posix() for path in documents()])
def test_commands_in_documents_have_the_options_they_use(document: str) -> None:
    known: dict[str, set[str]] = {}
    for command, option in options():
        known.setdefault(command.split()[0], set()).add(option)
    for command, rest in re.findall(r"(?:^|[\s/`$])dq ([a-z]+) ([^`|\n]*)", text_of(document).replace("\\\n", " ")):
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
            assert option in known.get(command, set()), f"{document}: dq {command} {option}"


# ---- policy -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_of_the_standards_is_described(section: type[Policy]) -> None:
    page = text_of("standards/README.md")
    keys = sorted({key for policy in policies_of(section) for key in policy.model_fields})
    assert [key for key in keys if not is_named(key, page)] == []


@pytest.mark.parametrize("rule", get_args(SurvivorshipRule))
def test_every_survivorship_rule_is_described(rule: str) -> None:
    assert f"`{rule}`" in text_of("standards/README.md")


def test_every_file_of_the_standards_is_described() -> None:
    page, sample = text_of("standards/README.md"), text_of("standards/reference/sample/README.md")
    missing = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.is_relative_to(ROOT / "standards") and path.suffix in {".yml", ".csv"}
        if not is_named(path.name, sample if path.parent.name == "sample" else page)
    ]
    assert missing == []


def test_every_build_script_is_named_beside_what_it_makes() -> None:
    pages = text_of("standards/README.md") + text_of("standards/reference/sample/README.md")
    scripts = sorted((ROOT / "standards/reference/build").glob("*.py"))
    assert [path.name for path in scripts if f"build/{path.name}" not in pages] == []


# ---- rules --------------------------------------------------------------------------------------------------------
def test_every_rule_has_an_id_of_its_own() -> None:
    ids = [rule["rule_id"] for path in RULE_FILES for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]]
    assert len(ids) >= 25
    assert [rule_id for rule_id, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_every_rule_file_opens_with_its_grain(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert [line.partition(":")[0] for line in lines[:3]] == ["layer", "grain", "rules"]
    assert f"`{path.name}`" in text_of("expectations/README.md")


@pytest.mark.parametrize("key", [key for key in Rule.model_fields if key != "layer"])
def test_every_key_of_a_rule_is_described(key: str) -> None:
    assert re.search(rf"^(?:  - |    ){key}:|`{key}`", text_of("expectations/README.md"), re.MULTILINE)


def test_every_expectation_and_table_is_described() -> None:
    page = text_of("expectations/README.md")
    shortened = {name for name in EXPECTATIONS if f"`…{name.removeprefix('expect_column_values')}`" in page}
    assert [name for name in EXPECTATIONS if name not in shortened and f"`{name}`" not in page] == []
    assert [table for tables in TABLES.values() for table in tables if not is_named(table, page)] == []


# ---- every document -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("document", [path.relative_to(ROOT).as_posix() for path in documents()])
def test_links_lead_somewhere(document: str) -> None:
    places = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text_of(document))
    folder = (ROOT / document).parent
    assert [place for place in places if not (folder / place).exists()] == []


def test_every_room_has_a_page() -> None:
    rooms = ["dq", "flows", "expectations", "standards", "sample_data", "tests", "tests/benchmarks"]
    listed = re.findall(r"^\| \[\w+\]\((\w+)/README\.md\)", text_of("dq/README.md"), re.MULTILINE)
    packages = {path.parent.name for path in (ROOT / "dq").glob("*/__init__.py")}
    in_other_pages = {"sample", "text", "standards"}
    assert set(listed) == packages - in_other_pages
    assert [room for room in rooms if not (ROOT / room / "README.md").is_file()] == []


def test_make_targets_in_documents_exist() -> None:
    known = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {target for path in documents() for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(code_of(path)))}
    assert {"demo", "test", "check"} <= named <= known


def test_nothing_names_a_place_outside_the_repository() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:8000] or path.suffix == ".lock":
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if FOREIGN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_sessions_are_true(document: str, tmp_path: Path) -> None:
    blocks = sessions_of(ROOT / document)
    assert any(command.startswith("dq run ") for block in blocks for command in commands_of(block))
    assert "\n".join(replay(blocks, tmp_path)) == "\n".join(blocks), "run `make golden`, or mend what changed"
