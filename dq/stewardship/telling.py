"""What happened to cases and what people said about a pair, for those who may see it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.queue import case_of
from dq.store import load, rows
from dq.store.cases import Case
from dq.store.events import events_of_card
from dq.store.schema import CASE_EVENTS, JUDGEMENTS, USERS

LONGEST: Final = 100
"""Events of a card that are shown: what happened within some weeks of daily decisions."""


def history(house: House, actor: Actor, case_id: str) -> list[dict[str, Any]]:
    """Return what happened to a case, oldest first: at, by, action, reason, comment, before, after.

    What a person wrote in words is kept from whoever sees one half of the customer only: it may tell of the other.
    """
    case = case_of(house, actor, case_id)
    with house.store.read() as connection:
        found = rows.find_all(connection, CASE_EVENTS, order=("id",), case_id=case_id)
    told = [{**row, "before": load(row["before"]), "after": load(row["after"])} for row in found]
    return [_heard(house, actor, row, vars(case)) for row in told]


def card_history(house: House, actor: Actor, card_id: str) -> list[dict[str, Any]]:
    """Return what happened to the cases of a card, newest first; the events of `history` with the case's columns."""
    with house.store.read() as connection:
        found = events_of_card(connection, card_id, house.sees(actor), LONGEST)
    return [_heard(house, actor, row, row) for row in found]


def judgements_of(house: House, actor: Actor, case_id: str) -> list[dict[str, Any]]:
    """Return what people said about a pair, oldest first."""
    case_of(house, actor, case_id)
    with house.store.read() as connection:
        return rows.find_all(connection, JUDGEMENTS, order=("id",), case_id=case_id)


def dispute_of(house: House, actor: Actor, case: Case) -> Sequence[tuple[str, str]]:
    """Return who said what about a pair, each person's last word, in the order they spoke."""
    said: dict[str, str] = {}
    for row in judgements_of(house, actor, case.case_id):
        if row["state"] == "final":
            said.pop(row["by"], None)
            said[row["by"]] = row["judgement"]
    return [*said.items()]


def names_of(house: House) -> dict[str, str]:
    """Return what people are called, by their login: who acted is no secret among those who see the case."""
    with house.store.read() as connection:
        return {row["user_name"]: row["display_name"] for row in rows.find_all(connection, USERS)}


def _heard(house: House, actor: Actor, event: dict[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    mine = actor.has("steward") and all(
        actor.owns(str(case[name]), house.policy) for name in ("department", "department_r")
    )
    return event if mine else {**event, "comment": ""}
