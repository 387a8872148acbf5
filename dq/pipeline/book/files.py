"""Turns what a workbook decides into the files other commands read: policy of sources, the target, proposals."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dq.conversion.book import ARCHIVE, DROP, Answers, Present, register_of
from dq.conversion.book.answers import ColumnAnswer
from dq.conversion.book.register import decided_values
from dq.conversion.proposals import PROPOSALS
from dq.standards.editing import Place, first_key, placed
from dq.tables.recognition import SourceMapping
from dq.tables.writing import write_csv_for_people

_OPENING = "# Written by dq workbook apply. It may be edited; see standards/README.md.\n"


def source_text(mapping: SourceMapping, present: str | None, answers: Answers, before: Answers) -> str | None:
    """Return the policy file of a source with the decisions of a workbook; None where nothing was decided about it.

    Args:
        mapping: How the source is read now.
        present: Its file; None where it has none. Keys that say nothing of columns stay, and so does what opens it.
        answers: What holds now.
        before: What held before.
    """
    own = {place: answer for place, answer in answers.columns.items() if place[0] == mapping.source}
    if not any(_says_more(answer, before.columns.get(place)) for place, answer in own.items()):
        return None
    known: dict[str, Any] = {} if present is None else yaml.load(present, Loader=yaml.BaseLoader) or {}  # noqa: S506
    document = {**known, **mapping.to_document()}
    for table in mapping.tables:
        section = document["tables"][table.table] if "tables" in mapping.to_document() else document
        decided = {place[2]: answer for place, answer in own.items() if place[1] == table.table}
        old = known.get("tables", {}).get(table.table, {}) if "tables" in mapping.to_document() else known
        _decide(section, old, decided)
    opening = _OPENING if present is None else present[: first_key(present)]
    return opening + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def _says_more(answer: ColumnAnswer, before: ColumnAnswer | None) -> bool:
    """Tell whether a decision has to be written down: it differs, or somebody signed what was only recognised."""
    changed = before is None or (answer.taken_for, answer.decision) != (before.taken_for, before.decision)
    return changed or bool(answer.signed_by)


def _decide(section: dict[str, Any], old: Mapping[str, Any], decided: Mapping[str, ColumnAnswer]) -> None:
    columns = dict(section.get("columns", {}))
    for header, answer in decided.items():
        if answer.decision in (DROP, ARCHIVE):
            columns.pop(header, None)
        elif answer.taken_for != "key":
            columns[header] = answer.taken_for
    section["columns"] = columns
    for name, wanted in (("ignore", DROP), ("archive", ARCHIVE)):
        left_out = [header for header, answer in decided.items() if answer.decision == wanted]
        # Headers that this delivery lacks may come back with the next one.
        left_out = [*left_out, *(header for header in old.get(name, []) if header not in decided)]
        section.pop(name, None)
        if left_out:
            section[name] = left_out
    for name in ("date_orders",):
        kept = {header: order for header, order in section.get(name, {}).items() if header in columns}
        section.pop(name, None)
        if kept:
            section[name] = kept


def target_text(present: str, answers: Answers, now: Present) -> str:
    """Return the target's file with fields made of what a workbook says; comments and layout stay."""
    changed: dict[Place, str] = {
        ("objects", place[0], "fields", place[1], "value"): json.dumps(answer.made_of, ensure_ascii=False)
        for place, answer in answers.fields.items()
        if answer.made_of != now.answers.fields[place].made_of
    }
    return placed(present, changed) if changed else present


def register_text(answers: Answers) -> str:
    """Return what was applied as a file."""
    return json.dumps(register_of(answers), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_values(target: str, answers: Answers, path: Path) -> int:
    """Write the values decided as accepted proposals; return how many there are."""
    rows = pd.DataFrame(decided_values(target, answers), columns=list(PROPOSALS), dtype="str")
    return write_csv_for_people(rows, path, list(PROPOSALS))
