"""Where a case goes, by when, and how much deciding it is worth. Follows `stewardship.yml`."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from dq.standards.stewardship import Route, Severity, Stewardship


def route_of(policy: Stewardship, case: Mapping[str, Any]) -> Route:
    """Return the first route whose conditions all hold, an empty one where none does."""
    for route in policy.routes:
        wanted = (
            (route.kinds, {case["kind"]}),
            (route.rules, {case["rule_id"]}),
            (route.sources, {case["source"], case["source_r"]}),
            (route.departments, {case["department"], case["department_r"]}),
            (route.severities, {case["severity"]}),
        )
        if all(not names or found & set(names) for names, found in wanted):
            return route
    return Route()


def routed(policy: Stewardship, case: Mapping[str, Any], opened_on: date) -> dict[str, Any]:
    """Return pool, assignee and due day of a new case."""
    route = route_of(policy, case)
    severity = cast(Severity, case["severity"])
    days = route.due_in if route.due_in is not None else policy.due_in.get(severity, 0)
    return {
        "pool": route.pool,
        "assignee": route.assignee,
        "due_on": policy.calendar.after(opened_on, days).isoformat(),
    }


def priority_of(policy: Stewardship, case: Mapping[str, Any], today: date) -> float:
    """Return the value of deciding a case: what it is worth × how open it is × the records that wait for it."""
    stake = case["value_at_stake"]
    worth = worth_of(policy.customer_value if stake is None else float(stake), policy.customer_value)
    factor = route_of(policy, case).factor * policy.severity_factor.get(cast(Severity, case["severity"]), 1.0)
    if case["due_on"] and case["due_on"] < today.isoformat():
        factor *= policy.overdue_factor
    return round(worth * float(case["uncertainty"]) * int(case["unblocks"]) * factor, 6)


def worth_of(stake: float, unit: float) -> float:
    """Return what an amount counts for in the order of work: the amount while it is small, then its magnitude.

    One account of a hundred million would otherwise stand before a million customers, whatever is wrong with it, and a
    severity of three times as much would never show. The unit counts as itself, and doublings far above add one each.

    >>> [round(worth_of(amount, 100.0)) for amount in (0, 10, 100, 10_000, 1_000_000_000)]
    [0, 14, 100, 666, 2325]
    """
    return unit * math.log2(1.0 + max(0.0, stake) / unit)
