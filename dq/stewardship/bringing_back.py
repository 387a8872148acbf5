"""Parked customers brought back by people: the next run converts them, whatever rule speaks of them; and the way back.

The decision is a pinned value, `is_parked` = `no`, on every record of the customer, which is what a run reads as the
word of a person: it survives merges and new golden ids as a list given with `--bring-back` does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dq.engine.querying import RunTables
from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.model import IS_PARKED
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting, run_of
from dq.stewardship.reasons import checked_reason
from dq.store import rows
from dq.store.schema import OVERRIDES

BACK: Final = "no"
LONGEST_REASON: Final = 40
"""Characters of a reason: it is a code, and stands in the files of the next run."""


@dataclass(frozen=True)
class BroughtBack:
    """A customer that somebody brought back.

    Attributes:
        golden_id: Its id in the run that is shown; empty where the run does not have its records.
        record_ids: Its records as they were then.
        reason: Reason code.
        by: Who did it.
        at: When.
        is_mine: All of its records are the reader's departments'.
        by_list: A list given to the run named it (`--bring-back`, or the list of a run before): the run shown converts
            it already. `reason`, `by` and `at` are the words of the list, and may be empty.
    """

    golden_id: str
    record_ids: tuple[str, ...]
    reason: str
    by: str
    at: str
    is_mine: bool
    by_list: bool = False


def bring_back(house: House, actor: Actor, golden_id: str, *, reason: str, at: datetime) -> int:
    """Bring a parked customer back from the next run on; return how many records it has.

    Raises:
        NotFoundError: No customer of that id is parked, or none of its records is the actor's.
        NotAllowedError: Some of its records are another department's.
        ConflictError: Somebody brought it back already.
    """
    actor.needs("lead", "bring customers back")
    checked_reason(house, "override", reason)
    if not 0 < len(reason) <= LONGEST_REASON:
        raise SettingsError("a reason is missing", "choose one of those offered", field="reason")
    tables = house.tables(str(run_of(house)["run_id"]))
    departments = _owned(house, actor, tables, golden_id)
    known = tables.rows_of("parked", "golden_id", [golden_id], columns=["rule"])
    if not known:
        raise NotFoundError(f"the customer {golden_id!r} is not parked", "it may have been converted since")
    with acting(house, actor, "bring_back", at) as act:
        held = rows.find_keys(act.connection, OVERRIDES, "record_id", departments)
        if any(_holds(row) for row in held):
            raise ConflictError("somebody brought this customer back already", "look at the list of those brought back")
        row = {"case_id": "", "column_name": IS_PARKED, "value": BACK, "reason": reason}
        row |= {"by": actor.name, "at": act.at, "state": "final"}
        found = [{**row, "record_id": name, "department": owner} for name, owner in sorted(departments.items())]
        rows.add_all(act.connection, OVERRIDES, found)
        rules = sorted({str(one["rule"]) for one in known})
        act.record("customer", golden_id, records=len(departments), rules=rules, reason=reason)
    return len(departments)


def park_again(house: House, actor: Actor, golden_id: str, *, at: datetime) -> int:
    """Leave a customer that was brought back to the rules again; return of how many records that was taken back.

    Raises:
        NotFoundError: Nobody brought a customer of that id back, or none of its records is the actor's.
        NotAllowedError: Some of its records are another department's.
    """
    actor.needs("lead", "leave customers to the rules again")
    tables = house.tables(str(run_of(house)["run_id"]))
    departments = _owned(house, actor, tables, golden_id)
    with acting(house, actor, "park_again", at) as act:
        found = rows.find_keys(act.connection, OVERRIDES, "record_id", departments)
        held = [row for row in found if _holds(row)]
        if not held:
            raise NotFoundError(f"nobody brought the customer {golden_id!r} back here", "a list may have done it")
        for row in held:
            rows.change(act.connection, OVERRIDES, {"state": "withdrawn"}, id=row["id"])
        act.record("customer", golden_id, records=len(held))
    return len(held)


def brought_back(house: House, actor: Actor) -> list[BroughtBack]:
    """Return the customers that people brought back and that the actor sees, the last first."""
    actor.needs("steward", "see who was brought back", "read")
    with house.store.read() as connection:
        held = rows.find_all(connection, OVERRIDES, order=("id",), column_name=IS_PARKED, state="final", value=BACK)
    tables = house.tables(str(run_of(house)["run_id"]))
    query = "SELECT record_id, golden_id FROM identities WHERE record_id IN (SELECT unnest(?::VARCHAR[]))"
    ids = sorted({row["record_id"] for row in held})
    customers = {str(row["record_id"]): str(row["golden_id"] or "") for row in tables.sql(query, [ids])}
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in held:
        # What no run has any more is told apart by the act that brought it back.
        groups.setdefault((customers.get(row["record_id"], ""), row["at"], row["by"]), []).append(row)
    found = []
    for (golden_id, at, by), own in groups.items():
        mine = [actor.owns(row["department"], house.policy) for row in own]
        if any(mine):
            records = tuple(sorted({row["record_id"] for row in own}))
            found.append(BroughtBack(golden_id, records, own[0]["reason"], by, at, all(mine)))
    return sorted(found, key=lambda one: (one.at, one.golden_id), reverse=True)


def listed_back(house: House, actor: Actor) -> list[BroughtBack]:
    """Return the customers of the run shown that a list brought back and that the actor sees, by their id.

    Why a customer of several departments came back is told to nobody who sees a part of it.
    """
    actor.needs("steward", "see who was brought back", "read")
    tables = house.tables(str(run_of(house)["run_id"]))
    if "origin" not in tables.columns("brought_back"):
        return []
    query = (
        'SELECT b.record_id, i.golden_id, coalesce(i.department, \'\') AS department, b.reason, b."by", b."on" '
        "FROM brought_back b JOIN identities i USING (record_id) WHERE b.origin = 'list' ORDER BY golden_id, record_id"
    )
    groups: dict[str, list[dict[str, str]]] = {}
    for row in tables.sql(query, []):
        groups.setdefault(str(row["golden_id"]), []).append({name: str(cell or "") for name, cell in row.items()})
    found = []
    for golden_id, own in groups.items():
        mine = [actor.owns(row["department"], house.policy) for row in own]
        if any(mine):
            records, first = tuple(row["record_id"] for row in own), own[0]
            reason = first["reason"] if all(mine) else ""
            found.append(BroughtBack(golden_id, records, reason, first["by"], first["on"], all(mine), by_list=True))
    return found


def _owned(house: House, actor: Actor, tables: RunTables, golden_id: str) -> dict[str, str]:
    """Return the records of a customer with their departments, if all of them are the actor's."""
    query = "SELECT record_id, coalesce(department, '') AS department FROM identities WHERE golden_id = ?"
    found = {str(row["record_id"]): str(row["department"]) for row in tables.sql(query, [golden_id])}
    mine = [actor.owns(department, house.policy) for department in found.values()]
    if not any(mine):
        raise NotFoundError(f"there is no customer {golden_id!r}", "it may belong to another department")
    if not all(mine):
        raise NotAllowedError(
            "this customer has records of another department as well", "a lead who sees both brings it back"
        )
    return found


def _holds(row: dict[str, str]) -> bool:
    return row["column_name"] == IS_PARKED and row["state"] == "final" and row["value"] == BACK
