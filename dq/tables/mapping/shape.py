"""The columns every frame of mapping has, filled or not. Computes nothing."""

from typing import Final

import pandas as pd

from dq.model import CHANGES, CONTACT_POINTS, DO_NOT_COLUMNS, EXTRA, FLAGS, RECORDS, RELATIONS, TEXT, Frames
from dq.tables.text_columns import null_text

ROW: Final = "#row"
LINE: Final = "#line"
POINT_COLUMNS: Final = (
    "record_id",
    "source",
    "source_table",
    "row",
    "order",
    *(name for name in CONTACT_POINTS.columns if name != "record_id"),
    "address_text",
    "last_line",
    "address_text_raw",
    "last_line_raw",
    FLAGS,
)
RELATION_COLUMNS: Final = (*RELATIONS.columns, "row", "source_table")
CHANGE_COLUMNS: Final = (*CHANGES.columns, "row", "source_table")


def empty_frames() -> Frames:
    """Return the frames of a table that gives no records."""
    none = pd.DataFrame({"row": pd.Series(dtype="int64")})
    return {
        "records": complete_records(none),
        "contact_points": shaped(none, POINT_COLUMNS),
        "relations": shaped(none, RELATION_COLUMNS),
        "changes": shaped(none, CHANGE_COLUMNS),
    }


def complete_records(records: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of the model that nothing filled, in the model's order, then those of the run, then extras."""
    empty = null_text(records.index)
    unknown = pd.Series(pd.array([None] * len(records), dtype="boolean"), index=records.index)
    doubt = pd.Series(float("nan"), index=records.index)
    special = {"party_confidence": doubt, "address_confidence": doubt, **dict.fromkeys(DO_NOT_COLUMNS, unknown)}
    special |= {"created_is_date_only": unknown, "updated_is_date_only": unknown}
    names = [*RECORDS.columns, "full_name", "source_table", FLAGS, "row", "row_hash"]
    extras = sorted(name for name in records.columns if name.startswith(EXTRA))
    cells = {name: records[name] if name in records else special.get(name, empty) for name in (*names, *extras)}
    # Mixed frames of people and companies leave gaps: every text column keeps the one text type.
    typed = {name: column.astype(TEXT) if column.dtype == object else column for name, column in cells.items()}
    return pd.DataFrame(typed).astype(dict.fromkeys(DO_NOT_COLUMNS, "boolean"))


def shaped(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the frame with exactly these columns: what is missing is null."""
    empty = null_text(frame.index)
    doubt = pd.Series(float("nan"), index=frame.index)
    numbers = {"order": pd.Series(0, index=frame.index), "row": pd.Series(0, index=frame.index)}
    special: dict[str, pd.Series] = {"address_confidence": doubt, **numbers}
    cells: dict[str, pd.Series] = {
        name: frame[name] if name in frame else special.get(name, empty) for name in dict.fromkeys(names)
    }
    return pd.DataFrame({name: cell.astype(TEXT) if cell.dtype == object else cell for name, cell in cells.items()})
