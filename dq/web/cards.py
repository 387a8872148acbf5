"""A customer's card: every record of every source side by side, every open question, and what would come out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from dq.engine.querying import Filter, Row, Visible
from dq.errors import NotFoundError
from dq.model import EXTRA, STANDARDIZED_COLUMNS
from dq.stewardship.actor import Actor
from dq.stewardship.blocked_cases import above_of, target_of, titles_in
from dq.stewardship.finding import ON_TRIAL
from dq.stewardship.held_up import held_up
from dq.stewardship.house import House
from dq.stewardship.queue import Card
from dq.stewardship.reasons import offered
from dq.stewardship.records import Customer, Seen, customer, page, records_of_case, seen, seen_golden
from dq.stewardship.whom_to_ask import WaitsFor
from dq.store.cases import Case
from dq.web import wording
from dq.web.fields import NAMING, SHOWN, Field, field, title
from dq.web.questions import Side, side_of

SIDES: Final = 24
"""Records shown side by side; more do not fit into a head, let alone on a screen."""
SENTENCES: Final = 3
"""Sentences of a card on a list: what an eye takes in at once."""
PAIR_ANSWERS: Final = tuple(wording.JUDGEMENTS.items())
TRIAL_ANSWERS: Final = (
    ("rule:right", "this is wrong: the rule is right"),
    ("rule:wrong", "this is fine: the rule is wrong here"),
)
GOLDEN_NAMING: Final = ("golden_id", *(name for name in NAMING if name.endswith("_name")))
"""Columns of a customer from which `title` is made."""
RELATIONS: Final = {"works_for": "works for", "parent": "belongs to", "ships_for": "ships for", "replaces": "replaces"}


@dataclass(frozen=True)
class Asked:
    """A case on a card.

    Attributes:
        answers: What can be chosen: value and words.
        column: Field whose right value may be typed, empty where there is none.
        readiness_url: Page of the target that refuses it, empty where no target does; `refused_url`: what exactly.
        waiting: Customers that wait until it is mended.
    """

    case: Case
    title: str
    sentence: str
    where: str
    why: str
    answers: Sequence[tuple[str, str]]
    column: str
    returned_because: str
    readiness_url: str
    refused_url: str
    waiting: int


@dataclass(frozen=True)
class SideRow:
    """One field over all records of the card."""

    label: str
    golden: str
    cells: Sequence[Field]


@dataclass(frozen=True)
class CardPage:
    """Everything the card's page shows; a relation is how, to which record, and whether that is the visitor's.

    `golden_id` is empty where it asks about several customers; `golden_ids` are all of them.
    """

    card_id: str
    title: str
    golden_id: str
    worth: str
    sources: Sequence[str]
    sides: Sequence[Side]
    rows: Sequence[SideRow]
    asked: Sequence[Asked]
    relations: Sequence[tuple[str, str, bool]]
    has_golden: bool
    golden_ids: Sequence[str] = ()


def worth_of(card: Card) -> str:
    """Return what a card is worth in words."""
    told = [] if card.value_at_stake is None else [f"customer worth {card.value_at_stake:,.0f}"]
    waiting = max((case.unblocks for case in card.cases), default=0)
    if waiting > 1:
        told.append(f"{wording.count(waiting, 'record')} wait for it")
    return ", ".join(told)


def questions_said(house: House, cases: Sequence[Case]) -> str:
    """Return what a card asks, as words.

    One of a kind is named, several are counted: `possible duplicate, 2 × placeholder instead of a value`.
    """
    counts: dict[str, int] = {}
    for case in cases:
        counts[case.kind] = counts.get(case.kind, 0) + 1
    told = [(house.policy.kind(kind).title, number) for kind, number in counts.items()]
    return ", ".join(name if number == 1 else f"{number} × {name}" for name, number in told)


def asked_said(house: House, cases: Sequence[Case]) -> str:
    """Return what a card asks in sentences, the most valuable first; beyond a few their number."""
    told = list(dict.fromkeys("possible duplicate" if case.is_pair else case.evidence for case in cases))
    first = "; ".join(told[:SENTENCES])
    more = f"; {len(told) - SENTENCES} more" if len(told) > SENTENCES else ""
    return f"{first[:1].upper()}{first[1:]}{more}" if first else questions_said(house, cases)


def titles_of(house: House, actor: Actor, cards: Sequence[Card]) -> dict[str, str]:
    """Return what each card's customer is called; one question to the run's files for all of them."""
    first = {card.card_id: card.cases[0] for card in cards}
    by_run: dict[str, list[str]] = {}
    for case in first.values():
        by_run.setdefault(case.last_run_id, []).extend(case.record_ids)
    named = {
        str(row["record_id"]): title(row)
        for run_id, ids in by_run.items()
        for row in page(
            house,
            actor,
            "records",
            [Filter("record_id", "in", tuple(ids))],
            run_id=run_id,
            limit=len(ids),
            columns=NAMING,
        ).rows
    }
    alone = {case.golden_id for case in first.values() if not case.record_ids and case.golden_id}
    for run_id in sorted({case.last_run_id for case in first.values() if case.golden_id in alone}):
        asked = [Filter("golden_id", "in", tuple(sorted(alone)))]
        found = page(house, actor, "golden", asked, run_id=run_id, limit=len(alone), columns=GOLDEN_NAMING)
        named |= {str(row["golden_id"]): title(row) for row in found.rows}
    return {
        name: next((named[one] for one in (*case.record_ids, case.golden_id) if one in named), "")
        or case.golden_id
        or lone_title(house, case)
        for name, case in first.items()
    }


def lone_title(house: House, case: Case) -> str:
    """Return what a case that is no customer's is about: a source, or a value or a field of a target."""
    target = target_of(case.rule_id)
    if not target:
        return case.source
    _, thing, field = case.rule_id.split(".")[:3]
    called = titles_in(house.tables(case.last_run_id)).get(target, target)
    value = f"“{case.value}” in " if case.value else ""
    return f"{value}{case.column_name or field} of {thing}, {called}"


def card_page(
    house: House, actor: Actor, card_id: str, card: Card | None, run_id: str, *, is_known: bool = False
) -> CardPage:
    """Return the card of one customer.

    Args:
        house: Store, policy and runs.
        actor: Who looks.
        card_id: Of the card; where nothing is open, a golden id.
        card: Its open cases; None where nothing is open.
        run_id: The run whose records are shown.
        is_known: The actor had questions on it before: it is shown, be it without records.

    Raises:
        NotFoundError: No record of it is the actor's, and nothing was ever asked.
    """
    cases = card.cases if card else ()
    names = _customers(card_id, cases)
    customers = _hers(house, actor, names, run_id, is_asked=bool(cases) or is_known)
    sides = _sides(house, actor, customers, cases, is_whole=len(customers) == len(names))[:SIDES]
    only = customers[0] if len(names) == len(customers) == 1 and customers[0].golden else None
    own = [one for one in sides if not one.is_masked] or sides
    return CardPage(
        card_id=card_id,
        title=title(own[0].values) if own else _name_of(house, card_id, cases),
        golden_id=only.golden_id if only else "",
        worth=worth_of(card) if card else "",
        sources=sorted({str(one.values["source"]) for one in sides}),
        sides=[side_of(house, one) for one in sides],
        rows=_rows([one.values for one in sides], only.golden if only else None),
        asked=_without_echo([_asked(house, actor, case) for case in cases]),
        relations=_relations(house, actor, run_id, [row for one in customers for row in one.relations]),
        has_golden=only is not None,
        golden_ids=[one.golden_id for one in customers],
    )


def _name_of(house: House, card_id: str, cases: Sequence[Case]) -> str:
    """Return what a card without records is called."""
    return next((lone_title(house, case) for case in cases if case.source), card_id.removeprefix("source:"))


def _customers(card_id: str, cases: Sequence[Case]) -> list[str]:
    named = [name for case in cases for name in (case.golden_id, case.golden_id_r) if name]
    return list(dict.fromkeys(named)) or ([] if cases else [card_id])


def _hers(house: House, actor: Actor, names: Sequence[str], run_id: str, *, is_asked: bool) -> list[Customer]:
    """Return the customers of a card; one that is wholly another department's is left out where something was asked.

    Raises:
        NotFoundError: Nothing was asked, and no record is the actor's.
    """
    found = []
    for name in names:
        try:
            found.append(customer(house, actor, name, run_id=run_id, parts=["relations"]))
        except NotFoundError:
            if not is_asked:
                raise
    return found


def _sides(
    house: House, actor: Actor, customers: Sequence[Customer], cases: Sequence[Case], *, is_whole: bool
) -> list[Seen]:
    """Return the records of all customers, and those of cases whose record is no customer's of the reader's."""
    found = {one.record_id: one for each in customers for one in each.records}
    if not is_whole or not customers:
        found |= {one.record_id: one for case in cases for one in records_of_case(house, actor, case.case_id)}
    return list(found.values())


def _rows(records: Sequence[Row], golden: Row | None) -> list[SideRow]:
    extras = sorted({name for row in records for name in row if name.startswith(EXTRA)})
    rows = []
    for column in (*SHOWN, *extras):
        cells = [field(row, column) for row in records]
        if any(cell.clean or cell.raw for cell in cells):
            best = field(golden, column).clean if golden else ""
            rows.append(SideRow(wording.column(column), best, cells))
    return rows


def _relations(house: House, actor: Actor, run_id: str, rows: Sequence[Row]) -> list[tuple[str, str, bool]]:
    others = list(dict.fromkeys(str(row["to_record_id"]) for row in rows))
    mine = {one.record_id for one in seen(house, actor, run_id, others, columns=NAMING) if one.is_mine}
    told = dict.fromkeys((str(row["type"]), str(row["to_record_id"])) for row in rows)
    return [(RELATIONS.get(how, how), other, other in mine) for how, other in told]


def _without_echo(asked: Sequence[Asked]) -> list[Asked]:
    """Return questions that say why a rule matters where it asks first, and not again below."""
    said: set[str] = set()
    found = []
    for one in asked:
        found.append(replace(one, why="") if one.why in said else one)
        said.add(one.why)
    return found


def _asked(house: House, actor: Actor, case: Case) -> Asked:
    policy = house.policy
    is_settable = not case.is_pair and case.column_name in STANDARDIZED_COLUMNS and bool(case.record_id)
    if case.is_pair:
        answers = list(PAIR_ANSWERS)
    elif case.kind == ON_TRIAL:
        answers, is_settable = list(TRIAL_ANSWERS), False
    else:
        answers = [(f"resolve:{one.code}", one.title) for one in offered(house, "resolve")]
        if is_settable:
            answers += [(f"override:{one.code}", f"use my value: {one.title}") for one in offered(house, "override")]
        answers += [(f"waive:{one.code}", f"leave it for a month: {one.title}") for one in offered(house, "waive")]
    rule = next((rule for rule in house.standards.rules if rule.rule_id == case.rule_id), None)
    name = policy.kind(case.kind).title
    sentence = "Are these two the same customer?" if case.is_pair else case.evidence or (rule.reason if rule else "")
    return Asked(
        case=case,
        title=name[:1].upper() + name[1:],
        sentence=sentence,
        where=" and ".join(case.record_ids),
        why=rule.why if rule else "",
        answers=answers,
        column=case.column_name if is_settable else "",
        returned_because=", ".join(wording.column(one) for one in case.returned_because.split()),
        readiness_url=readiness_url(case),
        refused_url=refused_url(case),
        waiting=waiting_of(house, actor, case),
    )


def readiness_url(case: Case) -> str:
    """Return the page of the target whose rule a case is about, empty where it is a rule of the house."""
    target = target_of(case.rule_id)
    return f"/readiness?{urlencode({'target': target})}" if target else ""


def refused_url(case: Case) -> str:
    """Return the list of what a target says of exactly this case, empty where no target refuses it."""
    target = target_of(case.rule_id)
    if not target:
        return ""
    if case.golden_id:
        return f"/readiness/customers?{urlencode({'target': target, 'customer': case.golden_id, 'verdict': 'reject'})}"
    asked = {"target": target, "rule": case.rule_id, "value": case.value}
    return f"/readiness/customers?{urlencode({name: value for name, value in asked.items() if value})}"


def waiting_of(house: House, actor: Actor, case: Case) -> int:
    """Return how many customers wait for a case: seen by whoever asks or not, with errors of their own or not."""
    above = above_of(case)
    if above is None:
        return 0
    found = held_up(house.tables(case.last_run_id), above, Visible(house.sees(actor)), limit=0)
    return found.customers + found.also + found.others


def names_above(house: House, actor: Actor, waits: Sequence[WaitsFor], run_id: str = "") -> dict[str, str]:
    """Return what the customers above are called that whoever asks sees."""
    ids = [one.golden_id for one in waits if one.is_mine]
    return {key: title(values) for key, (values, _) in seen_golden(house, actor, ids, run_id=run_id).items()}
