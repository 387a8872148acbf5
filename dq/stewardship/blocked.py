"""Who loads into a target and what keeps the others out, in what somebody may see of a run; and who let that be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dq.engine.querying import EVERYTHING, Parameter, RunTables, Visible
from dq.standards.targets import OWNER_CHECKS
from dq.stewardship.blocker_waivers import BlockerWaiver

VERDICTS: Final = ("reject", "alters", "pollutes", "needs_org", "loads", "parked", "suppressed")
"""What becomes of a customer: the worst of its rows, parked and suppressed before all."""
_SEEN: Final = (
    "(?::BOOLEAN OR golden_id IN (SELECT golden_id FROM identities "
    "WHERE coalesce(department, '') IN (SELECT unnest(?::VARCHAR[]))))"
)
_CUSTOMERS: Final = f"""
    SELECT target, verdict, count(*) AS customers FROM (
        SELECT target, golden_id, CASE
            WHEN bool_or(object = 'park') THEN 'parked'
            WHEN bool_or(verdict = 'suppressed') THEN 'suppressed'
            WHEN bool_or(NOT would_load) THEN 'reject'
            WHEN bool_or(verdict = 'alters') THEN 'alters'
            WHEN bool_or(verdict = 'pollutes') THEN 'pollutes'
            WHEN bool_or(verdict = 'needs_org') THEN 'needs_org'
            ELSE 'loads' END AS verdict
        FROM load_verdicts WHERE golden_id IS NOT NULL AND {_SEEN} GROUP BY target, golden_id
    ) GROUP BY target, verdict ORDER BY target, verdict
"""  # noqa: S608 (own words)
_WAIVED: Final = f"""
    WITH waivers AS (
        SELECT unnest(?::BIGINT[]) AS number, unnest(?::VARCHAR[]) AS waived_rule, unnest(?::VARCHAR[]) AS waived_owner,
               unnest(?::VARCHAR[]) AS waived_department
    ), whose AS (
        SELECT golden_id AS customer, min(coalesce(department, '')) AS first, max(coalesce(department, '')) AS last
        FROM identities GROUP BY golden_id
    ), seen AS (
        SELECT object, field, code, "check", rule_id, verdict, row_id, golden_id, value
        FROM blockers WHERE target = ? AND {_SEEN}
    ), held AS (
        SELECT seen.*, w.number
        FROM seen LEFT JOIN whose ON whose.customer = seen.golden_id
        LEFT JOIN waivers w ON seen.verdict = 'reject'
            AND (w.waived_rule = seen.rule_id OR (w.waived_rule = '' AND w.waived_owner = seen.value
                 AND seen."check" IN (SELECT unnest(?::VARCHAR[]))))
            AND (w.waived_department = ''
                 OR (whose.first = w.waived_department AND whose.last = w.waived_department))
    )
"""  # noqa: S608 (own words)
_LINES: Final = """
    SELECT object, field, code, rule_id, verdict, mode("check") AS "check", count(DISTINCT row_id) AS rows,
           count(DISTINCT golden_id) AS customers, count(DISTINCT row_id) FILTER (number IS NOT NULL) AS waived,
           list_sort(list(DISTINCT number) FILTER (number IS NOT NULL)) AS numbers
    FROM held GROUP BY object, field, code, rule_id, verdict
    ORDER BY array_position(['reject', 'alters', 'pollutes', 'needs_org'], verdict), rows DESC, rule_id
"""
_OPEN: Final = """
    SELECT count(DISTINCT row_id) AS open FROM (
        SELECT row_id, rule_id, value FROM held WHERE verdict = 'reject'
        GROUP BY row_id, rule_id, value HAVING count(number) = 0
    )
"""
_OWNERS: Final = """
    SELECT value AS owner, count(DISTINCT row_id) AS rows, count(DISTINCT golden_id) AS customers,
           list_sort(list(DISTINCT number) FILTER (number IS NOT NULL)) AS numbers,
           count(DISTINCT row_id) FILTER (number IS NOT NULL) AS waived
    FROM held WHERE verdict = 'reject' AND "check" IN (SELECT unnest(?::VARCHAR[]))
    GROUP BY value ORDER BY rows DESC, owner
"""


@dataclass(frozen=True)
class BlockedLine:
    """One way in which rows fall short of a target.

    Attributes:
        check: What it is about (`dq.standards.targets.CHECKS`).
        rows: Rows of the load that have it.
        customers: Customers among them; a household's own account is none.
        waived: Rows of them that somebody let be.
        waivers: By whom.
    """

    object: str
    field: str
    code: str
    rule_id: str
    verdict: str
    check: str
    rows: int
    customers: int
    waived: int
    waivers: tuple[BlockerWaiver, ...]


@dataclass(frozen=True)
class OwnerLine:
    """An owner of the sources whom nobody in the target took over from; empty where the row names none."""

    owner: str
    rows: int
    customers: int
    waived: int
    waivers: tuple[BlockerWaiver, ...]


@dataclass(frozen=True)
class Blocked:
    """What keeps rows out of a target.

    Attributes:
        lines: Every way in which rows fall short, the worst first and then by rows.
        owners: The owners among them that are the reason, the most rows first.
        open_rows: Rows that are refused for something that nobody let be.
    """

    lines: tuple[BlockedLine, ...]
    owners: tuple[OwnerLine, ...]
    open_rows: int


def customers_by_verdict(tables: RunTables, visible: Visible = EVERYTHING) -> dict[str, dict[str, int]]:
    """Return per target how many customers have which of VERDICTS; all of them are named, in their order."""
    found: dict[str, dict[str, int]] = {}
    if tables.columns("load_verdicts"):
        for row in tables.sql(_CUSTOMERS, _seen(visible)):
            counts = found.setdefault(str(row["target"]), dict.fromkeys(VERDICTS, 0))
            counts[str(row["verdict"])] = int(row["customers"] or 0)
    return found


def blocked_in(
    tables: RunTables, target: str, waivers: Sequence[BlockerWaiver], visible: Visible = EVERYTHING
) -> Blocked:
    """Return what keeps rows of a target out.

    Args:
        tables: The run.
        target: One of its targets.
        waivers: What people let be; those that are over, or about other targets, hold nothing.
        visible: Whose customers; a household's own account belongs to none and is left out where not all are seen.
    """
    if not tables.columns("blockers"):
        return Blocked((), (), 0)
    held = {one.number: one for one in waivers if one.target == target and not one.is_over}
    columns = ([str(getattr(one, name)) for one in held.values()] for name in ("rule_id", "owner", "department"))
    numbers = [str(number) for number in held]
    values: list[Parameter] = [numbers, *columns, target, *_seen(visible), list(OWNER_CHECKS)]
    lines = tables.sql(_WAIVED + _LINES, values)
    owners = tables.sql(_WAIVED + _OWNERS, [*values, list(OWNER_CHECKS)])
    left = tables.sql(_WAIVED + _OPEN, values)
    return Blocked(
        tuple(BlockedLine(**_counted(row, held)) for row in lines),
        tuple(OwnerLine(**{**_counted(row, held), "owner": str(row["owner"] or "")}) for row in owners),
        int(left[0]["open"] or 0),
    )


def _counted(row: dict[str, Any], held: dict[int, BlockerWaiver]) -> dict[str, Any]:
    numbers = row.pop("numbers") or ()
    return {**row, "waivers": tuple(held[int(number)] for number in numbers)}


def _seen(visible: Visible) -> list[Parameter]:
    return [visible.departments is None, sorted(visible.departments or ())]
