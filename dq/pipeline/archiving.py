"""Columns that are not converted: archived ones are written to files of their own, and all of them are counted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dq.engine import paths_of
from dq.engine.conditions import quoted
from dq.pipeline.run import Run
from dq.tables.writing import write_csv_for_people

ARCHIVED: Final = "archived"
"""Folder of a run: one file per table with columns that policy archives."""
_WHY: Final = "archived"
"""How the reason of such a column begins (`dq.tables.recognition.decisions`)."""


def write_archived(run: Run) -> int:
    """Write the archived columns of every table beside the record each row became; return the rows written.

    `archived/<source>[.<table>].csv` holds `record_id` (empty for rows that are no record, such as addresses), the key
    column of the table, and the archived columns as they were typed; sorted by all of them.
    """
    listed = run.kept("read")
    assert isinstance(listed, list)
    archived = archived_columns(run)
    rows = 0
    for table in listed:
        headers = archived.get((table["source"], table["table"]), [])
        if headers:
            rows += _write(run, table, headers)
    return rows


def _write(run: Run, table: Mapping[str, Any], headers: Sequence[str]) -> int:
    key = _key_of(run, table["source"], table["table"])
    columns = [*([key] if key is not None and key not in headers else []), *headers]
    named = ", ".join(f"t.{quoted(header)}" for header in columns)
    query = f"""
        SELECT r.record_id AS "#record", {named} FROM rows t LEFT JOIN (
            SELECT record_id, row FROM records
            WHERE source = {_text(table["source"])} AND source_table = {_text(table["table"])} AND part = ''
        ) r ON r.row = t."#row"
    """  # noqa: S608 (names and texts are quoted)
    files = {
        "rows": [run.engine.work / place for place in table["parts"]],
        "records": paths_of(run.parts("mapped"), "records"),
    }
    found = run.engine.frame(query, files, ("#record", *columns))
    folder = run.result / ARCHIVED
    folder.mkdir(exist_ok=True)
    place = folder / f"{'.'.join(filter(None, (table['source'], table['table'])))}.csv"
    return write_csv_for_people(found, place, ["#record", *columns], {"#record": "record_id"})


def archived_columns(run: Run) -> dict[tuple[str, str], list[str]]:
    """Return (source, table) → headers that policy archives."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in _mapping(run):
        if line["mapped_to"] == "(ignored)" and line["reason"].startswith(_WHY):
            found.setdefault((line["source"], line["table"]), []).append(line["header"])
    return found


def column_counts(run: Run) -> dict[str, int]:
    """Return how many source columns are converted, dropped and archived: none vanishes without being counted."""
    lines = _mapping(run)
    left_out = sum(line["mapped_to"] == "(ignored)" for line in lines)
    archived = sum(len(headers) for headers in archived_columns(run).values())
    return {"migrated": len(lines) - left_out, "dropped": left_out - archived, "archived": archived}


def column_lines(run: Run) -> list[str]:
    """Return the sentence that says so; none where every column is converted."""
    counts = column_counts(run)
    if not (counts["dropped"] or counts["archived"]):
        return []
    where = f" in {{out}}/{ARCHIVED}/" if counts["archived"] else ""
    said = f"{counts['dropped']:,} dropped, {counts['archived']:,} archived{where}."
    return [f"Source columns: {counts['migrated']:,} converted, {said}"]


def archived_files(folder: Path) -> list[Path]:
    """Return the files of archived columns of a run."""
    return sorted((folder / ARCHIVED).glob("*.csv"))


def _mapping(run: Run) -> list[dict[str, Any]]:
    mapping = run.kept("mapping")
    return mapping if isinstance(mapping, list) else []


def _key_of(run: Run, source: str, table: str) -> str | None:
    own = (line for line in _mapping(run) if (line["source"], line["table"]) == (source, table))
    return next((line["header"] for line in own if line["mapped_to"] == "key"), None)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
