"""The tables of the scorecard as files, of the part of the house that the address names."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from fastapi import APIRouter
from fastapi.responses import Response

from dq.stewardship.house import House
from dq.stewardship.importing import tag_of
from dq.stewardship.scores import earlier_runs, score_trend
from dq.web.asking import Asked
from dq.web.costing import costs_of
from dq.web.exports import as_file
from dq.web.routes.scorecard import SurelyAskedDep
from dq.web.rules import rule_lines
from dq.web.scorecards import ABOUT, TREND, card_of
from dq.web.visitors import HouseDep, Visitor, VisitorDep

router = APIRouter(include_in_schema=False)
Table = tuple[list[dict[str, Any]], dict[str, str]]
"""Rows, and column → header."""
SCORES: Final = {**{name: name for name in ABOUT}, "all": "all"}


@router.get("/export/scorecard/{what}.{kind}")
def export_scorecard(
    house: HouseDep,
    visitor: VisitorDep,
    asked: SurelyAskedDep,
    what: Literal["groups", "rules", "costs", "trend"],
    kind: Literal["csv", "xlsx"],
    dimension: str = "",
) -> Response:
    """Give one table of the scorecard as a file."""
    rows, columns = _TABLES[what](house, visitor, asked)
    wanted = [row for row in rows if not dimension or row.get("dimension") == dimension]
    return as_file(wanted, columns, f"scorecard-{what}", kind)


def _groups(house: House, visitor: Visitor, asked: Asked) -> Table:
    # The file has every group, not only those that fit a page.
    values = {**asked.narrowing.values, "all": "1"}
    card = card_of(house, visitor.actor, asked.with_values(values))
    rows = []
    for line in (*card.groups, card.total, *([card.house] if card.house else [])):
        scores = {cell.name: cell.score for cell in line.cells if cell}
        more = {"name": line.name, "all": line.total.score if line.total else None, "owner": line.owner}
        rows.append({**more, **scores, "records": line.records, "troubled": line.troubled})
    named = {"name": asked.by, **SCORES, "records": "records", "troubled": "with a problem", "owner": "whom to ask"}
    return rows, named


def _rules(house: House, visitor: Visitor, asked: Asked) -> Table:
    del visitor
    columns = {
        "rule_id": "rule",
        "dimension": "dimension",
        "severity": "severity",
        "failed": "wrong",
        "tested": "of",
        "rate": "share right",
        "owner": "whom to ask",
        "why": "why",
    }
    return [vars(line) for line in rule_lines(house, asked)], columns


def _costs(house: House, visitor: Visitor, asked: Asked) -> Table:
    del visitor
    priced = costs_of(house, asked)
    columns = {"name": "what happens", "failed": "wrong", "low": "a year, from", "high": "a year, to", "why": "why"}
    if priced is None:
        return [], columns
    rows = [{**vars(row), "low": row.money.low, "high": row.money.high} for row in priced.rows]
    return rows, {**columns, "low": f"{priced.currency} a year, from", "high": f"{priced.currency} a year, to"}


def _trend(house: House, visitor: Visitor, asked: Asked) -> Table:
    del visitor
    runs = earlier_runs(house, asked.run, TREND)
    found = score_trend(house, runs, asked.scope, asked.view, today=asked.is_today)
    rows = [
        {"day": run["as_of"], "run": run["run_id"], "tag": tag_of(run), "all": one.score, **one.dimensions}
        for run, one in found
    ]
    return rows, {"day": "day", "run": "run", "tag": "tag", **SCORES}


_TABLES: Final[Mapping[str, Callable[[House, Visitor, Asked], Table]]] = {
    "groups": _groups,
    "rules": _rules,
    "costs": _costs,
    "trend": _trend,
}
