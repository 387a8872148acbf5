"""Reads a workbook that came back: answers by place, and everything about its shape that does not fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dq.conversion.book.answers import (
    BLANK,
    KEEP,
    Answer,
    Answers,
    ColumnAnswer,
    FieldAnswer,
    PicklistAnswer,
    line_id,
)
from dq.conversion.book.sheets import (
    ABOUT,
    COLUMN_ANSWERS,
    COLUMNS,
    FIELD_ANSWERS,
    ID,
    OBJECTS,
    PICKLIST_ANSWERS,
    PICKLISTS,
    STAMP,
    TARGET,
    sheet_names,
    titles,
)
from dq.tables.forms import Returned, plain, read_form
from dq.tables.recognition.targets import EXTRA, parse_target

MOVED: Final = "the line is not the one that was given out: its id does not fit its grey cells"


@dataclass(frozen=True)
class Line:
    """Where an answer stands, and the mark it was given out with."""

    sheet: str
    number: int
    stamp: str

    def __str__(self) -> str:
        return f"{self.sheet} line {self.number}"


@dataclass(frozen=True)
class ReturnedBook:
    """A workbook that came back.

    Attributes:
        answers: What stands in it.
        lines: Place of an answer → its line.
        problems: Line or sheet → what is wrong with its shape.
    """

    answers: Answers = field(default_factory=Answers)
    lines: Mapping[tuple[str, ...], Line] = field(default_factory=dict)
    problems: Sequence[tuple[str, str]] = ()


def target_of(content: bytes) -> tuple[str, tuple[str, ...], Sequence[str]]:
    """Return the target a workbook names, the objects it has sheets for, and what keeps it from being read."""
    looked = read_form(content, ABOUT, {}, may_have_others=True)
    objects = tuple(filter(None, looked.about.get(OBJECTS, "").split(", ")))
    return looked.about.get(TARGET, ""), objects, looked.problems


def read_book(content: bytes, objects: Sequence[str], known: Iterable[tuple[str, ...]]) -> ReturnedBook:
    """Read the answers of a workbook.

    Args:
        content: The file.
        objects: It has sheets for these.
        known: Places that are there now: a long header comes back cut, its id does not.
    """
    returned = read_form(content, ABOUT, titles(objects))
    if returned.problems:
        return ReturnedBook(problems=[("workbook", problem) for problem in returned.problems])
    called = {name: thing for thing, name in sheet_names(objects).items()}
    return _answers(returned, called, {line_id(*place): place for place in known})


def _answers(returned: Returned, objects: Mapping[str, str], known: Mapping[str, tuple[str, ...]]) -> ReturnedBook:
    found: dict[type[Answer], dict[tuple[str, ...], Answer]] = {ColumnAnswer: {}, FieldAnswer: {}, PicklistAnswer: {}}
    lines: dict[tuple[str, ...], Line] = {}
    problems: list[tuple[str, str]] = []
    for sheet, rows in returned.sheets.items():
        for number, row in rows:
            line = Line(sheet, number, row[STAMP])
            shown, answer = _read(sheet, row, objects)
            place = known.get(row[ID], shown)
            if row[ID] != line_id(*place) or tuple(plain(text).strip() for text in place) != shown:
                problems.append((str(line), MOVED))
            elif place in lines:
                problems.append((str(line), f"it stands in line {lines[place].number} already"))
            else:
                lines[place] = line
                found[type(answer)][place] = answer
    answers = Answers(found[ColumnAnswer], found[FieldAnswer], found[PicklistAnswer])  # type: ignore[arg-type]
    return ReturnedBook(answers, lines, problems)


def _read(sheet: str, row: Mapping[str, str], objects: Mapping[str, str]) -> tuple[tuple[str, ...], Answer]:
    if sheet == COLUMNS:
        cells = {name: row[title] for title, name in COLUMN_ANSWERS.items()}
        cells["decision"] = cells["decision"].casefold()
        meant = parse_target(cells["taken_for"])
        if meant is not None:
            cells["taken_for"] = "" if meant.column == EXTRA else str(meant)
        return (row["Source"], row["Table"], row["Column"]), ColumnAnswer(**cells)
    if sheet == PICKLISTS:
        cells = {name: row[title] for title, name in PICKLIST_ANSWERS.items()}
        cells["decision"] = cells["decision"].casefold()
        if cells["decision"] in ("", KEEP, BLANK):
            cells["becomes"] = ""
        return (row["Object"], row["Field"], row["Value"], row["Source"]), PicklistAnswer(**cells)
    return (objects[sheet], row["Field"]), FieldAnswer(**{name: row[title] for title, name in FIELD_ANSWERS.items()})


def can_come_back(*place: str) -> bool:
    """Tell whether the texts of a line are the same after a spreadsheet: not cut, no blanks at their ends."""
    return all(plain(text) == text == text.strip() for text in place)
