"""What the workbook shows beside the answers: facts of source columns, target fields and values of picklists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dq.conversion.book.answers import Answers, ColumnPlace, ValuePlace
from dq.standards.targets import Target


@dataclass(frozen=True)
class SourceColumn:
    """One column of a source, over all its rows.

    Attributes:
        source, table, header: Where it stands.
        rows: Rows of the table; `filled` of them hold something.
        distinct: Different values.
        shortest, longest: Characters.
        pattern: Commonest shape of a value (`Aa9-9`) and its share.
        samples: Three frequent values, masked where they may be personal.
        certainty: How sure what it is taken for is, in words.
        goes_to: Fields of the target that read it: `Object.Field`.
        how: What those are made of.
    """

    source: str
    table: str
    header: str
    rows: int
    filled: int
    distinct: int
    shortest: int
    longest: int
    pattern: str
    samples: tuple[str, ...]
    certainty: str
    goes_to: tuple[str, ...]
    how: tuple[str, ...]

    @property
    def place(self) -> ColumnPlace:
        """Return where it stands."""
        return self.source, self.table, self.header


@dataclass(frozen=True)
class FieldLine:
    """One field of a target object.

    Attributes:
        kind: Its type and length in words.
        must: `required`, `one of A, B`, `unique`, or empty.
        picklist: Its list with how many values, `restricted` where others are an error.
        comes_from: Source columns that end up in it.
        filled: Of `rows` rows of the object.
        gap: What is missing, in words; empty where nothing is.
    """

    object: str
    field: str
    label: str
    kind: str
    length: str
    must: str
    picklist: str
    comes_from: tuple[str, ...]
    rows: int
    filled: int
    gap: str


@dataclass(frozen=True)
class PicklistLine:
    """One value that stands in a field with a list.

    Attributes:
        value: As it would stand in the load file.
        source: Whose word it is: it may mean something else in each source. Empty: not known.
        rows: Rows that hold it.
        is_listed: Whether the list has it.
        proposed: The nearest value of the list; empty where none is near.
        why: Why that one.
    """

    object: str
    field: str
    value: str
    source: str
    rows: int
    is_listed: bool
    proposed: str
    why: str

    @property
    def place(self) -> ValuePlace:
        """Return where it stands."""
        return self.object, self.field, self.value, self.source


@dataclass(frozen=True)
class Book:
    """Everything a workbook is made of.

    Attributes:
        target: Name of the target.
        facts: The target.
        about: Name and text of the lines of the first sheet that only the maker knows.
        columns, fields, picklists: The lines, in order.
        answers: What stands in the cells to fill in.
    """

    target: str
    facts: Target
    about: Sequence[tuple[str, str]]
    columns: Sequence[SourceColumn]
    fields: Sequence[FieldLine]
    picklists: Sequence[PicklistLine]
    answers: Answers


@dataclass(frozen=True)
class Present:
    """What is in force when a workbook comes back.

    Attributes:
        target: The target.
        answers: Of columns and fields as they stand now; of signatures, remarks and picklists as last applied.
        locked: Columns that have to migrate, with the reason: keys, and keys of other tables.
    """

    target: Target
    answers: Answers
    locked: Mapping[ColumnPlace, str] = field(default_factory=dict)
