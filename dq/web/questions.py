"""A pair as a question: both records side by side, what speaks for and against, who else is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from dq.engine.querying import Filter
from dq.errors import NotFoundError
from dq.matching.reasons import Reason, reasons
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.records import Seen, page, records_of_case
from dq.stewardship.telling import dispute_of, names_of
from dq.store.cases import Case
from dq.web.fields import Compared, compared, title
from dq.web.links import record_link
from dq.web.wording import JUDGEMENTS, column

MATES: Final = 12
"""Other records of the two customers that are named; a customer of more is looked at on its card."""


@dataclass(frozen=True)
class Side:
    """One of the two records."""

    record_id: str
    title: str
    source: str
    department: str
    is_masked: bool
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
    seen = records_of_case(house, actor, case.case_id)
    if len(seen) != 2:
        raise NotFoundError("The records of this question are not in the run any more.", "The next run takes it away.")
    left, right = seen
    mates = _mates(house, actor, case)
    return Question(
        case_id=case.case_id,
        version=case.version,
        status=case.status,
        left=side_of(house, left),
        right=side_of(house, right),
        rows=compared(left.values, right.values, masked=(left.is_masked, right.is_masked)),
        reasons=() if is_blind else reasons(_pair(house, case), house.standards.matching),
        mates=mates,
        others=_joined(house, case) - len(mates),
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


def side_of(house: House, seen: Seen) -> Side:
    """Return the head of a record beside others; the way to where it was typed only for one's own."""
    return Side(
        record_id=seen.record_id,
        title=title(seen.values),
        source=str(seen.values["source"]),
        department=str(seen.values["department"] or ""),
        is_masked=seen.is_masked,
        open_url="" if seen.is_masked else record_link(house, seen.values),
    )


def _pair(house: House, case: Case) -> Mapping[str, Any]:
    left, right = sorted(case.record_ids)
    wanted = [Filter("record_id_l", "=", left), Filter("record_id_r", "=", right)]
    found = house.tables(case.last_run_id).page("pairs", wanted, limit=1).rows
    return found[0] if found else {}


def _joined(house: House, case: Case) -> int:
    """Return how many other records the two customers have, up to what a page names."""
    customers = tuple(name for name in (case.golden_id, case.golden_id_r) if name)
    count = house.tables(case.last_run_id).count("crosswalk", [Filter("golden_id", "in", customers)])
    return max(0, min(count - 2, MATES))


def _mates(house: House, actor: Actor, case: Case) -> list[Mate]:
    """Return who is joined with one of the two already, of the actor's own departments."""
    customers = tuple(name for name in (case.golden_id, case.golden_id_r) if name)
    run_id = case.last_run_id
    joined = page(
        house, actor, "crosswalk", [Filter("golden_id", "in", customers)], run_id=run_id, limit=MATES + 2
    ).rows
    owner = {str(row["record_id"]): str(row["golden_id"]) for row in joined}
    others = tuple(name for name in owner if name not in case.record_ids)[:MATES]
    if not others:
        return []
    records = page(house, actor, "records", [Filter("record_id", "in", others)], run_id=run_id, limit=MATES).rows
    return [
        Mate(
            record_id=str(row["record_id"]),
            title=title(row),
            source=str(row["source"]),
            side="left" if owner[str(row["record_id"])] == case.golden_id else "right",
        )
        for row in records
    ]
