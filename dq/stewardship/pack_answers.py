"""The answers in a steward's workbook: read from words, held against policy, every mistake named with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dq.model import STANDARDIZED_COLUMNS
from dq.stewardship.house import House
from dq.stewardship.pack_sheets import (
    ANSWER,
    CASE,
    COMMENT,
    PAIR_ANSWERS,
    PAIRS,
    REASON,
    RIGHT,
    UNTIL,
    VALUE_ANSWERS,
    reasons,
)
from dq.stewardship.reasons import read_as
from dq.store.cases import Case
from dq.tables.forms import Returned

LONGEST_COMMENT: Final = 2000
"""Characters, as on the pages."""
LONGEST_VALUE: Final = 500


@dataclass(frozen=True)
class Answer:
    """What a steward chose for one case.

    Attributes:
        sheet: Where it stands.
        line: Its line as Excel counts.
        case_id: The case.
        words: Her choice as she read it.
        action: `decide`, `override`, `resolve`, `waive` or `escalate`.
        judgement: For `decide`.
        reason: Code; may be empty for `decide` and is for `escalate`.
        column: For `override`.
        value: For `override`.
        until: For `waive`.
        comment: In her words.
        version: Of the case it is about.
    """

    sheet: str
    line: int
    case_id: str
    words: str
    action: str
    judgement: str = ""
    reason: str = ""
    column: str = ""
    value: str = ""
    until: date | None = None
    comment: str = ""
    version: int = 0


def answers_of(
    house: House, found: Returned, cases: Mapping[str, Case], today: date
) -> tuple[list[Answer], int, list[str]]:
    """Return the answers of a workbook, how many lines were left open, and what is wrong, a sentence each.

    Args:
        found: What came back.
        cases: The cases of the pack; lines of others are left to whoever checks ids.
        today: A waiver begins tomorrow at the earliest.
    """
    answers: list[Answer] = []
    problems: list[str] = []
    empty = 0
    for sheet, lines in found.sheets.items():
        for number, cells in lines:
            case = cases.get(cells[CASE])
            if case is None:
                continue
            wrong: list[str] = []
            answer = _answer(house, sheet, number, cells, case, today, wrong)
            if (sheet, number, RIGHT) in found.typed and cells.get(RIGHT):
                wrong.append("the right value is a number or a date: zeros may be lost; type it as text")
            problems += [f"{sheet}, line {number}: {one}" for one in wrong]
            if answer is None:
                empty += not wrong
            else:
                answers.append(answer)
    return answers, empty, problems


def _answer(
    house: House, sheet: str, number: int, cells: Mapping[str, str], case: Case, today: date, wrong: list[str]
) -> Answer | None:
    words, comment = cells[ANSWER], cells[COMMENT]
    if not words:
        given = [title for title in (REASON, COMMENT, RIGHT, UNTIL) if cells.get(title)]
        if given:
            wrong.append(f"{' and '.join(title.lower() for title in given)} without an answer")
        return None
    known = PAIR_ANSWERS if sheet == PAIRS else VALUE_ANSWERS
    chosen = {answer.casefold(): one for answer, one in known.items()}.get(words.casefold())
    if chosen is None:
        wrong.append(f"{words[:40]!r} is no answer; choose {', '.join(known)}")
        return None
    if len(comment) > LONGEST_COMMENT:
        wrong.append(f"the comment is longer than {LONGEST_COMMENT:,} characters")
    action = "decide" if sheet == PAIRS else chosen
    answer = Answer(
        sheet,
        number,
        case.case_id,
        words,
        action,
        judgement=chosen if sheet == PAIRS else "",
        reason=_reason(house, action, cells[REASON], wrong),
        comment=comment,
    )
    return answer if sheet == PAIRS else _of_value(house, answer, cells, case, today, wrong)


def _reason(house: House, action: str, text: str, wrong: list[str]) -> str:
    offered = reasons(house, action)
    if not text:
        if action in ("resolve", "waive", "override") and offered:
            wrong.append(f"a reason is missing; choose {'; '.join(offered)}")
        return ""
    if action == "escalate":
        wrong.append("a case that is left to the lead takes no reason: say it in the comment")
        return ""
    codes = {name.casefold(): code for name, code in offered.items()} | {code: code for code in offered.values()}
    # A pack that went out before a reason was called otherwise, or no longer offered, is taken as it reads.
    codes |= {name: code for name, code in read_as(house, action).items() if name not in codes}
    if offered and text.casefold() not in codes:
        wrong.append(f"{text[:60]!r} is no reason for this answer; choose {'; '.join(offered)}")
    return codes.get(text.casefold(), text)


def _of_value(
    house: House, answer: Answer, cells: Mapping[str, str], case: Case, today: date, wrong: list[str]
) -> Answer:
    value, until = cells[RIGHT], cells[UNTIL]
    if value and answer.action != "override":
        wrong.append("a right value, but another answer was chosen")
    if until and answer.action != "waive":
        wrong.append("a day, but another answer was chosen")
    if answer.action == "override":
        if not value:
            wrong.append("the right value is missing")
        if len(value) > LONGEST_VALUE:
            wrong.append(f"the right value is longer than {LONGEST_VALUE} characters")
        if not case.record_id or case.column_name not in STANDARDIZED_COLUMNS:
            wrong.append("there is no field of a record to which a value could be given: close it instead")
        return replace(answer, column=case.column_name, value=value)
    if answer.action == "waive":
        return replace(answer, until=_day(house, until, today, wrong))
    return answer


def _day(house: House, text: str, today: date, wrong: list[str]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong.append(f"{text[:20]!r} is no day: write it as 2026-12-31" if text else "the day is missing")
        return None
    if not 0 < (day - today).days <= house.policy.waive_at_most:
        wrong.append(f"{day} is not between tomorrow and {house.policy.waive_at_most} days from now")
    return day
