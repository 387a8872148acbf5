"""How a case moves from one state to the next: with its version, its event, and words for whoever came second."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dq.errors import ConflictError, NotFoundError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House
from dq.stewardship.memory import fingerprints
from dq.store import dump, rows
from dq.store.cases import Case, change_case, change_cases, find_case
from dq.store.schema import CASE_EVENTS

UNDECIDED = ("open", "waiting", "disputed")
"""States in which a case still asks something."""


def theirs(act: Act, house: House, case_id: str, version: int | None) -> Case:
    """Return a case of the actor's departments, locked until the action ends.

    Args:
        version: What the actor saw; None where the action does not depend on it.

    Raises:
        NotFoundError: No such case, or another department's: the answer is the same.
        ConflictError: Somebody changed it since.
    """
    case = find_case(act.connection, case_id, house.sees(act.actor), lock=True)
    if case is None:
        raise NotFoundError(f"there is no case {case_id!r}", "it may belong to another department")
    if version is not None and case.version != version:
        raise ConflictError(what_happened(act.connection, case), "look at it again; nothing of theirs was overwritten")
    return case


def what_happened(connection: Any, case: Case) -> str:
    """Say in one sentence what the last person did to a case."""
    last = rows.find_all(connection, CASE_EVENTS, order=("-id",), limit=1, case_id=case.case_id)
    if not last:
        return f"case {case.case_id} was changed since by an import"
    event = last[0]
    how = f" ({event['reason']})" if event["reason"] else ""
    outcome = f": {case.outcome}" if case.outcome and case.status in ("resolved", "disputed") else ""
    return f"{event['by']} was first: {event['action']}{outcome}{how}, {event['at'][:16].replace('T', ' ')} UTC"


def in_state(case: Case, states: Iterable[str], to: str) -> None:
    """Refuse an action that does not fit the state of the case.

    Raises:
        TransitionError: Naming the state.
    """
    if case.status not in states:
        raise TransitionError(f"this case is {case.status}: it cannot be {to}", "open it again first")


def move(
    act: Act,
    case: Case,
    changes: Mapping[str, Any],
    *,
    action: str = "",
    reason: str = "",
    comment: str = "",
    also: Mapping[str, Any] | None = None,
) -> Case:
    """Change a case and write what happened.

    Args:
        changes: Columns and their new values.
        action: What people read; by default the name of the action.
        also: Rows of other tables that belong to it (`judgement_id`, `override_id`), so that undo finds them.

    Returns:
        The case as it is now.
    """
    if not change_case(act.connection, case, changes):
        raise ConflictError(what_happened(act.connection, case), "look at it again")
    before = {name: getattr(case, name) for name in changes}
    rows.add(
        act.connection,
        CASE_EVENTS,
        {
            "case_id": case.case_id,
            "at": act.at,
            "by": act.actor.name,
            "action": action or act.action,
            "reason": reason,
            "comment": comment,
            "before": dump(before),
            "after": dump({**changes, **(also or {})}),
        },
    )
    return Case(**{**vars(case), **changes, "version": case.version + 1})


def move_all(
    act: Act,
    changed: Sequence[tuple[Case, Mapping[str, Any]]],
    *,
    action: str,
    reason: str,
    also: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Change many cases alike, each naming the same columns; see `move`.

    Args:
        also: Per case the rows of other tables that belong to it; none where there are none.
    """
    rows_of_cases = [{"case_id": case.case_id, "version": case.version, **changes} for case, changes in changed]
    if change_cases(act.connection, rows_of_cases) != len(changed):
        raise ConflictError("somebody changed one of these cases since", "look at the preview again")
    events = [
        {
            "case_id": case.case_id,
            "at": act.at,
            "by": act.actor.name,
            "action": action,
            "reason": reason,
            "comment": "",
            "before": dump({name: getattr(case, name) for name in changes}),
            "after": dump({**changes, **more}),
        }
        for (case, changes), more in zip(changed, also or [{}] * len(changed), strict=True)
    ]
    rows.add_all(act.connection, CASE_EVENTS, events)


def decided(act: Act, house: House, case: Case, outcome: str) -> dict[str, Any]:
    """Return the columns of a case that was decided just now, with what the decision rested on."""
    return {
        "status": "resolved",
        "outcome": outcome,
        "decided_by": act.actor.name,
        "decided_at": act.at,
        "closed_at": act.at,
        "decided_on": dump(_seen(act, house, case)),
        "returned_because": "",
        "waived_until": "",
    }


def look_at(act: Act, house: House, cases: Iterable[Case]) -> None:
    """Read what many decisions will rest on at once: one question to the files instead of one per case."""
    by_run: dict[str, set[str]] = {}
    for case in cases:
        if all(record in act.prints for record in case.record_ids):
            continue
        by_run.setdefault(case.last_run_id, set()).update(case.record_ids)
    for run_id, record_ids in by_run.items():
        act.prints |= fingerprints(house.tables(run_id), record_ids, house.key)


def _seen(act: Act, house: House, case: Case) -> dict[str, Any]:
    if all(record in act.prints for record in case.record_ids):
        return {record: act.prints[record] for record in case.record_ids}
    return fingerprints(house.tables(case.last_run_id), case.record_ids, house.key)


def owns_all(house: House, actor: Actor, case: Case) -> bool:
    """Tell whether both halves of a case are the actor's."""
    return actor.owns(case.department, house.policy) and actor.owns(case.department_r, house.policy)
