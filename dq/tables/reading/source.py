"""What the user names as sources on the command line; checks names and paths, opens nothing."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dq.errors import DQError, SettingsError, SourceError

_COMPRESSED = {".gz", ".zip"}
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Source:
    """A named extract: one file, or a folder of parts or of related tables."""

    name: str
    path: Path


def safe_name(text: str) -> str:
    """Turn any text into a name that is safe in record ids, file names and queries.

    >>> safe_name("Customers: März/2024 #1")
    'Customers_M_rz_2024_1'
    """
    return _UNSAFE.sub("_", text).strip("_.-") or "table"


def stem_of(path: Path) -> str:
    """Return the file name without its ending and the ending of a compression.

    >>> stem_of(Path("crm/accounts.csv.gz"))
    'accounts'
    """
    name = path.name
    if path.suffix.lower() in _COMPRESSED:
        name = name[: -len(path.suffix)]
    return Path(name).stem if not path.is_dir() else path.name


def parse_sources(arguments: Sequence[str]) -> tuple[Source, ...]:
    """Read `PATH` or `name=PATH` arguments; the name defaults to the file's stem, made safe.

    Raises:
        SettingsError: A name is unsafe or given twice.
        SourceError: A path is missing, empty, unreadable or a folder without files. All problems at once.
    """
    if not arguments:
        raise SettingsError("no source was named", "name at least one file or folder")
    sources = [_parse(argument) for argument in arguments]
    unreadable = [problem for source in sources if (problem := _problem(source.path))]
    misnamed = _misnamed(sources)
    if not unreadable and not misnamed:
        return tuple(sources)
    error: type[DQError] = SourceError if unreadable else SettingsError
    hints = []
    if unreadable:
        hints.append("check the paths")
    if misnamed:
        hints.append("name each source as name=PATH with letters, digits, '_', '.' and '-'")
    raise error("; ".join([*unreadable, *misnamed]), " and ".join(hints))


def _parse(argument: str) -> Source:
    name, equals, rest = argument.partition("=")
    # A file may have "=" in its own name; a path that exists as typed wins.
    if equals and name and rest and not Path(argument).exists() and "/" not in name:
        return Source(name, Path(rest))
    path = Path(argument)
    return Source(safe_name(stem_of(path.resolve() if path.name in ("", "..") else path)), path)


def _problem(path: Path) -> str:
    text = str(path)
    if "://" in text or re.match(r"\w+:/+[^/].*#", text):
        return f"{text} is a database address, which cannot be read as a source"
    if not path.exists():
        return f"{path} does not exist"
    if not os.access(path, os.R_OK):
        return f"{path} cannot be read with the present permissions"
    if path.is_dir():
        return "" if any(path.iterdir()) else f"{path} is an empty folder"
    if not path.is_file():
        return f"{path} is neither a file nor a folder"
    return "" if path.stat().st_size else f"{path} is an empty file"


def _misnamed(sources: Sequence[Source]) -> list[str]:
    problems = [
        f"the source name {source.name!r} has characters that are not allowed (try {safe_name(source.name)!r})"
        for source in sources
        if _UNSAFE.search(source.name) or source.name in (".", "..")
    ]
    first: dict[str, Source] = {}
    for source in sources:
        # Ignoring case: names become folders, and some file systems ignore case.
        other = first.setdefault(source.name.casefold(), source)
        if other is not source:
            problems.append(f"two sources are named {source.name!r}: {other.path} and {source.path}")
    return problems
