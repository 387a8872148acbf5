"""What a target refuses, as cases: per customer, per value that it does not know, per rule that refuses thousands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from dq.engine.querying import Parameter, Row, RunTables
from dq.standards.stewardship import Stewardship
from dq.standards.targets import CHECKS, OWNER_CHECKS
from dq.stewardship.held_up import HELD_UP, Above
from dq.store.cases import Case
from dq.tables.identity import case_id
from dq.text import shape_text
from dq.text.counts import counted

BLOCKED: Final = "blocked"
"""Kind of the cases about a customer that a target refuses."""
UNMAPPED: Final = "unmapped_value"
"""Kind of the cases about a value: it is mapped once for all records that have it."""
LONGEST_VALUE: Final = 200
"""Characters kept of a value for facets; the whole of it stands in the files of the run."""

_RULES_THAT_REFUSE: Final = "SELECT DISTINCT rule_id FROM blockers WHERE verdict = 'reject'"
_TOLD: Final = f"""
    WITH RECURSIVE {HELD_UP}, waivers AS (
        SELECT unnest(?::VARCHAR[]) AS for_target, unnest(?::VARCHAR[]) AS for_rule, unnest(?::VARCHAR[]) AS for_owner,
               unnest(?::VARCHAR[]) AS for_department
    ), kinds AS (
        SELECT unnest(?::VARCHAR[]) AS kind_rule, unnest(?::VARCHAR[]) AS kind
    ), whose AS (
        SELECT golden_id AS customer, min(coalesce(department, '')) AS first, max(coalesce(department, '')) AS last
        FROM identities WHERE golden_id IN (SELECT golden_id FROM refused) GROUP BY golden_id
    ), household AS (
        SELECT e.target AS of_target, e.above, min(f.golden_id) AS member
        FROM edges e JOIN refused f USING (target, row_id) GROUP BY e.target, e.above
    ), weights AS (
        SELECT target AS of_target, root, count(DISTINCT subject) AS waiting FROM waiting WHERE NOT has_own
        GROUP BY target, root
    ), asked AS (
        SELECT target, coalesce(golden_id, CASE WHEN record_id IS NULL THEN member END, '') AS golden_id,
               coalesce(record_id, '') AS record_id, row_id, golden_id IS NULL AND record_id IS NULL AS is_household,
               subject, object, field, code, "check", rule_id, kind,
               coalesce(value, '') AS value, coalesce(first, '') AS first, coalesce(last, '') AS last,
               value IS NOT NULL AND (kind = 'unmapped_value' OR "check" IN (SELECT unnest(?::VARCHAR[]))) AS is_value,
               coalesce(waiting, 0) AS waiting, certainty, count(*) OVER (PARTITION BY rule_id) AS of_rule
        FROM errors JOIN kinds ON kind_rule = rule_id LEFT JOIN whose ON customer = golden_id
        LEFT JOIN household ON household.of_target = target AND above = row_id
        LEFT JOIN weights ON weights.of_target = target AND root = row_id
    ), told AS (
        SELECT *, EXISTS (
            SELECT 1 FROM waivers WHERE for_target = target
            AND (for_rule = rule_id
                 OR (for_rule = '' AND for_owner = value AND "check" IN (SELECT unnest(?::VARCHAR[]))))
            AND (for_department = '' OR (first = for_department AND last = for_department))
        ) AS is_held
        FROM asked
    ), many AS (
        SELECT rule_id AS many_rule FROM told WHERE NOT is_value GROUP BY rule_id HAVING count(DISTINCT subject) > ?
    )
"""  # noqa: S608 (own words)
_VALUES: Final = """
    SELECT target, object, field, code, min("check") AS "check", rule_id, kind, value, min(first) AS first,
           max(last) AS last, count(DISTINCT row_id) FILTER (NOT is_held) AS rows,
           sum(waiting) FILTER (NOT is_held) AS waiting,
           bool_and(certainty = 'general') FILTER (NOT is_held) AS is_doubtful
    FROM told WHERE is_value GROUP BY target, object, field, code, rule_id, kind, value
    HAVING bool_or(NOT is_held) ORDER BY target, rule_id, value
"""
_RULES: Final = """
    SELECT target, object, field, code, min("check") AS "check", rule_id, kind, min(first) AS first,
           max(last) AS last, count(DISTINCT row_id) FILTER (NOT is_held) AS rows,
           sum(waiting) FILTER (NOT is_held) AS waiting,
           bool_and(certainty = 'general') FILTER (NOT is_held) AS is_doubtful
    FROM told WHERE NOT is_value AND rule_id IN (SELECT many_rule FROM many)
    GROUP BY target, object, field, code, rule_id, kind HAVING bool_or(NOT is_held) ORDER BY target, rule_id
"""
_CUSTOMERS: Final = """
    SELECT DISTINCT target, kind, subject, golden_id, record_id, is_household, object, field, code, "check", rule_id,
           value, is_held, row_id, waiting, certainty, of_rule
    FROM told WHERE NOT is_value AND rule_id NOT IN (SELECT many_rule FROM many)
    ORDER BY target, kind, subject, rule_id, "check", value, is_held, golden_id, record_id, row_id
"""
_SAID: Final = 3
"""Errors named in the sentence of a case; the card and the page of the target have the others."""


def blocked_cases(tables: RunTables, policy: Stewardship, waivers: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return what targets refuse as cases, as `finding.found_cases` has them before they are described.

    Only what a target rejects asks: what it alters, or takes and makes a mess of, is counted by the readiness. The id
    of a customer's case holds what blocks it, so that a decision stands while that is the same and another blocker is
    another question; what somebody let be stays in the id and opens no case of its own. Its rule is the error that most
    customers have. Who is refused only because a customer above is refused has no case: those who wait are part of what
    the case above is worth, and load with it (`held_up`). What rests on general knowledge alone is for information.

    Args:
        tables: The run.
        policy: Kinds of the rules, and from how many customers on a rule is one case.
        waivers: Rows of `blocker_waivers` in force: target, rule_id, owner, department.
    """
    if not tables.columns("blockers"):
        return []
    rules = [str(row["rule_id"]) for row in tables.sql(_RULES_THAT_REFUSE)]
    kinds = {rule: kind for rule in sorted(rules) if (kind := policy.kind_of_rule(rule))}
    names = ("target", "rule_id", "owner", "department")
    owners: Parameter = list(OWNER_CHECKS)
    values: list[Parameter] = [[str(one[name]) for one in waivers] for name in names]
    values += [list(kinds), list(kinds.values()), owners, owners, policy.most_of_a_rule]
    titles = titles_in(tables)
    errors = tables.sql(_TOLD + _CUSTOMERS, values)
    refused = groupby(errors, key=lambda row: (row["target"], row["kind"], row["subject"]))
    return [
        *(_of_value(row, titles) for row in tables.sql(_TOLD + _VALUES, values)),
        *(_of_rule(row, titles) for row in tables.sql(_TOLD + _RULES, values)),
        *(case for _, own in refused if (case := _of_customer(list(own), titles))),
    ]


def target_of(rule_id: str) -> str:
    """Return the target whose rule it is, empty where it is a rule of the house.

    >>> target_of("salesforce.Contact.Email.INVALID_EMAIL_ADDRESS"), target_of("zip_has_five_digits")
    ('salesforce', '')
    """
    target, *rest = rule_id.split(".")
    return target if len(rest) >= 3 else ""  # object, field and error name; fields may have dots of their own


def above_of(case: Case) -> Above | None:
    """Return whom others wait for until a case is closed; None where it is not about a target."""
    target = target_of(case.rule_id)
    if not target:
        return None
    if case.golden_id or case.record_id:
        return Above(target, golden_id=case.golden_id or case.record_id)
    return Above(target, rule_id=case.rule_id, value=case.value)


def _of_customer(errors: list[Row], titles: Mapping[str, str]) -> Row | None:
    """Return the case of one customer in one target; None where all of it is let be."""
    asking = [row for row in errors if not row["is_held"]]
    if not asking:
        return None
    first = asking[0]
    what = [f"{row['rule_id']}={row['value']}" for row in errors]
    told = list(dict.fromkeys(f"{row['object']}.{row['field']}: {_said(row)}" for row in asking))
    more = f"; {len(told) - _SAID} more" if len(told) > _SAID else ""
    only = first if len({(row["rule_id"], row["value"]) for row in asking}) == 1 else {"field": "", "value": ""}
    usual = min(asking, key=lambda row: (-int(row["of_rule"] or 0), str(row["rule_id"])))
    it = "the account of this household" if first["is_household"] else "it"
    waiting = sum({str(row["row_id"]): int(row["waiting"] or 0) for row in errors}.values())
    return _case(
        {**usual, "is_doubtful": all(row["certainty"] == "general" for row in asking)},
        (str(first["subject"]), str(first["target"]), *dict.fromkeys(what)),
        golden_id=str(first["golden_id"]),
        record_id=str(first["record_id"]),
        evidence=f"{_title(first, titles)} would refuse {it}. {'; '.join(told[:_SAID])}{more}{_waiting(waiting)}",
        column_name=str(only["field"]),
        value=_text(only["value"]),
        source="" if first["golden_id"] or first["record_id"] else str(first["target"]),
        held_up=waiting,
    )


def _of_value(row: Row, titles: Mapping[str, str]) -> Row:
    where = f"{row['object']}.{row['field']}"
    value = _text(row["value"])
    return _of_many(
        row,
        (str(row["target"]), str(row["rule_id"]), str(row["value"])),
        f"{_title(row, titles)} would refuse {counted(int(row['rows'] or 0), 'record')} with "
        f"\u201c{value}\u201d in {where}: {_said(row)}",
        value,
    )


def _of_rule(row: Row, titles: Mapping[str, str]) -> Row:
    where = f"{row['object']}.{row['field']}"
    return _of_many(
        row,
        (str(row["target"]), str(row["rule_id"])),
        f"{_title(row, titles)} would refuse {counted(int(row['rows'] or 0), 'record')} for {where}: "
        f"{_said(row)}. So many are mended together, not one by one",
    )


def _of_many(row: Row, asked: Iterable[str], said: str, value: str = "") -> Row:
    """Return the case of all rows that a value or a rule keeps out; whoever waits for them is unblocked with them."""
    waiting = int(row["waiting"] or 0)
    return _case(
        row,
        asked,
        evidence=said + _waiting(waiting),
        column_name=str(row["field"]),
        value=value,
        source=str(row["target"]),
        department=_department(row),
        unblocks=int(row["rows"] or 0) + waiting,
    )


def _waiting(customers: int) -> str:
    """Say who else would load: customers with nothing wrong but the one above them."""
    return f". {counted(customers, 'customer')} {'waits' if customers == 1 else 'wait'} for it" if customers else ""


def _case(row: Row, asked: Iterable[str], **said: Any) -> Row:
    kind = str(row["kind"])
    empty = ("record_id", "golden_id", "contact_point_id", "value", "source", "department")
    case: Row = {**dict.fromkeys(empty, ""), **said, "kind": kind, "rule_id": str(row["rule_id"])}
    severity = "info" if row["is_doubtful"] else "warn"
    case |= {"case_id": case_id(kind, *asked), "record_id_r": "", "severity": severity, "value_at_stake": None}
    return case | {"pattern": shape_text(str(case["value"])) if case["value"] else ""}


def _said(row: Row) -> str:
    """Return what an error is about; the name that the target has for it stands on the page of the target."""
    if row["check"] == "parent_missing":  # who only waits for one that is refused has no case
        return "the one it belongs to is not in the load"
    return CHECKS.get(str(row["check"]), str(row["check"]))


def _title(row: Row, titles: Mapping[str, str]) -> str:
    return titles.get(str(row["target"]), str(row["target"]))


def _text(value: object) -> str:
    # PostgreSQL keeps no text with a NUL in it.
    return str(value or "").replace("\x00", " ")[:LONGEST_VALUE]


def _department(row: Row) -> str:
    """Return the department that all the customers are of; what several share is nobody's, and so the lead's."""
    return str(row["first"] or "") if row["first"] == row["last"] else ""


def titles_in(tables: RunTables) -> dict[str, str]:
    """Return what the targets of a run are called; none where nothing says it."""
    path = tables.folder / "readiness.json"
    if not path.is_file():
        return {}
    return {str(one["target"]): str(one["title"]) for one in json.loads(path.read_text(encoding="utf-8"))}
