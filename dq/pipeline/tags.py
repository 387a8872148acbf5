"""Names for runs: a tag, such as `mock-1` or `cut-over`, stands in the manifest of the one run it names."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from dq.errors import ConflictError, SettingsError
from dq.settings import Settings

MANIFEST: Final = "manifest.json"
_TAG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""What stands in an address and on a command line without quotes, and in a column of a terminal."""


def check_tag(tag: str, out: Path, settings: Settings) -> None:
    """Refuse a tag that is none, or that names another run of the home or beside the output folder.

    Raises:
        SettingsError: It is no tag.
        ConflictError: It names another run; the hint says which.
    """
    if not _TAG.fullmatch(tag):
        raise SettingsError(
            f"--tag {tag!r} is no tag", "letters, digits, dots, hyphens and underscores, 40 at most, such as mock-1"
        )
    others = [folder for folder in named_so(tag, folders(settings, out.parent)) if folder.resolve() != out.resolve()]
    if others:
        raise ConflictError(
            f"--tag {tag} names the run {others[0]} already", "a tag names one run: choose another, or use that --out"
        )


def folders(settings: Settings, *beside: Path) -> list[Path]:
    """Return the folders of finished runs: those of the home, and those in the folders given."""
    own = {folder.resolve(): folder for folder in home_folders(settings)}
    found = own | {
        path.parent.resolve(): path.parent for place in beside for path in sorted(place.glob(f"*/{MANIFEST}"))
    }
    return list(found.values())


def home_folders(settings: Settings) -> list[Path]:
    """Return the folders of the runs that were taken into the home; none where there is no home."""
    runs = [] if settings.home is None else sorted((settings.home / "var" / "runs").glob(f"*/{MANIFEST}"))
    return [path.parent for path in runs]


def named_so(tag: str, among: Iterable[Path]) -> list[Path]:
    """Return the folders whose run has a tag; of one run in two places only the first."""
    found: dict[str, Path] = {}
    for folder in among:
        manifest = manifest_in(folder)
        if manifest.get("tag") == tag:
            found.setdefault(str(manifest.get("run_id", folder)), folder)
    return list(found.values())


def manifest_in(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, empty where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def find_run(named: str, settings: Settings) -> Path:
    """Return the folder of a run by its path, its id in the home, or its tag; a name of nothing stays a path.

    Raises:
        ConflictError: Several runs have the tag.
    """
    path = Path(named)
    if path.is_dir() or path.name != named:
        return path
    kept = settings.home / "var" / "runs" / named if settings.home else path
    if kept.is_dir():
        return kept
    found = named_so(named, folders(settings, Path()))
    if len(found) > 1:
        listed = ", ".join(str(folder) for folder in found)
        raise ConflictError(f"the tag {named} names several runs", f"give the folder: {listed}")
    return found[0] if found else path
