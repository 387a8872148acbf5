"""Takes a run out of the home: its files go, its counts and what people decided stay."""

import shutil
from datetime import datetime

from dq.errors import ConflictError
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting, run_of
from dq.store import rows
from dq.store.schema import CASES, RUNS


def remove_run(house: House, actor: Actor, run_id: str, *, at: datetime, reason: str = "") -> None:
    """Remove the files of a run, such as one that was made from the wrong extracts.

    It is no longer listed, shown or counted in trends. Closed cases that were last seen in it are shown as the present
    run has them.

    Raises:
        NotFoundError: No such run.
        ConflictError: It is the run that everybody sees.
    """
    actor.needs("admin", "remove runs", "admin")
    run_of(house, run_id)
    present = str(run_of(house)["run_id"])
    if run_id == present:
        raise ConflictError(f"{run_id} is the run that everybody sees", "take in or publish another one first")
    with acting(house, actor, "remove_run", at) as act:
        rows.change(act.connection, RUNS, {"state": "removed"}, run_id=run_id)
        moved = rows.change(act.connection, CASES, {"last_run_id": present}, last_run_id=run_id)
        act.record("run", run_id, reason=reason, cases=moved)
    house.forget(run_id)
    shutil.rmtree(house.runs_folder / run_id, ignore_errors=True)
