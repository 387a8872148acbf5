"""Merges the cases of a run with those the house knows: what was decided stays decided until it changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from dq.engine.querying import Row, RunTables
from dq.stewardship.house import Act, House
from dq.stewardship.memory import Fingerprint, changed_columns, fingerprints, has_changed, materials
from dq.stewardship.moving import UNDECIDED
from dq.stewardship.routing import priority_of, routed
from dq.store import dump, load, rows
from dq.store.cases import Case, insert_cases, keep_departments, keyed_cases, update_cases
from dq.store.schema import CASE_EVENTS

REFRESHED: Final = (
    "rule_id", "record_id", "record_id_r", "golden_id", "golden_id_r", "contact_point_id", "column_name", "value",
    "pattern", "source", "source_r", "department", "department_r", "owner", "severity", "value_at_stake", "uncertainty",
    "unblocks", "evidence", "card_id",
)  # fmt: skip
"""What a new run may say otherwise about a case that goes on."""
ASKED_BY_PEOPLE: Final = ("reported",)
"""Kinds of cases that no run finds."""
IN_DOUBT: Final = 1.0
"""How open a question is that came back, 0–1: what its answer rested on is no longer so. The machine's own doubt would
put it last where it was sure of the contrary, and no day of forty cases would ever reach it."""
_STATE: Final = (
    "status", "returned_because", "waived_until", "closed_at", "last_run_id", "priority", "version", "pool", "assignee",
    "due_on",
)  # fmt: skip
_CHANGED: Final = ("case_id", *REFRESHED, *_STATE)


@dataclass(frozen=True)
class Merged:
    """How many cases did what."""

    new: int = 0
    returned: int = 0
    open: int = 0
    gone: int = 0
    decided: int = 0


@dataclass(frozen=True)
class _Memory:
    """What the new run says about the records of cases that were decided before."""

    materials: dict[str, str]
    prints: dict[str, Fingerprint]

    def changes(self, case: Case) -> tuple[str, ...]:
        """Return what changed since the decision; `material` alone where no single column tells."""
        before = _rested_on(case)
        if not has_changed(before, self.materials):
            return ()
        return changed_columns(before, self.prints) or ("material",)


def merge_cases(act: Act, house: House, tables: RunTables, run_id: str, found: list[Row], as_of: date) -> Merged:
    """Bring the cases of the house up to a run.

    Args:
        found: `finding.found_cases` of the run.
        as_of: The day the run looks at: waivers that ended before it end.
    """
    known = keyed_cases(act.connection)
    memory = _remembered(house, tables, known.values())
    fresh = {str(row["case_id"]): row for row in found}
    new = [_opened(house, row, run_id, as_of, act.at) for name, row in fresh.items() if name not in known]
    changed: list[Row] = []
    events: list[Row] = []
    counts = {"new": len(new), "returned": 0, "open": 0, "gone": 0, "decided": 0}
    for case in known.values():
        row = fresh.get(case.case_id)
        status, because, why = _next(case, row is not None, memory, as_of)
        counts["returned" if why == "returns" else "gone" if why == "gone" else _counted(status)] += why != "stays gone"
        if row is None and status == case.status and because == case.returned_because:
            continue
        changed.append(_updated(house, case, row, status, because, run_id, as_of, act.at))
        if status != case.status:
            events.append(_event(act, case, status, because, why, run_id))
    insert_cases(act.connection, new)
    update_cases(act.connection, changed)
    keep_departments(act.connection, {name: str(row["departments"]).split("\n") for name, row in fresh.items()})
    rows.add_all(act.connection, CASE_EVENTS, events)
    return Merged(**counts)


def _counted(status: str) -> str:
    return "open" if status in UNDECIDED else "decided"


def _next(case: Case, is_found: bool, memory: _Memory, as_of: date) -> tuple[str, str, str]:
    """Return status, what changed, and why the status changes (empty where it does not)."""
    changes = memory.changes(case) if case.outcome or case.status == "waived" else ()
    if case.status == "resolved" or (case.status == "gone" and case.outcome):
        if changes and (is_found or (case.is_pair and case.status == "resolved")):
            return "open", " ".join(changes), "returns"
        if case.status == "gone":
            return ("resolved", "", "is found again, as it was decided") if is_found else ("gone", "", "stays gone")
        return "resolved", "", ""
    if case.status == "gone":
        return ("open", "", "is found again") if is_found else ("gone", "", "stays gone")
    if case.returned_because and case.is_pair and case.status == "open" and not is_found:
        # Its judgement keeps the run from asking; the question is the person's until the change is taken back.
        both = all(record in memory.materials for record in _rested_on(case))
        if not both:
            return "gone", "", "gone"
        return ("open", " ".join(changes), "") if changes else ("resolved", "", "is as it was decided again")
    # No run finds a report; only a record that is gone ends it.
    is_asked = case.kind in ASKED_BY_PEOPLE and any(record in memory.materials for record in case.record_ids)
    if not is_found and not is_asked:
        return "gone", "", "gone"
    if case.status == "waived":
        if changes:
            return "open", " ".join(changes), "returns"
        if case.waived_until < as_of.isoformat():
            return "open", "", "its waiver ended"
    return case.status, case.returned_because, ""


def _remembered(house: House, tables: RunTables, known: Iterable[Case]) -> _Memory:
    cases = list(known)
    rested = [_rested_on(case) for case in cases]
    ids = sorted({record for before in rested for record in before} | _reported(cases))
    now = materials(tables, ids) if ids else {}
    moved = sorted({record for before in rested if has_changed(before, now) for record in before})
    return _Memory(now, fingerprints(tables, moved, house.key) if moved else {})


def _reported(cases: Iterable[Case]) -> set[str]:
    return {record for case in cases if case.kind in ASKED_BY_PEOPLE for record in case.record_ids}


def _rested_on(case: Case) -> dict[str, Fingerprint]:
    return {record: dict(seen) for record, seen in load(case.decided_on).items() if isinstance(seen, dict)}


def _opened(house: House, row: Row, run_id: str, as_of: date, at: str) -> Row:
    place = routed(house.policy, row, as_of)
    state = {"status": "open", "opened_at": at, "first_run_id": run_id, "last_run_id": run_id}
    case = {name: row[name] for name in ("case_id", "kind", *REFRESHED)}
    return {**case, **place, **state, "priority": priority_of(house.policy, {**row, **place}, as_of)}


def _updated(
    house: House, case: Case, row: Row | None, status: str, because: str, run_id: str, as_of: date, at: str
) -> Row:
    fresh = {name: (row if row is not None else vars(case))[name] for name in REFRESHED}
    if because:
        fresh["uncertainty"] = IN_DOUBT
    closes = status == "gone" and case.status != "gone"
    reopens = status == "open" and case.status != "open"
    of = {"kind": case.kind, **fresh}
    # A question that comes back is nobody's again, and its days begin anew.
    place = {"pool": case.pool, "assignee": case.assignee, "due_on": case.due_on}
    place = routed(house.policy, of, as_of) if reopens else place
    return {
        "case_id": case.case_id,
        **fresh,
        **place,
        "status": status,
        "returned_because": because,
        "waived_until": case.waived_until if status == "waived" else "",
        "closed_at": at if closes else "" if reopens else case.closed_at,
        "last_run_id": run_id if row is not None or status in UNDECIDED else case.last_run_id,
        "priority": priority_of(house.policy, {**of, **place}, as_of),
        # A case that only went on keeps its version: nobody's page is out of date.
        "version": case.version + (status != case.status or because != case.returned_because),
    }


def _event(act: Act, case: Case, status: str, because: str, why: str, run_id: str) -> Row:
    action = f"returns: {because} changed" if why == "returns" else why
    return {
        "case_id": case.case_id,
        "at": act.at,
        "by": act.actor.name,
        "action": action,
        "reason": "",
        "comment": "",
        "before": dump({"status": case.status, "returned_because": case.returned_because}),
        "after": dump({"status": status, "returned_because": because, "run_id": run_id}),
    }
