"""Rows of a run as a person may see them: scoped by department in the query, masked where they are not theirs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dq.engine.querying import BY_CUSTOMER, Filter, Page, Row, Visible
from dq.errors import NotFoundError
from dq.quality.scorecard.masking import mask
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, run_of
from dq.stewardship.queue import case_of

_OPEN: Final = (
    "rule_id", "dimension", "severity", "layer", "column", "kind", "role", "type", "rule", "outcome", "blocking_rule",
    "content", "material", "contact_point_id", "source", "sources", "cluster_size", "household_id", "record_id_l",
    "record_id_r", "from_record_id", "to_record_id", "part", "line_number", "veto", "case_id", "target", "object",
    "field", "check", "code", "verdict", "certainty", "row_id",
)  # fmt: skip
"""Columns that say nothing about a person, beside those that masking knows."""

PARTS: Final = ("contact_points", "violations", "changes", "provenance", "relations")
"""What belongs to a customer beside its records."""


@dataclass(frozen=True)
class Seen:
    """A record as somebody may see it.

    Attributes:
        record_id: Its id.
        values: Column → value; masked where `is_masked`.
        is_masked: It is another department's, or the person is a viewer.
        is_mine: It is of the person's departments.
    """

    record_id: str
    values: Row
    is_masked: bool
    is_mine: bool


@dataclass(frozen=True)
class Customer:
    """One customer from all sides.

    Attributes:
        golden_id: Its id in the run.
        golden: The golden record; masked where any record of it is.
        records: All records of it, one's own and masked others, by record_id.
        contact_points: Of one's own records.
        violations: Of one's own records.
        changes: What standardising altered on one's own records.
        provenance: Where the golden values come from.
        relations: From one's own records.
    """

    golden_id: str
    golden: Row
    records: tuple[Seen, ...]
    contact_points: tuple[Row, ...]
    violations: tuple[Row, ...]
    changes: tuple[Row, ...]
    provenance: tuple[Row, ...]
    relations: tuple[Row, ...]


def page(
    house: House,
    actor: Actor,
    table: str,
    filters: Sequence[Filter] = (),
    *,
    run_id: str = "",
    order: str = "",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
    columns: Sequence[str] = (),
    moved: str = "moved",
) -> Page:
    """Return rows of a table of a run that are the actor's; a viewer sees personal values masked.

    Args:
        table: `records`, `violations`, `golden`, … (dq.engine.querying.TABLES).
        run_id: By default the published run.
        columns: Only these; none gives all. A list of names need not read a hundred columns.
        moved: The file that stands for the table `moved` (dq.stewardship.movements.moved_since).
    """
    run = str(run_of(house, run_id)["run_id"])
    found = house.tables(run, moved).page(
        table,
        filters,
        visible=Visible(house.sees(actor)),
        order=order,
        descending=descending,
        limit=limit,
        offset=offset,
        columns=columns,
    )
    if not actor.has("steward"):
        return Page([masked(row) for row in found.rows], found.total, found.offset)
    shared = _shared(house, actor, run, table, found.rows)
    # A row of customers that names none may be anybody's: it is hidden from whoever does not see everybody's.
    shared |= {None, ""} if table in BY_CUSTOMER and house.sees(actor) is not None else set()
    rows = [masked(row) if row.get("golden_id") in shared else row for row in found.rows]
    return Page(rows, found.total, found.offset)


def facets(
    house: House,
    actor: Actor,
    table: str,
    columns: Sequence[str],
    filters: Sequence[Filter] = (),
    *,
    run_id: str = "",
    limit: int = 50,
) -> list[Row]:
    """Return how often values occur among the rows that are the actor's, most frequent first."""
    run = str(run_of(house, run_id)["run_id"])
    found = house.tables(run).facets(table, columns, filters, visible=Visible(house.sees(actor)), limit=limit)
    return found if actor.has("steward") else [masked(row) for row in found]


def how_many_records(house: House, actor: Actor, filters: Sequence[Filter], *, run_id: str = "") -> int:
    """Return how many records of the actor's the findings are about; customers and whole sources are not counted."""
    run = str(run_of(house, run_id)["run_id"])
    return house.tables(run).distinct("violations", "record_id", filters, visible=Visible(house.sees(actor)))


def record(house: House, actor: Actor, run_id: str, record_id: str) -> Seen:
    """Return one record.

    Raises:
        NotFoundError: No such record, or another department's.
    """
    visible = Visible(house.sees(actor))
    found = house.tables(run_id).rows_of("records", "record_id", [record_id], visible=visible)
    if not found:
        raise NotFoundError(f"there is no record {record_id!r}", "it may belong to another department")
    hidden = not actor.has("steward")
    return Seen(record_id, masked(found[0]) if hidden else found[0], hidden, is_mine=True)


def records_of_case(house: House, actor: Actor, case_id: str) -> tuple[Seen, ...]:
    """Return the records of a case side by side; the half of another department masked.

    Raises:
        NotFoundError: The case is another department's altogether.
    """
    case = case_of(house, actor, case_id)
    return seen(house, actor, case.last_run_id, case.record_ids)


def seen(
    house: House, actor: Actor, run_id: str, record_ids: Sequence[str], columns: Sequence[str] = ()
) -> tuple[Seen, ...]:
    """Return records in the order they are named; another department's masked, those that the run lacks left out.

    Args:
        record_ids: What the actor was led to by a case or a customer of theirs, never what was typed.
        columns: Only these, `record_id` and `department` among them; none gives all.
    """
    rows = house.tables(run_id).rows_of("records", "record_id", record_ids, columns=columns)
    found = {str(row["record_id"]): row for row in rows}
    shown = []
    for record_id in record_ids:
        row = found.get(record_id)
        if row is None:
            continue
        mine = actor.owns(str(row.get("department") or ""), house.policy)
        hidden = not mine or not actor.has("steward")
        shown.append(Seen(record_id, masked(row) if hidden else row, hidden, mine))
    return tuple(shown)


def customer(
    house: House, actor: Actor, golden_id: str, *, run_id: str = "", parts: Collection[str] = PARTS
) -> Customer:
    """Return everything about one customer of whom at least one record is the actor's.

    Args:
        parts: What is wanted beside the records and the golden record; the rest stays empty, and unread.

    Raises:
        NotFoundError: No such customer, or none of its records is the actor's.
    """
    run = str(run_of(house, run_id)["run_id"])
    tables = house.tables(run)
    ids = [
        str(row["record_id"])
        for row in tables.sql("SELECT record_id FROM identities WHERE golden_id = ? ORDER BY record_id", [golden_id])
    ]
    found = seen(house, actor, run, ids)
    if not any(each.is_mine for each in found):
        raise NotFoundError(f"there is no customer {golden_id!r}", "it may belong to another department")
    golden = tables.rows_of("golden", "golden_id", [golden_id])
    mine = [each.record_id for each in found if each.is_mine]
    hidden = not actor.has("steward")
    shared = hidden or len(mine) < len(ids)

    def of(table: str, column: str, keys: Iterable[str], hide: bool = hidden) -> tuple[Row, ...]:
        if table not in parts:
            return ()
        rows = tables.rows_of(table, column, list(keys))  # of records that are the actor's: no need to ask again
        return tuple(masked(row) for row in rows) if hide else tuple(rows)

    return Customer(
        golden_id=golden_id,
        golden=(masked(golden[0]) if shared else golden[0]) if golden else {},
        records=found,
        contact_points=of("contact_points", "record_id", mine),
        violations=of("violations", "record_id", mine),
        changes=of("changes", "record_id", mine),
        provenance=of("provenance", "golden_id", [golden_id], hide=shared),
        relations=of("relations", "from_record_id", mine),
    )


def seen_golden(
    house: House, actor: Actor, golden_ids: Sequence[str], *, run_id: str = ""
) -> dict[str, tuple[Row, bool]]:
    """Return golden records that somebody was led to by a list of theirs, each with whether it is theirs altogether.

    One with records of another department, or any to a viewer, comes masked.
    """
    run = str(run_of(house, run_id)["run_id"])
    rows = house.tables(run).rows_of("golden", "golden_id", golden_ids)
    shared = _shared(house, actor, run, "golden", rows)
    found = {}
    for row in rows:
        is_mine = actor.has("steward") and row["golden_id"] not in shared
        found[str(row["golden_id"])] = (row if is_mine else masked(row), is_mine)
    return found


def masked(row: Mapping[str, object]) -> Row:
    """Return a row with everything personal hidden; ids, codes and numbers that nobody is stay."""
    return {
        name: mask(value, "record_id" if name in _OPEN else name) if isinstance(value, str) else _plain(name, value)
        for name, value in row.items()
    }


def _plain(name: str, value: object) -> str | int | float | bool | None:
    if name == "value_amount" or not isinstance(value, int | float | bool | None):
        return None
    return value


def _shared(house: House, actor: Actor, run_id: str, table: str, rows: Sequence[Row]) -> set[object]:
    """Return which of these customers have records that are not the actor's: golden values may come from them."""
    mine = house.sees(actor)
    if mine is None or table not in BY_CUSTOMER:
        return set()
    query = (
        "SELECT DISTINCT golden_id FROM identities WHERE golden_id IN (SELECT unnest(?::VARCHAR[])) "
        "AND coalesce(department, '') NOT IN (SELECT unnest(?::VARCHAR[]))"
    )
    ids = sorted({str(row["golden_id"]) for row in rows})
    return {row["golden_id"] for row in house.tables(run_id).sql(query, [ids, sorted(mine)])}
