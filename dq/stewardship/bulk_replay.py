"""Applies decisions for all cases of a pattern: when they are made, and again to what every run brings."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from dq.stewardship.actor import Actor
from dq.stewardship.deciding import Judgement
from dq.stewardship.finding import PAIR_KINDS
from dq.stewardship.house import Act, House
from dq.stewardship.many import decide_many, override_many, resolve_many, waive_many
from dq.stewardship.people import departments_of
from dq.store import load, rows
from dq.store.cases import Case, CaseFilter, list_cases
from dq.store.schema import BULK_HITS, BULK_RULES, USERS

MOST: Final = 1_000_000
"""Cases of one pattern at most: all there are."""


def matching(connection: Any, house: House, actor: Actor, wanted: CaseFilter, exclusions: Sequence[str]) -> list[Case]:
    """Return the open cases of a pattern that are wholly the actor's, the most valuable first.

    Pairs are meant only where the pattern says so: what closes other cases is no answer to them.
    """
    about_pairs = bool(wanted.kind) and set(wanted.kind) <= set(PAIR_KINDS)
    left_out = set(exclusions)
    found = list_cases(connection, wanted, house.sees(actor), limit=MOST)
    return [
        case
        for case in found
        if case.case_id not in left_out
        and case.is_pair == about_pairs
        and actor.owns(case.department, house.policy)
        and actor.owns(case.department_r, house.policy)
    ]


def apply_to(
    act: Act, house: House, number: int, decision: Mapping[str, Any], cases: Sequence[Case], run_id: str
) -> int:
    """Carry out a decision on cases and note each; return how many there were."""
    _carry_out(act, house, decision, cases)
    # A case that came back and joins again is a hit of this run.
    rows.remove_keys(act.connection, BULK_HITS, "case_id", [case.case_id for case in cases], bulk_rule_id=number)
    hits = [{"bulk_rule_id": number, "case_id": case.case_id, "run_id": run_id, "at": act.at} for case in cases]
    rows.add_all(act.connection, BULK_HITS, hits)
    return len(cases)


def replay(act: Act, house: House, run_id: str) -> int:
    """Apply every active decision to the open cases of a run; return how many it closed.

    A rule reaches as far as the departments of whoever made it reach today; of somebody who left, nowhere.
    """
    count = 0
    for row in rows.find_all(act.connection, BULK_RULES, order=("id",), state="active"):
        author = rows.find(act.connection, USERS, user_name=row["by"], state="active")
        if author is None and row["by"] != act.actor.name:
            continue
        reach = departments_of(act.connection, row["by"]) if author else act.actor.departments
        actor = Actor(f"rule {row['name']}", "lead" if author is None or author["role"] != "admin" else "admin", reach)
        acting_rule = Act(act.connection, actor, act.action, act.moment)
        matches: dict[str, Any] = load(row["matches"])
        excluded: dict[str, Any] = load(row["exclusions"])
        conditions: dict[str, Any] = {name: tuple(values) for name, values in matches.items()}
        wanted = CaseFilter(status=("open",), **conditions)
        found = matching(act.connection, house, actor, wanted, excluded.get("case_ids", ()))
        fresh = [case for case in found if not case.returned_because]  # what changed is looked at by a person
        count += apply_to(acting_rule, house, row["id"], load(row["decision"]), fresh, run_id)
    return count


def joined(connection: Any, run_id: str) -> dict[str, int]:
    """Return how many cases joined each rule in a run, by name: what the nightly run reports."""
    names = {row["id"]: row["name"] for row in rows.find_all(connection, BULK_RULES)}
    found: dict[str, int] = {}
    for hit in rows.find_all(connection, BULK_HITS, run_id=run_id):
        found[names[hit["bulk_rule_id"]]] = found.get(names[hit["bulk_rule_id"]], 0) + 1
    return dict(sorted(found.items()))


def _carry_out(act: Act, house: House, decision: Mapping[str, Any], cases: Sequence[Case]) -> None:
    reason = str(decision["reason"])
    match decision["action"]:
        case "resolve":
            resolve_many(act, house, cases, reason)
        case "waive":
            until = house.today(act.moment) + timedelta(days=int(decision["days"]))
            waive_many(act, house, cases, until, reason)
        case "override":
            override_many(act, house, cases, str(decision["column"]), str(decision["value"]), reason)
        case "decide":
            judgement: Judgement = "SAME" if decision["judgement"] == "SAME" else "DIFFERENT"
            decide_many(act, house, cases, judgement, reason)
