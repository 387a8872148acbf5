"""A second look at a share of decided pairs, by another steward who does not see the first answer.

Whoever agrees settles it; whoever does not leaves it to the lead (`deciding`).
"""

import hashlib
from typing import Any, Final

from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House
from dq.stewardship.people import departments_of
from dq.store import rows
from dq.store.cases import Case, CaseFilter, list_cases
from dq.store.schema import JUDGEMENTS, USERS

SECOND: Final = "second opinion"
"""Pool of decided pairs that somebody else is asked about too; what was decided holds meanwhile."""
MOST: Final = 200
"""Pairs looked through for one person: more than a day's."""


def is_chosen(act: Act, house: House, case: Case) -> bool:
    """Tell whether another steward is asked about a pair that is decided just now.

    The share is drawn by the id of the case: the same pairs whoever decides them, and nobody can choose.
    """
    drawn = int(hashlib.sha256(f"second opinion\0{case.case_id}".encode()).hexdigest()[:8], 16) / 16**8
    return drawn < house.policy.second_opinion_share and any(
        user["user_name"] != act.actor.name and _sees_both(house, case, _actor(act.connection, user))
        for user in rows.find_all(act.connection, USERS, state="active", role="steward")
    )


def second_opinions(house: House, actor: Actor, limit: int = MOST) -> list[Case]:
    """Return pairs that others decided and the actor is asked about, the most valuable first; leads are not asked."""
    if actor.role != "steward":
        return []
    with house.store.read() as connection:
        wanted = CaseFilter(status=("resolved",), pool=(SECOND,))
        found = list_cases(connection, wanted, house.sees(actor), limit=MOST)
        said = {
            row["case_id"]
            for row in rows.find_keys(connection, JUDGEMENTS, "case_id", [case.case_id for case in found])
            if row["by"] == actor.name
        }
    others = (case for case in found if case.case_id not in said and case.decided_by != actor.name)
    return [case for case in others if _sees_both(house, case, actor)][:limit]


def _actor(connection: Any, user: dict[str, Any]) -> Actor:
    return Actor(user["user_name"], user["role"], departments_of(connection, user["user_name"]))


def _sees_both(house: House, case: Case, actor: Actor) -> bool:
    return actor.owns(case.department, house.policy) and actor.owns(case.department_r, house.policy)
