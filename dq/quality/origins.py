"""Where errors are born: what is in stock against what comes in, by source, month of creation, creator, form, channel.

Mending the stock is work for once; what comes in comes again. Inflow is what was created on or after a day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dq.engine.conditions import Parameter
from dq.engine.querying import Row, RunTables

MONTH: Final = "month of creation"
BIRTHPLACES: Final = re.compile(
    r"^(lead|entry|input|data|record)?(created?by(id|name)?|creator|form(id|name)?|channel|origin|leadsource|entrypoint"
    r"|campaign|enteredby)$"
)
"""Headers, in lower case without signs, that say who or what made a record."""
MOST_VALUES: Final = 200
"""Values of a column up to which it is a place where records are made; beyond, it names records."""


@dataclass(frozen=True)
class Origin:
    """Records made in one place.

    Attributes:
        column: What says where they were made: `source`, MONTH, or a header of the source.
        value: The place; empty where nothing is said.
        stock: Violations of records made before.
        inflow: Violations of records made since.
        records: Records made there since.
        share: Of all violations that came in, 0–1.
        per_record: Violations per record made there since; None where none was.
        place: Column of `records` that says it; MONTH is cut from `created_at`.
    """

    column: str
    value: str
    stock: int
    inflow: int
    records: int
    share: float
    per_record: float | None
    place: str = ""


def birthplaces(columns: Sequence[str]) -> list[str]:
    """Return the columns of `records` that say who or what made a record.

    >>> birthplaces(["source", "extra.CreatedById", "extra.Entry Channel", "extra.colour", "owner"])
    ['source', 'extra.CreatedById', 'extra.Entry Channel']
    """
    plain = {name: re.sub(r"[^a-z]", "", name.removeprefix("extra.").lower()) for name in columns}
    return [name for name in columns if name == "source" or BIRTHPLACES.match(plain[name])]


def origins(
    tables: RunTables,
    since: str,
    until: str,
    rule_id: str = "",
    scope: tuple[str, frozenset[str] | None] = ("", None),
) -> list[Origin]:
    """Return where violations were born, per column the place with most inflow first.

    Args:
        tables: The run.
        since: First day (ISO) of what is called new. A record without a day of creation is stock.
        until: Last day of it, that of the run: a record made in the year 9999 has a wrong day and is stock, too.
        rule_id: Only of this rule; empty: of all that are more than `info`.
        scope: Only of this source (empty: all) and these departments (None: all).
    """
    known = tables.columns("records")
    if "created_at" not in known or not tables.columns("violations"):
        return []
    columns = {name: _quoted(name) for name in birthplaces(known)}
    columns[MONTH] = "substr(CAST(created_at AS VARCHAR), 1, 7)"
    found: list[Origin] = []
    source, departments = scope
    whose = "" if departments is None else "AND coalesce(department, '') IN (SELECT unnest(?::VARCHAR[]))"
    for name, expression in columns.items():
        mine: list[Parameter] = [source, source, *([] if departments is None else [sorted(departments)])]
        rows = tables.sql(_COUNTED.format(place=expression, whose=whose), [rule_id, rule_id, since, until, *mine])
        if len(rows) <= MOST_VALUES or name == MONTH:
            place = "created_at" if name == MONTH else name
            found += [replace(one, place=place) for one in ranked(name.removeprefix("extra."), rows)]
    return found


def ranked(column: str, rows: Sequence[Row]) -> list[Origin]:
    """Return counts per place (`place, stock, inflow, records`) as origins, the largest inflow first."""
    total = sum(int(row["inflow"] or 0) for row in rows)
    made = [
        Origin(
            column,
            str(row["place"] or ""),
            int(row["stock"] or 0),
            int(row["inflow"] or 0),
            int(row["records"] or 0),
            int(row["inflow"] or 0) / total if total else 0.0,
            int(row["inflow"] or 0) / int(row["records"] or 0) if row["records"] else None,
        )
        for row in rows
    ]
    return sorted(made, key=lambda one: (-one.inflow, -one.stock, one.value))


def headline(found: Sequence[Origin]) -> str:
    """Return the sentence worth reading: the place that gives the largest part of what comes in; empty without any.

    Months are when, not where; the part must be more than half, or it is no news.
    """
    places = [one for one in found if one.column != MONTH and one.value and one.share > 0.5 and one.inflow]
    # A column with a single place says nothing of where.
    several = {one.column for one in found if one.share < 1 and one.inflow}
    told = [one for one in places if one.column in several]
    if not told:
        return ""
    first = max(told, key=lambda one: (one.column != "source", one.share))
    return f"{first.share:.0%} of new findings come from {first.column} {first.value}."


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_COUNTED: Final = """
    WITH wrong AS (
        SELECT record_id, count(*) AS n FROM violations
        WHERE record_id IS NOT NULL AND (rule_id = ? OR (? = '' AND severity <> 'info')) GROUP BY 1),
    made AS (
        SELECT r.record_id, coalesce(CAST({place} AS VARCHAR), '') AS place,
               coalesce(substr(CAST(created_at AS VARCHAR), 1, 10) BETWEEN ? AND ?, false) AS is_new
        FROM records r
        WHERE (? = '' OR source = ?) {whose})
    SELECT place, CAST(coalesce(sum(n) FILTER (WHERE NOT is_new), 0) AS BIGINT) AS stock,
           CAST(coalesce(sum(n) FILTER (WHERE is_new), 0) AS BIGINT) AS inflow,
           count(*) FILTER (WHERE is_new) AS records
    FROM made LEFT JOIN wrong ON wrong.record_id = made.record_id GROUP BY 1 ORDER BY 1
"""
