"""Lists of customers that people keep: who is spared from parking, who is brought back. By id or by key."""

from pathlib import Path
from typing import Final

import pandas as pd

from dq.errors import SourceError
from dq.model import TEXT
from dq.tables.people_files import read_people_csv

BROUGHT_BACK: Final = "brought_back.csv"
"""File of a run that says whom people brought back."""
LIST_COLUMNS: Final = ("named", "action", "reason", "by", "on")
"""One row per line of a list; `action` is `back` or `park`, the others are null where the file does not say them."""
_NAMES: Final = ("golden_id", "record_id", "id", "key", "source_key", "customer")
"""Columns that name a customer, the surest first; a list without any is taken by its first column."""
_ACTIONS: Final = ("back", "park")


def read_list(path: Path) -> pd.DataFrame:
    """Return the lines of a list, columns LIST_COLUMNS; lines that name nobody are left out.

    Raises:
        SourceError: The file is no CSV, has no column, or an `action` is neither `back` nor `park`.
    """
    rows = read_people_csv(path)
    if not len(rows.columns):
        raise SourceError(f"{path} is empty", "its header names a column of ids or keys, such as golden_id")
    headers = {str(name).strip().casefold(): str(name) for name in rows.columns}
    names = [headers[name] for name in _NAMES if name in headers] or [str(rows.columns[0])]
    named = rows[names[0]]
    for name in names[1:]:
        named = named.fillna(rows[name])
    listed = pd.DataFrame({"named": named.str.strip()})
    for column in LIST_COLUMNS[1:]:
        own = rows[headers[column]] if column in headers else pd.Series(None, index=rows.index, dtype=TEXT)
        listed[column] = own.astype(TEXT)
    listed["action"] = listed["action"].str.strip().str.casefold().fillna(_ACTIONS[0])
    strange = sorted(set(listed["action"]) - set(_ACTIONS))
    if strange:
        raise SourceError(f"{path}: the action {strange[0]} is unknown", f"write {' or '.join(_ACTIONS)}")
    return listed.dropna(subset="named").astype(TEXT).reset_index(drop=True)


def customers_listed(listed: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return whom the lines of a list mean: a golden id, a record id, `source:key`, or a key of any source.

    Args:
        listed: Columns LIST_COLUMNS.
        crosswalk: `source`, `source_key`, `record_id`, `id`.

    Returns:
        `id` and `line` (index of `listed`); a key that two sources have means both customers, a line that names
        nobody has no row.
    """
    known = pd.concat(
        [
            pd.DataFrame({"named": crosswalk[column], "id": crosswalk["id"]})
            for column in ("id", "record_id", "source_key")
        ],
        ignore_index=True,
    ).drop_duplicates()
    wanted = listed[["named"]].assign(line=listed.index)
    return wanted.merge(known, on="named")[["id", "line"]].drop_duplicates(ignore_index=True)


def log_before(folder: Path | None) -> Path | None:
    """Return the log of the run published before, None where it has none."""
    path = None if folder is None else folder / BROUGHT_BACK
    return path if path is not None and path.is_file() else None
