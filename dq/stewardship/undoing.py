"""Takes back the last thing a person did to a case. Nothing is erased: a later row says it no longer holds."""

from datetime import datetime
from typing import Any

from dq.errors import NotAllowedError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import move, theirs
from dq.store import load, rows
from dq.store.cases import Case
from dq.store.schema import CASE_EVENTS, JUDGEMENTS, OVERRIDES, PROPOSALS, WAIVERS


def undo(house: House, actor: Actor, case_id: str, *, version: int, at: datetime) -> Case:
    """Take back one's own last action on a case (a lead: anybody's); the case is as it was before.

    Raises:
        TransitionError: Nothing to take back: the last change came from a run, or was taken back already.
        NotAllowedError: Somebody else did it.
        ConflictError: Somebody changed the case since.
    """
    actor.needs("steward", "undo")
    with acting(house, actor, "undo", at) as act:
        case = theirs(act, house, case_id, version)
        event = _last(act, case)
        if event["by"] != actor.name and not actor.has("lead"):
            raise NotAllowedError(f"{event['by']} did this", "a lead can take it back")
        before, after = load(event["before"]), load(event["after"])
        withdraw(act, after)
        restored = move(act, case, before, action=f"undoes: {event['action']}", also={"undoes": event["id"]})
        act.record("case", case_id, undoes=event["action"].split(":")[0], of=event["by"])
    return restored


def _last(act: Act, case: Case) -> dict[str, Any]:
    """Return the last event that is neither an undo nor undone."""
    undone: set[object] = set()
    for event in rows.find_all(act.connection, CASE_EVENTS, order=("-id",), case_id=case.case_id):
        after = load(event["after"])
        if "undoes" in after:
            undone.add(after["undoes"])
        elif event["id"] in undone:
            continue
        elif "run_id" in after:
            break  # what a run said is no person's to take back
        else:
            return event
    raise TransitionError("there is nothing to undo on this case", "`reopen` asks a closed case again")


def withdraw(act: Act, after: dict[str, object]) -> None:
    """Let what an event wrote beside the case no longer hold."""
    for name, table in (("judgement_id", JUDGEMENTS), ("override_id", OVERRIDES)):
        if after.get(name):
            rows.change(act.connection, table, {"state": "withdrawn"}, id=after[name])
    if after.get("waiver_id"):
        rows.change(act.connection, WAIVERS, {"ended_at": act.at}, id=after["waiver_id"])
    if after.get("proposal_id"):
        change = {"answer": "withdrawn", "answered_by": act.actor.name, "answered_at": act.at}
        rows.change(act.connection, PROPOSALS, change, id=after["proposal_id"], answer="")
