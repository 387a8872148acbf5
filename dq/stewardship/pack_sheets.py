"""What stands in a steward's workbook: one sheet for pairs, one for values, and what can be answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from dq.model import STANDARDIZED_COLUMNS, raw
from dq.standards.stewardship import Stewardship
from dq.stewardship.house import House
from dq.stewardship.people import User
from dq.stewardship.reasons import offered
from dq.stewardship.records import masked
from dq.store.cases import Case
from dq.tables.forms import Column, Form, Line, Sheet, plain

README, PAIRS, VALUES = "Read me", "Pairs", "Values"
CASE, RECORD, OTHER = "Case", "Record", "Other record"
ANSWER, REASON, COMMENT, RIGHT, UNTIL = "Answer", "Reason", "Comment", "Right value", "Until"
PACK, FOR = "Pack", "For"
PAIR_ANSWERS: Final = {"Same customer": "SAME", "Different customers": "DIFFERENT", "Unsure": "UNSURE"}
VALUE_ANSWERS: Final = {
    "The right value is …": "override",
    "Close it": "resolve",
    "Leave it until a day": "waive",
    "Leave it to the lead": "escalate",
}
"""Words → what happens. The first needs a right value, the third a day; all but the last need a reason."""
_SHOWN: Final = (
    ("Name", ("prefix", "first_name", "middle_name", "last_name", "suffix")),
    ("Organisation", ("organization_name",)),
    ("Born on", ("birth_on",)),
    ("Tax number", ("tax_id",)),
    ("Address", ("address_line2", "address_line1")),
    ("City", ("city",)),
    ("State", ("state",)),
    ("ZIP", ("zip5", "postal_code")),
    ("E-mail", ("email",)),
    ("Phone", ("phone",)),
    ("Mobile", ("mobile",)),
    ("Source", ("source",)),
)
"""Head → columns of a record that make its cell."""
_READ: Final = (
    "record_id", "department", *dict.fromkeys(name for _, names in _SHOWN for name in names),
)  # fmt: skip
_PAIR_HEAD: Final = (
    Column(CASE, is_faint=True),
    Column(RECORD, is_faint=True),
    Column(OTHER, is_faint=True),
    Column(ANSWER, is_answer=True, choices=PAIRS, says="Are the two records one customer?"),
    Column(REASON, is_answer=True, choices="Reasons for pairs", says="May stay empty."),
    Column(COMMENT, is_answer=True, says="In your words, if there is something to say."),
    Column("Changed since it was decided"),
)
_VALUE_HEAD: Final = (
    Column(CASE, is_faint=True),
    Column(RECORD, is_faint=True),
    Column("Customer"),
    Column("Source"),
    Column("What is asked"),
    Column("What is wrong"),
    Column("Field"),
    Column("Value"),
    Column("As it was typed"),
    Column(ANSWER, is_answer=True, choices=VALUES, says="What shall happen?"),
    Column(RIGHT, is_answer=True, says="Only with 'The right value is …'."),
    Column(REASON, is_answer=True, choices="Reasons for values", says="The first sheet says which fit which answer."),
    Column(UNTIL, is_answer=True, says="Only with 'Leave it until a day': as 2026-12-31."),
    Column(COMMENT, is_answer=True, says="In your words, if there is something to say."),
)
_NO_FIELD: Final = "Answers without a field"
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    PAIRS: (
        *(column.title for column in _PAIR_HEAD),
        *(title for name, _ in _SHOWN for title in (name, f"{name} of the other")),
    ),
    VALUES: tuple(column.title for column in _VALUE_HEAD),
}
"""Sheet → heads of its columns, in order."""


def form_of(house: House, user: User, cases: Sequence[Case], *, pack_code: str, at: datetime) -> Form:
    """Return the workbook of these cases as the steward may see them."""
    records = _records(house, user, cases)
    pairs = [_pair_line(case, records) for case in cases if case.is_pair]
    values = [_value_line(house.policy, case, records) for case in cases if not case.is_pair]
    columns = (*_PAIR_HEAD, *(Column(title) for title in TITLES[PAIRS][len(_PAIR_HEAD) :]))
    return Form(
        title="Questions about customers",
        about=_about(house, user, len(pairs), len(values), pack_code, at),
        about_name=README,
        sheets=[Sheet(PAIRS, columns, pairs, frozen=6), Sheet(VALUES, _VALUE_HEAD, values, frozen=3)],
        choices={
            PAIRS: [*PAIR_ANSWERS],
            "Reasons for pairs": [*reasons(house, "decide")],
            VALUES: [*VALUE_ANSWERS],
            _NO_FIELD: [*VALUE_ANSWERS][1:],
            "Reasons for values": [*{**reasons(house, "resolve"), **_other_reasons(house)}],
        },
        made_at=at,
    )


def reasons(house: House, action: str) -> dict[str, str]:
    """Return the reasons offered for an action, as they are read → their code."""
    return {reason.title[:1].upper() + reason.title[1:]: reason.code for reason in offered(house, action)}


def _other_reasons(house: House) -> dict[str, str]:
    return reasons(house, "override") | reasons(house, "waive")


def _about(house: House, user: User, pairs: int, values: int, pack_code: str, at: datetime) -> list[tuple[str, str]]:
    fits = [
        (f"Reasons: {answer.lower()}", "; ".join(reasons(house, action)) or "any")
        for answer, action in VALUE_ANSWERS.items()
        if action != "escalate"
    ]
    return [
        (PACK, pack_code),
        (FOR, user.name),
        ("Made on", house.today(at).isoformat()),
        ("What to do", "Fill in the yellow cells and send the file back. What you leave empty stays open."),
        (
            "Sheets",
            f"{PAIRS}: {pairs} times two records that may be one customer. {VALUES}: {values} questions about a value.",
        ),
        ("Please", "Do not add or move rows, columns or sheets, and write no formulas: the file would be refused."),
        ("Meanwhile", "What somebody else decided in the meantime stays as they decided it, and you are told."),
        ("Mail this file", "only as your house mails customer data: it holds names and addresses."),
        *fits,
    ]


def _records(house: House, user: User, cases: Sequence[Case]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return run and record → its values, masked where they are another department's."""
    fields = {case.column_name for case in cases}
    by_run: dict[str, set[str]] = {}
    for case in cases:
        by_run.setdefault(case.last_run_id, set()).update(case.record_ids)
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for run_id, ids in by_run.items():
        tables = house.tables(run_id)
        known = tables.columns("records")
        wanted = dict.fromkeys([*_READ, *(raw(name) for name in sorted(fields) if name)])
        names = [name for name in wanted if name in known]
        for row in tables.rows_of("records", "record_id", sorted(ids), columns=names):
            mine = user.actor.owns(str(row.get("department") or ""), house.policy)
            found[run_id, str(row["record_id"])] = row if mine else masked(row)
    return found


def _cells(record: Mapping[str, Any]) -> list[str]:
    return [" ".join(str(record[name]) for name in names if record.get(name)) for _, names in _SHOWN]


def _pair_line(case: Case, records: Mapping[tuple[str, str], Mapping[str, Any]]) -> Line:
    left, right = (_cells(records.get((case.last_run_id, name), {})) for name in (case.record_id, case.record_id_r))
    head = [case.case_id, plain(case.record_id), plain(case.record_id_r), "", "", "", case.returned_because]
    # The source differs by its nature and says nothing.
    differing = [
        place
        for place, (one, other) in enumerate(zip(left[:-1], right[:-1], strict=True))
        if one.casefold() != other.casefold()
    ]
    first = len(_PAIR_HEAD)
    marked = frozenset(first + 2 * place + side for place in differing for side in (0, 1))
    return Line((*head, *(cell for both in zip(left, right, strict=True) for cell in both)), marked)


def _value_line(policy: Stewardship, case: Case, records: Mapping[tuple[str, str], Mapping[str, Any]]) -> Line:
    record = records.get((case.last_run_id, case.record_id), {})
    shown = _cells(record)
    title = policy.kind(case.kind).title
    cells = (
        case.case_id,
        plain(case.record_id),
        shown[0] or shown[1] or case.golden_id or case.source,
        case.source,
        title[:1].upper() + title[1:],
        case.evidence,
        case.column_name.removeprefix("extra."),
        case.value,
        str(record.get(raw(case.column_name)) or "") if case.column_name else "",
        *("", "", "", "", ""),
    )
    can_pin = case.record_id and case.column_name in STANDARDIZED_COLUMNS
    place = TITLES[VALUES].index(ANSWER)
    return Line(cells, choices={} if can_pin else {place: _NO_FIELD})
