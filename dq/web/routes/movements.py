"""The way from the parts of "why it moved" to the records behind them, and where errors are born."""

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dq.engine.querying import Filter, Page
from dq.quality.movement.parts import PARTS
from dq.quality.movement.wording import WORDS
from dq.quality.origins import headline, origins
from dq.stewardship.house import House, run_of
from dq.stewardship.movements import moved_since, run_before
from dq.stewardship.records import page as rows_of
from dq.stewardship.scores import scope_of
from dq.web.exports import EXPORTED, as_file
from dq.web.listing import PAGE_ROWS, Narrowing, narrowed
from dq.web.pages import page
from dq.web.visitors import HouseDep, Visitor, VisitorDep
from dq.web.wording import group_of, sentence

router = APIRouter(include_in_schema=False)
NEW_DAYS: Final = 90
"""Days back to which a record is called new: a quarter shows a form that went wrong, whatever the weekday."""
PLACES: Final = 15
"""Places shown per column, those with most new findings first; the file has all."""
NAMES: Final = ("run", "since", "part", "counted", "rule", "change", "source", "department", "segment")
"""What the address of moved records says."""
MOVED: Final = {
    "change": "Came or went",
    "rule_id": "Rule",
    "record_id": "Record",
    "golden_id": "Customer",
    "source": "Source",
    "department": "Department",
    "part": "Why",
}
ORIGINS: Final = {
    "column": "By",
    "value": "Where",
    "inflow": "New findings",
    "share": "Of all new",
    "records": "New records",
    "per_record": "Per new record",
    "stock": "Findings before",
}


MovedDep = Annotated[Narrowing, Depends(narrowed("/scorecard/moved", NAMES))]


@router.get("/scorecard/moved")
def moved_records(request: Request, house: HouseDep, visitor: VisitorDep, wanted: MovedDep) -> HTMLResponse:
    """List the failures that came and went since the run before, by why."""
    run = run_of(house, wanted.values.get("run", ""))
    since = wanted.values.get("since", "")
    before = run_of(house, since) if since else run_before(house, run)
    found = _moved(house, visitor, wanted, PAGE_ROWS, wanted.offset)
    part = next((one for one in PARTS if one == wanted.values.get("part")), None)
    return page(
        request,
        "moved.html",
        listing=wanted.listing(found.rows, found.total),
        run=run,
        before=before,
        heading=WORDS[part] if part else "What came and what went",
        is_by_record=_by_record(wanted),
        rule=wanted.values.get("rule", ""),
        said=", ".join(_said(name, value) for name, value in wanted.values.items() if name in _SAID),
        changes=[
            (words, wanted.url(change=name, page=""), wanted.values.get("change", "") == name)
            for name, words in (("", "Both"), ("came", "Came"), ("went", "Went"))
        ],
        csv_url=wanted.url("/export/moved.csv", page=""),
        xlsx_url=wanted.url("/export/moved.xlsx", page=""),
    )


@router.get("/export/moved.{kind}")
def export_moved(house: HouseDep, visitor: VisitorDep, wanted: MovedDep, kind: Literal["csv", "xlsx"]) -> Response:
    """Give the same list as a file."""
    return as_file(_moved(house, visitor, wanted, EXPORTED, 0).rows, MOVED, "moved", kind)


@router.get("/scorecard/origins")
def where_born(request: Request, house: HouseDep, visitor: VisitorDep, run: str = "", source: str = "") -> HTMLResponse:
    """Show where errors are born: what comes in against what was there."""
    found, since, born = _born(house, visitor, run, source)
    columns = {one.column: [line for line in born if line.column == one.column] for one in born}
    address = Narrowing("/scorecard/origins", {"run": str(found["run_id"]), "source": source})
    return page(
        request,
        "origins.html",
        run=found,
        since=since,
        headline=headline(born),
        columns=[
            (name.replace("_", " "), lines[:PLACES], len(lines) - len(lines[:PLACES]))
            for name, lines in columns.items()
        ],
        # Counted is what is more than `info`, so that the list must hold no more than that either.
        new_url=lambda line: address.url(
            "/records", since=since, until=str(found["as_of"]), born=_born_in(line), severity="problem"
        ),
        csv_url=address.url("/export/origins.csv"),
        xlsx_url=address.url("/export/origins.xlsx"),
    )


@router.get("/export/origins.{kind}")
def export_origins(
    house: HouseDep, visitor: VisitorDep, kind: Literal["csv", "xlsx"], run: str = "", source: str = ""
) -> Response:
    """Give the same numbers as a file."""
    _, _, born = _born(house, visitor, run, source)
    return as_file([vars(line) for line in born], ORIGINS, "where-errors-are-born", kind)


def _born(house: House, visitor: Visitor, run: str, source: str) -> tuple[dict[str, Any], str, list[Any]]:
    found = run_of(house, run)
    scope = scope_of(house, visitor.actor, source)
    since = (date.fromisoformat(str(found["as_of"])) - timedelta(days=NEW_DAYS)).isoformat()
    tables = house.tables(str(found["run_id"]))
    return found, since, origins(tables, since, str(found["as_of"]), scope=(scope.source, scope.departments))


def _born_in(line: Any) -> str:
    return f"{line.place}={line.value}"


def _by_record(wanted: Narrowing) -> bool:
    return wanted.values.get("counted") == "record"


def _moved(house: House, visitor: Visitor, wanted: Narrowing, limit: int, offset: int) -> Page:
    values = wanted.values
    filters = [Filter("view", "=", "record" if _by_record(wanted) else "test")]
    columns = {"part": "part", "rule": "rule_id", "change": "change", "source": "source", "department": "department"}
    filters += [Filter(column, "=", values[name]) for name, column in columns.items() if values.get(name)]
    column, _, value = values.get("segment", "").partition("=")
    run = str(run_of(house, values.get("run", ""))["run_id"])
    file = _file(house, values.get("since", ""), run)
    if column in house.policy.segments:
        # Files of older versions do not say where a record was that is gone.
        is_told = f"segment.{column}" in house.tables(run, file).columns("moved")
        filters.append(Filter(f"segment.{column}" if is_told else f"record.{column}", "=", value))
        filters.append(Filter("record_id", "filled"))
    return rows_of(house, visitor.actor, "moved", filters, run_id=run, limit=limit, offset=offset, moved=file)


def _file(house: House, since: str, run: str) -> str:
    """Return which file of a run tells what moved; since the run before, unless another one is asked for."""
    return moved_since(house, str(run_of(house, since)["run_id"]), run) if since else "moved"


_SAID: Final = ("rule", "source", "department", "segment")


def _said(name: str, value: str) -> str:
    return sentence(value) if name == "rule" else group_of(name, value)
