"""Whom a customer waits for: which case above has to be closed first, and who works it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from dq.engine.querying import Parameter, Row
from dq.standards.targets import CHECKS, OWNER_CHECKS
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.blocked_cases import target_of, titles_in
from dq.stewardship.blocker_waivers import blockers_let_be
from dq.stewardship.held_up import errors_of, roots_of
from dq.stewardship.house import House, run_of
from dq.stewardship.moving import UNDECIDED
from dq.stewardship.people import User, users
from dq.stewardship.records import customer
from dq.store import rows
from dq.store.cases import Case, case_of
from dq.store.schema import CASES

_FIRST: Final = ("open", "disputed", "waiting", "waived", "resolved")
"""Of several cases about one customer the one that can be worked is shown."""
_DEPARTMENTS: Final = """
    SELECT golden_id, list_sort(list(DISTINCT coalesce(department, ''))) AS departments FROM identities
    WHERE golden_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY golden_id
"""


@dataclass(frozen=True)
class WaitsFor:
    """One customer above that has to load first.

    Attributes:
        target: The target that refuses both.
        title: What it is called.
        golden_id: The customer above; empty where the row above is a household's account.
        is_mine: Whoever asks sees it.
        case_id: Its case; empty where it has none, or one that whoever asks does not see.
        status: State of that case; empty where it has none.
        department: Whose it is, several parted by commas; empty where it is nobody's, and so the leads'.
        whom: Logins of who has the case, else of who works its department, stewards before leads.
        errors: What is wrong above, in words without values.
        has_own: The customer that waits has errors of its own beside.
        let_be_until: Somebody let what is wrong above be until this day; empty where nobody did.
    """

    target: str
    title: str
    golden_id: str
    is_mine: bool
    case_id: str
    status: str
    department: str
    whom: tuple[str, ...]
    errors: tuple[str, ...]
    has_own: bool
    let_be_until: str


def waits_for(house: House, actor: Actor, golden_id: str, *, at: datetime, run_id: str = "") -> list[WaitsFor]:
    """Return for whom a customer waits, target by target; none for a customer that loads or is itself to be mended.

    The customer above may be another department's: then its errors are named, its values and its name are not.

    Raises:
        NotFoundError: No such customer, or none of its records is the actor's.
    """
    run = str(run_of(house, run_id)["run_id"])
    customer(house, actor, golden_id, run_id=run, parts=())
    return list(above(house, actor, run, roots_of(house.tables(run), golden_id), at=at).values())


def above(
    house: House, actor: Actor, run_id: str, roots: Sequence[Row], *, at: datetime
) -> dict[tuple[str, str], WaitsFor]:
    """Return whom to ask about rows that customers of the actor wait for, by target and row.

    Args:
        roots: What `held_up`, `waited_for` or `roots_of` says of them: target, root and root_golden_id.
    """
    tables = house.tables(run_id)
    errors: dict[tuple[str, str], list[Row]] = {}
    for row in errors_of(tables, sorted({str(row["root"]) for row in roots})):
        errors.setdefault((str(row["target"]), str(row["row_id"])), []).append(row)
    customers: Parameter = sorted({str(row["root_golden_id"]) for row in roots if row["root_golden_id"]})
    owned: dict[str, Any] = {str(row["golden_id"]): row["departments"] for row in tables.sql(_DEPARTMENTS, [customers])}
    titles = titles_in(tables)
    workers = [user for user in users(house, HOUSE) if user.state == "active" and user.actor.has("steward")]
    found = {}
    for root in roots:
        place = (str(root["target"]), str(root["root"]))
        if place not in found:
            found[place] = _told(house, actor, root, errors.get(place, []), owned, workers, house.today(at))
            found[place] = replace(found[place], title=titles.get(place[0], place[0]))
    return found


def _told(
    house: House,
    actor: Actor,
    root: Row,
    errors: Sequence[Row],
    owned: Mapping[str, Sequence[str]],
    workers: Sequence[User],
    today: date,
) -> WaitsFor:
    target, golden_id = str(root["target"]), str(root["root_golden_id"] or "")
    case = _case_above(house, target, golden_id, errors)
    departments = sorted({case.department, case.department_r}) if case else owned.get(golden_id, ())
    sees = house.sees(actor)
    is_open = case is not None and case.status in UNDECIDED
    return WaitsFor(
        target=target,
        title="",
        golden_id=golden_id,
        is_mine=bool(golden_id) and (sees is None or not sees.isdisjoint(owned.get(golden_id, ()))),
        case_id=case.case_id if case and (sees is None or not sees.isdisjoint(departments)) else "",
        status=case.status if case else "",
        department=", ".join(name for name in departments if name),
        whom=(case.assignee,) if case and case.assignee else _near(house, workers, departments),
        errors=tuple(dict.fromkeys(_said(row) for row in errors)),
        has_own=bool(root.get("has_own")),
        let_be_until="" if is_open else _let_be(house, target, errors, owned.get(golden_id, ()), today),
    )


def _case_above(house: House, target: str, golden_id: str, errors: Sequence[Row]) -> Case | None:
    """Return the case that unblocks a row: its customer's own, else the one about its value or its rule."""
    values = {str(row["value"]) for row in errors} | {""}
    with house.store.read() as connection:
        found = rows.find_all(connection, CASES, golden_id=golden_id) if golden_id else []
        for rule in sorted({str(row["rule_id"]) for row in errors}):
            same = rows.find_all(connection, CASES, rule_id=rule, golden_id="")
            found += [row for row in same if row["value"] in values]
    cases = [case_of(row) for row in found if target_of(row["rule_id"]) == target and row["status"] in _FIRST]
    return min(cases, key=lambda case: (_FIRST.index(case.status), case.case_id), default=None)


def _near(house: House, workers: Sequence[User], departments: Sequence[str]) -> tuple[str, ...]:
    """Return who works cases of these departments, the stewards first."""
    near = [user for user in workers if any(user.actor.owns(name, house.policy) for name in departments or ("",))]
    return tuple(user.name for user in sorted(near, key=lambda user: (user.role != "steward", user.name)))


def _let_be(house: House, target: str, errors: Sequence[Row], departments: Sequence[str], today: date) -> str:
    """Return until when everything that is wrong above is let be, empty where something of it is not."""
    held = [row for row in blockers_let_be(house, today) if row["target"] == target]
    until = [_held_until(row, held, departments) for row in errors]
    return min(until) if until and all(until) else ""


def _held_until(error: Row, held: Sequence[dict[str, Any]], departments: Sequence[str]) -> str:
    return max(
        (
            str(one["until"])
            for one in held
            if (
                one["rule_id"] == error["rule_id"]
                or (one["owner"] == error["value"] and error["check"] in OWNER_CHECKS)
            )
            and (not one["department"] or set(departments) == {one["department"]})
        ),
        default="",
    )


def _said(error: Row) -> str:
    _, place = str(error["rule_id"]).split(".", 1)
    return f"{place.removesuffix('.' + str(error['code']))}: {CHECKS.get(str(error['check']), str(error['check']))}"
