"""What letting a target's error be does at once: the cases that ask about nothing else wait, and are asked again after.

The next run says the same of its own (`blocked_cases`); until then nobody works what somebody said may stay out.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from dq.engine.querying import RunTables
from dq.stewardship.blocked_cases import blocked_cases
from dq.stewardship.house import Act, House, run_of
from dq.stewardship.moving import move_all
from dq.store import load, rows
from dq.store.cases import Case, CaseFilter, list_cases
from dq.store.schema import CASE_EVENTS

_RULES: Final = "SELECT DISTINCT rule_id FROM blockers WHERE target = ? AND verdict = 'reject' ORDER BY rule_id"
_WAIVER: Final = "blocker_waiver_id"
_MOST: Final = 1_000_000


def still_asked(house: House, held: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the cases that the run that is shown asks while these are let be; ask before the transaction: it takes
    a second at a million records.

    Args:
        held: Rows of `blocker_waivers`.
    """
    tables = house.tables(str(run_of(house)["run_id"]))
    return frozenset(str(case["case_id"]) for case in blocked_cases(tables, house.policy, held))


def hold(act: Act, house: House, waiver: Mapping[str, Any], asked: Collection[str]) -> int:
    """Let the open cases of a target wait that are not asked any more; return how many."""
    held = [case for case in _cases(act, house, waiver, "open") if case.case_id not in asked]
    # No outcome: nobody decided the case, and after the day it is asked like any other.
    waits = {"status": "waived", "waived_until": waiver["until"]}
    move_all(
        act,
        [(case, waits) for case in held],
        action=f"waits until {waiver['until']}: what is wrong may stay so",
        reason=str(waiver["reason"]),
        also=[{_WAIVER: waiver["id"]}] * len(held),
    )
    return len(held)


def ask_again(act: Act, house: House, waiver: Mapping[str, Any], asked: Collection[str]) -> int:
    """Open the cases again that waited because of a waiver that ended; return how many."""
    waiting = [case for case in _cases(act, house, waiver, "waived") if case.case_id in asked and not case.outcome]
    found = rows.find_keys(act.connection, CASE_EVENTS, "case_id", [case.case_id for case in waiting])
    last = {row["case_id"]: load(row["after"]) for row in found}  # in order of their numbers: the last one stays
    again = [case for case in waiting if _WAIVER in last.get(case.case_id, {})]
    opened = {"status": "open", "waived_until": ""}
    move_all(act, [(case, opened) for case in again], action="opens it again", reason="")
    return len(again)


def _cases(act: Act, house: House, waiver: Mapping[str, Any], status: str) -> list[Case]:
    run_id = str(run_of(house)["run_id"])
    rules = tuple(_rules(house.tables(run_id), str(waiver["target"])))
    if not rules:
        return []
    found = list_cases(act.connection, CaseFilter(status=(status,), rule_id=rules), None, limit=_MOST)
    return [case for case in found if case.last_run_id == run_id]


def _rules(tables: RunTables, target: str) -> list[str]:
    if not tables.columns("blockers"):
        return []
    return [str(row["rule_id"]) for row in tables.sql(_RULES, [target])]
