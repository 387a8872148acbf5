"""Holds a returned workbook against what is in force: what changed, who signed, and everything that does not fit."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final, TypeVar

from dq.conversion.book.answers import (
    BLANK,
    DECISIONS,
    MAP,
    MIGRATE,
    VALUE_DECISIONS,
    Answer,
    Answers,
    ColumnAnswer,
    ColumnPlace,
    FieldAnswer,
    FieldPlace,
    PicklistAnswer,
    ValuePlace,
    stamp,
)
from dq.conversion.book.facts import Present
from dq.conversion.book.lineage import columns_fed, expression_of
from dq.conversion.book.returned import Line, ReturnedBook
from dq.model import EXTRA
from dq.standards.expressions import columns_of, maps_of, parse_expression
from dq.standards.reader import suggest
from dq.standards.targets import KNOWN_COLUMNS, Target
from dq.tables.recognition.targets import EXTRA as EXTRA_COLUMN
from dq.tables.recognition.targets import IGNORE, KEY, TARGET_COLUMNS, parse_target

SINCE: Final = "somebody changed this line since the workbook was made: make it anew and enter it there"
_SIGNED: Final = "it changed after {} signed: sign anew, or empty both cells"
_SAYABLE: Final = tuple(word for word in TARGET_COLUMNS if word not in (KEY, IGNORE, EXTRA_COLUMN))
_Place = TypeVar("_Place", bound=tuple[str, ...])
_Given = TypeVar("_Given", ColumnAnswer, FieldAnswer, PicklistAnswer)


@dataclass(frozen=True, order=True)
class Change:
    """One cell that is other than what is in force.

    Attributes:
        line: Where it stands.
        about: The column, field or value.
        what: Attribute of the answer.
        before, after: Its text.
        signed_by: Who signed the line.
    """

    line: str
    about: str
    what: str
    before: str
    after: str
    signed_by: str = ""


@dataclass(frozen=True)
class Judged:
    """What a returned workbook comes to.

    Attributes:
        answers: What holds once it is applied.
        changes: In the order of the sheets.
        problems: Line → what does not fit; nothing is applied while there is any.
        missing: Places that are there now and not in the workbook: they stay as they are.
    """

    answers: Answers
    changes: tuple[Change, ...]
    problems: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, ...], ...] = ()


def judge_answers(returned: ReturnedBook, present: Present) -> Judged:
    """Hold a workbook against what is in force; a line nobody touched keeps what is."""
    return _Judge(returned, present).judged()


class _Judge:
    def __init__(self, returned: ReturnedBook, present: Present) -> None:
        self.returned, self.present = returned, present
        self.target: Target = present.target
        self.problems: list[tuple[str, str]] = list(returned.problems)
        self.changes: list[Change] = []

    def judged(self) -> Judged:
        given, now = self.returned.answers, self.present.answers
        columns = self._settled(given.columns, now.columns, "the column went away")
        fields_ = self._settled(given.fields, now.fields, "the target has no such field")
        shown_now = {place: present_value(now.picklists, place) for place in given.picklists}
        values = self._settled(given.picklists, {**now.picklists, **shown_now}, "")
        for place, answer in columns.items():
            self._check_column(place, answer)
        fields_ = self._sent(columns, fields_)
        extras = {f"{EXTRA}{place[2]}" for place, answer in columns.items() if _is_extra(answer)}
        for field_place, field_answer in fields_.items():
            self._check_field(field_place, field_answer, extras)
        for value_place, value_answer in values.items():
            self._check_value(value_place, value_answer)
        self._note(now.columns, columns)
        self._note(now.fields, fields_)
        self._note({**shown_now, **now.picklists}, values)
        shown = set(given.columns) | set(given.fields) | set(given.picklists)
        missing = tuple(sorted(place for place in (*now.columns, *now.fields) if place not in shown))
        unique = tuple(dict.fromkeys(self.problems))
        return Judged(Answers(columns, fields_, values), tuple(self.changes), unique, missing)

    def _settled(self, given: Mapping[_Place, _Given], now: Mapping[_Place, _Given], gone: str) -> dict[_Place, _Given]:
        """Return what holds per place: what was touched in the workbook, else what is in force."""
        settled = dict(now)
        for place, answer in given.items():
            line = self.returned.lines[place]
            present = now.get(place)
            if present is None:
                self.problems.append((str(line), f"{_named(place)}: {gone}"))
            elif stamp(answer) == line.stamp or answer == present:
                continue
            elif stamp(present) != line.stamp:
                self.problems.append((str(line), f"{_named(place)}: {SINCE}"))
            else:
                settled[place] = answer
        return settled

    def _check_column(self, place: ColumnPlace, answer: ColumnAnswer) -> None:
        line = self.returned.lines.get(place)
        before = self.present.answers.columns.get(place)
        if line is None or before is None or answer == before:
            return
        for said in self._wrong_column(place, answer, before):
            self.problems.append((str(line), f"{_named(place)}: {said}"))

    def _wrong_column(self, place: ColumnPlace, answer: ColumnAnswer, before: ColumnAnswer) -> Iterator[str]:
        if answer.decision not in DECISIONS:
            yield f"the decision `{answer.decision}` is none of {', '.join(DECISIONS)}"
        if answer.taken_for != before.taken_for:
            if place in self.present.locked:
                yield f"it stays what it is: {self.present.locked[place]}"
            elif parse_target(answer.taken_for) is None or answer.taken_for in (KEY, IGNORE):
                words = answer.taken_for.partition("#")[0].rpartition(".")[2]
                yield f"`{answer.taken_for}` is nothing a column can be; {suggest(words, _SAYABLE)}"
        if answer.decision != MIGRATE and place in self.present.locked:
            yield f"it has to migrate: {self.present.locked[place]}"
        if bool(answer.signed_by) != bool(answer.signed_on):
            yield "a name and a day belong to a signature"
        elif answer.signed_on and not _is_day(answer.signed_on):
            yield f"signed on `{answer.signed_on}`: write the day as 2026-01-31"
        same = (answer.signed_by, answer.signed_on) == (before.signed_by, before.signed_on)
        if before.signed_by and same and _meaning(answer) != _meaning(before):
            yield _SIGNED.format(before.signed_by)

    def _sent(
        self, columns: Mapping[ColumnPlace, ColumnAnswer], fields_: Mapping[FieldPlace, FieldAnswer]
    ) -> dict[FieldPlace, FieldAnswer]:
        """Let fields that nothing is made of yet be made of the columns sent to them."""
        made = dict(fields_)
        for place, answer in columns.items():
            for word in filter(None, (word.strip() for word in answer.send_to.split(","))):
                line = self.returned.lines.get(place)
                problem = self._send(place, answer, word, made)
                if problem and line is not None:
                    self.problems.append((str(line), f"{_named(place)}: {problem}"))
        return made

    def _send(self, place: ColumnPlace, answer: ColumnAnswer, word: str, made: dict[FieldPlace, FieldAnswer]) -> str:
        thing, _, key = word.partition(".")
        if (thing, key) not in made:
            names = [".".join(known) for known in made]
            close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
            return f"send to `{word}`: the target has no such field" + (
                f"; did you mean `{close[0]}`?" if close else ""
            )
        expression = expression_of(answer.taken_for, place[2])
        if expression is None:
            return f"send to `{word}`: it is split into several columns: say on the sheet of {thing} which one"
        there = made[thing, key].made_of
        if not there:
            made[thing, key] = replace(made[thing, key], made_of=expression)
        elif not columns_fed(answer.taken_for, place[2]) & _read_by(there):
            return f"send to `{word}`: it is made of {there} already: say on the sheet of {thing} which one"
        return ""

    def _check_field(self, place: FieldPlace, answer: FieldAnswer, extras: set[str]) -> None:
        before = self.present.answers.fields.get(place, FieldAnswer())
        if not answer.made_of or answer.made_of == before.made_of:
            return
        line = self.returned.lines.get(place)
        for said in self._wrong_field(place, answer, extras):
            self.problems.append((str(line or place[0]), f"{'.'.join(place)}: {said}"))

    def _wrong_field(self, place: FieldPlace, answer: FieldAnswer, extras: set[str]) -> Iterator[str]:
        if not self.target.objects[place[0]].fields[place[1]].writable:
            yield "the target fills it itself"
        try:
            tree = parse_expression(answer.made_of)
        except ValueError as error:
            yield str(error)
            return
        for column in columns_of(tree):
            if column not in KNOWN_COLUMNS and column not in extras:
                close = difflib.get_close_matches(column, [*KNOWN_COLUMNS, *extras], n=1, cutoff=0.6)
                yield f"there is no column `{column}`" + (f"; did you mean `{close[0]}`?" if close else "")
        for name in maps_of(tree):
            if name not in self.target.maps:
                yield f"there is no map `{name}`; there are: {', '.join(self.target.maps)}"

    def _check_value(self, place: ValuePlace, answer: PicklistAnswer) -> None:
        line = self.returned.lines.get(place)
        if line is None or answer == present_value(self.present.answers.picklists, place):
            return
        field = self.target.objects[place[0]].fields.get(place[1]) if place[0] in self.target.objects else None
        if field is None or not field.picklist:
            self.problems.append((str(line), f"{place[0]}.{place[1]} is no field with a list"))
        elif answer.decision not in ("", *VALUE_DECISIONS):
            said = f"the decision `{answer.decision}` is none of {', '.join(VALUE_DECISIONS)}"
            self.problems.append((str(line), f"{_named(place)}: {said}"))
        elif answer.decision == MAP and answer.becomes not in self.target.picklists[field.picklist]:
            said = f"`{answer.becomes}` is not in the list of {place[0]}.{place[1]}; "
            hint = suggest(answer.becomes, self.target.picklists[field.picklist])
            self.problems.append((str(line), f"{_named(place)}: {said}{hint}"))
        elif answer.decision == BLANK and field.required:
            self.problems.append((str(line), f"{_named(place)}: {place[0]}.{place[1]} has to be filled"))

    def _note(self, before: Mapping[_Place, _Given], after: Mapping[_Place, _Given]) -> None:
        for place, answer in after.items():
            old = before.get(place) or type(answer)()
            if answer == old:
                continue
            line = self.returned.lines.get(place)
            signed = getattr(answer, "signed_by", "")
            for one in fields(answer):
                was, now = getattr(old, one.name), getattr(answer, one.name)
                if was != now:
                    self.changes.append(Change(str(line or "sent to"), _named(place), one.name, was, now, signed))


def present_value(values: Mapping[ValuePlace, PicklistAnswer], place: ValuePlace) -> PicklistAnswer:
    """Return what is decided about a word of a source: of that source, else of all."""
    return values.get(place) or values.get((*place[:3], "")) or PicklistAnswer()


def _named(place: tuple[str, ...]) -> str:
    return ".".join(filter(None, place))


def _is_extra(answer: ColumnAnswer) -> bool:
    return answer.taken_for in ("", "extra") and answer.decision == MIGRATE


def _meaning(answer: ColumnAnswer) -> tuple[str, ...]:
    """Return what a signature stands for."""
    return answer.taken_for, answer.decision, answer.send_to


def _read_by(expression: str) -> frozenset[str]:
    try:
        return frozenset(columns_of(parse_expression(expression)))
    except ValueError:
        return frozenset()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


__all__ = ["SINCE", "Answer", "Change", "Judged", "Line", "judge_answers", "present_value"]
