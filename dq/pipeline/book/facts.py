"""Counts what a workbook shows: every column over all rows, every field of the load, every value of a list."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from dq.conversion import Customers, TargetRows
from dq.conversion.book import MIGRATE, FieldLine, PicklistLine, SourceColumn, columns_fed
from dq.conversion.book.answers import ColumnAnswer, ColumnPlace, FieldPlace
from dq.conversion.book.returned import can_come_back
from dq.conversion.proposals import is_open
from dq.conversion.rows import field_mapping
from dq.engine import LocalEngine, paths_of
from dq.model import EXTRA
from dq.pipeline.ingest import raw_parts
from dq.pipeline.sketching import sketch_table
from dq.profiling import ColumnProfile, profile_columns
from dq.quality.scorecard.masking import mask, shorten
from dq.standards.expressions import columns_of
from dq.standards.targets import Target, TargetField
from dq.tables.reading import RawTable
from dq.tables.recognition import SourceMapping

COUNTED_AT_ONCE: Final = 4
"""Columns counted by one query: what distinct values take of memory is the longest of them."""
SHARED_BY: Final = 10
"""Rows from which on a value of a column without a home is shown as it is: a code, not somebody's own."""
FEW: Final = 200
"""Different values up to which a column may be one of codes."""
_CODES: Final = ("", "prefix", "suffix", "job_title", "address_role", "consent_source")
"""What columns of codes may be taken for; the empty one is no home at all."""
_IDS: Final = frozenset({"row_id", "golden_id", "record_id"})
MOST_VALUES: Final = 3000
"""Values of lists in one workbook, the most frequent first: what comes back may have 5,000 rows a sheet."""

Lineage = Mapping[FieldPlace, frozenset[str]]
"""Field → columns of customers that it is made of."""


def lineage_of(
    target: Target, objects: Sequence[str], customers: Customers
) -> tuple[Lineage, Mapping[FieldPlace, str]]:
    """Return what every field reads, and in whose words: the target's, or the column that is named like it."""
    reads: dict[FieldPlace, frozenset[str]] = {}
    told: dict[FieldPlace, str] = {}
    for thing in objects:
        for key, tree in field_mapping(target, thing, customers.rows).items():
            reads[thing, key] = frozenset(columns_of(tree))
            value = target.objects[thing].fields[key].value
            told[thing, key] = value or f"column {', '.join(columns_of(tree)).removeprefix(EXTRA)}, named like it"
    return reads, told


def column_lines(
    engine: LocalEngine,
    tables: Sequence[RawTable],
    mappings: Sequence[SourceMapping],
    answers: Mapping[ColumnPlace, ColumnAnswer],
    lineage: tuple[Lineage, Mapping[FieldPlace, str]],
    becomes: Mapping[tuple[str, str], frozenset[str]],
    *,
    unmasked: bool,
) -> list[SourceColumn]:
    """Return a line per source column, in the order of the files; `becomes` is what `objects_made` says."""
    roles = {(m.source, t.table): t.role for m in mappings for t in m.tables}
    certain = {(m.source, line.table, line.header): line for m in mappings for line in m.describe()}
    decided = {(m.source, t.table, c.header) for m in mappings for t in m.tables for c in t.columns if c.is_decided}
    lines = []
    for table in tables:
        sample = sketch_table(engine, table, raw_parts(table), f"sketch/{table.source}/{table.table or '_'}")
        profiles = {one.header: one for one in profile_columns(sample.rows, dict(sample.filled), table.row_count)}
        counts = _counts(engine, table)
        for header in table.headers:
            place = (table.source, table.table, header)
            fed = _fed(place, answers[place], roles[table.source, table.table])
            made = becomes[table.source, table.table]
            goes = [field for field, read in lineage[0].items() if fed & read and field[0] in made]
            profile, count = profiles[header], counts[header]
            sure = "decided" if place in decided else f"{certain[place].confidence:.0%}"
            lines.append(
                SourceColumn(
                    *place,
                    rows=table.row_count,
                    filled=count[0],
                    distinct=count[1],
                    shortest=count[2],
                    longest=count[3],
                    pattern=f"{profile.shapes[0][0]} {profile.shapes[0][1]:.0%}" if profile.shapes else "",
                    samples=_samples(profile, answers[place].taken_for, count[1], unmasked=unmasked),
                    certainty=sure,
                    goes_to=tuple(".".join(field) for field in goes),
                    how=tuple(dict.fromkeys(lineage[1][field] for field in goes)),
                )
            )
    return lines


def _fed(place: ColumnPlace, answer: ColumnAnswer, role: str) -> frozenset[str]:
    """Return the columns of customers that a column ends up in; one that describes others travels with them."""
    if answer.decision != MIGRATE or role == "unused":
        return frozenset()
    if role == "lookup":
        return frozenset({f"{EXTRA}{place[1]}.{place[2]}"})
    return columns_fed(answer.taken_for, place[2]) - (_IDS if role == "contact_points" else frozenset())


def objects_made(rows: TargetRows, mappings: Sequence[SourceMapping]) -> dict[tuple[str, str], frozenset[str]]:
    """Return (source, table) → objects that its rows become, or that the rows become to which its rows belong."""
    seen: dict[str, set[str]] = {}
    for thing, own in rows.objects.items():
        for table in own["record_id"].dropna().str.partition(":")[0].unique():
            seen.setdefault(str(table), set()).add(thing)
    made: dict[tuple[str, str], frozenset[str]] = {}
    for mapping in mappings:
        own_tables = {
            table.table: frozenset(seen.get("/".join(filter(None, (mapping.source, table.table))), ()))
            for table in mapping.tables
        }
        for table in mapping.tables:
            above = [own_tables[key.table] for key in table.foreign_keys if key.table in own_tables]
            below = [own_tables[t.table] for t in mapping.tables for k in t.foreign_keys if k.table == table.table]
            made[mapping.source, table.table] = own_tables[table.table] or frozenset().union(*above, *below)
    return made


def _samples(profile: ColumnProfile, taken_for: str, distinct: int, *, unmasked: bool) -> tuple[str, ...]:
    """Return three frequent values; what may be somebody's own is masked."""
    column = taken_for.partition("#")[0].rpartition(".")[2]
    shown = []
    for value, count in profile.values[:3]:
        is_code = column in _CODES and count >= SHARED_BY and distinct <= FEW
        shown.append(
            shorten(value) if unmasked or is_code else mask(value, "source_key" if column == "key" else column)
        )
    return tuple(shown)


def _counts(engine: LocalEngine, table: RawTable) -> dict[str, tuple[int, int, int, int]]:
    """Return filled cells, different values, fewest and most characters of every column, over all rows."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for start in range(0, len(table.headers), COUNTED_AT_ONCE):
        some = table.headers[start : start + COUNTED_AT_ONCE]
        asked = []
        for place, header in enumerate(some):
            name = '"' + header.replace('"', '""') + '"'
            asked.append(
                f"count({name}) AS a{place}, count(DISTINCT {name}) AS b{place}, "
                f"coalesce(min(length({name})), 0) AS c{place}, coalesce(max(length({name})), 0) AS d{place}"
            )
        query = f"SELECT {', '.join(asked)} FROM rows"  # noqa: S608 (names are quoted)
        line = engine.frame(query, {"rows": paths_of(raw_parts(table), "rows")}).iloc[0]
        for place, header in enumerate(some):
            found[header] = (
                int(line[f"a{place}"]),
                int(line[f"b{place}"]),
                int(line[f"c{place}"]),
                int(line[f"d{place}"]),
            )
    return found  # fmt: skip


def field_lines(
    target: Target, objects: Sequence[str], rows: TargetRows, lineage: Lineage, columns: Sequence[SourceColumn]
) -> list[FieldLine]:
    """Return a line per field that can be written, those that have to be filled first."""
    sources: dict[str, list[str]] = {}
    for column in columns:
        for reached in column.goes_to:
            sources.setdefault(reached, []).append(".".join(filter(None, column.place)))
    lines = []
    for thing in objects:
        own = rows.objects.get(thing)
        total = 0 if own is None else len(own)
        for key, field in target.in_force(thing).items():
            if not field.writable:
                continue
            filled = int(own[key].notna().sum()) if own is not None and key in own.columns else 0
            groups = [group for group in target.objects[thing].one_of if key in group]
            lines.append(
                FieldLine(
                    thing,
                    key,
                    field.label,
                    field.type,
                    str(field.length or ""),
                    _must(field, groups),
                    _list_of(target, field),
                    tuple(sources.get(f"{thing}.{key}", ())),
                    total,
                    filled,
                    _gap(field, (thing, key) in lineage, filled, total),
                )
            )
    lines.sort(key=lambda line: (objects.index(line.object), not line.must, not line.comes_from, line.field))
    return lines


def _must(field: TargetField, groups: Sequence[Sequence[str]]) -> str:
    said = ["required"] if field.required else []
    said += [f"one of {', '.join(group)}" for group in groups]
    return "; ".join([*said, *(["unique"] if field.unique or field.key else [])])


def _list_of(target: Target, field: TargetField) -> str:
    if not field.picklist:
        return ""
    kind = "restricted" if field.restricted else "open"
    return f"{field.picklist}: {len(target.picklists[field.picklist])} values, {kind}"


def _gap(field: TargetField, is_mapped: bool, filled: int, rows: int) -> str:
    if not field.required:
        return ""
    if not is_mapped:
        return "required, and nothing is made into it"
    return f"required, empty in {rows - filled:,} of {rows:,} rows" if filled < rows else ""


def value_lines(
    target: Target, rows: TargetRows, proposals: pd.DataFrame, origins: pd.DataFrame
) -> tuple[list[PicklistLine], int]:
    """Return a line per value and source of a field with a list, and how many more there are than are shown."""
    maps = proposals.loc[proposals["action"].eq("map") & ~is_open(proposals)]
    maps = maps.assign(source=maps["source"].fillna("")).astype("object")
    near = {
        (line["object"], line["field"], line["value"], line["source"]): (line["proposed"], line["why"])
        for line in maps.drop_duplicates(["object", "field", "value", "source"]).to_dict("records")
    }
    whose = origins.set_index(["object", "field", "row_id"])["source"]
    lines = []
    for thing, own in rows.objects.items():
        for key, field in target.in_force(thing).items():
            if not field.picklist or field.type == "email" or key not in own.columns:
                continue
            if field.listed_with and not target.features.get(field.listed_with):
                continue
            legal = set(target.picklists[field.picklist])
            cells = pd.MultiIndex.from_product([[thing], [key], own["row_id"]])
            said = pd.DataFrame({"value": own[key].to_numpy(), "source": whose.reindex(cells).to_numpy()})
            counts = said.fillna({"source": ""}).dropna(subset="value").value_counts(["value", "source"])
            for line in counts.rename("rows").reset_index().to_dict("records"):
                value, count = line["value"], line["rows"]
                place = (thing, key, str(value), str(line["source"]))
                proposed, why = near.get(place) or near.get((*place[:3], "")) or ("", "")
                lines.append(PicklistLine(*place, int(count), value in legal, proposed, why))
    kept = [line for line in lines if can_come_back(*line.place)]
    kept.sort(key=lambda line: (line.is_listed, -line.rows, *line.place))
    shown = kept[:MOST_VALUES]
    shown.sort(key=lambda line: (line.object, line.field, line.is_listed, -line.rows, line.value, line.source))
    return shown, len(lines) - len(shown)
