"""A target that remembers: takes the files of a load and answers as Bulk API 2.0 does."""

import csv
import xml.etree.ElementTree as ElementTree
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
PARTNER, SOBJECT = "{urn:partner.soap.sforce.com}", "{urn:sobject.partner.soap.sforce.com}"
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
        {
            "row_id": one,
            "golden_id": one,
            "record_id": None,
            "parent_row_id": None,
            KEY: one,
            "Name": f"House {one}",
            "AnnualRevenue": str(1000 + int(one[1:])),
        }
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
                assert (place in self.rows) == (work in ("update", "restore", "move_back")), (
                    f"{place} goes in twice or is updated before it is in"
                )
                for parent in (value for name, value in row.items() if name == "Account.External_Id__c" and value):
                    assert ("Account", parent) in self.rows, f"{place} comes before its parent"
                given = {name: "" if cell == "#N/A" else cell for name, cell in row.items() if cell}
                whole = {**self.rows.get(place, {}), **given}
                self.rows[place] = {name: cell for name, cell in whole.items() if cell}
                self.ids.setdefault(place, f"003{len(self.ids):012d}AAA")
                writer.writerow({"sf__Id": self.ids[place], column: str(work == "insert").lower(), **row})
        return answer

    def write_export(self, folder: Path, thing: str) -> str:
        """Write what it holds of an object, as somebody exports it; return what `--export` takes."""
        rows = [{KEY: key, **row} for (kind, key), row in sorted(self.rows.items()) if kind == thing]
        pd.DataFrame(rows).to_csv(folder / f"{thing}.export.csv", index=False)
        return f"{thing}={folder / f'{thing}.export.csv'}"

    def merge(self, path: Path) -> Path:
        """Do the calls of a merge file; answer with a file of the rows merged away."""
        places = {target_id: place for place, target_id in self.ids.items()}
        answer = path.parent.parent.parent / f"{path.stem}-merged.csv"
        requests = list(ElementTree.parse(path).iter(f"{PARTNER}request"))
        assert len(requests) <= 200
        with answer.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["sf__Id", KEY])
            for request in requests:
                (master,) = request.iter(f"{PARTNER}masterRecord")
                fields = {child.tag.removeprefix(SOBJECT): child.text or "" for child in master}
                winner = places[fields.pop("Id")]
                losers = [places[str(one.text)] for one in request.iter(f"{PARTNER}recordToMergeIds")]
                assert 1 <= len(losers) <= 2
                assert {winner[0]} == {thing for thing, _ in losers} == {fields.pop("type")}
                emptied = fields.pop("fieldsToNull", "")
                self.rows[winner] = {**self.rows[winner], **fields}
                self.rows[winner].pop(emptied, None)
                for loser in losers:
                    writer.writerow([self.ids.pop(loser), loser[1]])
                    del self.rows[loser]
                    for row in self.rows.values():
                        if loser[0] == "Account" and row.get("Account.External_Id__c") == loser[1]:
                            row["Account.External_Id__c"] = winner[1]
        return answer

    def delete(self, path: Path) -> None:
        """Delete the rows of a file, by their ids; nothing may still hang on them."""
        thing = path.name.split(".")[0].split("-")[1]
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                place = (thing, row[KEY])
                assert self.ids.pop(place) == row["Id"]
                del self.rows[place]
                assert not any(one.get("Account.External_Id__c") == row[KEY] for one in self.rows.values())

    def export(self) -> bytes:
        """Return everything it holds but the ids it gave, in one order."""
        rows = sorted((place, sorted(row.items())) for place, row in self.rows.items())
        return repr(rows).encode()
