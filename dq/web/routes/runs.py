"""Runs: what was read and made, whether nothing is lost, which gates held, how long it took, one run beside another."""

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dq.stewardship.house import House, run_of
from dq.stewardship.importing import runs
from dq.web.pages import page
from dq.web.visitors import HouseDep, VisitorDep
from dq.web.wording import sentence

router = APIRouter(include_in_schema=False)
TERMS: Final = ("read", "kept", "merged", "parked", "rejected", "erased", "split", "attached")
"""Terms of the ledger: what was read, the five it must equal together, and two that are counted beside it."""
ENDS: Final = TERMS[1:6]
COUNTED: Final = (("record_count", "Records"), ("customer_count", "Customers"), ("clean_count", "Records, no problem"))


@router.get("/runs")
def all_runs(request: Request, house: HouseDep, visitor: VisitorDep) -> HTMLResponse:
    """List the runs of the house."""
    del visitor
    return page(request, "runs.html", runs=runs(house))


@router.get("/runs/{run_id}")
def one_run(request: Request, house: HouseDep, visitor: VisitorDep, run_id: str, against: str = "") -> HTMLResponse:
    """Show one run, beside another where one is named."""
    del visitor
    run = run_of(house, run_id)
    summary = json.loads(run["summary"] or "{}")
    other = run_of(house, against) if against else None
    return page(
        request,
        "run.html",
        run=_shown(run, summary),
        terms=TERMS,
        ledger=ledger(summary),
        gates=_gates(house, summary),
        others=[one for one in runs(house) if one["run_id"] != run_id],
        against=other,
        differences=differences(other, run) if other else [],
    )


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


def _shown(run: Mapping[str, Any], summary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "run_id": run["run_id"],
        "as_of": run["as_of"],
        "finished_at": run["finished_at"],
        "lines": [line for line in summary.get("lines") or () if "{out}" not in line],
        "stopped": [sentence(rule) for rule in summary.get("stopped") or ()],
        "seconds": list((summary.get("seconds") or {}).items()),
        "rows": list((summary.get("rows") or {}).items()),
    }
