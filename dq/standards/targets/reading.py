"""Targets read from their files and checked whole."""

import difflib
from collections.abc import Iterable
from pathlib import Path

from dq.errors import Problem, SettingsError, StandardsError
from dq.standards.reader import read_section
from dq.standards.targets.contradictions import contradictions
from dq.standards.targets.target import Target


def target_names(folder: Path) -> tuple[str, ...]:
    """Return the targets there are, by name."""
    return tuple(sorted(path.stem for path in (folder / "targets").glob("*.yml")))


def load_target(folder: Path, name: str) -> Target:
    """Return one target of a standards folder; see `load_targets`."""
    return load_targets(folder, (name,))[name]


def load_targets(folder: Path, names: Iterable[str]) -> dict[str, Target]:
    """Read and check targets.

    Args:
        folder: The `standards` folder.
        names: Which, in any order.

    Raises:
        SettingsError: A target does not exist; the hint names the nearest one.
        StandardsError: With every problem of every file.
    """
    known = target_names(folder)
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}? " if close else ""
            raise SettingsError(f"--target {name} is unknown", f"{hint}there are: {', '.join(known)}")
    problems: list[Problem] = []
    targets = {name: read_target(folder / "targets" / f"{name}.yml", problems) for name in names}
    if problems:
        raise StandardsError(problems)
    return {name: target for name, target in targets.items() if target is not None}


def read_target(path: Path, problems: list[Problem]) -> Target | None:
    """Read one target file; adds every problem found to `problems`."""
    target = read_section(path, Target, problems)
    found = [] if target is None else [Problem(path.name, *problem) for problem in contradictions(target)]
    problems += found
    return None if found else target
