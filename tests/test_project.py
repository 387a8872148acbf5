"""The project file against the code: what is imported is declared, and locked."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def canonical(name: str) -> str:
    """Return the name of a distribution as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name)[0]).lower()


def imported() -> set[str]:
    """Return the outermost modules that the library and the flows import, wherever in the code."""
    found = set()
    for path in (*(ROOT / "dq").rglob("*.py"), *(ROOT / "flows").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"dq", "flows"}


DECLARED = {
    canonical(name)
    for name in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
}
COMES_WITH = {  # the library whose types these are brings them
    "click": "typer",
    "joserfc": "authlib",
    "numpy": "pandas",
    "starlette": "fastapi",
}


@pytest.mark.parametrize("module", sorted(imported()))
def test_what_is_imported_is_declared(module: str) -> None:
    names = {canonical(name) for name in packages_distributions().get(module, [COMES_WITH.get(module, module)])}
    assert names & DECLARED or COMES_WITH.get(module) in DECLARED, f"{module} is imported but pyproject.toml lacks it"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_what_is_declared_is_locked_with_hashes_and_without_an_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = {canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    assert sorted(DECLARED - locked) == []
    assert text.count("--hash=sha256:") >= len(locked)
    assert "index-url" not in text
