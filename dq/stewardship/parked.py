"""Customers that policy keeps out of the conversion, as somebody may see them: per rule, and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dq.engine.querying import Page, Parameter, Row
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, run_of
from dq.stewardship.records import seen_golden

_MINE: Final = (
    "golden_id IN (SELECT golden_id FROM identities "
    "WHERE ?::BOOLEAN OR coalesce(department, '') IN (SELECT unnest(?::VARCHAR[])))"
)
_CUSTOMERS: Final = f"""
    SELECT golden_id, min(rule) AS rule, min(reason) AS reason, min(approver) AS approver,
           min(accepted_on) AS accepted_on, min(targets) AS targets, count(*) AS records,
           CAST(round(try_cast(min(value) AS DOUBLE) * 100) AS BIGINT) AS hundredths
    FROM parked WHERE {_MINE} GROUP BY golden_id
"""  # noqa: S608 (own words)


@dataclass(frozen=True)
class ParkedRule:
    """What one rule keeps out, of what somebody sees.

    Attributes:
        approver: Who accepted the rule.
        customers: Customers.
        records: Their records.
        value: What they are worth together; None where nobody's value is known.
    """

    rule: str
    approver: str
    accepted_on: str
    customers: int
    records: int
    value: float | None


@dataclass(frozen=True)
class ParkedCustomer:
    """One customer that is kept out.

    Attributes:
        golden: Its golden values, masked where it is not all the reader's.
        value: What it is worth, None where that is not known or hidden.
        is_mine: All of its records are the reader's.
        targets: The targets it is kept out of, parted by `|`; empty: all of the run.
    """

    golden_id: str
    rule: str
    reason: str
    records: int
    value: float | None
    golden: Row
    is_mine: bool
    targets: str = ""


def parked_rules(house: House, actor: Actor, *, run_id: str = "") -> list[ParkedRule]:
    """Return per rule how many customers are kept out and what they are worth, the most customers first."""
    query = (
        "SELECT rule, min(approver) AS approver, min(accepted_on) AS accepted_on, count(*) AS customers, "  # noqa: S608
        "sum(records)::BIGINT AS records, sum(hundredths)::BIGINT AS hundredths "
        f"FROM ({_CUSTOMERS}) GROUP BY rule ORDER BY customers DESC, rule"
    )
    return [
        ParkedRule(
            str(row["rule"]),
            str(row["approver"] or ""),
            str(row["accepted_on"] or ""),
            int(row["customers"] or 0),
            int(row["records"] or 0),
            _value(row),
        )
        for row in _asked(house, actor, query, (), run_id)
    ]


def parked_customers(
    house: House, actor: Actor, rule: str = "", *, run_id: str = "", limit: int = 50, offset: int = 0
) -> Page:
    """Return `ParkedCustomer`s as rows of a page, the most valuable first."""
    chosen = "WHERE ?::VARCHAR = '' OR rule = ?"
    values: list[Parameter] = [rule, rule]
    counted = _asked(house, actor, f"SELECT count(*) AS n FROM ({_CUSTOMERS}) {chosen}", values, run_id)  # noqa: S608
    query = (
        f"SELECT * FROM ({_CUSTOMERS}) {chosen} "  # noqa: S608 (own words)
        "ORDER BY hundredths DESC NULLS LAST, golden_id LIMIT ? OFFSET ?"
    )
    rows = _asked(house, actor, query, [*values, limit, offset], run_id)
    return Page(rows, int(counted[0]["n"] or 0) if counted else 0, offset)


def shown(house: House, actor: Actor, rows: Sequence[Row], *, run_id: str = "") -> list[ParkedCustomer]:
    """Return rows of `parked_customers` with what the reader may see of each customer."""
    golden = seen_golden(house, actor, [str(row["golden_id"]) for row in rows], run_id=run_id)
    found = []
    for row in rows:
        values, is_mine = golden.get(str(row["golden_id"]), ({}, False))
        found.append(
            ParkedCustomer(
                golden_id=str(row["golden_id"]),
                rule=str(row["rule"]),
                reason=str(row["reason"] or "") if is_mine else "",
                records=int(row["records"] or 0),
                value=_value(row) if is_mine else None,
                golden=values,
                is_mine=is_mine,
                targets=str(row.get("targets") or ""),
            )
        )
    return found


def _asked(house: House, actor: Actor, query: str, values: Sequence[Parameter], run_id: str) -> list[Row]:
    tables = house.tables(str(run_of(house, run_id)["run_id"]))
    if not tables.columns("parked"):
        return []
    if "targets" not in tables.columns("parked"):  # a run of an earlier version
        query = query.replace("min(targets)", "NULL")
    mine = house.sees(actor)
    return tables.sql(query, [mine is None, sorted(mine or ()), *values])


def _value(row: Row) -> float | None:
    hundredths = row["hundredths"]
    return None if hundredths is None else int(hundredths) / 100
