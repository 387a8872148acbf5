"""What is in force for a workbook: what columns are taken for, what fields are made of, what was applied last."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dq.conversion.book import (
    ARCHIVE,
    DROP,
    MIGRATE,
    Answers,
    ColumnAnswer,
    FieldAnswer,
    Present,
    answers_in,
)
from dq.conversion.book.answers import ColumnPlace
from dq.errors import SourceError
from dq.settings import Settings
from dq.standards import Standards
from dq.standards.targets import PARK, Target, parent_field
from dq.tables.recognition import SourceMapping
from dq.tables.recognition.source_mapping import ColumnMapping, TableMapping
from dq.tables.recognition.targets import EXTRA, IGNORE, KEY

KEPT = "mapping"
"""Folder of what was applied: below `var/` of a home."""


def kept_folder(settings: Settings, out: Path | None) -> Path | None:
    """Return where what was applied is kept; None without a home or a folder."""
    return out / KEPT if out is not None else settings.home / "var" / KEPT if settings.home is not None else None


def last_applied(settings: Settings, target: str) -> Answers:
    """Return what was applied last in the home; nothing where nothing was.

    Raises:
        SourceError: The file was edited into something else.
    """
    folder = kept_folder(settings, None)
    if folder is None or not (folder / f"{target}.json").is_file():
        return Answers()
    path = folder / f"{target}.json"
    try:
        return answers_in(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} is not what dq workbook apply writes", "restore it from a backup") from error


def objects_of(target: Target, assign: str) -> tuple[str, ...]:
    """Return the objects that a policy fills, parents first."""
    named = {line.object for line in target.assign[assign] if line.object != PARK}
    for thing in sorted(named):
        field = parent_field(target, thing)
        if field is not None:
            named.add(target.in_force(thing)[field].refers_to)
    return tuple(thing for thing in target.load_order() if thing in named)


def present_of(
    mappings: Sequence[SourceMapping], standards: Standards, target: Target, objects: Sequence[str], last: Answers
) -> Present:
    """Return what is in force.

    Args:
        mappings: How the sources are read now.
        standards: Policy, the sources' own.
        target: The target as it is now.
        objects: Those the workbook has sheets for.
        last: What was applied last.
    """
    columns: dict[ColumnPlace, ColumnAnswer] = {}
    locked: dict[ColumnPlace, str] = {}
    for mapping in mappings:
        policy = standards.source(mapping.source)
        for table in mapping.tables:
            archived = policy.table(table.table).archive
            for column in table.columns:
                place = (mapping.source, table.table, column.header)
                columns[place] = _column(column, archived, last.columns.get(place), policy.owner or "")
                reason = _reason_to_stay(column, table)
                if reason:
                    locked[place] = reason
    fields = {
        (thing, key): FieldAnswer(field.value, last.fields.get((thing, key), FieldAnswer()).remark)
        for thing in objects
        for key, field in target.in_force(thing).items()
        if field.writable
    }
    return Present(target, Answers(columns, fields, last.picklists), locked)


def _column(column: ColumnMapping, archived: Sequence[str], last: ColumnAnswer | None, owner: str) -> ColumnAnswer:
    left_out = column.target.column == IGNORE
    decision = MIGRATE if not left_out else ARCHIVE if column.header in archived else DROP
    taken_for = "" if left_out or column.target.column == EXTRA else str(column.target)
    if last is None:
        return ColumnAnswer(taken_for, decision, owner=owner)
    known = replace(last, taken_for=taken_for, decision=decision)
    if known != last:  # what was signed is no longer what holds
        return replace(known, signed_by="", signed_on="")
    return known


def _reason_to_stay(column: ColumnMapping, table: TableMapping) -> str:
    if column.target.column == KEY:
        return "it is the key of its rows"
    foreign = next((key for key in table.foreign_keys if key.header == column.header), None)
    if foreign is None or foreign.meaning == "owner":  # who a row belongs to may be said by another column
        return ""
    return f"it holds the keys of {foreign.table or 'its own table'}"


def registered(folder: Path | None, target: str) -> Mapping[str, Path]:
    """Return the files that are kept for a target, by what they are."""
    if folder is None:
        return {}
    return {"register": folder / f"{target}.json", "proposals": folder / f"{target}.proposals.csv"}
