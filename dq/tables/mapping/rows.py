"""Rows of a source table into mapped records, contact points, relations and changes. Row-local; reads no other row."""

import pandas as pd

from dq.model import EXTRA, TEXT, Frames
from dq.tables.identity import ORGANIZATION_PART, source_prefix
from dq.tables.mapping.columns import Columns, as_typed, read_columns
from dq.tables.mapping.consent import read_consents, with_consent
from dq.tables.mapping.parties import read_parties
from dq.tables.mapping.points import finish_points, gather_points, place_points
from dq.tables.mapping.policy import LOOKUP, Lookup, MappingPolicy
from dq.tables.mapping.records import build_records, parent_values
from dq.tables.mapping.relations import read_relations
from dq.tables.mapping.shape import CHANGE_COLUMNS, ROW, empty_frames, shaped
from dq.tables.recognition.targets import ADDRESS_PIECES, CHANNELS, IGNORE, PHONE_PIECES
from dq.tables.text_columns import same_text


def map_rows(frames: Frames, policy: MappingPolicy) -> Frames:
    """Map source rows into the shapes every later stage reads.

    Args:
        frames: `rows`: text columns named by headers, `#row` and `#line`; `lookup:<table>` per lookup of the policy.
        policy: How the table was recognised.

    Returns:
        `records` (all columns of `model.RECORDS`, plus `full_name`, `source_table`, `flags`, `row`, `row_hash` and
        `extra.*`), `contact_points`, `relations` and `changes`, each with `row` and `source_table`. Record ids are
        provisional: repeated keys are not numbered yet (`identity.with_final_ids`).

    Raises:
        SourceError: The key column holds a number that lost digits in a spreadsheet.
    """
    rows = frames["rows"].reset_index(drop=True)
    if policy.table.role not in {"party", "contact_points"} or rows.empty:
        return empty_frames()
    columns = read_columns(rows, policy)
    consents = read_consents(columns, policy)
    points, has_second = gather_points(columns, policy)
    if policy.table.role == "contact_points":
        return _map_child(rows, columns, with_consent(points, consents), policy)
    parties = read_parties(columns, has_second, policy)
    points = with_consent(place_points(points, parties), consents)
    records = build_records(rows, columns, parties, points, consents, policy)
    for lookup in policy.lookups:
        records = _with_lookup(records, rows, frames, lookup)
    return {
        "records": records,
        "contact_points": finish_points(points, _ids_of(points, records, parties.organization), rows[ROW], policy),
        "relations": read_relations(columns, records, policy),
        "changes": _changes(columns, records["record_id"], rows[ROW], policy),
    }


def _ids_of(points: pd.DataFrame, records: pd.DataFrame, organization: pd.DataFrame) -> pd.Series:
    """Return the record id of each point: records stand main ones first, then the organisations cut out."""
    count = len(records) - len(organization)
    ids = records["record_id"].array
    offsets = pd.Series(range(count, len(records)), index=organization.index, dtype="int64")
    places = points["position"].astype("int64")
    taken = places.where(points["party"] == "", places.map(offsets)).astype("int64")
    return pd.Series(ids.take(taken.to_numpy()), index=points.index, dtype=TEXT)


def _changes(columns: Columns, ids: pd.Series, rows: pd.Series, policy: MappingPolicy) -> pd.DataFrame:
    """Return the alterations of cells, on the main record of their row."""
    found = [
        column.cells.changes.assign(column=column.target.column)
        for column in columns.columns
        if len(column.cells.changes)
    ]
    if not found:
        return empty_frames()["changes"]
    changes = pd.concat(found, ignore_index=True)
    places = changes["position"].to_numpy()
    changes = changes.assign(
        record_id=ids.array.take(places), row=rows.to_numpy()[places], source_table=policy.table.table
    )
    return shaped(changes, CHANGE_COLUMNS)


def _with_lookup(records: pd.DataFrame, rows: pd.DataFrame, frames: Frames, lookup: Lookup) -> pd.DataFrame:
    """Give the records the columns of the lookup row they refer to; a reference to nothing leaves them null."""
    table = frames.get(f"{LOOKUP}{lookup.table}")
    if table is None or lookup.header not in rows:
        return records
    described = table.assign(**{lookup.key: as_typed(table[lookup.key]).str.strip()}).dropna(subset=[lookup.key])
    described = described.sort_values([lookup.key, *lookup.columns]).drop_duplicates(lookup.key).set_index(lookup.key)
    by_row = pd.Series(as_typed(rows[lookup.header]).str.strip().to_numpy(dtype=object), index=rows[ROW].to_numpy())
    is_main = ~records["record_id"].str.endswith(ORGANIZATION_PART)
    keys = records["row"].map(by_row).where(is_main)
    added = {
        f"{EXTRA}{lookup.table}.{name}": keys.map(as_typed(described[name])).astype(TEXT) for name in lookup.columns
    }
    return records.assign(**added)


def _map_child(rows: pd.DataFrame, columns: Columns, points: pd.DataFrame, policy: MappingPolicy) -> Frames:
    """Map rows that hang on a party: contact points on the record their key names, the other cells as its extras.

    Beside the usual frames gives `attached`: one row per row, with the `record_id` its key names (null where it is
    empty, so that the row belongs to nobody) and what has no meaning as a contact point as `extra.<table>.<header>`.
    """
    owner = columns.missing()
    for header, (table, _) in policy.parents.items():
        if policy.parent_meanings.get(header) not in {"account", "party"} or header not in rows:
            continue
        keys = parent_values(as_typed(rows[header]).str.strip(), header, policy)
        owner = owner.where(owner.notna(), source_prefix(policy.source, table) + keys)
    ids = pd.Series(owner.array.take(points["position"].to_numpy()), index=points.index, dtype=TEXT)
    return {
        **empty_frames(),
        "contact_points": finish_points(points, ids, rows[ROW], policy),
        "changes": _changes(columns, owner, rows[ROW], policy),
        "attached": _attached(rows, owner, policy),
    }


_SHOWN_BY_POINTS = frozenset((*ADDRESS_PIECES, *CHANNELS, *PHONE_PIECES)) - {"address_role", "phone_role"}
"""Columns whose cells contact points keep as raw text."""


def _attached(rows: pd.DataFrame, owner: pd.Series, policy: MappingPolicy) -> pd.DataFrame:
    table = policy.table.table
    cells = {
        f"{EXTRA}{table}.{column.header}": as_typed(rows[column.header])
        for column in policy.table.columns
        if column.target.column not in {IGNORE, *_SHOWN_BY_POINTS}
        and column.header in rows
        and not (column.header in policy.parents and len(policy.parents) == 1)  # the record's own key
    }
    places = {
        "row": rows[ROW],
        "source": same_text(policy.source, rows.index),
        "source_table": same_text(table, rows.index),
    }
    return pd.DataFrame({"record_id": owner, **places, **cells})
