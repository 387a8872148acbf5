"""What people write into the workbook: one answer per source column, target field and value of a picklist."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Final

MIGRATE, DROP, ARCHIVE = "migrate", "drop", "archive"
DECISIONS: Final = (MIGRATE, DROP, ARCHIVE)
"""What becomes of a source column: it takes part in the conversion; it is left out; it is left out and kept in a file
of its own."""
MAP, KEEP, BLANK = "map", "keep", "blank"
VALUE_DECISIONS: Final = (MAP, KEEP, BLANK)
"""What becomes of a value of a picklist: another one, the same one, nothing. Undecided is empty."""


@dataclass(frozen=True)
class ColumnAnswer:
    """What is decided about a source column.

    Attributes:
        taken_for: What it is, as `--map` writes it; empty: an extra column.
        decision: One of `DECISIONS`.
        send_to: Fields it is sent to beside those that read it already: `Object.Field, …`.
        owner: Who answers for it.
        remark: Anything.
        signed_by: Who agreed.
        signed_on: When, as a date.
    """

    taken_for: str = ""
    decision: str = MIGRATE
    send_to: str = ""
    owner: str = ""
    remark: str = ""
    signed_by: str = ""
    signed_on: str = ""


@dataclass(frozen=True)
class FieldAnswer:
    """What a target field is made of, as an expression of the target's language; and a remark."""

    made_of: str = ""
    remark: str = ""


@dataclass(frozen=True)
class PicklistAnswer:
    """What becomes of one value: a decision of `VALUE_DECISIONS` or none, the value of the list, and a remark."""

    decision: str = ""
    becomes: str = ""
    remark: str = ""


Answer = ColumnAnswer | FieldAnswer | PicklistAnswer
ColumnPlace = tuple[str, str, str]
"""Source, table and header."""
FieldPlace = tuple[str, str]
"""Object and field."""
ValuePlace = tuple[str, str, str, str]
"""Object, field, value as it would stand in the load file, and the source whose word it is; empty: of all sources."""


@dataclass(frozen=True)
class Answers:
    """All answers of a workbook, or those in force.

    Attributes:
        columns: Place → answer.
        fields: Place → answer.
        picklists: Place → answer.
    """

    columns: Mapping[ColumnPlace, ColumnAnswer] = field(default_factory=dict)
    fields: Mapping[FieldPlace, FieldAnswer] = field(default_factory=dict)
    picklists: Mapping[ValuePlace, PicklistAnswer] = field(default_factory=dict)


def line_id(*place: str) -> str:
    """Return the id of a line: it stays with the line however the sheet is sorted or its texts are cut.

    >>> line_id("crm", "", "Cust Nm")
    'L8b6b42e668'
    """
    return f"L{hashlib.sha256(chr(0).join(place).encode()).hexdigest()[:10]}"


def stamp(answer: Answer) -> str:
    """Return a short mark of an answer: whoever reads the line back knows whether somebody touched it."""
    return hashlib.sha256("\0".join(astuple(answer)).encode()).hexdigest()[:8]
