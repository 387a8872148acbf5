"""What a finished run asks people: its own cases, and the violations that policy makes cases of."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dq.engine.querying import Row, RunTables
from dq.matching.reasons import pattern
from dq.standards.load import Standards
from dq.standards.matching import Matching
from dq.standards.stewardship import Stewardship
from dq.stewardship.blocked_cases import LONGEST_VALUE, blocked_cases, target_of
from dq.tables.identity import case_id
from dq.text import shape_text

SENSITIVE: Final = "sensitive_data"
"""Kind of cases whose value is what must not be kept: card and social security numbers stay in the files of the run."""
ON_TRIAL: Final = "rule_on_trial"
"""Kind of cases that ask whether a new rule is right: an opinion closes them."""
PAIR_KINDS: Final = ("possible_match", "contradiction")
LEAST_UNCERTAINTY: Final = 0.05
"""Of a pair whose probability says nearly all: somebody asks, so it is worth something."""

_FACTS: Final = """
    SELECT r.record_id, r.source, coalesce(r.department, '') AS department, coalesce(r.owner, '') AS owner,
           coalesce(i.golden_id, '') AS golden_id, try_cast(r.value_amount AS DOUBLE) AS value_amount
    FROM records r JOIN identities i ON i.record_id = r.record_id
    WHERE r.record_id IN (SELECT unnest(?::VARCHAR[]))
"""
_CUSTOMERS: Final = """
    SELECT i.golden_id, count(*) AS records, max(try_cast(r.value_amount AS DOUBLE)) AS value_amount,
           min(coalesce(i.department, '')) AS department, max(coalesce(i.department, '')) AS department_r,
           list_sort(list(DISTINCT coalesce(i.department, ''))) AS departments
    FROM identities i JOIN records r ON r.record_id = i.record_id
    WHERE i.golden_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY i.golden_id
"""
_PAIRS: Final = "SELECT * FROM pairs WHERE record_id_l IN (SELECT unnest(?::VARCHAR[]))"
BANDS: Final = (
    (0.99, "99 % and more"),
    (0.95, "95 to 99 %"),
    (0.8, "80 to 95 %"),
    (0.5, "50 to 80 %"),
    (0.0, "below 50 %"),
)
"""Least probability → how alike two records are, as a list of pairs can be narrowed to it."""


def found_cases(
    tables: RunTables, standards: Standards, blocker_waivers: Sequence[Mapping[str, Any]] = ()
) -> list[Row]:
    """Return the cases of a run, one per `case_id`, sorted by it.

    Each has the columns of the table `cases` that come from a run: ids, rule, owner, severity, value at stake,
    uncertainty, what waits for it and the card it belongs to. Null never: the empty text says that there is none.

    Args:
        tables: The run.
        standards: Rules, and which of them make cases.
        blocker_waivers: Rows of the table of this name that are in force: what is let be asks nobody.
    """
    policy = standards.stewardship
    refused = blocked_cases(tables, policy, blocker_waivers)
    asked = (*_asked(tables), *_violated(tables, policy), *_on_trial(tables, standards), *refused)
    cases = {str(case["case_id"]): case for case in asked}
    found = [cases[name] for name in sorted(cases)]
    _describe(tables, policy, standards.matching, found)
    _group(found)
    return found


def _asked(tables: RunTables) -> list[Row]:
    """Return the rows of `cases.parquet`."""
    found = []
    for row in tables.page("cases", limit=10**6).rows:
        names = ("case_id", "kind", "record_id", "record_id_r", "golden_id", "contact_point_id", "rule_id", "evidence")
        case: Row = {name: str(row.get(name) or "") for name in names}
        case |= {"column_name": "", "value": "", "pattern": "", "severity": str(row.get("severity") or "warn")}
        stake = row.get("value_at_stake")
        found.append(case | {"value_at_stake": stake if isinstance(stake, float) and math.isfinite(stake) else None})
    return found


def _violated(tables: RunTables, policy: Stewardship) -> list[Row]:
    """Return a case per violation that policy makes one of."""
    if not tables.columns("violations"):
        return []
    marks = tables.sql(
        "SELECT DISTINCT rule_id FROM violations WHERE severity IN (SELECT unnest(?::VARCHAR[]))",
        [list(policy.case_severities)],
    )
    kinds = {str(row["rule_id"]): policy.kind_of_rule(str(row["rule_id"])) for row in marks}
    rules = sorted(rule for rule, kind in kinds.items() if kind)
    query = (
        "SELECT * EXCLUDE (file_row_number) FROM violations WHERE rule_id IN (SELECT unnest(?::VARCHAR[])) "
        "AND severity IN (SELECT unnest(?::VARCHAR[])) ORDER BY file_row_number"
    )
    return [_of_violation(row, kinds) for row in tables.sql(query, [rules, list(policy.case_severities)])]


def _on_trial(tables: RunTables, standards: Standards) -> list[Row]:
    """Return a case per sampled finding of a rule on trial: drawn by hash, so that the next run asks about the same."""
    rules = [rule.rule_id for rule in standards.rules if rule.trial]
    if not rules or not tables.columns("violations"):
        return []
    drawn = 'SELECT *, row_number() OVER (PARTITION BY rule_id ORDER BY md5(record_id), record_id, "column") AS place'
    query = (
        f"SELECT * EXCLUDE (file_row_number, place) FROM ({drawn} FROM violations "  # noqa: S608 (own words)
        "WHERE record_id IS NOT NULL AND rule_id IN (SELECT unnest(?::VARCHAR[]))) WHERE place <= ? "
        "ORDER BY rule_id, place"
    )
    kinds = dict.fromkeys(rules, ON_TRIAL)
    return [_of_violation(row, kinds) for row in tables.sql(query, [rules, standards.stewardship.trial.sample])]


def _of_violation(row: Mapping[str, Any], kinds: Mapping[str, str]) -> Row:
    # PostgreSQL keeps no text with a NUL in it.
    texts = {name: str(row.get(name) or "").replace("\x00", " ") for name in row}
    kind = kinds[texts["rule_id"]]
    value = "" if kind == SENSITIVE else texts["value"]
    subject = texts["contact_point_id"] or texts["record_id"]
    # Without a record whose change would bring it back, another value is another question.
    asked = (subject,) if subject else (texts["golden_id"] or texts["source"], texts["value"])
    return {
        "case_id": case_id(kind, *asked, texts["rule_id"], texts["column"]),
        "kind": kind,
        "record_id": texts["record_id"],
        "record_id_r": "",
        "golden_id": texts["golden_id"],
        "contact_point_id": texts["contact_point_id"],
        "rule_id": texts["rule_id"],
        "evidence": texts["reason"] + _which(texts["contact_point_id"]),
        "column_name": texts["column"],
        "value": value[:LONGEST_VALUE],
        "pattern": shape_text(value) if value else "",
        "severity": texts["severity"] or "warn",
        "value_at_stake": None,
        "source": texts["source"],
        "department": texts["department"],
    }


def _which(contact_point_id: str) -> str:
    """Say which of several addresses, numbers or mails it is, where it is not the first.

    >>> _which("crm:1|address|2"), _which("crm:1|address|1"), _which("")
    (' (address 2)', '', '')
    """
    _, kind, number = contact_point_id.rsplit("|", 2) if contact_point_id.count("|") > 1 else ("", "", "1")
    return "" if number == "1" else f" ({kind} {number})"


def _describe(tables: RunTables, policy: Stewardship, matching: Matching, cases: list[Row]) -> None:
    """Fill in whose a case is, what it is worth, how open it is and what waits for it."""
    ids = sorted({str(case[side]) for case in cases for side in ("record_id", "record_id_r") if case[side]})
    facts = {str(row["record_id"]): row for row in tables.sql(_FACTS, [ids])}
    golden = {str(row["golden_id"]) for row in facts.values()} | {str(case["golden_id"]) for case in cases}
    customers = {str(row["golden_id"]): row for row in tables.sql(_CUSTOMERS, [sorted(golden - {""})])}
    compared = _compared(tables, cases)
    for case in cases:
        left, right = facts.get(str(case["record_id"]), {}), facts.get(str(case["record_id_r"]), {})
        case["golden_id"] = case["golden_id"] or left.get("golden_id") or ""
        case["golden_id_r"] = right.get("golden_id") or ""
        owner = customers.get(str(case["golden_id"]), {})
        case["source"] = left.get("source") or case.get("source") or ""
        case["source_r"] = right.get("source") or case["source"]
        case["department"] = (
            (left.get("department") if left else case.get("department"))
            or (owner.get("department") if not left else "")
            or ""
        )
        shared = owner.get("department_r") if not left and owner else None  # a customer of two departments is both's
        case["department_r"] = right.get("department", "") if right else shared or case["department"]
        if not right and case["department_r"] != case["department"]:
            case["value"] = case["pattern"] = ""  # it may be the other department's, which only they see
        every: Any = () if left else owner.get("departments") or ()
        further = (name for name in every if name not in (case["department"], case["department_r"]))
        case["departments"] = "\n".join(further)
        case["owner"] = left.get("owner") or ""
        both = [customers[name] for name in _customers_of(case) if name in customers]
        case["value_at_stake"] = _worth(case, both)
        waiting = sum(int(one["records"] or 0) for one in both)
        case["unblocks"] = int(case.get("unblocks") or 0) or max(1, waiting) + int(case.pop("held_up", 0) or 0)
        pair = compared.get((str(case["record_id"]), str(case["record_id_r"])), {})
        odds = pair.get("match_probability")
        probability = float(odds) if odds is not None else None
        case["uncertainty"] = _uncertainty(policy, str(case["kind"]), probability)
        if pair:  # what a decision for many pairs takes together
            case["pattern"] = pattern(pair, matching)
            case["value"] = "" if probability is None else next(name for least, name in BANDS if probability >= least)


def _customers_of(case: Row) -> list[str]:
    return sorted({str(case["golden_id"]), str(case["golden_id_r"])} - {""})


def _worth(case: Row, customers: list[Row]) -> float | None:
    """Return what hangs on a case: its own figure, else the worth of its customers, None where nobody knows."""
    if isinstance(case["value_at_stake"], float):
        return case["value_at_stake"]
    known = [float(one["value_amount"]) for one in customers if isinstance(one["value_amount"], float)]
    return round(sum(known), 2) if known else None


def _compared(tables: RunTables, cases: list[Row]) -> dict[tuple[str, str], Row]:
    """Return the comparison of each pair that is asked about, by its records."""
    lefts = sorted({str(case["record_id"]) for case in cases if case["kind"] in PAIR_KINDS})
    if not lefts or not tables.columns("pairs"):
        return {}
    return {(str(row["record_id_l"]), str(row["record_id_r"])): row for row in tables.sql(_PAIRS, [lefts])}


def _uncertainty(policy: Stewardship, kind: str, probability: float | None) -> float:
    """Return how open a case is: for a pair 1 at even odds and little at either end, else what policy says."""
    if probability is None:
        return policy.kind(kind).uncertainty
    return round(max(LEAST_UNCERTAINTY, 1.0 - abs(2.0 * probability - 1.0)), 6)


def _group(cases: list[Row]) -> None:
    """Give every case the card it belongs to: customers that a pair asks about together share one."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for case in cases:
        for one, other in zip(_customers_of(case), _customers_of(case)[1:], strict=False):
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    for case in cases:
        own = _customers_of(case)
        case["card_id"] = root(own[0]) if own else str(case["record_id"] or _lone(case))


def _lone(case: Row) -> str:
    """Return the card of a case that is no customer's: a source has one, each question of a target one of its own.

    Values by the hundred would otherwise be one card, which fits no day.
    """
    return f"case:{case['case_id']}" if target_of(str(case["rule_id"])) else f"source:{case['source']}"
