"""Small tables that people or other systems hand in: judgements, overrides, a crosswalk, a truth. Read whole."""

import csv
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dq.errors import SourceError
from dq.model import TEXT
from dq.tables.writing import strip_guard


def read_people_csv(path: Path, columns: tuple[str, ...] = (), *, guarded: bool = True) -> pd.DataFrame:
    """Read a CSV in which every cell is text; an empty cell is missing.

    Args:
        path: The file, UTF-8 with or without a mark.
        columns: Columns that must be there; others are left out. Empty: all columns as they are.
        guarded: The file was written for people: one `'` in front of a cell is taken off.

    Raises:
        SourceError: The file cannot be read, is not UTF-8, lacks a column, or a line has too many cells.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            headers = next(reader, [])
            rows = [row for row in reader if row]
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "name a CSV file") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text", "save it as CSV UTF-8") from error
    except csv.Error as error:
        raise SourceError(f"{path} is no CSV: {error}", "save it again from the program it comes from") from error
    missing = [column for column in columns if column not in headers]
    if missing:
        raise SourceError(f"{path} lacks the column {', '.join(missing)}", f"its header must hold {', '.join(columns)}")
    for number, row in enumerate(rows, start=2):
        if len(row) > len(headers):
            raise SourceError(
                f"{path}: row {number} has {len(row)} cells for {len(headers)} columns", "quote its commas"
            )
    padded = [row + [""] * (len(headers) - len(row)) for row in rows]
    table = pd.DataFrame(padded, columns=headers, dtype="str")
    table = table.mask(table == "")
    if guarded:
        table = table.apply(strip_guard)
    return table[list(columns)] if columns else table


def read_crosswalk(folder: Path, columns: tuple[str, ...] = ("record_id", "golden_id")) -> pd.DataFrame:
    """Read columns of the `crosswalk.csv` of a run: a file for machines, and as long as all sources together.

    Args:
        folder: Folder of the run.
        columns: Columns to read; every cell is text, an empty one is missing.

    Raises:
        SourceError: As `read_people_csv`.
    """
    path = folder / "crosswalk.csv"
    reading = arrow_csv.ConvertOptions(
        include_columns=list(columns), column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False
    )
    try:
        rows = arrow_csv.read_csv(
            path, parse_options=arrow_csv.ParseOptions(newlines_in_values=True), convert_options=reading
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        # What is wrong with it, in words; or somebody edited it into something that is read all the same.
        return read_people_csv(path, columns, guarded=False)
    table: pd.DataFrame = rows.to_pandas(types_mapper=lambda kind: TEXT if pa.types.is_large_string(kind) else None)
    return table.mask(table == "")
