"""Gathers what a conversion needs from the parts of a run: customers, what the target holds, where rows came from."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion import GOLDEN_GRAIN, RECORD_GRAIN, Customers, Surroundings
from dq.conversion.parking.judging import columns_named
from dq.conversion.rows import columns_wanted
from dq.engine import paths_of
from dq.engine.parts import to_frame
from dq.errors import SourceError
from dq.model import EXTRA, TEXT, raw
from dq.pipeline.days import earliest_day
from dq.pipeline.owners import read_owners, read_user_map
from dq.pipeline.run import Run
from dq.pipeline.suppressing import listed_customers
from dq.pipeline.target_choice import object_of
from dq.standards import Standards
from dq.standards.targets import ON_LIST, Target
from dq.tables.exported_files import read_exported_csv
from dq.text.distinct import map_distinct

RAW_WHERE_NOTHING: Final = ("birth_on", "email", "phone", "mobile", "website", "state", "country")
"""Columns of an input row whose own text is judged where standardising could make nothing of it."""
_CODED: Final = r"(?:^| )(?:bureau|smarty|usps_api):(\d{4}-\d{2}(?:-\d{2})?)"
"""Evidence of an address from who may code it: a mail house, Smarty, USPS itself. Reference data only match ranges."""
_MISSING_PARENTS: Final = """
    SELECT x.golden_id, min(l.to_record_id) AS account_key
    FROM relations l JOIN crosswalk x ON x.record_id = l.from_record_id
    WHERE l.type IN ('works_for', 'parent') AND l.to_record_id NOT IN (SELECT record_id FROM crosswalk) GROUP BY 1
"""
_PLACES: Final = """
    SELECT {id} AS id, min(r.record_id) AS record_id, arg_min(r.line_number, r.record_id) AS line,
           arg_min(r.source_key, r.record_id) AS source_key, count(*) AS records
    FROM records r {join} WHERE {id} IN ({wanted}) GROUP BY 1
"""


def read_customers(run: Run, target: Target) -> Customers:
    """Return what is to be converted: golden records, or input rows where nothing is merged."""
    if not run.plan.merge:
        return _records(run, target)
    golden = _dated(_table(paths_of(run.parts("golden"), "golden"), target), target, run.plan.as_of.year)
    files = {
        "relations": paths_of(run.parts("relations"), "relations"),
        "crosswalk": paths_of(run.parts("crosswalk"), "crosswalk"),
    }
    lost = run.engine.frame(_MISSING_PARENTS, files, ("golden_id",)) if files["relations"] else None
    if lost is not None and len(lost):
        golden["account_key"] = golden["golden_id"].map(lost.set_index("golden_id")["account_key"]).astype(TEXT)
    relations = _frames(paths_of(run.parts("golden_relations"), "golden_relations"), GOLDEN_GRAIN.start)
    points = _frames(paths_of(run.parts("golden"), "golden_contact_points"), "golden_id")
    return Customers(golden, relations, points, GOLDEN_GRAIN)


def _dated(customers: pd.DataFrame, target: Target, year: int) -> pd.DataFrame:
    """Write the dates of columns that fill a dated field by an alias as ISO dates, and add `coded_on`.

    Of two readings the earlier one counts, which makes what was done older; what is no date stays, to be judged.
    """
    fields = [field for name in target.objects for field in target.in_force(name).values() if field.aliases]
    aliases = tuple(name for field in fields if field.type == "date" for name in field.aliases)
    made = {}
    for column in columns_named([name for name in customers.columns if name.startswith(EXTRA)], aliases):
        values = customers[column].astype(TEXT)
        made[column] = map_distinct(values, lambda text: earliest_day(text, year)).fillna(values)
    if "address_evidence" in customers.columns:
        said = customers["address_evidence"].astype(TEXT).str.extract(_CODED, expand=False)
        # Of a month alone the first day counts: the older one.
        made["coded_on"] = said.where(said.str.len() != len("2026-10"), said + "-01").astype(TEXT)
    return customers.assign(**made)


def _records(run: Run, target: Target) -> Customers:
    records = _dated(_table(paths_of(run.parts("verified"), "records"), target), target, run.plan.as_of.year)
    for column in RAW_WHERE_NOTHING:
        if column in records.columns and raw(column) in records.columns:
            records[column] = records[column].fillna(records[raw(column)])
    relations = _frames(paths_of(run.parts("relations"), "relations"), RECORD_GRAIN.start)
    points = _frames(paths_of(run.parts("verified"), "contact_points"), "record_id")
    return Customers(records, relations, points, RECORD_GRAIN)


def _table(paths: Sequence[Path], target: Target) -> pd.DataFrame:
    """Read the columns that rows of a target can be made of; parts of different sources have different extras."""
    frames = []
    for path in paths:
        names = pq.read_schema(path).names
        wanted = columns_wanted(target, names)
        beside = [raw(column) for column in RAW_WHERE_NOTHING if column in wanted and raw(column) in names]
        frames.append(to_frame(pq.read_table(path, columns=[*wanted, *beside])))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _frames(paths: Sequence[Path], id_column: str) -> pd.DataFrame:
    frames = [to_frame(pq.read_table(path)) for path in paths]
    if frames:
        return pd.concat(frames, ignore_index=True)
    columns = (id_column, id_column.replace("from_", "to_"), "type", "kind", "role", "value", "contact_point_id")
    return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in columns})


def surroundings(run: Run, name: str, target: Target, customers: Customers | None = None) -> Surroundings:
    """Return what files say about the target: what it holds, who may own records, who is not to be reached.

    Args:
        run: The run.
        name: Of the target's file.
        target: The target.
        customers: Whoever may be on a list of those not to be reached; None where no list is asked.

    Raises:
        SourceError: An export has no column that any object of the target has.
    """
    existing: dict[str, pd.DataFrame] = {}
    for thing, path in exports_of(run, target):
        rows = read_exported_csv(path)
        existing[thing] = pd.concat([existing[thing], rows]) if thing in existing else rows
    listed = listed_customers(run, customers) if customers is not None and ON_LIST in target.checks else None
    return Surroundings(existing, users_of(run, name), listed=listed)


def exports_of(run: Run, target: Target) -> list[tuple[str, Path]]:
    """Return the exports that hold rows of a target, each with its object.

    Raises:
        SourceError: An export has no column that any object of the target has.
    """
    found = []
    for named, path in run.plan.conversion.existing:
        thing = named or object_of(target, read_exported_csv(path).columns)
        if not thing and len(run.plan.conversion.targets) == 1:
            raise SourceError(
                f"--existing {path} has no column of {target.title}", "export it with the fields' own names or labels"
            )
        if thing in target.objects:
            found.append((thing, path))
    return found


def users_of(run: Run, target: str) -> pd.DataFrame | None:
    """Return who may own records in a target: its users, else those the map names; None where nothing is known."""
    conversion = run.plan.conversion
    if conversion.owners is not None:
        return read_owners(conversion.owners)
    path = conversion.owner_map_of(target)
    if path is None:
        return None
    named = read_user_map(path).dropna(subset="user_id")
    users = pd.DataFrame({"owner": named["user_id"].str.casefold(), "is_active": named["active"]})
    users = users.assign(user_id=named["user_id"], name=named["name"])
    return users.drop_duplicates("owner", ignore_index=True)


def spellings(standards: Standards) -> dict[str, dict[str, str]]:
    """Return the ways to write states and countries, folded, each with the full name."""
    found: dict[str, dict[str, str]] = {}
    for place, table in (("state", "states"), ("country", "countries")):
        known: dict[str, str] = {}
        for line in standards.table(table).to_dict("records"):
            words = [line["code"], line.get("alpha3", ""), line["name"], *str(line["spellings"]).split("|")]
            known |= {str(word).casefold(): str(line["name"]) for word in words if word}
        found[place] = known
    return found


def places_of(run: Run, customers: Collection[str]) -> dict[str, str]:
    """Say where in the sources some customers stand: `crm/contacts line 34`, and how many rows more.

    A table of several files has many lines 34: its rows are told by their key.
    """
    if not customers:
        return {}
    wanted = ", ".join("'" + one.replace("'", "''") + "'" for one in sorted(customers))
    merged = run.plan.merge
    query = _PLACES.format(
        id="x.golden_id" if merged else "r.record_id",
        join="JOIN crosswalk x USING (record_id)" if merged else "",
        wanted=wanted,
    )
    files = {"records": paths_of(run.parts("verified"), "records")}
    if merged:
        files["crosswalk"] = paths_of(run.parts("crosswalk"), "crosswalk")
    found = run.engine.frame(query, files, ("id",))
    read = run.kept("read")
    assert isinstance(read, list)
    in_parts = {_called(table["source"], table["table"]) for table in read if table["piece_count"] > 1}
    places = {}
    for line in found.to_dict("records"):
        table = str(line["record_id"]).partition(":")[0]
        by_key = pd.isna(line["line"]) or table in in_parts
        key = f"key {line['source_key']}" if by_key else f"line {int(line['line'])}"
        more = int(line["records"]) - 1
        places[str(line["id"])] = f"{table} {key}" + (f" (+{more})" if more else "")
    return places


def _called(source: str, table: str) -> str:
    return f"{source}/{table}" if table else source
