"""Where things are: the home folder, the standards in force and the secret key of a home.

A home is a folder with `dq.toml` (`DQ_HOME`, else the nearest parent that has one). Without a home the defaults that
ship with dq apply: in a checkout the folders beside the package, in a wheel `dq/defaults`.
"""

import os
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dq.errors import SettingsError

ONE_OFF_KEY = b"dq one-off run: no home, no secret"
"""Key of content hashes without a home: constant, so that one-off runs are reproducible (CONTRACTS 1)."""

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Settings:
    """Paths and secrets of one start of dq.

    Attributes:
        home: The home folder, None for a one-off run.
        standards: Folder of policy and reference data.
        expectations: Folder of quality rules.
        key: Secret of content hashes and golden ids.
        reference: Folder of licensed reference data and of evidence gathered; need not exist.
        database_url: Where the home's database is (`DQ_DATABASE_URL`), None for `var/dq.db` of the home.
        matching: A file to use instead of `standards/matching.yml`; None for that one.
        suppress: Lists of people not to be mailed that the home always holds a mailing against (`suppress`).
        cut_over: Day on which the customers move into their targets (`DQ_CUT_OVER`, else `cut_over` of the home's
            `dq.toml`); None where nobody says.
    """

    home: Path | None
    standards: Path
    expectations: Path
    key: bytes
    reference: Path
    database_url: str | None = None
    matching: Path | None = None
    suppress: tuple[Path, ...] = ()
    cut_over: date | None = None

    @property
    def has_own_standards(self) -> bool:
        """Whether the home has a policy of its own that may be written to; what ships with dq may not."""
        return self.home is not None and self.standards.is_relative_to(self.home)


def find_home(start: Path) -> Path | None:
    """Return `DQ_HOME`, else the nearest folder from `start` upwards that holds `dq.toml`, else None."""
    declared = os.environ.get("DQ_HOME")
    if declared:
        home = Path(declared)
        if not (home / "dq.toml").is_file():
            raise SettingsError(
                f"DQ_HOME points to {home}, which has no dq.toml", "create dq.toml there or unset DQ_HOME"
            )
        return home.resolve()
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "dq.toml").is_file():
            return folder
    return None


def load_settings(start: Path | None = None) -> Settings:
    """Read the settings in force for a command started in `start` (default: the working folder)."""
    home = find_home(start or Path.cwd())
    content = _read(home / "dq.toml") if home else {}
    return Settings(
        home,
        _folder(home, "standards"),
        _folder(home, "expectations"),
        _home_key(home / "dq.toml", content) if home else ONE_OFF_KEY,
        _reference(home),
        os.environ.get("DQ_DATABASE_URL") or None,
        suppress=_suppress(home, content) if home else (),
        cut_over=_cut_over(os.environ.get("DQ_CUT_OVER") or content.get("cut_over")),
    )


def _reference(home: Path | None) -> Path:
    """Return the folder of reference data: the home's, else `DQ_REFERENCE`, else the user's own data folder."""
    if home:
        return home / "var" / "reference"
    if declared := os.environ.get("DQ_REFERENCE"):
        return Path(declared).absolute()
    # XDG Base Directory Specification: a relative path in the variable is invalid and ignored.
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "dq" / "reference"


def _folder(home: Path | None, name: str) -> Path:
    if home and (home / name).is_dir():
        return home / name
    beside = _PACKAGE.parent / name
    # The checkout comes first: an editable install would otherwise serve a copy frozen at install time.
    if (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    return _PACKAGE / "defaults" / name


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", "mend the file") from error


def _cut_over(said: object) -> date | None:
    """Return the day of the cut-over; TOML knows days, an environment variable only text."""
    if said is None or (isinstance(said, date) and not isinstance(said, datetime)):
        return said
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise SettingsError(
            f"the day of the cut-over, {said}, is no date", "write it as 2026-12-05 in dq.toml or DQ_CUT_OVER"
        ) from error


def _home_key(path: Path, content: dict[str, Any]) -> bytes:
    key = content.get("key") or os.environ.get("DQ_KEY")
    if not isinstance(key, str) or len(key) < 16:
        raise SettingsError(
            f"{path} names no key of at least 16 characters",
            'add a line key = "…" with a secret of your own, or set DQ_KEY',
        )
    return key.encode()


def _suppress(home: Path, content: dict[str, Any]) -> tuple[Path, ...]:
    """Return the lists that `suppress` names, below the home or anywhere; whether they are there is seen on use."""
    named = content.get("suppress", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise SettingsError(
            f"{home / 'dq.toml'}: suppress is no list of files", 'write suppress = ["lists/do_not_mail.csv"]'
        )
    return tuple(home / one for one in named)
