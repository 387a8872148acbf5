"""What people decided, as the files that `dq run --judgements --overrides` reads (CONTRACTS 5)."""

from pathlib import Path

import pandas as pd

from dq.model import JUDGEMENTS_TABLE, OVERRIDES, TEXT
from dq.stewardship.house import House
from dq.store import rows, schema
from dq.tables.writing import write_csv_for_people


def judgements(house: House) -> pd.DataFrame:
    """Return the judgements that hold, columns of JUDGEMENTS_TABLE, sorted by id.

    Taken back and proposed ones are left out, and so is every judgement on a pair that people still disagree about:
    until the lead decides, the machine's own outcome stands.
    """
    with house.store.read() as connection:
        final = rows.find_all(connection, schema.JUDGEMENTS, order=("id",), state="final")
        disputed = {row["case_id"] for row in rows.find_all(connection, schema.CASES, status="disputed")}
    standing = [row for row in final if not (row["case_id"] and row["case_id"] in disputed)]
    known = {row["id"] for row in standing}
    found = [
        {
            "judgement_id": _name(row["id"]),
            "record_id_l": row["record_id_l"],
            "record_id_r": row["record_id_r"],
            "judgement": row["judgement"],
            "reason": row["reason"],
            "by": row["by"],
            "judged_at": row["judged_at"],
            "content_l": row["content_l"],
            "content_r": row["content_r"],
            "supersedes": _name(row["supersedes"]) if row["supersedes"] in known else None,
        }
        for row in standing
    ]
    return _frame(found, list(JUDGEMENTS_TABLE.columns))


def overrides(house: House) -> pd.DataFrame:
    """Return the pinned values that hold, one per record and column, columns of OVERRIDES, sorted."""
    with house.store.read() as connection:
        final = rows.find_all(connection, schema.OVERRIDES, order=("id",), state="final")
    latest = {(row["record_id"], row["column_name"]): row for row in final}
    found = [
        {
            "record_id": row["record_id"],
            "column": row["column_name"],
            "value": row["value"],
            "reason": row["reason"],
            "by": row["by"],
            "at": row["at"],
        }
        for _, row in sorted(latest.items())
    ]
    return _frame(found, list(OVERRIDES.columns))


def write_decisions(house: House, folder: Path) -> tuple[Path, Path]:
    """Write `judgements.csv` and `overrides.csv` for the next run and return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    places = (folder / "judgements.csv", folder / "overrides.csv")
    for place, table in zip(places, (judgements(house), overrides(house)), strict=True):
        write_csv_for_people(table, place, list(table.columns))
    return places


def _name(number: int | None) -> str | None:
    """Return the id of a judgement outside the store; padded, so that ids sort as judgements were made."""
    return None if number is None else f"J{number:010d}"


def _frame(found: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns, TEXT))
