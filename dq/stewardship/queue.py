"""The queue: today's work, everything there is, one card, one case. Gives each person what is theirs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dq.errors import NotFoundError
from dq.stewardship.absences import stands_in_for
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import FOR_THE_LEAD
from dq.stewardship.house import House, acting
from dq.stewardship.second_opinions import second_opinions
from dq.store import dump, instant, load, rows
from dq.store.cases import (
    FACETS,
    Case,
    CaseFilter,
    Departments,
    count_by,
    count_cases,
    count_facets,
    find_case,
    list_cases,
)
from dq.store.days import decisions_since, most_valuable
from dq.store.schema import DAYS, USERS

CANDIDATES: Final = 20
"""Cases looked at per case of capacity, to find the best cards; the cases of those cards are then read whole."""
MOST_OF_CARDS: Final = 20_000
"""Cases of the best cards at most."""


@dataclass(frozen=True)
class Card:
    """The open cases of one customer, worked together.

    Attributes:
        card_id: The same for all of them.
        cases: Most valuable first.
        worth: Value of deciding all of them; only an order.
        value_at_stake: What the customer is worth, None where nobody knows.
        seconds: What it takes, by the kinds.
        due_on: The first day something is due; empty where nothing is.
    """

    card_id: str
    cases: tuple[Case, ...]
    worth: float
    value_at_stake: float | None
    seconds: int
    due_on: str


@dataclass(frozen=True)
class Day:
    """A person's day.

    Attributes:
        cards: What is still to do, most valuable first.
        done: Cases of today's plan that are decided.
        planned: Cases the day began with.
        seconds: What the rest takes.
        left_over: Open cases beyond today that the person sees.
        is_done: The person said "done for today".
        yesterday: What the decisions since the day before did, as counts by outcome.
    """

    cards: tuple[Card, ...]
    done: int
    planned: int
    seconds: int
    left_over: int
    is_done: bool
    yesterday: dict[str, int]


@dataclass(frozen=True)
class CasePage:
    """Part of the queue.

    Attributes:
        cases: In order.
        total: How many there are in all.
        offset: How many come before.
    """

    cases: tuple[Case, ...]
    total: int
    offset: int


def today(house: House, actor: Actor, at: datetime) -> Day:
    """Return what a person should do today: the most valuable that fits their capacity, one card per customer.

    The plan is made the first time they look on a day and stays: what is decided falls out of it, nothing comes in.
    """
    day = house.today(at)
    with house.store.read() as connection:
        plan = rows.find(connection, DAYS, user_name=actor.name, day=day.isoformat())
        if plan is None:
            chosen = _chosen(house, actor, connection, at)
            seconds = second_opinions(house, actor, _share_of_day(house, actor, connection))
            chosen += [_card(house, case.case_id, [case]) for case in seconds]
            names = [case.case_id for card in chosen for case in card.cases]
        else:
            names = [str(name) for name in _list(load(plan["planned"]).get("case_ids"))]
            chosen = _cards(house, _still_open(house, actor, connection, names))
            asked = [case for case in second_opinions(house, actor) if case.case_id in names]
            chosen += [_card(house, case.case_id, [case]) for case in asked]
        left = count_cases(connection, CaseFilter(), house.sees(actor))
        yesterday = decisions_since(connection, actor.name, instant(working_day_before(house, at)), instant(at))
    if plan is None and names and actor.has("steward"):
        _keep_plan(house, actor, day.isoformat(), names)
    open_count = sum(len(card.cases) for card in chosen)
    return Day(
        cards=tuple(chosen),
        done=len(names) - open_count,
        planned=len(names),
        seconds=sum(card.seconds for card in chosen),
        left_over=max(0, left - open_count),
        is_done=bool(plan and plan["done_at"]),
        yesterday=yesterday,
    )


def say_done(house: House, actor: Actor, *, at: datetime) -> None:
    """Say "done for today"."""
    actor.needs("steward", "work cases")
    day = house.today(at).isoformat()
    with acting(house, actor, "say_done", at) as act:
        if not rows.change(act.connection, DAYS, {"done_at": act.at}, user_name=actor.name, day=day):
            rows.add(act.connection, DAYS, {"user_name": actor.name, "day": day, "done_at": act.at})
        act.record("user", actor.name, day=day)


def queue(
    house: House, actor: Actor, wanted: CaseFilter, *, order: str = "-priority", limit: int = 50, offset: int = 0
) -> CasePage:
    """Return cases of the actor's departments."""
    with house.store.read() as connection:
        mine = house.sees(actor)
        found = list_cases(connection, wanted, mine, order=order, limit=limit, offset=offset)
        return CasePage(tuple(found), count_cases(connection, wanted, mine), offset)


def facets(house: House, actor: Actor, wanted: CaseFilter, column: str, limit: int = 50) -> list[tuple[str, int]]:
    """Return how many cases there are per value of a column (FACETS), most first.

    The filter's own condition on that column is left out, so that the other values can be chosen.
    """
    if column not in FACETS:
        raise NotFoundError(f"cases cannot be counted by {column!r}", "known: " + ", ".join(FACETS))
    if hasattr(wanted, column) and column != "status":
        without: dict[str, Any] = {column: ()}
        wanted = replace(wanted, **without)
    with house.store.read() as connection:
        return count_by(connection, column, wanted, house.sees(actor), limit)


def many_facets(
    house: House, actor: Actor, wanted: CaseFilter, columns: Sequence[str], limit: int = 50
) -> dict[str, list[tuple[str, int]]]:
    """Return the facets of several columns at once; see `facets`."""
    with house.store.read() as connection:
        return count_facets(connection, columns, wanted, house.sees(actor), limit)


def case_of(house: House, actor: Actor, case_id: str) -> Case:
    """Return a case.

    Raises:
        NotFoundError: No such case, or another department's.
    """
    with house.store.read() as connection:
        case = find_case(connection, case_id, house.sees(actor))
    if case is None:
        raise NotFoundError(f"there is no case {case_id!r}", "it may belong to another department")
    return case


def card(house: House, actor: Actor, card_id: str) -> Card:
    """Return the undecided cases of one customer that the actor sees.

    Raises:
        NotFoundError: None of them are the actor's.
    """
    wanted = CaseFilter(status=("open", "waiting", "disputed"), card_id=(card_id,))
    with house.store.read() as connection:
        found = list_cases(connection, wanted, house.sees(actor), limit=1000)
    if not found:
        raise NotFoundError(f"nothing is open on card {card_id!r}", "it may be closed, or another department's")
    return _cards(house, found)[0]


def _chosen(house: House, actor: Actor, connection: Any, at: datetime) -> list[Card]:
    """Return the best cards that fit the capacity; the first is taken even where it alone is too much."""
    most, minutes = _capacity(house, actor, connection)
    names = stands_in_for(connection, actor.name, house.today(at))
    leads = () if actor.has("lead") else (FOR_THE_LEAD,)
    states = ("open", "disputed") if actor.has("lead") else ("open",)
    best = most_valuable(
        connection, house.sees(actor), names, states=states, without_pools=leads, limit=most * CANDIDATES
    )
    whole = CaseFilter(status=states, card_id=tuple(sorted({case.card_id for case in best})))
    found = list_cases(connection, whole, house.sees(actor), limit=MOST_OF_CARDS) if best else []
    found = [case for case in found if case.assignee in ("", *names) and case.pool not in leads]
    chosen: list[Card] = []
    count, seconds = 0, 0
    for each in _cards(house, found):
        if chosen and (count + len(each.cases) > most or seconds + each.seconds > minutes * 60):
            if count >= most or seconds >= minutes * 60:
                break
            continue  # a smaller card may still fit
        chosen.append(each)
        count, seconds = count + len(each.cases), seconds + each.seconds
    return chosen


def _capacity(house: House, actor: Actor, connection: Any) -> tuple[int, int]:
    own = rows.find(connection, USERS, user_name=actor.name) or {}
    policy = house.policy.capacity
    return own.get("daily_cases") or policy.cases, own.get("daily_minutes") or policy.minutes


def _still_open(house: House, actor: Actor, connection: Any, names: list[str]) -> list[Case]:
    mine: Departments = house.sees(actor)
    states = ("open", "disputed") if actor.has("lead") else ("open",)
    found = (find_case(connection, name, mine) for name in names)
    return [case for case in found if case is not None and case.status in states]


def _share_of_day(house: House, actor: Actor, connection: Any) -> int:
    """Return how many second opinions a day holds: their share of it, rounded up."""
    return math.ceil(_capacity(house, actor, connection)[0] * house.policy.second_opinion_share)


def _cards(house: House, cases: list[Case]) -> list[Card]:
    grouped: dict[str, list[Case]] = {}
    for case in cases:
        grouped.setdefault(case.card_id, []).append(case)
    found = [_card(house, name, group) for name, group in grouped.items()]
    return sorted(found, key=lambda each: (-each.worth, each.card_id))


def _card(house: House, name: str, cases: list[Case]) -> Card:
    ordered = sorted(cases, key=lambda case: (-case.priority, case.case_id))
    stakes = [case.value_at_stake for case in ordered if case.value_at_stake is not None]
    return Card(
        card_id=name,
        cases=tuple(ordered),
        worth=round(sum(case.priority for case in ordered), 6),
        value_at_stake=max(stakes) if stakes else None,
        seconds=sum(house.policy.kind(case.kind).seconds for case in ordered),
        due_on=min((case.due_on for case in ordered if case.due_on), default=""),
    )


def _keep_plan(house: House, actor: Actor, day: str, names: list[str]) -> None:
    """Remember what a day began with; looking is no action, so it leaves no row in the audit."""
    with house.store.write() as connection:
        known = rows.find(connection, USERS, user_name=actor.name)
        if known and not rows.find(connection, DAYS, user_name=actor.name, day=day):
            row = {"user_name": actor.name, "day": day, "planned": dump({"case_ids": names}), "done_at": ""}
            rows.add(connection, DAYS, row)


def working_day_before(house: House, at: datetime) -> datetime:
    """Return the first moment of the working day before."""
    calendar = house.policy.calendar
    day = house.today(at) - timedelta(days=1)
    while not calendar.works_on(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(calendar.time_zone))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
