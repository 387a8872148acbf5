"""Looks at a source without running the job: what it holds and what its columns are taken for."""

from dataclasses import dataclass

from dq.pipeline.ingest import raw_parts, read_tables, recognise_columns
from dq.pipeline.plan import RunPlan
from dq.pipeline.run import open_run
from dq.pipeline.sketching import sketch_table
from dq.profiling import ColumnProfile, profile_columns
from dq.tables.recognition import SourceMapping


@dataclass(frozen=True)
class TableProfile:
    """One table of a source: how it was read and what its columns hold."""

    table: str
    row_count: int
    reject_count: int
    decisions: tuple[str, ...]
    columns: tuple[ColumnProfile, ...]


@dataclass(frozen=True)
class SourceProfile:
    """A source: its tables, and what the columns are taken for."""

    mapping: SourceMapping
    tables: tuple[TableProfile, ...]


def profile_source(plan: RunPlan) -> SourceProfile:
    """Profile the first source of the plan; its output folder is only worked in, never written."""
    with open_run(plan) as run:
        tables = read_tables(run)
        mapping = recognise_columns(run, tables)[0]
        profiles = []
        for table in tables:
            sample = sketch_table(run.engine, table, raw_parts(table), f"sketch/{table.source}/{table.table or '_'}")
            columns = tuple(profile_columns(sample.rows, dict(sample.filled), table.row_count))
            profiles.append(TableProfile(table.table, table.row_count, table.reject_count, table.decisions, columns))
        return SourceProfile(mapping, tuple(profiles))
