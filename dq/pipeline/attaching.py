"""Rows of child tables: what they say beside contact points goes to their record, and who belongs to nobody is told."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from dq.engine import LocalEngine, Parts, paths_of
from dq.engine.parts import to_arrow, write_part
from dq.model import EXTRA, REJECTS, TEXT

NO_PARTY = "belongs_to_no_record"
NO_REFERENCE = "no_record_refers_to_it"
_PLACES = ("record_id", "row", "source", "source_table")


def attached_cells(engine: LocalEngine, mapped: Parts) -> Parts:
    """Bring the cells of child rows together per record.

    Args:
        engine: Where it runs.
        mapped: What mapping gave; parts of child tables hold `attached`.

    Returns:
        `attached_cells`: one row per record that child rows hang on, as `owner_id`, with the distinct cells of each
        column in one text, parted by `; `.
    """
    files = paths_of(mapped, "attached") or [_none_attached(engine)]
    names = sorted({name for path in files for name in pq.read_schema(path).names if name.startswith(EXTRA)})
    taken = {name.casefold() for path in paths_of(mapped, "records") for name in pq.read_schema(path).names}
    columns = [
        f"string_agg(DISTINCT {_quoted(name)}, '; ' ORDER BY {_quoted(name)}) AS {_quoted(_free(name, taken))}"
        for name in names
    ]
    listed = "".join(f", {column}" for column in columns)
    query = f"SELECT record_id AS owner_id{listed} FROM attached WHERE record_id IS NOT NULL GROUP BY record_id"  # noqa: S608
    return engine.sql(query, {"attached": files}, ("owner_id",), stage="attach", table="attached_cells")


def attached_rows(engine: LocalEngine, mapped: Parts, records: Parts) -> Parts:
    """Say of every child row whether the record it hangs on is there.

    Returns:
        `attached_rows`: one row per row of a child table, as `source`, `source_table`, `row`, `owner_id`,
        `records_found` (0 or 1).
    """
    query = """
        SELECT a.source, a.source_table, a.row, a.record_id AS owner_id, count(r.record_id) AS records_found
        FROM attached a LEFT JOIN records r ON r.record_id = a.record_id GROUP BY ALL
    """
    tables = {
        "attached": paths_of(mapped, "attached") or [_none_attached(engine)],
        "records": paths_of(records, "records"),
    }
    order = ("source", "source_table", "row")
    return engine.sql(query, tables, order, stage="attach", table="attached_rows")


def reject_strays(
    engine: LocalEngine, source: str, table: str, rows: Sequence[Path], attached: Parts, headers: Sequence[str]
) -> Path | None:
    """Write the rows of a child table that hang on no record as rejects; None where there are none."""
    query = f"""
        SELECT {_reject_columns(source, NO_PARTY, headers)}
        FROM rows r JOIN attached_rows a ON a.row = r."#row"
        WHERE a.source = {_text(source)} AND a.source_table = {_text(table)} AND a.records_found = 0
    """  # noqa: S608 (texts are quoted)
    found = engine.frame(query, {"rows": rows, "attached_rows": paths_of(attached, "attached_rows")}, _ORDER)
    return _written(engine, source, table, found)


def reject_unreferred(
    engine: LocalEngine,
    source: str,
    table: str,
    rows: Sequence[Path],
    key: str | None,
    references: Sequence[tuple[str, Sequence[Path]]],
    headers: Sequence[str],
) -> Path | None:
    """Write the rows of a table of descriptions that no row refers to as rejects; None where there are none.

    Args:
        engine: Where it runs.
        source: Name of the source.
        table: The table of descriptions.
        rows: Its raw parts.
        key: Its key column.
        references: Header and raw parts of every column that refers to it.
        headers: Its columns.
    """
    tables: dict[str, Sequence[Path]] = {"rows": rows}
    selects = ["SELECT NULL AS k WHERE false"]
    for place, (header, files) in enumerate(references):
        tables[f"t{place}"] = files
        selects.append(f"SELECT trim({_quoted(header)}) AS k FROM t{place}")  # noqa: S608 (names are quoted)
    referred = "SELECT k FROM keys WHERE k IS NOT NULL"
    unknown = "true" if key is None else f"coalesce(trim(r.{_quoted(key)}) NOT IN ({referred}), true)"
    query = f"""
        WITH keys AS ({" UNION ".join(selects)})
        SELECT {_reject_columns(source, NO_REFERENCE, headers)} FROM rows r WHERE {unknown}
    """  # noqa: S608 (texts are quoted)
    return _written(engine, source, table, engine.frame(query, tables, _ORDER))


_ORDER = ("source", "file", "first_line")


def _reject_columns(source: str, reason: str, headers: Sequence[str]) -> str:
    cells = ", ".join(f"{_text(header + '=')} || r.{_quoted(header)}" for header in headers)
    return (
        f'{_text(source)} AS source, r."#file" AS file, r."#line" AS first_line, r."#line" AS last_line, '
        f"{_text(reason)} AS reason, concat_ws('; ', {cells}) AS text"
    )


def _written(engine: LocalEngine, source: str, table: str, found: pd.DataFrame) -> Path | None:
    if found.empty:
        return None
    path = engine.work / "strays" / source / f"{table}.parquet"
    write_part(path, to_arrow(found[list(REJECTS.columns)]))
    return path


def _none_attached(engine: LocalEngine) -> Path:
    path = engine.work / "attach" / "none.parquet"
    texts = {name: pd.Series(dtype=TEXT) for name in _PLACES}
    write_part(path, to_arrow(pd.DataFrame({**texts, "row": pd.Series(dtype="int64")})))
    return path


def _free(name: str, taken: set[str]) -> str:
    """Return the name, marked `~2` where a party table has a column that DuckDB could not tell from it."""
    return f"{name}~2" if name.casefold() in taken else name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
