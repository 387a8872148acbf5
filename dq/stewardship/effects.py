"""What a person's decisions did: which of them the run that is shown knows, and what came of them there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dq.engine.querying import Parameter
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, run_of
from dq.store import instant
from dq.store.cases import Case
from dq.store.days import cases_decided

LOOKED_AT: Final = 1000
"""Cases looked at: a day of work; who decided more did so by a rule, whose page counts them."""
_CUSTOMERS: Final = "SELECT record_id, golden_id FROM identities WHERE record_id IN (SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True)
class Effects:
    """What became of decisions.

    Attributes:
        run_on: Day of the run that is shown; empty where it knows none of them.
        joined: Pairs said to be the same that are one customer in it.
        apart: Pairs said to be different that are two.
        mended: Other cases that no run finds any more.
        ahead: Decisions made after that run began: the next one carries them out.
    """

    run_on: str
    joined: int
    apart: int
    mended: int
    ahead: int


def effects_of(house: House, actor: Actor, since: datetime, until: datetime) -> Effects:
    """Return what the decisions did that a person made in a time."""
    with house.store.read() as connection:
        cases = cases_decided(connection, actor.name, instant(since), instant(until), LOOKED_AT)
    if not cases:
        return Effects("", 0, 0, 0, 0)
    run = run_of(house)
    known = [case for case in cases if case.decided_at < str(run["started_at"])]
    customers = _customers(house, str(run["run_id"]), [case for case in known if case.is_pair])
    same = [case for case in known if case.outcome == "SAME" and _are_one(case, customers) is True]
    different = [case for case in known if case.outcome == "DIFFERENT" and _are_one(case, customers) is False]
    mended = sum(case.last_run_id != run["run_id"] and not case.is_pair for case in known)
    return Effects(str(run["as_of"]) if known else "", len(same), len(different), mended, len(cases) - len(known))


def _customers(house: House, run_id: str, pairs: list[Case]) -> dict[str, str]:
    ids: Parameter = sorted({record for case in pairs for record in case.record_ids})
    if not ids:
        return {}
    return {str(row["record_id"]): str(row["golden_id"]) for row in house.tables(run_id).sql(_CUSTOMERS, [ids])}


def _are_one(case: Case, customers: dict[str, str]) -> bool | None:
    """Tell whether the records of a pair are one customer; None where the run lacks one of them."""
    found = [customers[record] for record in case.record_ids if record in customers]
    return found[0] == found[1] if len(found) == 2 else None
