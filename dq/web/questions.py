"""A pair as a question: both records side by side, what speaks for and against, who else is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from dq.errors import NotFoundError
from dq.matching.reasons import Reason, reasons
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.records import Seen, seen
from dq.stewardship.telling import dispute_of, names_of
from dq.store.cases import Case
from dq.web.fields import NAMING, Compared, compared, title
from dq.web.links import record_link
from dq.web.wording import JUDGEMENTS, column

MATES: Final = 12
"""Other records of the two customers that are named; a customer of more is looked at on its card."""


@dataclass(frozen=True)
class Side:
    """One of the two records; `is_mine` where its own page opens for the visitor."""

    record_id: str
    title: str
    source: str
    department: str
    is_masked: bool
    is_mine: bool
    open_url: str


@dataclass(frozen=True)
class Mate:
    """Another record that one of the two is already joined with."""

    record_id: str
    title: str
    source: str
    side: str


@dataclass(frozen=True)
class Question:
    """Everything the page shows of a pair.

    Attributes:
        rows: Fields of both, side by side.
        reasons: Evidence in sentences.
        mates: Who is already joined with one of them, of the visitor's departments.
        others: How many more records are joined with them, of other departments.
        proposes: Whether the answer is a proposal to another department.
        returned_because: What changed since it was decided before, in words; empty where it is new.
        was: What was decided before.
        dispute: Who said what, where the case is disputed.
    """

    case_id: str
    version: int
    status: str
    left: Side
    right: Side
    rows: Sequence[Compared]
    reasons: Sequence[Reason]
    mates: Sequence[Mate]
    others: int
    is_blind: bool
    proposes: bool
    returned_because: str
    was: str
    dispute: str
    card_url: str
    is_last: bool = False


def question_of(house: House, actor: Actor, case: Case, *, is_blind: bool = False, is_last: bool = False) -> Question:
    """Return the question of a case that the actor may see; the half of another department is masked.

    Raises:
        NotFoundError: The run that found it does not hold its records any more.
    """
    sides = seen(house, actor, case.last_run_id, case.record_ids)
    if len(sides) != 2:
        raise NotFoundError("The records of this question are not in the run any more.", "The next run takes it away.")
    left, right = sides
    joined = _joined(house, case)
    mates = _mates(house, actor, case, joined)
    return Question(
        case_id=case.case_id,
        version=case.version,
        status=case.status,
        left=side_of(house, left),
        right=side_of(house, right),
        rows=compared(left.values, right.values, masked=(left.is_masked, right.is_masked)),
        reasons=() if is_blind else reasons(_pair(house, case), house.standards.matching),
        mates=mates,
        others=len(joined) - len(mates),
        is_blind=is_blind,
        proposes=not (left.is_mine and right.is_mine),
        returned_because=", ".join(column(name) for name in case.returned_because.split()),
        was=JUDGEMENTS.get(case.outcome, case.outcome),
        dispute=_dispute(house, actor, case) if case.status == "disputed" else "",
        card_url=f"/cards/{quote(case.card_id, safe='')}",
        is_last=is_last,
    )


def _dispute(house: House, actor: Actor, case: Case) -> str:
    names = names_of(house)
    said = [(names.get(name, name), JUDGEMENTS[judgement]) for name, judgement in dispute_of(house, actor, case)]
    return ", ".join(f"{name}: {judgement.lower()}" for name, judgement in said)


def side_of(house: House, one: Seen) -> Side:
    """Return the head of a record beside others; the way to where it was typed only for one's own."""
    return Side(
        record_id=one.record_id,
        title=title(one.values),
        source=str(one.values["source"]),
        department=str(one.values["department"] or ""),
        is_masked=one.is_masked,
        is_mine=one.is_mine,
        open_url="" if one.is_masked else record_link(house, one.values),
    )


def _pair(house: House, case: Case) -> Mapping[str, Any]:
    left, right = sorted(case.record_ids)
    found = house.tables(case.last_run_id).rows_of("pairs", "record_id_l", [left])
    return next((row for row in found if row["record_id_r"] == right), {})


def _joined(house: House, case: Case) -> dict[str, str]:
    """Return record → customer of the other records of the two customers, in order, up to what a page names."""
    customers = [name for name in (case.golden_id, case.golden_id_r) if name]
    rows = house.tables(case.last_run_id).rows_of("crosswalk", "golden_id", customers)
    owner = {str(row["record_id"]): str(row["golden_id"]) for row in rows if row["record_id"] not in case.record_ids}
    return dict(list(owner.items())[:MATES])


def _mates(house: House, actor: Actor, case: Case, owner: Mapping[str, str]) -> list[Mate]:
    """Return who is joined with one of the two already, of the actor's own departments."""
    return [
        Mate(
            record_id=one.record_id,
            title=title(one.values),
            source=str(one.values["source"]),
            side="left" if owner[one.record_id] == case.golden_id else "right",
        )
        for one in seen(house, actor, case.last_run_id, list(owner), columns=NAMING)
        if one.is_mine
    ]
