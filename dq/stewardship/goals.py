"""Goals with a day, and numbers of the business that people type beside the computed ones."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.house import NEWEST_FIRST, REMOVED, Act, House, acting
from dq.store import rows
from dq.store.metrics import share_without_failure
from dq.store.schema import BUSINESS_NUMBERS, GOALS, RUNS


@dataclass(frozen=True)
class Metric:
    """What is measured: the share (0–100) of units or records without a problem.

    Attributes:
        view: `test` counts units a rule tested, `record` counts records without any problem.
        rule_id: Of one rule (view `test`); empty: all.
        dimension: Of one dimension; empty: all.
        source: Of one source; empty: all.
        department: Of one department; empty: all.
        segment: `state=TX`; empty: all.
    """

    view: Literal["test", "record"] = "record"
    rule_id: str = ""
    dimension: str = ""
    source: str = ""
    department: str = ""
    segment: str = ""


@dataclass(frozen=True)
class Goal:
    """A value to be reached by a day.

    Attributes:
        number: Its number.
        name: What people call it.
        metric: What is measured.
        start_value: What it was when the goal was set, None where nothing was measured yet.
        target: Percent.
        start_on: First day.
        due_on: Day it should be reached.
        owner: Who answers for it.
        version: Rises with each change.
        is_closed: No longer pursued.
    """

    number: int
    name: str
    metric: Metric
    start_value: float | None
    target: float
    start_on: str
    due_on: str
    owner: str
    version: int
    is_closed: bool


@dataclass(frozen=True)
class Point:
    """One value of a metric.

    Attributes:
        run_id: The run.
        as_of: Its day.
        value: Percent without a problem.
        tested: Units or records.
        failed: Of them with a problem.
    """

    run_id: str
    as_of: str
    value: float
    tested: int
    failed: int


def set_goal(
    house: House, actor: Actor, name: str, metric: Metric, target: float, due_on: date, owner: str, *, at: datetime
) -> Goal:
    """Set a goal.

    Raises:
        SettingsError: A target outside 0–100, a day that is past, no name.
        NotAllowedError: For a department that is not the actor's.
    """
    actor.needs("lead", "set goals")
    _checked(house, actor, metric, target, due_on, at)
    if not name.strip():
        raise SettingsError("a goal has a name", "say what shall become true", field="name")
    points = trend(house, actor, metric)
    with acting(house, actor, "set_goal", at) as act:
        row = {**vars(metric), "name": name.strip(), "target": target, "due_on": due_on.isoformat(), "owner": owner}
        row |= {"start_on": house.today(at).isoformat(), "start_value": points[-1].value if points else None}
        number = rows.add(act.connection, GOALS, {**row, "by": actor.name, "at": act.at})
        act.record("goal", str(number), target=target, due_on=due_on.isoformat(), owner=owner, **vars(metric))
        return _goal(act, number)


def change_goal(
    house: House,
    actor: Actor,
    number: int,
    *,
    version: int,
    at: datetime,
    target: float | None = None,
    due_on: date | None = None,
    owner: str | None = None,
    close: bool = False,
) -> Goal:
    """Change or close a goal; what stays None stays as it is. The audit keeps what it was.

    Raises:
        ConflictError: Somebody changed it since.
        NotFoundError: No such goal of the actor's departments.
    """
    actor.needs("lead", "change goals")
    with acting(house, actor, "change_goal", at) as act:
        before = _goal(act, number)
        _checked(house, actor, before.metric, before.target if target is None else target, due_on, at)
        wanted = {"target": target, "due_on": due_on and due_on.isoformat(), "owner": owner}
        changes = {name: value for name, value in wanted.items() if value is not None}
        changes |= {"version": before.version + 1, "closed_at": act.at if close else ""}
        if not rows.change(act.connection, GOALS, changes, id=number, version=version):
            raise ConflictError("somebody changed this goal since", "look at it again")
        was = {name: getattr(before, name) for name in ("target", "due_on", "owner")}
        act.record("goal", str(number), was=was, **{name: changes[name] for name in wanted if name in changes})
        return _goal(act, number)


def goals(house: House, actor: Actor, *, closed: bool = False) -> list[Goal]:
    """Return the goals of the actor's departments and those of all, by day."""
    mine = house.sees(actor)
    with house.store.read() as connection:
        found = [_of(row) for row in rows.find_all(connection, GOALS, order=("due_on", "id"))]
    seen = [goal for goal in found if mine is None or not goal.metric.department or goal.metric.department in mine]
    return [goal for goal in seen if closed or not goal.is_closed]


def trend(house: House, actor: Actor, metric: Metric, limit: int = 400) -> list[Point]:
    """Return the metric of every run, oldest first, over the actor's departments; runs that did not measure it lack."""
    mine = house.sees(actor)
    if metric.department and mine is not None and metric.department not in mine:
        return []
    with house.store.read() as connection:
        shares = share_without_failure(connection, vars(metric), mine)
        every = rows.find_all(connection, RUNS, order=NEWEST_FIRST)
        listed = [run for run in every if run["state"] != REMOVED][:limit]
    return [
        Point(
            run["run_id"],
            run["as_of"],
            round(100.0 * (1 - shares[run["run_id"]][1] / shares[run["run_id"]][0]), 6),
            *shares[run["run_id"]],
        )
        for run in reversed(listed)
        if shares.get(run["run_id"], (0, 0))[0] > 0
    ]


def type_number(
    house: House, actor: Actor, name: str, day: date, value: float, *, at: datetime, department: str = ""
) -> None:
    """Type a number of the business for a day: returned mail, service calls. Typed again it is replaced."""
    actor.needs("steward", "type numbers")
    if department and not actor.owns(department, house.policy):
        raise NotAllowedError(f"{department} is not yours", "type numbers of your own department")
    if not name.strip():
        raise SettingsError("a number has a name", "returned mail, service calls, …", field="name")
    with acting(house, actor, "type_number", at) as act:
        of = {"name": name.strip(), "department": department, "day": day.isoformat()}
        rows.remove(act.connection, BUSINESS_NUMBERS, **of)
        rows.add(act.connection, BUSINESS_NUMBERS, {**of, "value": value, "by": actor.name, "at": act.at})
        act.record("business_number", of["name"], day=of["day"], department=department, value=value)


def business_numbers(house: House, actor: Actor, name: str = "") -> list[dict[str, Any]]:
    """Return typed numbers of the actor's departments and of all, by name and day."""
    mine = house.sees(actor)
    with house.store.read() as connection:
        found = rows.find_all(connection, BUSINESS_NUMBERS, order=("name", "day", "department"))
    return [
        row
        for row in found
        if (not name or row["name"] == name) and (mine is None or not row["department"] or row["department"] in mine)
    ]


def _checked(house: House, actor: Actor, metric: Metric, target: float, due_on: date | None, at: datetime) -> None:
    if not 0 <= target <= 100:
        raise SettingsError(f"{target} is no share", "a target is a number from 0 to 100", field="target")
    if due_on is not None and due_on <= house.today(at):
        raise SettingsError(f"{due_on} is past", "a goal has a day to come", field="due_on")
    if metric.department and not actor.owns(metric.department, house.policy):
        raise NotAllowedError(f"{metric.department} is not yours", "set goals for your own department")


def _goal(act: Act, number: int) -> Goal:
    row = rows.find(act.connection, GOALS, id=number)
    if row is None:
        raise NotFoundError(f"there is no goal {number}", "the list of goals has them all")
    return _of(row)


def _of(row: dict[str, Any]) -> Goal:
    return Goal(
        number=row["id"],
        name=row["name"],
        metric=Metric(**{name: row[name] for name in Metric.__dataclass_fields__}),
        start_value=row["start_value"],
        target=row["target"],
        start_on=row["start_on"],
        due_on=row["due_on"],
        owner=row["owner"],
        version=row["version"],
        is_closed=bool(row["closed_at"]),
    )
