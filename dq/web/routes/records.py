"""Records: every finding behind a number, down to one record; as a page or as a file."""

from collections.abc import Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dq.engine.querying import Filter, Page, Row
from dq.errors import NotFoundError
from dq.quality.origins import birthplaces
from dq.stewardship.house import House, run_of
from dq.stewardship.records import facets, how_many_records, record
from dq.stewardship.records import page as rows_of
from dq.web import wording
from dq.web.exports import EXPORTED, as_file
from dq.web.fields import fields, title
from dq.web.links import record_link
from dq.web.listing import PAGE_ROWS, Choice, Narrowing, narrowed
from dq.web.pages import page
from dq.web.visitors import HouseDep, Visitor, VisitorDep

router = APIRouter(include_in_schema=False)
FILTERS: Final = (
    "run", "rule", "source", "department", "segment", "severity", "dimension", "column", "record", "born", "since",
    "until",
)  # fmt: skip
OF_RECORDS: Final = ("segment", "born", "since", "until")
"""Filters about the record of a finding."""
PROBLEMS: Final = ("severity", "problem")
"""The filter for everything that is more than `info`: what makes a record one with a problem."""
MONTH_DIGITS: Final = len("2026-11")
COLUMNS: Final = {"rule": "rule_id", "record": "record_id"}
"""Filters whose column in the file is called otherwise."""
FACETS: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("What is wrong", "rule", wording.sentence),
    ("Source", "source", str),
    ("Department", "department", str),
    ("Severity", "severity", lambda name: wording.SEVERITIES.get(name, name)),
    ("Field", "column", wording.column),
)
TRAILED: Final = ("run", "source", "department", "segment")
"""Filters that the way back to the scorecard keeps."""
MOST: Final = 200
"""Findings and changes shown of one record; nobody has seen one with more than forty."""
EXPORT: Final = {
    "record_id": "Record",
    "golden_id": "Customer",
    "rule_id": "Rule",
    "dimension": "Dimension",
    "severity": "Severity",
    "column": "Field",
    "value": "Value",
    "reason": "What is wrong",
    "source": "Source",
    "department": "Department",
}


FindingsDep = Annotated[Narrowing, Depends(narrowed("/records", FILTERS))]


@router.get("/records")
def records(request: Request, house: HouseDep, visitor: VisitorDep, wanted: FindingsDep) -> HTMLResponse:
    """List what is wrong, narrowed by the address."""
    found = _findings(house, visitor, wanted, PAGE_ROWS, wanted.offset)
    rule = wanted.values.get("rule", "")
    return page(
        request,
        "records.html",
        listing=wanted.listing(found.rows, found.total),
        rule=rule,
        trail=wanted.url("/scorecard", **{name: "" for name in FILTERS if name not in TRAILED}),
        rule_url=wanted.url(f"/scorecard/rules/{rule}", **{name: "" for name in FILTERS if name not in TRAILED}),
        run_id=wanted.values.get("run", ""),
        records=how_many_records(house, visitor.actor, _filters(house, wanted), run_id=wanted.values.get("run", "")),
        heading=wording.sentence(rule) if rule else "What is wrong",
        filters=_said(wanted),
        facets=[(name, _choices(house, visitor, wanted, key, say)) for name, key, say in FACETS],
        csv_url=wanted.url("/export/records.csv", page=""),
        xlsx_url=wanted.url("/export/records.xlsx", page=""),
    )


@router.get("/export/records.{kind}")
def export_records(house: HouseDep, visitor: VisitorDep, wanted: FindingsDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the same list as a file."""
    return as_file(_findings(house, visitor, wanted, EXPORTED, 0).rows, EXPORT, "findings", kind)


@router.get("/records/{record_id:path}")
def one_record(request: Request, house: HouseDep, visitor: VisitorDep, record_id: str, run: str = "") -> HTMLResponse:
    """Show one record: what is wrong, what it says, what was changed on the way."""
    run_id = str(run_of(house, run)["run_id"])
    seen = record(house, visitor.actor, run_id, record_id)
    row = seen.values

    def of(table: str) -> list[Row]:
        return rows_of(
            house, visitor.actor, table, [Filter("record_id", "=", record_id)], run_id=run_id, limit=200
        ).rows

    customer = of("crosswalk")
    shown = {
        "record_id": record_id,
        "title": title(row),
        "source": row["source"],
        "department": row["department"],
        "line_number": row.get("line_number"),
        "is_masked": seen.is_masked,
        "open_url": "" if seen.is_masked else record_link(house, row),
        "golden_id": customer[0]["golden_id"] if customer else None,
        "rows": fields(row),
        "violations": of("violations"),
        "changes": of("changes"),
    }
    return page(request, "record.html", record=shown)


def _findings(house: House, visitor: Visitor, wanted: Narrowing, limit: int, offset: int) -> Page:
    run_id = wanted.values.get("run", "")
    filters = _filters(house, wanted)
    return rows_of(house, visitor.actor, "violations", filters, run_id=run_id, limit=limit, offset=offset)


def _filters(house: House, wanted: Narrowing, without: str = "") -> list[Filter]:
    found = [
        Filter(COLUMNS.get(name, name), "=", value)
        for name, value in wanted.values.items()
        if name not in ("run", *OF_RECORDS, without) and (name, value) != PROBLEMS
    ]
    if PROBLEMS in wanted.values.items() and without != "severity":
        found.append(Filter("severity", "!=", "info"))
    return found + [one for name in OF_RECORDS for one in _of_record(house, wanted, name)]


def _of_record(house: House, wanted: Narrowing, name: str) -> list[Filter]:
    """Return what must hold of the record of a finding.

    Only columns that say where a record belongs or was made: a filter on others would let a viewer guess values.
    """
    asked = wanted.values.get(name, "")
    if name in ("since", "until"):
        # A moment of the last day still belongs to it: every sign of a time sorts before the tilde.
        bound, operator = (asked, ">=") if name == "since" else (f"{asked}~", "<=")
        return [Filter("record.created_at", operator, bound)] if asked else []  # type: ignore[arg-type]
    column, parted, value = asked.partition("=")
    if not parted:
        return []
    if name == "born" and column == "created_at":
        return [Filter("record.created_at", "starts", value)] if len(value) == MONTH_DIGITS else []
    known = house.tables(str(run_of(house, wanted.values.get("run", ""))["run_id"])).columns("records")
    allowed = house.policy.segments if name == "segment" else birthplaces(known)
    if column not in allowed or column not in known:
        raise NotFoundError("Findings are not counted by this.", "Take the filter away.")
    return [Filter(f"record.{column}", "=", value)]


def _choices(house: House, visitor: Visitor, wanted: Narrowing, key: str, say: Callable[[str], str]) -> list[Choice]:
    """Return the values of one facet, counted as if that facet were not chosen."""
    column, run_id = COLUMNS.get(key, key), wanted.values.get("run", "")
    filters = _filters(house, wanted, without=key)
    counted = facets(house, visitor.actor, "violations", [column], filters, run_id=run_id)
    return wanted.choices(key, [(str(row[column]), int(row["count"] or 0)) for row in counted if row[column]], say)


def _said(wanted: Narrowing) -> str:
    return ", ".join(_word(name, value) for name, value in wanted.values.items() if name != "run")


def _word(name: str, value: str) -> str:
    match name:
        case "rule":
            return wording.sentence(value)
        case "segment" | "born":
            return wording.group_of(name, value)
        case "severity":
            return "problems" if value == "problem" else wording.SEVERITIES.get(value, value)
        case "since" | "until":
            return f"made {name} {wording.day(value)}"
        case _:
            return value
