"""The step that reads: raw tables, columns recognised, rows mapped, records numbered and cut into parts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine import Parts
from dq.engine.parts import to_arrow, write_part
from dq.errors import SettingsError
from dq.pipeline.attaching import attached_rows, reject_strays, reject_unreferred
from dq.pipeline.numbering import number_and_cut
from dq.pipeline.run import Run
from dq.pipeline.sketching import sketch_table
from dq.tables.mapping import LOOKUP, MappingPolicy, map_rows, mapping_policy
from dq.tables.reading import RawTable, read_source
from dq.tables.recognition import Overrides, SourceMapping, recognise

SHOWN_HEADERS = 40
"""Columns named in an error: what a terminal shows at once."""


def ingest(run: Run) -> None:
    """Read every source; keeps the raw tables (`read`), the mappings (`mapping`) and the parts `mapped`."""
    tables = read_tables(run)
    mappings = {mapping.source: mapping for mapping in recognise_columns(run, tables)}
    _keep_mappings(run, mappings)
    mapped: Parts = []
    for table in tables:
        mapping = mappings[table.source]
        policy = mapping_policy(mapping, table.table, run.standards, run.plan.settings.key)
        beside = _lookup_files(run, policy, tables)
        parts = [part | beside for part in raw_parts(table)]
        mapped += run.engine.map(map_rows, parts, policy, stage=f"map/{_place(table)}")
    records, relations = number_and_cut(run.engine, mapped)
    run.keep_parts("mapped", records)
    run.keep_parts("relations", relations)
    attached = attached_rows(run.engine, mapped, records)
    run.keep_parts("attached", attached)
    _keep_strays(run, tables, mappings, attached)


def _keep_strays(run: Run, tables: list[RawTable], mappings: Mapping[str, SourceMapping], attached: Parts) -> None:
    """Keep where the rows of child tables are that no record owns or refers to: they are rejects, never lost."""
    kept: list[dict[str, object]] = []
    for table in tables:
        own = mappings[table.source].table(table.table)
        if own.role == "contact_points":
            path = reject_strays(run.engine, table.source, table.table, table.parts, attached, table.headers)
        elif own.role == "lookup":
            links = [
                (t, link.header)
                for t in mappings[table.source].tables
                for link in t.foreign_keys
                if link.table == table.table
            ]
            parts = {t.table: t.parts for t in tables if t.source == table.source}
            references = [(header, parts[t.table]) for t, header in links if t.role in {"party", "contact_points"}]
            path = reject_unreferred(
                run.engine, table.source, table.table, table.parts, own.key, references, table.headers
            )
        else:
            continue
        if path is not None:
            rows = pq.read_metadata(path).num_rows
            place = path.relative_to(run.engine.work).as_posix()
            kept.append({"source": table.source, "table": table.table, "rejects": place, "rows": rows})
            run.listener.say(f"{table.source}/{table.table}: {rows:,} rows belong to no record: see rejects.csv")
    run.keep("strays", kept)


def _keep_mappings(run: Run, mappings: Mapping[str, SourceMapping]) -> None:
    """Say what is doubtful; keep what later steps, the manifest and the scorecard want to know."""
    for mapping in mappings.values():
        _say(run, mapping)
    lines = [{"source": m.source, **asdict(line)} for m in mappings.values() for line in m.describe()]
    run.keep("mapping", lines)
    run.keep(
        "countries", {m.source: f"{m.country or 'country unknown'}: {m.country_reason}" for m in mappings.values()}
    )
    run.keep("roles", {f"{m.source}/{table.table}": table.role for m in mappings.values() for table in m.tables})
    unused = [
        f"{m.source}/{t.table}: not used: {t.reason}" for m in mappings.values() for t in m.tables if t.role == "unused"
    ]
    for line in unused:
        run.listener.say(line)
    run.keep("notes", [*(f"{m.source}: {warning}" for m in mappings.values() for warning in m.warnings), *unused])
    run.keep(
        "hints",
        {
            "date_orders": {key: order for m in mappings.values() for key, order in m.date_orders().items()},
            "name_orders": {key: order for m in mappings.values() for key, order in m.name_order_hints().items()},
        },
    )


def _lookup_files(run: Run, policy: MappingPolicy, tables: list[RawTable]) -> dict[str, Path]:
    """Return the tables of descriptions (owners, …) that a table refers to, each in one file."""
    files: dict[str, Path] = {}
    for lookup in policy.lookups:
        table = next(t for t in tables if t.source == policy.source and t.table == lookup.table)
        path = run.engine.work / "lookups" / table.source / f"{table.table}.parquet"
        write_part(path, pa.concat_tables([pq.read_table(part) for part in table.parts]))
        files[f"{LOOKUP}{lookup.table}"] = path
    return files


def read_tables(run: Run) -> list[RawTable]:
    """Read the sources in order of name, or take what an earlier start read."""
    kept = run.kept("read")
    if isinstance(kept, list):
        return [_raw_table(document, run.engine.work) for document in kept]
    tables: list[RawTable] = []
    for source in sorted(run.plan.sources, key=lambda source: source.name):
        found = read_source(source, run.standards.ingest, run.engine.work / "read")
        for table in found:
            name = f"{table.source}/{table.table}" if table.table else table.source
            rejected = f", {table.reject_count:,} pieces rejected" if table.reject_count else ""
            run.listener.say(f"{name}: {table.row_count:,} rows{rejected}")
            for decision in table.decisions:
                run.listener.say(f"  {decision}")
        tables += found if run.plan.sample is None else sampled(found, run.plan.sample)
    run.keep("read", [_document(table, run.engine.work) for table in tables])
    return tables


def sampled(tables: Sequence[RawTable], rows: int) -> list[RawTable]:
    """Cut the table of a source down to rows with the smallest hashes: the same ones whatever their order.

    Rewrites its one part. Tables that refer to each other stay whole: what a row refers to might be left out.
    """
    if len(tables) > 1:
        said = "taken whole: --sample cuts no tables that refer to each other"
        return [replace(table, decisions=(*table.decisions, said)) for table in tables]
    (table,) = tables
    if table.row_count <= rows:
        return [table]
    whole = pa.concat_tables([pq.read_table(part) for part in table.parts]).to_pandas()
    cells = whole[list(table.headers)].fillna("")
    chosen = pd.util.hash_pandas_object(cells, index=False).sort_values(kind="stable").index[:rows]
    write_part(table.parts[0], to_arrow(whole.loc[sorted(chosen)].reset_index(drop=True)))
    said = f"{rows:,} of {table.row_count:,} rows looked at (--sample)"
    return [replace(table, parts=table.parts[:1], row_count=rows, decisions=(*table.decisions, said))]


def recognise_columns(run: Run, tables: list[RawTable]) -> list[SourceMapping]:
    """Recognise the columns of every source from a sample that does not depend on the order of rows."""
    plan = run.plan
    overrides = Overrides(plan.key_column, dict(plan.columns), plan.ignore, plan.country)
    check_names(overrides, tables)
    names = sorted({table.source for table in tables})
    mappings: list[SourceMapping] = []
    for name in names:
        own = [table for table in tables if table.source == name]
        samples = [sketch_table(run.engine, t, raw_parts(t), f"sketch/{_place(t)}") for t in own]
        headers = {header for sample in samples for header in sample.headers}
        mappings.append(
            recognise(name, samples, run.standards, _for_source(overrides, headers, several=len(names) > 1))
        )
    return mappings


def check_names(overrides: Overrides, tables: list[RawTable]) -> None:
    """Refuse options that name a column no source has.

    Raises:
        SettingsError: With every name that is wrong.
    """
    headers = sorted({header for table in tables for header in table.headers})
    known = {*headers, *(f"{table.table}.{header}" for table in tables if table.table for header in table.headers)}
    asked = [
        ("--key", overrides.key),
        *(("--map", h) for h in overrides.columns),
        *(("--ignore", h) for h in overrides.ignore),
    ]
    wrong = [f"{option} {name}" for option, name in asked if name is not None and name not in known]
    if wrong:
        shown = ", ".join(headers[:SHOWN_HEADERS]) + (", …" if len(headers) > SHOWN_HEADERS else "")
        raise SettingsError(f"no source has the column of {', '.join(wrong)}", f"the columns are: {shown}")


def _for_source(overrides: Overrides, headers: set[str], *, several: bool) -> Overrides:
    """Among several sources, an option speaks to those that have the column; alone, a wrong name is an error."""
    if not several:
        return overrides
    return replace(
        overrides,
        key=overrides.key if overrides.key in headers else None,
        columns={
            h: target for h, target in overrides.columns.items() if h.rpartition(".")[2] in headers or h in headers
        },
        ignore=tuple(h for h in overrides.ignore if h.rpartition(".")[2] in headers or h in headers),
    )


def raw_parts(table: RawTable) -> Parts:
    """Return the parts of a raw table as the engine takes them."""
    return [{"rows": path} for path in table.parts]


def _place(table: RawTable) -> str:
    return f"{table.source}/{table.table or '_'}"


def _say(run: Run, mapping: SourceMapping) -> None:
    for warning in mapping.warnings:
        run.listener.say(f"{mapping.source}: {warning}")
    for line in mapping.describe():
        if line.fix:
            run.listener.say(
                f"{mapping.source}: `{line.header}` is taken for {line.mapped_to} ({line.reason}); if not: {line.fix}"
            )


def _document(table: RawTable, work: Path) -> dict[str, object]:
    document = asdict(table)
    document["parts"] = [path.relative_to(work).as_posix() for path in table.parts]
    document["rejects"] = table.rejects.relative_to(work).as_posix()
    return document


def _raw_table(document: dict[str, object], work: Path) -> RawTable:
    listed = {name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}
    parts, files = document["parts"], document["files"]
    assert isinstance(parts, list)
    assert isinstance(files, list)
    listed["parts"] = tuple(work / place for place in parts)
    listed["rejects"] = work / str(document["rejects"])
    listed["files"] = tuple((name, digest) for name, digest in files)
    return RawTable(**listed)  # type: ignore[arg-type]
