"""Use of the system, for leads: who signs in and decides, how old open cases are, how often a second look disagrees."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from dq.matching.mistakes import wilson
from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.people import User, users
from dq.store import instant, rows, usage
from dq.store.schema import JUDGEMENTS

AGES: Final = (7, 30, 90)
"""Days that part open cases by age: a week, a month, a quarter; the last part is older."""
WEEK: Final = 7
MONTH: Final = 30
LATEST: Final = 50
"""Judgements whose seconds count: about a day's (see `pace`)."""


@dataclass(frozen=True)
class Looked:
    """Decisions that somebody else looked at again.

    Attributes:
        again: How many.
        wrong: How many of them the second look decided otherwise.
    """

    again: int = 0
    wrong: int = 0

    @property
    def rate(self) -> float | None:
        """Share that was wrong; None where nobody looked again."""
        return self.wrong / self.again if self.again else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of that share."""
        return wilson(self.wrong, self.again)


@dataclass(frozen=True)
class PersonUse:
    """What one person did.

    Attributes:
        user: Who.
        logins: Times signed in during the last 30 days.
        last_login: When last; empty where never.
        decided_week: Cases decided in the last 7 days, of the lead's departments.
        decided_month: The same for 30 days.
        assigned: Open cases that are given to them.
        oldest_on: The day the oldest of those was opened; empty where there is none.
        seconds: Median seconds of their latest judgements, None where none was timed.
        looked: Their decisions that somebody looked at again.
    """

    user: User
    logins: int
    last_login: str
    decided_week: int
    decided_month: int
    assigned: int
    oldest_on: str
    seconds: float | None
    looked: Looked


@dataclass(frozen=True)
class DepartmentUse:
    """What became of one department's cases.

    Attributes:
        department: Its name; empty for what no department owns.
        ages: Open cases by age: one figure more than AGES.
        overdue: Open cases past their day.
        decided_month: Cases decided in the last 30 days.
        looked: Decisions that somebody looked at again.
    """

    department: str
    ages: tuple[int, ...]
    overdue: int
    decided_month: int
    looked: Looked

    @property
    def open(self) -> int:
        """Open cases in all."""
        return sum(self.ages)


@dataclass(frozen=True)
class Usage:
    """Use of the system as a lead may see it."""

    people: tuple[PersonUse, ...]
    departments: tuple[DepartmentUse, ...]


def usage_of(house: House, actor: Actor, at: datetime) -> Usage:
    """Return the use of the system in the departments that the actor leads.

    A decision was *wrong* where a lead answered the same pair otherwise, or where a second person refused the proposal;
    it was right where a lead or a colleague answered alike. Two colleagues who disagree say nothing until a lead does.

    Raises:
        NotAllowedError: The actor does not lead.
    """
    actor.needs("lead", "see how the system is used", "read")
    today, mine = house.today(at), house.sees(actor)
    week, month = (instant(at - timedelta(days=days)) for days in (WEEK, MONTH))
    with house.store.read() as connection:
        logins, last = usage.logins_since(connection, month), usage.last_logins(connection)
        recent, earlier = (usage.decided_since(connection, since, mine) for since in (week, month))
        waiting = usage.open_by_day(connection, today.isoformat(), mine)
        again = usage.answers_looked_at_again(connection, mine)
        proposals = usage.answered_proposals(connection, mine)
        known = {user.name: user for user in users(house, actor)}
        people = [user for user in known.values() if _is_theirs(house, actor, user)]
        seconds = {user.name: _seconds(connection, user.name) for user in people}
    leads = {name for name, user in known.items() if user.actor.has("lead")}
    by_person, by_department = _looked(again, proposals, leads)
    assigned = _summed(waiting, "assignee", "n")
    oldest: dict[str, str] = {}
    for row in waiting:
        oldest[row["assignee"]] = min(oldest.get(row["assignee"], row["opened_on"]), row["opened_on"])
    this_week, this_month = _summed(recent, "by", "n"), _summed(earlier, "by", "n")
    told = [
        PersonUse(
            user,
            logins.get(user.name, 0),
            last.get(user.name, ""),
            this_week.get(user.name, 0),
            this_month.get(user.name, 0),
            assigned.get(user.name, 0),
            oldest.get(user.name, ""),
            seconds[user.name],
            by_person.get(user.name, Looked()),
        )
        for user in people
    ]
    return Usage(tuple(told), _departments(waiting, earlier, by_department, today, mine))


def _is_theirs(house: House, actor: Actor, user: User) -> bool:
    """Tell whether a person works on departments of the lead; viewers decide nothing."""
    mine, theirs = house.sees(actor), house.sees(user.actor)
    if user.state != "active" or not user.actor.has("steward"):
        return False
    return mine is None or theirs is None or bool((mine & theirs) - {""})


def _departments(
    waiting: Iterable[Mapping[str, Any]],
    decided: Iterable[Mapping[str, Any]],
    looked: Mapping[str, Looked],
    today: date,
    mine: frozenset[str] | None,
) -> tuple[DepartmentUse, ...]:
    ages: dict[str, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    overdue: dict[str, int] = defaultdict(int)
    for row in waiting:
        days = (today - date.fromisoformat(row["opened_on"])).days
        ages[row["department"]][sum(days > limit for limit in AGES)] += int(row["n"])
        overdue[row["department"]] += int(row["overdue"])
    done = _summed(decided, "department", "n")
    # The other half of a shared customer is of another department: its figures are that lead's.
    names = sorted(name for name in {*ages, *done, *looked} if mine is None or name in mine)
    return tuple(
        DepartmentUse(name, tuple(ages[name]), overdue[name], done.get(name, 0), looked.get(name, Looked()))
        for name in names
    )


def _looked(
    again: Iterable[Mapping[str, Any]], proposals: Iterable[Mapping[str, Any]], leads: set[str]
) -> tuple[dict[str, Looked], dict[str, Looked]]:
    """Return decisions looked at again by person and by department."""
    people: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    departments: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def count(by: str, department: str, looked: int, wrong: int) -> None:
        for tally in (people[by], departments[department]):
            tally[0] += looked
            tally[1] += wrong

    pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in again:
        pairs[row["left"], row["right"]].append(row)
    for said in pairs.values():
        latest = {row["by"]: row for row in said if row["answer"] != "UNSURE"}
        for by, row in latest.items():
            others = {name: other["answer"] for name, other in latest.items() if name != by}
            verdict = _verdict(row["answer"], others, leads)
            # Nobody looks at a lead's own answer again; only another lead does.
            if verdict is not None:
                count(by, row["department"], 1, not verdict)
    for row in proposals:
        count(row["by"], row["department"], int(row["n"]), int(row["refused"]))
    return ({name: Looked(*tally) for name, tally in tallies.items()} for tallies in (people, departments))  # type: ignore[return-value]


def _verdict(answer: str, others: Mapping[str, str], leads: set[str]) -> bool | None:
    """Tell whether an answer was right; None where that is open."""
    of_leads = {said for name, said in others.items() if name in leads}
    if of_leads:
        return answer in of_leads if len(of_leads) == 1 else None
    return True if answer in others.values() and set(others.values()) == {answer} else None


def _seconds(connection: Any, name: str) -> float | None:
    found = rows.find_all(connection, JUDGEMENTS, order=("-id",), limit=LATEST, by=name)
    timed = [float(row["seconds"]) for row in found if row["seconds"] is not None]
    return median(timed) if timed else None


def _summed(counted: Iterable[Mapping[str, Any]], by: str, of: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in counted:
        found[row[by]] += int(row[of])
    return dict(found)
