"""Counts what each rule would park, before anybody accepts it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dq.conversion.parking.judging import Known, reasons_of, spared_by
from dq.conversion.parking.parked import taken_along
from dq.standards.parking import Parking, State

EXAMPLES: Final = 3
"""Customers shown per rule: the most valuable first, for a wrong one among them costs most."""


@dataclass(frozen=True)
class ParkedExample:
    """One customer a rule speaks of."""

    customer: str
    value: float | None
    reason: str
    place: str = ""


@dataclass(frozen=True)
class RuleCount:
    """What one rule comes to.

    Attributes:
        state: `preview` or `accepted`.
        accepted_by: Who accepted it, empty where nobody has.
        customers: Customers it speaks of, less those exempt or brought back.
        only: Those of them that no other rule speaks of.
        with_contacts: People who go along because all their employers are among these customers.
        value: What these customers are worth together; None where nobody's value is known.
        exempt: Exemption → customers that the rule speaks of and that it spares.
        brought_back: Customers it speaks of that people brought back.
        unread_dates: Customers with a date of activity that nobody can read; they are left alone.
        targets: Targets it is about; empty: every one.
    """

    rule: str
    title: str
    why: str
    owner: str
    approver: str
    state: State
    accepted_by: str
    accepted_on: str
    customers: int
    only: int
    with_contacts: int
    value: float | None
    exempt: Mapping[str, int]
    brought_back: int
    unread_dates: int
    examples: tuple[ParkedExample, ...]
    targets: tuple[str, ...] = ()


def count_rules(
    policy: Parking, hits: pd.DataFrame, known: Known, back: Collection[str], as_of: date
) -> tuple[RuleCount, ...]:
    """Return what every rule that is not off comes to, in the order of the policy.

    Args:
        policy: The rules.
        hits: Of `find_hits`.
        known: The customers.
        back: Customers that people brought back.
        as_of: The day of the run.
    """
    free = hits.loc[~hits["id"].isin(list(back))]
    rules_of = free.groupby("id")["rule"].size()
    values = known.customers.set_index("id")["value"]
    found = []
    for name, rule in policy.rules.items():
        state = rule.state_on(as_of)
        if state == "off":
            continue
        own = free.loc[free["rule"].eq(name)]
        meant = known.customers.loc[reasons_of(rule.when, known.customers, as_of).notna(), "id"]
        along = taken_along(list(own["id"]), known, spared_by(rule, known), back) if policy.contacts == "parked" else ()
        unread = int(known.customers["has_unread_date"].sum()) if rule.when.inactive_months else 0
        found.append(
            RuleCount(
                rule=name,
                title=rule.title,
                why=rule.why,
                owner=rule.owner,
                approver=rule.approver,
                state=state,
                accepted_by=rule.accepted.by if rule.accepted else "",
                accepted_on=rule.accepted.on.isoformat() if rule.accepted else "",
                customers=len(own),
                only=int(own["id"].map(rules_of).eq(1).sum()),
                with_contacts=len(along),
                value=worth(values.reindex(own["id"])),
                exempt={one: int(meant.isin(known.exempt.get(one, frozenset())).sum()) for one in rule.unless},
                brought_back=int(hits["rule"].eq(name).sum()) - len(own),
                unread_dates=unread,
                examples=_examples(own, values),
                targets=rule.targets,
            )
        )
    return tuple(found)


def worth(values: pd.Series) -> float | None:
    """Return a sum of money to the cent; None where nothing is known.

    >>> worth(pd.Series([0.1, 0.2, None]))
    0.3
    """
    known = values.dropna()
    # Cents are summed as integers: a sum of floats would depend on the order of the rows.
    return int((known * 100).round().astype("int64").sum()) / 100 if len(known) else None


def _examples(own: pd.DataFrame, values: pd.Series) -> tuple[ParkedExample, ...]:
    ranked = own.assign(value=own["id"].map(values)).sort_values(["value", "id"], ascending=[False, True])
    return tuple(
        ParkedExample(str(line["id"]), None if pd.isna(line["value"]) else float(line["value"]), str(line["reason"]))
        for line in ranked.head(EXAMPLES).to_dict("records")
    )
