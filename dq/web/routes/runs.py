"""Runs: what was read and made, whether nothing is lost, which gates held, how long it took, one run beside another."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dq.errors import NotFoundError
from dq.pipeline.record_changes import compare_records
from dq.pipeline.record_words import lines_of
from dq.quality.movement import Movement
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, run_of
from dq.stewardship.importing import runs, tag_of
from dq.stewardship.movements import compared, rule_changes
from dq.stewardship.scores import house_scope, scope_of
from dq.web.exports import as_file
from dq.web.listing import Narrowing
from dq.web.moving import WITHOUT_RECORDS, PartLine, unlinked
from dq.web.pages import page
from dq.web.visitors import HouseDep, VisitorDep
from dq.web.wording import STEPS, sentence

router = APIRouter(include_in_schema=False)
TERMS: Final = ("read", "kept", "merged", "parked", "rejected", "erased", "split", "attached")
"""Terms of the ledger: what was read, the five it must equal together, and two that are counted beside it."""
ENDS: Final = TERMS[1:6]
DIFFERENCES: Final = {"name": "Number", "then": "then", "now": "now", "difference": "difference"}
COMPARISONS: Final = 32
"""Pairs of runs whose comparison by record is remembered: some sentences each."""
COUNTED: Final = (("record_count", "Records"), ("customer_count", "Customers"), ("clean_count", "Records, no problem"))


@router.get("/runs")
def all_runs(request: Request, house: HouseDep, visitor: VisitorDep) -> HTMLResponse:
    """List the runs of the house."""
    del visitor
    found = runs(house)
    return page(request, "runs.html", runs=found, tags={run["run_id"]: tag_of(run) for run in found})


@router.get("/runs/{run_id}")
def one_run(request: Request, house: HouseDep, visitor: VisitorDep, run_id: str, against: str = "") -> HTMLResponse:
    """Show one run, beside another where one is named."""
    run = run_of(house, run_id)
    summary = json.loads(run["summary"] or "{}")
    other = run_of(house, against) if against else None
    sees_totals = house_scope(house, visitor.actor) is not None
    return page(
        request,
        "run.html",
        run=_shown(run, summary if sees_totals else {"stopped": summary.get("stopped")}),
        terms=TERMS,
        ledger=ledger(summary) if sees_totals else [],
        sees_totals=sees_totals,
        gates=_gates(house, summary),
        others=[one for one in runs(house) if one["run_id"] != run_id],
        against=other,
        differences=differences(other, run) if other and sees_totals else [],
        moved=_moved(house, visitor.actor, other, run) if other else None,
        by_record=_by_record(house, other, run) if other and sees_totals else [],
    )


@router.get("/export/differences.{kind}")
def export_differences(
    house: HouseDep, visitor: VisitorDep, kind: Literal["csv", "xlsx"], run: str, against: str
) -> Response:
    """Give what distinguishes two runs as a file."""
    now, then = run_of(house, run), run_of(house, against)
    rows = differences(then, now) if house_scope(house, visitor.actor) is not None else []
    moved = _moved(house, visitor.actor, then, now)
    if moved:
        rows.append({"name": "Score", **{name: moved[name] for name in ("then", "now", "difference")}})
        rows += [{"name": f"Score: {part.words}", "difference": part.value} for part in moved["parts"]]
    shown = [{"difference": row["now"] - row["then"], **row} if "difference" not in row else row for row in rows]
    return as_file(shown, DIFFERENCES, "differences", kind)


def _by_record(house: House, then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what became of the records between two runs, in sentences; none where the files of one are gone."""
    folders = [house.runs_folder / str(run["run_id"]) for run in (then, now)]
    try:
        return _sentences(*folders)
    except NotFoundError:
        return []


@lru_cache(maxsize=COMPARISONS)
def _sentences(then: Path, now: Path) -> list[str]:
    # Finished runs do not change, and a million records take some twenty seconds.
    return [line.strip() for line in lines_of(compare_records(then, now))]


def _moved(house: House, actor: Actor, then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return why the score differs between two runs, over what the reader sees; None where they kept too little."""
    ids = str(then["run_id"]), str(now["run_id"])
    found = compared(house, *ids, scope_of(house, actor))
    if found is None:
        return None
    score, clean = found
    assert score is not None, "the whole of it is no segment"
    numbers = {name: float(getattr(score, name)) for name in ("then", "now", "difference")}
    return numbers | {
        "parts": _parts(score, ids, "test"),
        "clean_difference": float(clean.difference),
        "clean_parts": _parts(clean, ids, "record"),
        "rules": rule_changes(house, *ids),
    }


def _parts(movement: Movement, ids: tuple[str, str], counted: str) -> list[PartLine]:
    address = Narrowing("/scorecard/moved", {"run": ids[1], "since": ids[0], "counted": counted})
    return [
        replace(line, url="" if line.part in WITHOUT_RECORDS else address.url(part=line.part))
        for line in unlinked(movement)
    ]


def ledger(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the ledger, a line per source and one over all, and whether each balances."""
    found = summary.get("ledger") or {}
    accounts = [*(found.get("sources") or {}).items()]
    if len(accounts) > 1:
        accounts.append(("all", found["total"]))
    return [
        {
            "source": name,
            "numbers": [account.get(term, 0) for term in TERMS],
            "balances": account.get("read", 0) == sum(account.get(term, 0) for term in ENDS),
        }
        for name, account in accounts
    ]


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the numbers of two runs side by side."""
    lines = [{"name": name, "then": then[key], "now": now[key]} for key, name in COUNTED]
    before, after = (json.loads(run["summary"] or "{}").get("rows") or {} for run in (then, now))
    lines += [
        {"name": f"Rows of {table.replace('_', ' ')}", "then": before.get(table, 0), "now": after.get(table, 0)}
        for table in sorted({*before, *after} - {"records", "customers"})
    ]
    return lines


def _gates(house: House, summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    stopped = set(summary.get("stopped") or ())
    rules = sorted({rule.rule_id for rule in house.standards.rules if rule.severity == "stop"} | stopped)
    return [{"words": sentence(rule), "holds": rule not in stopped} for rule in rules]


def _seconds(seconds: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the steps in the order they are done, in the reader's words; a step nobody named comes last."""
    order = {step: place for place, step in enumerate(STEPS)}
    done = sorted(seconds.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return [(STEPS.get(step, step), took) for step, took in done]


def _shown(run: Mapping[str, Any], summary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "run_id": run["run_id"],
        "as_of": run["as_of"],
        "tag": tag_of(run),
        "finished_at": run["finished_at"],
        "lines": [line for line in summary.get("lines") or () if "{out}" not in line],
        "stopped": [sentence(rule) for rule in summary.get("stopped") or ()],
        "seconds": _seconds(summary.get("seconds") or {}),
        "rows": list((summary.get("rows") or {}).items()),
    }
