"""The files that take a load back, numbered in the order in which they have to go in, and how to use them."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from dq.conversion.loading import BackOut, Batch, Call, back_out, sheet, way_back_calls
from dq.conversion.rows import ROW_COLUMNS
from dq.pipeline.loading.back_out_guide import BackFile, guide
from dq.pipeline.loading.files import dialect_of
from dq.pipeline.loading.folder import CHILDREN_BEFORE, LoadFolder, read_state
from dq.tables.writing import atomic, write_csv_for_machines

BACK: Final = "back_out"
"""Folder of the files that take the load back."""
CALLS: Final = "calls"
"""Folder in it with the same way back as calls of the target's interface."""
READ_ME: Final = "READ_ME.txt"


def write_back_out(load: LoadFolder, results: pd.DataFrame) -> None:
    """Write the way back: what was merged away is made again, its children move back, fields are as they were.

    What this load made is deleted last, since something may still hang on it. A folder `back_out/` is made anew.

    Args:
        load: The load.
        results: What the target answered.
    """
    ways = back_out(load.target, load.loaded, load.plans(), results)
    files = _Files(load, _ids(load, ways, results))
    for thing in reversed(list(ways)):
        files.unmerge(thing, ways[thing].unmerges)
    for thing, way in ways.items():
        files.update(thing, "move_back", way.moves)
    files.children(ways)
    for thing, way in ways.items():
        files.update(thing, "restore", way.restores)
    for thing, way in ways.items():
        files.delete(thing, way.deletes)
    files.by_hand()


def _ids(load: LoadFolder, ways: Mapping[str, BackOut], results: pd.DataFrame) -> dict[str, str]:
    """Return the ids over there by row, without those that a merge took away or, in HubSpot, gave anew."""
    there = [rows[["row_id", "target_id"]] for rows in load.loaded.values() if "target_id" in rows.columns]
    known = pd.concat([*there, results[["row_id", "target_id"]]], ignore_index=True).dropna()
    lost = {row for way in ways.values() for row in way.unmerges["row_id"]}
    if load.target.way_back.form == "object_api":
        lost |= {plan_row for plan in load.plans().values() for plan_row in plan.merges["into_row_id"]}
    ids = dict(zip(known["row_id"], known["target_id"], strict=True))
    return {row: own for row, own in ids.items() if row not in lost}


class _Files:
    """Writes files one after the other into an empty folder."""

    def __init__(self, load: LoadFolder, ids: Mapping[str, str]) -> None:
        self._load, self._folder, self._ids = load, load.path / BACK, ids
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        self._dialect = dialect_of(load.target.paths[load.load_path])
        self._files: list[BackFile] = []
        self._calls: list[tuple[str, Call]] = []
        self._unsaid: list[pd.DataFrame] = []
        self._uncalled: list[pd.DataFrame] = []

    def _next(self, thing: str, step: str, rows: pd.DataFrame) -> Path:
        """Return the path of the next file, whose calls are written."""
        name = f"{len(self._files) + 1:02d}-{thing}.{step}.csv"
        self._files.append(BackFile(name, thing, step, len(rows)))
        if thing in self._load.target.objects:
            said = way_back_calls(self._load.target, step, thing, rows, self._ids)
            self._calls += [(f"{name.removesuffix('.csv')}.{call.name}", call) for call in said.calls]
            self._uncalled.append(said.unsaid.assign(object=thing))
        return self._folder / name

    def _sheet(self, thing: str, step: str, rows: pd.DataFrame) -> None:
        batch = Batch("", thing, "insert" if step == "unmerge" else "update", rows)
        content = sheet(self._load.target, self._load.load_path, batch)
        write_csv_for_machines(
            content.rows, self._next(thing, step, rows), headers=content.headers, dialect=self._dialect
        )
        self._unsaid.append(content.unsaid.assign(object=thing))

    def unmerge(self, thing: str, rows: pd.DataFrame) -> None:
        """Write what was merged away as inserts under the old keys, or as rows to be activated again."""
        call = self._load.target.merge
        if not len(rows):
            return
        if call is not None and call.undo == "activate":
            self._named(thing, "reactivate", rows, {"statecode": "Active"})
            return
        missing = {column: None for column in ROW_COLUMNS if column not in rows.columns}
        self._sheet(thing, "unmerge", rows.assign(**missing))

    def update(self, thing: str, step: str, rows: pd.DataFrame) -> None:
        """Write fields as they were."""
        if len(rows):
            self._sheet(thing, step, rows.assign(golden_id=None, record_id=None, parent_row_id=None))

    def children(self, ways: Mapping[str, BackOut]) -> None:
        """Write whose cases, notes and the like were before, as far as they hung on something merged away."""
        path = self._load.path / CHILDREN_BEFORE
        if not path.is_file():
            return
        lost = [row for way in ways.values() for row in way.unmerges["row_id"]]
        before = read_state(path)
        back = before[before["external_id"].isin(lost)]
        if len(back):
            write_csv_for_machines(back, self._next("children", "move_back", back), ["object", "id", "external_id"])

    def delete(self, thing: str, rows: pd.DataFrame) -> None:
        """Write what this load made."""
        if len(rows):
            self._named(thing, "delete", rows, {})

    def _named(self, thing: str, step: str, rows: pd.DataFrame, more: Mapping[str, str]) -> None:
        """Write rows by their ids and keys."""
        key = self._load.target.objects[thing].key
        name = self._load.target.objects[thing].api_name or thing
        own = self._load.target.way_back.ids.format(object=name)
        named = pd.DataFrame({own: rows["target_id"], key: rows["row_id"]}).assign(**more)
        write_csv_for_machines(named, self._next(thing, step, rows), dialect=self._dialect)

    def by_hand(self) -> None:
        """Write what no file and what no call can do, the calls, and how to use all of it."""
        unsaid = pd.concat(self._unsaid, ignore_index=True) if self._unsaid else pd.DataFrame()
        if len(unsaid):
            write_csv_for_machines(unsaid, self._folder / "by_hand.csv", ["object", "row_id", "field"])
        uncalled = pd.concat(self._uncalled, ignore_index=True) if self._uncalled else pd.DataFrame()
        if self._calls:
            self._write_calls(uncalled)
        if self._files:
            text = guide(
                self._load.target, self._load.load_path, self._files, len(unsaid), len(self._calls), len(uncalled)
            )
            with atomic(self._folder / READ_ME) as unfinished:
                unfinished.write_text(text, encoding="utf-8")

    def _write_calls(self, uncalled: pd.DataFrame) -> None:
        folder = self._folder / CALLS
        folder.mkdir()
        for name, call in self._calls:
            with atomic(folder / name) as unfinished:
                unfinished.write_bytes(call.content.encode())
        lines = [(name, call.method, call.path, call.content_type) for name, call in self._calls]
        listed = pd.DataFrame(lines, columns=["file", "method", "path", "content_type"], dtype="str")
        write_csv_for_machines(listed, folder / "calls.csv")
        if len(uncalled):
            write_csv_for_machines(uncalled, folder / "by_hand.csv", ["object", "row_id", "field"])
