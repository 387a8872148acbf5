"""Whether customers would load into a target, as pages and the JSON API show it: the reader's part, and the house's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dq.engine.querying import Visible
from dq.errors import NotFoundError
from dq.pipeline.burning import burn_downs, history_in
from dq.quality.outlook import Outlook
from dq.standards.targets import CHECKS
from dq.stewardship.actor import Actor
from dq.stewardship.blocked import Blocked, blocked_in, customers_by_verdict
from dq.stewardship.blocker_waivers import BlockerWaiver, blocker_waivers
from dq.stewardship.held_up import Above, HeldUp, held_up
from dq.stewardship.house import House, run_of
from dq.stewardship.scores import house_scope
from dq.web.charts import GoalPicture, goal_picture

READINESS: Final = "readiness.json"
RUNS_REMEMBERED: Final = 64
"""Finished runs whose readiness is remembered: they do not change."""
ALL: Final = 100.0


@dataclass(frozen=True)
class Ready:
    """How many customers load.

    Attributes:
        counts: Verdict → customers (`dq.stewardship.blocked.VERDICTS`).
    """

    counts: Mapping[str, int]

    @property
    def due(self) -> int:
        """Customers that are to be converted."""
        return sum(self.counts.values()) - self.counts["parked"] - self.counts["suppressed"]

    @property
    def loading(self) -> int:
        """Customers that load today."""
        return self.due - self.counts["reject"]


@dataclass(frozen=True)
class TargetPage:
    """One target as somebody sees it.

    Attributes:
        document: What the run says of it, for the whole house.
        mine: What the reader sees of it.
        house: The whole house; None where policy keeps its totals from the reader, or it is all theirs anyway.
        fixes: What to do first, over the whole house; none where its totals are kept from the reader.
        blocked: What keeps the reader's customers out.
        labels: Object and field → what the target calls the field.
        waivers: What people let be in this target.
        held_up: How many of the reader's customers wait for another one.
        burn: Run by run to the cut-over, for machines; None as above.
        picture: The same drawn.
    """

    document: Mapping[str, Any]
    mine: Ready
    house: Ready | None
    fixes: Sequence[Mapping[str, Any]]
    blocked: Blocked
    labels: Mapping[str, str]
    waivers: Sequence[BlockerWaiver]
    held_up: HeldUp
    burn: Mapping[str, Any] | None
    picture: GoalPicture | None

    def said(self, check: str) -> str:
        """Return what a check is about, in words."""
        return CHECKS.get(check, check.replace("_", " "))

    @property
    def refused(self) -> list[Any]:
        """What keeps customers out."""
        return [line for line in self.blocked.lines if line.verdict == "reject"]

    @property
    def loads_all_the_same(self) -> list[Any]:
        """What does not keep customers out, and should be looked at."""
        return [line for line in self.blocked.lines if line.verdict != "reject"]


def targets_of(house: House, run_id: str = "") -> list[dict[str, Any]]:
    """Return what a run says of each of its targets, for the whole house; none where it was held against none."""
    return _read(house.runs_folder / str(run_of(house, run_id)["run_id"]) / READINESS)


def target_page(house: House, actor: Actor, name: str, at: datetime, run_id: str = "") -> TargetPage:
    """Return one target as somebody sees it.

    Raises:
        NotFoundError: The run was not held against it.
    """
    document = next((one for one in targets_of(house, run_id) if one["target"] == name), None)
    if document is None:
        raise NotFoundError("This run was not held against such a system.", "The page lists those it was held against.")
    tables = house.tables(str(run_of(house, run_id)["run_id"]))
    visible = Visible(house.sees(actor))
    nobody = dict.fromkeys(("reject", "alters", "pollutes", "needs_org", "loads", "parked", "suppressed"), 0)
    sees_totals = house_scope(house, actor) is not None
    is_all = visible.departments is None
    whole = customers_by_verdict(tables).get(name, nobody) if sees_totals and not is_all else None
    waivers = blocker_waivers(house, actor, at, name)
    burn = _burn(house, name) if sees_totals else None
    return TargetPage(
        document=document,
        mine=Ready(customers_by_verdict(tables, visible).get(name, nobody)),
        house=Ready(whole) if whole else None,
        fixes=document["fixes"] if sees_totals else (),
        blocked=blocked_in(tables, name, waivers, visible),
        labels={f"{one['object']}.{one['field']}": one["label"] for one in document["troubles"]},
        waivers=waivers,
        held_up=held_up(tables, Above(name), visible, limit=0),
        burn=burn,
        picture=_drawn(burn) if burn else None,
    )


def _burn(house: House, name: str) -> dict[str, Any] | None:
    folders = sorted(path.parent for path in house.runs_folder.glob(f"*/{READINESS}"))
    said = [_history(folder) for folder in folders]
    found = burn_downs([one for one in said if one], house.cut_over)
    return next((one.document() for one in found if one.target == name), None)


def _drawn(burn: Mapping[str, Any]) -> GoalPicture:
    points = [(date.fromisoformat(one["as_of"]), one["percent"]) for one in burn["points"]]
    due = date.fromisoformat(burn["cut_over"]) if burn["cut_over"] else points[-1][0]
    expected = burn["expected"]
    found = Outlook(**{**expected, "ready_on": None}) if expected else None
    return goal_picture(points, ALL, due, found, width=640, height=200)


@lru_cache(maxsize=RUNS_REMEMBERED)
def _history(folder: Path) -> dict[str, Any] | None:
    return next(iter(history_in((), [folder])), None)


@lru_cache(maxsize=RUNS_REMEMBERED)
def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found
