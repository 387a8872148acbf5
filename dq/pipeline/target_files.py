"""Files of targets and of what CRMs say about themselves: lists, imports, differences."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from dq.conversion.metadata import Facts, object_described, read_metadata
from dq.conversion.renewing import Difference, compare, renewed
from dq.errors import Problem, SettingsError, SourceError, StandardsError
from dq.settings import Settings
from dq.standards.reader import read_document
from dq.standards.targets import Target, load_target, read_target
from dq.tables.writing import atomic

_SOURCE: Final = "instance"
"""Key in `sources` of facts that come from one's own instance."""


@dataclass(frozen=True)
class Described:
    """What a metadata file says of one object of a target."""

    target: Target
    thing: str
    facts: Facts
    picklists: Mapping[str, tuple[str, ...]]


def describe(settings: Settings, name: str, file: Path, thing: str | None) -> Described:
    """Read a metadata file.

    Raises:
        SettingsError: The target is unknown, or the object is and the file does not say which it describes.
        SourceError: The file is no JSON, describes another object or another system's, or is none of the known forms.
    """
    target = load_target(settings.standards, name)
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise SourceError(f"{file} is no file", "check the path") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(f"{file} is no JSON: {error}", "export the describe as JSON, as it comes") from error
    found = thing or object_described(document, target)
    if found not in target.objects:
        said = f"--object {found} is unknown" if found else f"{file} does not say which object it describes"
        raise SettingsError(said, f"name one with --object: {', '.join(target.objects)}")
    facts, picklists = read_metadata(document, target, found)
    if not set(facts) & set(target.objects[found].fields):
        # Contact is an object of several CRMs: the field names tell whose it is.
        raise SourceError(
            f"none of the {len(facts):,} fields that {file} describes is a field of {target.title} {found}: "
            f"{', '.join(sorted(facts)[:3])}, …",
            f"name the target it belongs to instead of {name}, or another file",
        )
    return Described(target, found, facts, picklists)


def differences(described: Described) -> tuple[Difference, ...]:
    """Return what the metadata say otherwise than the target."""
    return compare(described.target, described.thing, described.facts, described.picklists)


def import_facts(settings: Settings, name: str, file: Path, described: Described, out: Path | None) -> Path:
    """Write the target with the facts of the metadata; return where it is.

    Args:
        settings: Where the target's file is now.
        name: The target.
        file: The metadata, named as source of the facts.
        described: What they say.
        out: File to write; None for the home's own.

    Raises:
        SettingsError: There is no home with standards of its own and no file is named, or a folder is.
        StandardsError: With everything that would be wrong in the new file; nothing is written then.
    """
    if out is None and not settings.has_own_standards:
        raise SettingsError(
            "there is no home with standards of its own to keep the target in", "name a file: --out FILE"
        )
    place = out or settings.standards / "targets" / f"{name}.yml"
    if place.is_dir():
        raise SettingsError(f"--out {out} is a folder", "name a file")
    problems: list[Problem] = []
    document = read_document(settings.standards / "targets" / f"{name}.yml", problems)
    assert isinstance(document, dict), "the target was read before"
    made = renewed(document, described.thing, described.facts, described.picklists, _SOURCE)
    made["sources"] = {**made["sources"], _SOURCE: {"title": f"metadata of the instance: {file.name}"}}
    place.parent.mkdir(parents=True, exist_ok=True)
    with atomic(place) as unfinished:
        unfinished.write_text(_text(made), encoding="utf-8")
        checked = unfinished.with_suffix(".yml")
        checked.write_text(_text(made), encoding="utf-8")
        try:
            read_target(checked, problems)
        finally:
            checked.unlink()
        if problems:
            raise StandardsError(problems)
    return place


def _text(document: Mapping[str, Any]) -> str:
    """Write a target's file: a field a line, so that differences can be read."""
    text = yaml.safe_dump(_bare(document), allow_unicode=True, sort_keys=False, default_flow_style=None, width=150)
    return f"# Written by dq target import. It may be edited: the next import keeps what fields are made of.\n{text}"


def _bare(value: Any) -> Any:
    """Return the document with numbers and yes and no as such: written without quotes they are easier to read."""
    if isinstance(value, Mapping):
        return {key: _bare(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return list(value)
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and value.isdecimal() and str(int(value)) == value else value
