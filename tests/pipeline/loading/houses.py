"""A target that remembers: takes the files of a load and answers as Bulk API 2.0 does."""

import csv
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from dq.conversion import TargetRows, find, judge
from dq.model import TEXT
from dq.pipeline.loading import prepare_load
from dq.settings import load_settings
from dq.standards.targets import Target, load_target

AS_OF = date(2026, 11, 22)
KEY = "External_Id__c"


@cache
def salesforce() -> Target:
    """Return the shipped target."""
    return load_target(load_settings().standards, "salesforce")


def contacts(ids: Collection[str], changes: Mapping[str, Mapping[str, str | None]]) -> TargetRows:
    """Return contacts, each below the account of its house of ten."""
    people, houses = [], sorted({f"A{int(one[1:]) // 10:04d}" for one in ids})
    for one in ids:
        number = int(one[1:])
        row: dict[str, str | None] = {
            "row_id": one, "golden_id": one, "record_id": None, "parent_row_id": f"A{number // 10:04d}", KEY: one,
            "AccountId": f"A{number // 10:04d}", "FirstName": "Sarah", "LastName": f"Linkous {number}",
            "Email": f"sarah{number}@example.com", "MailingCity": "Bowie", "Phone": "+13015550100",
        }  # fmt: skip
        people.append({**row, **changes.get(one, {})})
    accounts = [
        {"row_id": one, "golden_id": one, "record_id": None, "parent_row_id": None, KEY: one, "Name": f"House {one}"}
        for one in houses
    ]
    objects = {"Account": pd.DataFrame(accounts).astype(TEXT), "Contact": pd.DataFrame(people).astype(TEXT)}
    return TargetRows(objects, pd.DataFrame(columns=["row_id"]), {})


def run_folder(folder: Path, rows: TargetRows, crosswalk: Mapping[str, str], target: Target) -> Path:
    """Return a folder that holds the load of a run, as `dq run --target salesforce` leaves it.

    Args:
        folder: Where.
        rows: Of the target.
        crosswalk: record_id → golden_id.
        target: Salesforce.
    """
    blockers, verdicts = judge(target, "salesforce", "bulk_api", rows, find(target, rows, AS_OF))
    known = pd.DataFrame({"record_id": list(crosswalk), "golden_id": list(crosswalk.values())}, dtype=TEXT)
    known = known.assign(source="crm", source_key=known["record_id"])
    about = {"target": "salesforce", "path": "bulk_api", "run_id": folder.name}
    prepare_load(folder / "load" / "salesforce", target, about, rows, verdicts, blockers, known)
    return folder


class House:
    """What a target holds: `rows` by object and key, and the ids it gave."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        self.ids: dict[tuple[str, str], str] = {}

    def take(self, path: Path, *, broken: bool = False) -> Path:
        """Take a file in; answer with a file beside it. A broken batch takes nothing and says so per row."""
        thing, work = path.name.split(".")[0].split("-")[1], path.name.split(".")[1]
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        answer = path.parent.parent / f"{path.parent.name}-{path.stem}-{'error' if broken else 'success'}.csv"
        column = "sf__Error" if broken else "sf__Created"
        with answer.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["sf__Id", column, *rows[0]])
            writer.writeheader()
            for row in reversed(rows):  # the order of rows is not guaranteed
                if broken:
                    writer.writerow({"sf__Id": "", column: "UNABLE_TO_LOCK_ROW:unable to obtain access:--", **row})
                    continue
                place = (thing, row[KEY])
                assert (place in self.rows) == (work == "update"), (
                    f"{place} goes in twice or is updated before it is in"
                )
                for parent in (value for name, value in row.items() if name == "Account.External_Id__c" and value):
                    assert ("Account", parent) in self.rows, f"{place} comes before its parent"
                given = {name: "" if cell == "#N/A" else cell for name, cell in row.items() if cell}
                self.rows[place] = {**self.rows.get(place, {}), **given}
                self.ids.setdefault(place, f"003{len(self.ids):012d}AAA")
                writer.writerow({"sf__Id": self.ids[place], column: str(work == "insert").lower(), **row})
        return answer
