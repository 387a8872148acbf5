"""How quickly somebody decides pairs."""

from statistics import median
from typing import Final

from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.store import rows
from dq.store.schema import JUDGEMENTS

LATEST: Final = 50
"""Judgements looked at: about a day's, so that the figure follows practice."""


def seconds_a_pair(house: House, actor: Actor) -> float | None:
    """Return the median seconds of the actor's latest judgements, None where none was timed."""
    with house.store.read() as connection:
        found = rows.find_all(connection, JUDGEMENTS, order=("-id",), limit=LATEST, by=actor.name)
    timed = [float(row["seconds"]) for row in found if row["seconds"] is not None]
    return median(timed) if timed else None
