"""Customers that a target refuses because a customer above them is refused: they wait, and are not asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dq.engine.querying import EVERYTHING, Parameter, Row, RunTables, Visible

HELD_UP: Final = """
    suppressed AS (SELECT DISTINCT target, row_id FROM blockers WHERE verdict = 'suppressed'),
    refusals AS (
        SELECT b.*, coalesce(b.golden_id, b.record_id, b.row_id) AS subject FROM blockers b
        ANTI JOIN suppressed s ON s.target = b.target AND s.row_id = b.row_id WHERE b.verdict = 'reject'
    ),
    refused AS (
        SELECT target, row_id, min(subject) AS subject, min(golden_id) AS golden_id, min(record_id) AS record_id
        FROM refusals GROUP BY target, row_id
    ),
    edges AS (
        SELECT DISTINCT r.target, r.row_id, r.value AS above FROM refusals r
        JOIN refused p ON p.target = r.target AND p.row_id = r.value
        WHERE r."check" = 'parent_missing' AND r.value <> r.row_id
    ),
    own AS (
        SELECT DISTINCT r.target, r.row_id FROM refusals r
        ANTI JOIN edges e ON e.target = r.target AND e.row_id = r.row_id AND e.above = r.value
            AND r."check" = 'parent_missing'
    ),
    hanging AS (
        SELECT e.target, e.row_id, e.above AS root FROM edges e
        JOIN own o ON o.target = e.target AND o.row_id = e.above
        UNION
        SELECT e.target, e.row_id, h.root FROM hanging h
        JOIN edges e ON e.target = h.target AND e.above = h.row_id
        ANTI JOIN own o ON o.target = h.target AND o.row_id = h.row_id
        WHERE e.row_id <> h.root
    ),
    has_own AS (SELECT DISTINCT f.target, f.subject FROM own o JOIN refused f USING (target, row_id)),
    below AS MATERIALIZED (
        SELECT h.*, r.subject AS root_subject
        FROM hanging h JOIN refused r ON r.target = h.target AND r.row_id = h.root
    ),
    waiting AS (
        SELECT b.target, b.root, b.row_id, f.subject, f.golden_id, f.record_id, o.subject IS NOT NULL AS has_own
        FROM below b JOIN refused f ON f.target = b.target AND f.row_id = b.row_id
        LEFT JOIN has_own o ON o.target = b.target AND o.subject = f.subject
        WHERE f.subject <> b.root_subject
    ),
    errors AS (
        SELECT r.* FROM refusals r
        LEFT JOIN edges e ON e.target = r.target AND e.row_id = r.row_id AND e.above = r.value
            AND r."check" = 'parent_missing'
        LEFT JOIN hanging h ON h.target = r.target AND h.row_id = r.row_id
        LEFT JOIN own o ON o.target = r.target AND o.row_id = r.row_id
        WHERE e.row_id IS NULL OR (h.row_id IS NULL AND o.row_id IS NULL)
    )
"""
"""Part of `WITH RECURSIVE`. `edges` leads from a refused row to the refused row above it; `own` are rows with an error
beside that; `hanging` leads from a row to the nearest one above with an error of its own, its `root`; `waiting` says
the same of customers, and whether they have errors of their own; `errors` are what somebody has to mend: what is
refused without the edges (rows of a circle in which nothing else is wrong keep theirs: nobody else would be asked).
`below` is materialised: else the planner compares every two refused rows before it asks who hangs on whom."""

_ROOTS: Final = """
    roots AS (
        SELECT DISTINCT target, row_id AS root FROM refusals
        WHERE target = ? AND (? = '' OR row_id = ?) AND (? = '' OR coalesce(golden_id, record_id) = ? OR (
            golden_id IS NULL AND row_id IN (SELECT e.above FROM edges e JOIN refused f USING (target, row_id)
                                             WHERE f.golden_id = ?)
        )) AND (? = '' OR rule_id = ?) AND (? = '' OR value = ?)
    )
"""
_LISTED: Final = """
    listed AS (
        SELECT w.target, w.row_id, w.golden_id, w.record_id, w.root, w.has_own, r.golden_id AS root_golden_id
        FROM waiting w JOIN roots USING (target, root)
        JOIN refused r ON r.target = w.target AND r.row_id = w.root
        WHERE ?::BOOLEAN OR w.golden_id IN (
            SELECT golden_id FROM identities WHERE coalesce(department, '') IN (SELECT unnest(?::VARCHAR[]))
        )
    )
"""
_WITH: Final = f"WITH RECURSIVE {HELD_UP}, {_ROOTS}, {_LISTED}"
_COUNT: Final = f"""
    {_WITH} SELECT count(*) AS lines, count(DISTINCT coalesce(golden_id, record_id, row_id)) AS customers,
                   count(DISTINCT coalesce(golden_id, record_id, row_id)) FILTER (has_own) AS also
    FROM listed
"""  # noqa: S608 (own words)
_PAGE: Final = f"{_WITH} SELECT * FROM listed ORDER BY has_own, root, row_id LIMIT ? OFFSET ?"  # noqa: S608 (own words)
_BY_ROOT: Final = f"""
    {_WITH} SELECT target, root, root_golden_id, count(DISTINCT coalesce(golden_id, record_id, row_id)) AS customers
    FROM listed WHERE NOT has_own GROUP BY target, root, root_golden_id ORDER BY customers DESC, root LIMIT ?
"""  # noqa: S608 (own words)
_OF: Final = f"""
    WITH RECURSIVE {HELD_UP}
    SELECT DISTINCT w.target, w.root, r.golden_id AS root_golden_id, w.has_own
    FROM waiting w JOIN refused r ON r.target = w.target AND r.row_id = w.root
    WHERE w.golden_id = ? ORDER BY w.target, w.root
"""  # noqa: S608 (own words)
_IS_HELD_UP: Final = (
    "SELECT count(*) AS n FROM blockers WHERE golden_id = ? AND verdict = 'reject' AND \"check\" = 'parent_missing'"
)
_ERRORS: Final = f"""
    WITH RECURSIVE {HELD_UP}
    SELECT DISTINCT target, row_id, rule_id, "check", code, coalesce(value, '') AS value FROM errors
    WHERE row_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY target, row_id, rule_id, value
"""  # noqa: S608 (own words)


@dataclass(frozen=True)
class Above:
    """Whom customers wait for: one row of the target, or all that have a customer, a rule or a value in common."""

    target: str
    row_id: str = ""
    golden_id: str = ""
    rule_id: str = ""
    value: str = ""

    @property
    def values(self) -> list[Parameter]:
        """What the questions take."""
        given: list[Parameter] = [self.target]
        for one, times in ((self.row_id, 2), (self.golden_id, 3), (self.rule_id, 2), (self.value, 2)):
            given += [one] * times
        return given


@dataclass(frozen=True)
class HeldUp:
    """Customers that wait, as somebody may see them.

    Attributes:
        lines: Rows of the target, one page: row_id, golden_id, root, root_golden_id, and `has_own`, where the row has
            an error of its own beside.
        total: Rows in all.
        customers: Customers that wait and have nothing of their own.
        also: Customers that wait and have errors of their own.
        others: Customers that wait and that whoever asks does not see.
    """

    lines: list[Row]
    total: int
    customers: int
    also: int
    others: int


def held_up(
    tables: RunTables, above: Above, visible: Visible = EVERYTHING, *, limit: int = 50, offset: int = 0
) -> HeldUp:
    """Return who waits for a customer, those without errors of their own first; without a limit only how many."""
    if not tables.columns("blockers"):
        return HeldUp([], 0, 0, 0, 0)
    seen = [*above.values, *_seen(visible)]
    mine = tables.sql(_COUNT, seen)[0]
    everybody = mine if visible.departments is None else tables.sql(_COUNT, [*above.values, *_seen(EVERYTHING)])[0]
    customers, also = (int(mine[name] or 0) for name in ("customers", "also"))
    return HeldUp(
        lines=tables.sql(_PAGE, [*seen, limit, offset]) if limit else [],
        total=int(mine["lines"] or 0),
        customers=customers - also,
        also=also,
        others=int(everybody["customers"] or 0) - customers,
    )


def waited_for(tables: RunTables, target: str, visible: Visible = EVERYTHING, limit: int = 20) -> list[Row]:
    """Return for whom customers wait in a target, the most first: target, root, root_golden_id, customers."""
    if not tables.columns("blockers"):
        return []
    return tables.sql(_BY_ROOT, [*Above(target).values, *_seen(visible), limit])


def roots_of(tables: RunTables, golden_id: str) -> list[Row]:
    """Return for whom one customer waits: target, root, root_golden_id, and whether errors of its own are left."""
    if not tables.columns("blockers") or not tables.sql(_IS_HELD_UP, [golden_id])[0]["n"]:
        return []
    return tables.sql(_OF, [golden_id])


def errors_of(tables: RunTables, row_ids: Sequence[str]) -> list[Row]:
    """Return what has to be mended on rows: target, row_id, rule_id, check, code, value."""
    return tables.sql(_ERRORS, [list(row_ids)]) if row_ids else []


def _seen(visible: Visible) -> list[Parameter]:
    return [visible.departments is None, sorted(visible.departments or ())]
