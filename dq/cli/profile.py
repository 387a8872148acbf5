"""Shows what a source holds and what its columns are taken for."""

import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from dq.pipeline import RunPlan, SourceProfile, profile_source
from dq.profiling import ColumnProfile


def show_profile(plan: RunPlan, output_format: str, save_mapping: Path | None) -> None:
    """Print the profile of the plan's only source; optionally save the mapping for editing."""
    with tempfile.TemporaryDirectory(prefix="dq-profile-") as folder:
        profile = profile_source(replace(plan, out=Path(folder) / "out"))
    if output_format == "json":
        print(json.dumps(_document(profile), ensure_ascii=False, indent=2))
    else:
        _print(profile)
    if save_mapping is not None:
        text = yaml.safe_dump(profile.mapping.to_document(), allow_unicode=True, sort_keys=False)
        save_mapping.parent.mkdir(parents=True, exist_ok=True)
        save_mapping.write_text(text, encoding="utf-8")
        Console(stderr=True).print(f"the mapping is in {save_mapping}: edit it, and it holds from the next run on")


def _document(profile: SourceProfile) -> dict[str, object]:
    return {
        "source": profile.mapping.source,
        "country": profile.mapping.country,
        "tables": [
            {
                "table": table.table,
                "rows": table.row_count,
                "rejects": table.reject_count,
                "decisions": list(table.decisions),
                "columns": [asdict(column) for column in table.columns],
            }
            for table in profile.tables
        ],
        "mapping": [asdict(line) for line in profile.mapping.describe()],
    }


def _print(profile: SourceProfile) -> None:
    console = Console(highlight=False, emoji=False)
    lines = {(line.table, line.header): line for line in profile.mapping.describe()}
    for table in profile.tables:
        title = f"{profile.mapping.source}{'/' + table.table if table.table else ''}: {table.row_count:,} rows"
        if table.reject_count:
            title += f", {table.reject_count:,} rejected"
        shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
        for name in ("column", "is taken for", "sure", "filled", "distinct", "shape", "example"):
            shown.add_column(
                name, overflow="fold", justify="right" if name in {"sure", "filled", "distinct"} else "left"
            )
        for column in table.columns:
            line = lines[table.table, column.header]
            shown.add_row(
                column.header,
                line.mapped_to,
                f"{line.confidence:.0%}",
                f"{column.fill_rate:.0%}",
                f"{column.distinct:,}",
                *_example(column),
            )
        console.print(shown)
        for decision in table.decisions:
            console.print(f"  {decision}", markup=False)
        console.print()
    for warning in profile.mapping.warnings:
        console.print(f"note: {warning}", markup=False)
    for line in lines.values():
        if line.fix:
            console.print(
                f"doubtful: {line.header} → {line.mapped_to}: {line.reason}; to change it: {line.fix}", markup=False
            )


def _example(column: ColumnProfile) -> tuple[str, str]:
    shape = column.shapes[0][0] if column.shapes else ""
    value = column.values[0][0] if column.values else ""
    return shape[:24], value[:24]
