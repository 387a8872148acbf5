"""Lays the workbook out: source columns, one sheet per target object, values of picklists, how to give it back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from dq.conversion.book.answers import DECISIONS, VALUE_DECISIONS, ColumnAnswer, line_id, stamp
from dq.conversion.book.facts import Book, FieldLine, PicklistLine, SourceColumn
from dq.tables.forms import Column, Form, Line, Sheet, plain

ABOUT, COLUMNS, PICKLISTS = "Read me", "Columns", "Picklists"
ID, STAMP = "id", "stamp"
TARGET = "Target"
"""Line of the first sheet by which a returned workbook says what it is about."""
OBJECTS = "Objects"
"""Line that names the objects it has sheets for."""
_RESERVED: Final = frozenset(name.casefold() for name in (ABOUT, COLUMNS, PICKLISTS, "Lists", "History"))
_LONGEST_NAME: Final = 31
"""Characters of a sheet's name in Excel."""
_MADE_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Written into the file: the same book gives the same bytes, whenever it is made."""

COLUMN_ANSWERS: Final = {
    "Is": "taken_for",
    "Decision": "decision",
    "Send to": "send_to",
    "Owner": "owner",
    "Remark": "remark",
    "Signed by": "signed_by",
    "Signed on": "signed_on",
}
"""Title → attribute of `ColumnAnswer`."""
FIELD_ANSWERS: Final = {"Made of": "made_of", "Remark": "remark"}
PICKLIST_ANSWERS: Final = {"Decision": "decision", "Becomes": "becomes", "Remark": "remark"}

_COLUMN_SHEET: Final = (
    Column("Source"),
    Column("Table"),
    Column("Column"),
    Column("Rows"),
    Column("Filled"),
    Column("Different values"),
    Column("Length"),
    Column("Pattern"),
    Column("Sample 1"),
    Column("Sample 2"),
    Column("Sample 3"),
    Column("Sure"),
    Column("Goes to"),
    Column("How"),
    Column("Is", is_answer=True, says="What it is, such as last_name or billing.city; empty: a column of its own."),
    Column("Decision", is_answer=True, choices="decisions", says="archive: not converted, kept in a file of its own."),
    Column("Send to", is_answer=True, says="Fields it shall fill that do not read it yet: Account.Rating"),
    Column("Owner", is_answer=True, says="Who answers for this column."),
    Column("Remark", is_answer=True),
    Column("Signed by", is_answer=True, says="Who agrees to this line as it stands."),
    Column("Signed on", is_answer=True, says="The day, as 2026-01-31."),
    Column(ID, is_faint=True),
    Column(STAMP, is_faint=True),
)  # fmt: skip
_FIELD_SHEET: Final = (
    Column("Field"),
    Column("Label"),
    Column("Type"),
    Column("Length"),
    Column("Must"),
    Column("Picklist"),
    Column("Filled"),
    Column("Gap"),
    Column("Comes from"),
    Column("Made of", is_answer=True, says="first(mobile, phone), join(' ', first_name, last_name)"),
    Column("Remark", is_answer=True),
    Column(ID, is_faint=True),
    Column(STAMP, is_faint=True),
)  # fmt: skip
_PICKLIST_SHEET: Final = (
    Column("Object"),
    Column("Field"),
    Column("Value"),
    Column("Source"),
    Column("Rows"),
    Column("In the list"),
    Column("Proposed"),
    Column("Why"),
    Column("Decision", is_answer=True, choices="value decisions", says="map: becomes what stands beside it."),
    Column("Becomes", is_answer=True, says="A value of the target's list."),
    Column("Remark", is_answer=True),
    Column(ID, is_faint=True),
    Column(STAMP, is_faint=True),
)  # fmt: skip


def sheet_names(objects: Sequence[str]) -> dict[str, str]:
    """Return object → name of its sheet: what Excel takes, and none of the other sheets' names.

    >>> sheet_names(["Account", "Columns", "x" * 40])["Columns"]
    'Columns (object)'
    """
    names: dict[str, str] = {}
    for thing in objects:
        plain_name = "".join("_" if sign in "[]:*?/\\'" else sign for sign in thing)[:_LONGEST_NAME]
        taken = _RESERVED | {name.casefold() for name in names.values()}
        name, number = plain_name, 1
        while name.casefold() in taken:
            ending = " (object)" if number == 1 else f" ({number})"
            name, number = plain_name[: _LONGEST_NAME - len(ending)] + ending, number + 1
        names[thing] = name
    return names


def titles(objects: Sequence[str]) -> dict[str, list[str]]:
    """Return sheet → titles of its columns, as a returned workbook has to have them."""
    found = {COLUMNS: [column.title for column in _COLUMN_SHEET]}
    found |= {name: [column.title for column in _FIELD_SHEET] for name in sheet_names(objects).values()}
    return found | {PICKLISTS: [column.title for column in _PICKLIST_SHEET]}


def book_form(book: Book) -> Form:
    """Return the workbook to be written. Every cell is text, whatever the data hold."""
    objects = list(dict.fromkeys(line.object for line in book.fields))
    lists = _lists(book)
    sheets = [Sheet(COLUMNS, _COLUMN_SHEET, [_column_line(book, one) for one in book.columns], frozen=3)]
    for thing, name in sheet_names(objects).items():
        own = [_field_line(book, one) for one in book.fields if one.object == thing]
        sheets.append(Sheet(name, _FIELD_SHEET, own))
    sheets.append(Sheet(PICKLISTS, _PICKLIST_SHEET, [_value_line(book, one, lists) for one in book.picklists], 3))
    choices = {"decisions": DECISIONS, "value decisions": VALUE_DECISIONS, **{name: lists[name] for name in lists}}
    return Form(f"From the sources to {book.facts.title}", _about(book), sheets, choices, _MADE_AT, ABOUT)


def _about(book: Book) -> list[tuple[str, str]]:
    back = "save it as .xlsx; dq workbook check FILE SOURCE… says what changed, dq workbook apply … puts it in force"
    return [
        (TARGET, book.target),
        (OBJECTS, ", ".join(dict.fromkeys(line.object for line in book.fields))),
        *book.about,
        ("What this is", "every column of the sources: what it holds, where it goes, who agreed; yellow is yours"),
        (COLUMNS, "Is, Decision and Send to say what becomes of a column; who agrees signs with name and day"),
        ("Sheets of objects", "one each: what every field is made of; Gap says what is required and has no source"),
        (PICKLISTS, "values that the target's lists lack: choose what they become"),
        ("Giving it back", back),
        ("Leave alone", "id and stamp, the grey columns at the end: they find the line again; sort in a copy"),
    ]  # fmt: skip


def _column_line(book: Book, one: SourceColumn) -> Line:
    answer = book.answers.columns[one.place]
    length = f"{one.shortest}-{one.longest}" if one.filled else ""
    samples = (*one.samples, "", "", "")[:3]
    known = (one.source, one.table, one.header, f"{one.rows:,}", share(one.filled, one.rows), f"{one.distinct:,}")
    seen = (length, one.pattern, *samples, one.certainty, ", ".join(one.goes_to), "; ".join(one.how))
    cells = (*known, *seen, *_answered(answer), line_id(*one.place), stamp(answer))
    unread = not one.goes_to and answer.decision == "migrate" and not answer.send_to
    return Line(cells, marked=frozenset({12}) if unread else frozenset())


def _answered(answer: ColumnAnswer) -> tuple[str, ...]:
    return tuple(str(getattr(answer, name)) for name in COLUMN_ANSWERS.values())


def _field_line(book: Book, one: FieldLine) -> Line:
    answer = book.answers.fields[one.object, one.field]
    filled = share(one.filled, one.rows)
    known = (one.field, one.label, one.kind, one.length, one.must, one.picklist, filled, one.gap)
    place = line_id(one.object, one.field)
    cells = (*known, ", ".join(one.comes_from), answer.made_of, answer.remark, place, stamp(answer))
    return Line(cells, marked=frozenset({7}) if one.gap else frozenset())


def _value_line(book: Book, one: PicklistLine, lists: Mapping[str, Sequence[str]]) -> Line:
    answer = book.answers.picklists[one.place]
    listed = "yes" if one.is_listed else "no"
    known = (*one.place, f"{one.rows:,}", listed, one.proposed, one.why)
    # What nobody decided yet shows what is proposed; without a decision it means nothing.
    becomes = answer.becomes or ("" if one.is_listed or answer.decision else one.proposed)
    place = line_id(*one.place)
    cells = (*known, answer.decision, becomes, answer.remark, place, stamp(answer))
    name = book.facts.in_force(one.object)[one.field].picklist
    is_open = not one.is_listed and not answer.decision
    return Line(cells, frozenset({5}) if is_open else frozenset(), {9: name} if name in lists else {})


def _lists(book: Book) -> dict[str, tuple[str, ...]]:
    """Return the target's lists that lines choose from."""
    used = sorted({book.facts.in_force(one.object)[one.field].picklist for one in book.picklists})
    lists = {name: tuple(map(plain, book.facts.picklists[name])) for name in used}
    return {name: values for name, values in lists.items() if values}


def share(part: int, whole: int) -> str:
    """Return a share in words of a sheet: `98.4 %`, never 100 % while one is missing.

    >>> share(9999, 10000), share(0, 0)
    ('99.9 %', '')
    """
    if not whole:
        return ""
    return "100 %" if part == whole else f"{int(1000 * part / whole) / 10:g} %"
