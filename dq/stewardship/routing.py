"""Where a case goes, by when, and how much deciding it is worth. Follows `stewardship.yml`."""

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
    """Return the value of deciding a case: what is at stake × how open it is × the records that wait for it."""
    worth = case["value_at_stake"] if case["value_at_stake"] is not None else policy.customer_value
    factor = route_of(policy, case).factor * policy.severity_factor.get(cast(Severity, case["severity"]), 1.0)
    if case["due_on"] and case["due_on"] < today.isoformat():
        factor *= policy.overdue_factor
    return round(float(worth) * float(case["uncertainty"]) * int(case["unblocks"]) * factor, 6)
