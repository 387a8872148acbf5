"""The files that take a load back, numbered in the order in which they have to go in."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from dq.conversion.loading import BackOut, Batch, back_out, reactivation, sheet
from dq.conversion.rows import ROW_COLUMNS
from dq.pipeline.loading.files import dialect_of
from dq.pipeline.loading.folder import CHILDREN_BEFORE, LoadFolder, read_state
from dq.tables.writing import atomic, write_csv_for_machines

BACK: Final = "back_out"
"""Folder of the files that take the load back."""


def write_back_out(load: LoadFolder, results: pd.DataFrame) -> None:
    """Write the way back: what was merged away is made again, its children move back, fields are as they were.

    What this load made is deleted last, since something may still hang on it. A folder `back_out/` is made anew.

    Args:
        load: The load.
        results: What the target answered.
    """
    ways = back_out(load.target, load.loaded, load.plans(), results)
    files = _Files(load)
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


class _Files:
    """Writes files one after the other into an empty folder."""

    def __init__(self, load: LoadFolder) -> None:
        self._load, self._folder = load, load.path / BACK
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        self._dialect = dialect_of(load.target.paths[load.load_path])
        self._number = 0
        self._unsaid: list[pd.DataFrame] = []

    def _next(self, name: str) -> Path:
        self._number += 1
        return self._folder / f"{self._number:02d}-{name}"

    def _sheet(self, thing: str, work: str, rows: pd.DataFrame) -> None:
        batch = Batch("", thing, "insert" if work == "unmerge" else "update", rows)
        content = sheet(self._load.target, self._load.load_path, batch)
        path = self._next(f"{thing}.{work}.csv")
        write_csv_for_machines(content.rows, path, headers=content.headers, dialect=self._dialect)
        self._unsaid.append(content.unsaid.assign(object=thing))

    def unmerge(self, thing: str, rows: pd.DataFrame) -> None:
        """Write what was merged away as inserts under the old keys, or the calls that activate it again."""
        if not len(rows):
            return
        call = self._load.target.merge
        name = self._load.target.objects[thing].api_name or thing
        lines = "" if call is None else reactivation(call, name, rows["target_id"].dropna().tolist())
        if lines:
            with atomic(self._next(f"{thing}.reactivate.jsonl")) as unfinished:
                unfinished.write_text(lines, encoding="utf-8")
            return
        missing = {column: None for column in ROW_COLUMNS if column not in rows.columns}
        self._sheet(thing, "unmerge", rows.assign(**missing))

    def update(self, thing: str, work: str, rows: pd.DataFrame) -> None:
        """Write fields as they were."""
        if len(rows):
            self._sheet(thing, work, rows.assign(golden_id=None, record_id=None, parent_row_id=None))

    def children(self, ways: Mapping[str, BackOut]) -> None:
        """Write whose cases, notes and the like were before, as far as they hung on something merged away."""
        path = self._load.path / CHILDREN_BEFORE
        if not path.is_file():
            return
        lost = [row for way in ways.values() for row in way.unmerges["row_id"]]
        before = read_state(path)
        back = before[before["external_id"].isin(lost)]
        if len(back):
            write_csv_for_machines(back, self._next("children.move_back.csv"), ["object", "id", "external_id"])

    def delete(self, thing: str, rows: pd.DataFrame) -> None:
        """Write what this load made."""
        if len(rows):
            key = self._load.target.objects[thing].key
            named = rows.rename(columns={"row_id": key, "target_id": "Id"})[["Id", key]]
            write_csv_for_machines(named, self._next(f"{thing}.delete.csv"), dialect=self._dialect)

    def by_hand(self) -> None:
        """Write the fields that were empty before and that no file of the load path can empty."""
        rows = pd.concat(self._unsaid, ignore_index=True) if self._unsaid else pd.DataFrame()
        if len(rows):
            write_csv_for_machines(rows, self._folder / "by_hand.csv", ["object", "row_id", "field"])
