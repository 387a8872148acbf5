"""The audit as people read it, and whether it still holds."""

from typing import Any

from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.store import load
from dq.store.chain import START, Fault, Verdict, count_rows, page_of, verify

__all__ = ["Fault", "Verdict", "audit_page", "verify_audit"]


def verify_audit(house: House, expected: str | None = None) -> Verdict:
    """Walk the chain and name every row that was altered, removed or moved.

    Args:
        expected: A hash that the chain once ended with, noted down elsewhere: it has to be in the chain still. Without
            one, a chain that was rewritten as a whole by somebody who owns the database cannot be told from a true one.
    """
    with house.store.read() as connection:
        found = verify(connection)
        if expected is None or expected == START or count_rows(connection, {"hash": expected}):
            return found
    fault = Fault(found.count, "rewritten", f"no row has the hash {expected}: the chain was rewritten")
    return Verdict(found.count, found.hash, (*found.faults, fault))


def audit_page(
    house: House,
    actor: Actor,
    *,
    by: str = "",
    action: str = "",
    subject_id: str = "",
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """Return rows of the audit, newest first, and how many there are; for leads and admins.

    Raises:
        NotAllowedError: For anybody else: rows name records of every department.
    """
    actor.needs("lead", "read the audit", "read")
    wanted = {name: value for name, value in {"by": by, "action": action, "subject_id": subject_id}.items() if value}
    with house.store.read() as connection:
        found = page_of(connection, wanted, limit, offset)
        return [{**row, "details": load(row["details"])} for row in found], count_rows(connection, wanted)
