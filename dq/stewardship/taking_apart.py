"""Takes a customer apart: judgements that give its records back as they were, from the next run on.

Records are never altered by a merge, so a judgement per pair is all that it takes; each is a case that can be undone,
is watched for changes, and waits for the other department where the customer is shared. The same as `dq unmerge`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, Final

from dq.errors import ConflictError, NotAllowedError, NotFoundError
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import decide_in
from dq.stewardship.house import Act, House, acting, run_of
from dq.stewardship.moving import look_at
from dq.stewardship.routing import routed
from dq.store import rows
from dq.store.cases import Case, find_case, insert_cases
from dq.store.schema import CASES
from dq.tables.identity import case_id

KIND: Final = "possible_match"
MOST_PAIRS: Final = 500
"""Pairs judged at once: 32 records each on its own; more is a rule gone wrong and no merge to be judged by hand."""


@dataclass(frozen=True)
class TakenApart:
    """What became of it.

    Attributes:
        golden_id: The customer.
        pairs: Pairs that were judged different.
        waiting: Of them, pairs that wait for a second person.
        disputed: Of them, pairs that somebody else had judged the same: the lead decides.
    """

    golden_id: str
    pairs: int
    waiting: int
    disputed: int


def take_apart(
    house: House,
    actor: Actor,
    golden_id: str,
    leaving: Collection[str] = (),
    *,
    at: datetime,
    comment: str = "",
) -> TakenApart:
    """Judge records of a customer to be different customers.

    Args:
        leaving: Records that are another customer together; none: every record is a customer of its own.

    Raises:
        NotFoundError: No such customer for this actor, or a record is not of it.
        NotAllowedError: Two records that another department's are would be judged.
        ConflictError: One record only, or too many.
    """
    actor.needs("steward", "take customers apart")
    run_id = str(run_of(house)["run_id"])
    facts = _facts(house, run_id, golden_id)
    if not any(actor.owns(str(row["department"]), house.policy) for row in facts.values()):
        raise NotFoundError(f"there is no customer {golden_id!r}", "it may belong to another department")
    pairs = _pairs(golden_id, list(facts), set(leaving))
    with acting(house, actor, "take_apart", at) as act:
        cases = [_case_of(act, house, run_id, golden_id, facts, pair) for pair in pairs]
        look_at(act, house, cases)
        became = [decide_in(act, house, case, "DIFFERENT", comment=comment, asked=True).became for case in cases]
        act.record(
            "customer", golden_id, leaving=sorted(leaving), pairs=len(pairs), record_ids=sorted(facts), run_id=run_id
        )
    return TakenApart(golden_id, len(pairs), became.count("waiting"), became.count("disputed"))


def judged_apart(house: House, actor: Actor, record_ids: Collection[str]) -> list[Case]:
    """Return pairs among the records of a customer that people judged different: the next run takes them apart."""
    with house.store.read() as connection:
        found = [
            find_case(connection, row["case_id"], house.sees(actor))
            for row in rows.find_keys(connection, CASES, "record_id", record_ids)
            if row["record_id_r"] in set(record_ids)
        ]
    return [
        case
        for case in found
        if case is not None and ((case.status, case.outcome) == ("resolved", "DIFFERENT") or case.status == "waiting")
    ]


def _facts(house: House, run_id: str, golden_id: str) -> dict[str, dict[str, Any]]:
    """Return source, department, owner of the records of a customer, by record id."""
    query = (
        "SELECT r.record_id, r.source, coalesce(r.department, '') AS department, coalesce(r.owner, '') AS owner "
        "FROM records r JOIN identities i USING (record_id) WHERE i.golden_id = ? ORDER BY r.record_id"
    )
    return {str(row["record_id"]): dict(row) for row in house.tables(run_id).sql(query, [golden_id])}


def _pairs(golden_id: str, ids: Sequence[str], leaving: set[str]) -> list[tuple[str, str]]:
    if unknown := sorted(leaving - set(ids)):
        raise NotFoundError(f"{unknown[0]} is no record of {golden_id}", "look at its records again")
    if len(leaving) == len(ids):
        leaving = set()
    pairs = [pair for pair in combinations(ids, 2) if not leaving or len(set(pair) & leaving) == 1]
    if not 0 < len(pairs) <= MOST_PAIRS:
        raise ConflictError(
            f"{golden_id} holds {len(ids)} records", f"up to {MOST_PAIRS} pairs of them can be judged at once"
        )
    return pairs


def _case_of(
    act: Act, house: House, run_id: str, golden_id: str, facts: dict[str, dict[str, Any]], pair: tuple[str, str]
) -> Case:
    """Return the case about two records; one that nobody asked yet is put in as gone, for a judgement to close.

    Raises:
        NotAllowedError: Neither record is the actor's.
    """
    left, right = facts[pair[0]], facts[pair[1]]
    if not any(act.actor.owns(one["department"], house.policy) for one in (left, right)):
        raise NotAllowedError("two of these records are another department's", "choose your own, or ask the lead")
    number = case_id(KIND, *pair)
    known = find_case(act.connection, number, None, lock=True)
    if known is not None:
        return known
    case = {
        "case_id": number,
        "kind": KIND,
        "record_id": pair[0],
        "record_id_r": pair[1],
        "golden_id": golden_id,
        "golden_id_r": golden_id,
        "rule_id": "",
        "source": left["source"],
        "source_r": right["source"],
        "department": left["department"],
        "department_r": right["department"],
        "owner": left["owner"],
        "severity": "warn",
        "value_at_stake": None,
        "evidence": "joined before, and taken apart by a person",
        "card_id": golden_id,
        "status": "gone",
        "opened_at": act.at,
        "first_run_id": run_id,
        "last_run_id": run_id,
    }
    insert_cases(act.connection, [case | routed(house.policy, case, house.today(act.moment))])
    made = find_case(act.connection, number, None)
    assert made is not None
    return made
