"""Who started or stopped work in the background, for the audit; what that work is, `dq.operations.jobs` says."""

from datetime import datetime

from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting


def note_started(house: House, actor: Actor, job_id: str, kind: str, *, at: datetime) -> None:
    """Write that somebody had work started: `apply` or `check`.

    Raises:
        NotAllowedError: The actor does not lead.
    """
    may_start(actor)
    with acting(house, actor, "start_job", at) as act:
        act.record("job", job_id, kind=kind)


def note_cancelled(house: House, actor: Actor, job_id: str, *, at: datetime) -> None:
    """Write that somebody stopped it.

    Raises:
        NotAllowedError: The actor does not lead.
    """
    may_start(actor)
    with acting(house, actor, "cancel_job", at) as act:
        act.record("job", job_id)


def may_start(actor: Actor) -> None:
    """Refuse whoever does not lead."""
    actor.needs("lead", "start runs")
