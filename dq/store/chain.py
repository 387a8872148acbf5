"""The audit: rows that each hold the hash of the one before, so that a change to any of them shows."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from dq.store import rows
from dq.store.documents import dump
from dq.store.schema import AUDIT, AUDIT_HEAD

START: Final = "0" * 64
"""What the first row holds in place of a hash before it."""
_HASHED: Final = ("number", "at", "by", "action", "subject_kind", "subject_id", "details", "previous")


@dataclass(frozen=True)
class Fault:
    """A place where the chain does not hold.

    Attributes:
        number: Row it shows at.
        kind: `altered`, `removed`, `moved`, or `cut` where rows are missing at the end.
        sentence: What is wrong, in words.
    """

    number: int
    kind: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found.

    Attributes:
        count: Rows looked at.
        hash: Hash of the last row: noted down elsewhere, it also shows a chain that was rewritten as a whole.
        faults: Empty where the chain holds.
    """

    count: int
    hash: str
    faults: tuple[Fault, ...]


def append(
    connection: Connection,
    *,
    at: str,
    by: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    details: Mapping[str, Any],
) -> int:
    """Add a row to the end of the chain and return its number.

    The row of `audit_head` is locked until the transaction ends, so that two writers cannot follow the same row.
    """
    head = rows.find(connection, AUDIT_HEAD, lock=True, one=1)
    assert head is not None, "the first migration writes the head"
    row = {
        "number": head["number"] + 1,
        "at": at,
        "by": by,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "details": dump(dict(details)),
        "previous": head["hash"],
    }
    row["hash"] = _hash(row)
    rows.add(connection, AUDIT, row)
    rows.change(connection, AUDIT_HEAD, {"number": row["number"], "hash": row["hash"]}, one=1)
    return int(row["number"])


def verify(connection: Connection) -> Verdict:
    """Walk the chain from its first row and name every place where it does not hold."""
    faults: list[Fault] = []
    place: dict[str, int] = {START: 0}  # hash -> number of the row that has it
    for row in _walk(connection):
        place.setdefault(row["hash"], row["number"])
    number, previous = 0, START
    for row in _walk(connection):
        faults += _gap(number, row["number"])
        fault = _fault(row, previous, place, gap=row["number"] != number + 1)
        if fault is not None:
            faults.append(fault)
        number, previous = row["number"], row["hash"]
    head = rows.find(connection, AUDIT_HEAD, one=1)
    if head is None or (head["number"], head["hash"]) != (number, previous):
        ends = head["number"] if head else 0
        faults.append(Fault(number + 1, "cut", f"the chain should end at row {ends} and ends at row {number}"))
    return Verdict(len(place) - 1, previous, tuple(faults))


def _gap(before: int, number: int) -> list[Fault]:
    if number <= before + 1:
        return []
    missing = f"row {before + 1}" if number == before + 2 else f"rows {before + 1} to {number - 1}"
    return [Fault(before + 1, "removed", f"{missing} removed")]


def _fault(row: Mapping[str, Any], previous: str, place: Mapping[str, int], gap: bool) -> Fault | None:
    number = row["number"]
    if _hash(row) != row["hash"]:
        belongs = place.get(row["previous"], -2) + 1
        if _hash({**row, "number": belongs}) == row["hash"]:
            return Fault(number, "moved", f"row {number} is the former row {belongs}")
        origin = _origin(row, len(place))
        if origin:
            return Fault(number, "moved", f"row {number} is the former row {origin}")
        return Fault(number, "altered", f"row {number} is not what was written")
    if row["previous"] != previous and not gap:
        return Fault(number, "moved", f"row {number} does not follow row {number - 1}")
    return None


def _origin(row: Mapping[str, Any], most: int) -> int:
    """Return the number under which the row's hash holds, 0 where there is none: only looked for near its place."""
    near = range(max(1, row["number"] - 1000), min(most, row["number"] + 1000) + 1)
    return next((number for number in near if _hash({**row, "number": number}) == row["hash"]), 0)


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(dump({name: row[name] for name in _HASHED}).encode()).hexdigest()


def _walk(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """Yield the rows in order without holding all of them."""
    rows_in_order = select(AUDIT).order_by(AUDIT.c.number)
    for row in connection.execute(rows_in_order, execution_options={"yield_per": 1000}).mappings():
        yield dict(row)


def page_of(connection: Connection, wanted: Mapping[str, str], limit: int, offset: int) -> list[dict[str, Any]]:
    """Return rows with these values, newest first."""
    query = select(AUDIT).where(*(AUDIT.c[name] == value for name, value in wanted.items()))
    ordered = query.order_by(AUDIT.c.number.desc()).limit(limit).offset(offset)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def count_rows(connection: Connection, wanted: Mapping[str, str]) -> int:
    """Return how many rows have these values."""
    return rows.count(connection, AUDIT, **wanted)
