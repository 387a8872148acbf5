"""Who a case can be given to: people who see its records, and pools that policy names."""

from dq.stewardship.actor import Actor
from dq.stewardship.deciding import FOR_THE_LEAD
from dq.stewardship.house import House
from dq.stewardship.people import User, users
from dq.store.cases import Case


def takers(house: House, actor: Actor, case: Case) -> list[User]:
    """Return who may be given a case: a steward oneself alone, a lead everybody who works and sees a record of it."""
    able = [user for user in users(house, actor) if user.state == "active" and user.actor.has("steward")]
    if not actor.has("lead"):
        return [user for user in able if user.name == actor.name]
    sees = (case.department, case.department_r)
    return [user for user in able if any(user.actor.owns(name, house.policy) for name in sees)]


def pools(house: House) -> list[str]:
    """Return the pools cases go to by policy, and the leads', by name."""
    return sorted({route.pool for route in house.policy.routes if route.pool} | {FOR_THE_LEAD})
