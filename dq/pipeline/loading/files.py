"""The files of a load as loaders read them, in the dialect of its way in."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq.conversion.loading import MERGES, Operations, batches, merge_files, merge_requests, number_merges, sheet
from dq.model import TEXT
from dq.standards.targets import LoadPath, Target
from dq.tables.exported_files import read_exported_csv
from dq.tables.writing import Dialect, atomic, write_csv_for_machines

MERGE: Final = "merge"
"""Folder of the calls that merge."""
_CHUNK: Final = 1 << 20


def write_batches(
    folder: Path, target: Target, about: Mapping[str, Any], plans: Mapping[str, Operations]
) -> list[dict[str, Any]]:
    """Write the files of a load, what has to be merged and what no file can carry; return the list of files."""
    written = []
    unsaid = [pd.DataFrame({"object": [], "row_id": [], "field": []}, dtype=TEXT)]
    path = str(about["path"])
    dialect = dialect_of(target.paths[path])
    for batch in batches(target, plans, about.get("batch") or target.paths[path].batch):
        content = sheet(target, path, batch)
        name = f"{batch.name}.csv"
        write_csv_for_machines(content.rows, folder / name, headers=content.headers, dialect=dialect)
        unsaid.append(content.unsaid.assign(object=batch.thing))
        entry = {"file": name, "object": batch.thing, "work": batch.work, "rows": len(batch.rows)}
        written.append({**entry, "sha256": _digest(folder / name)})
    _write_merges(folder, target, plans)
    gone = [plan.gone.assign(object=thing) for thing, plan in plans.items()]
    parked = [plan.parked.assign(object=thing) for thing, plan in plans.items()]
    for name, frames, columns in (
        ("gone.csv", gone, ["object", "row_id", "target_id"]),
        ("parked.csv", parked, ["object", "row_id", "target_id"]),
        ("by_hand.csv", unsaid, ["object", "row_id", "field"]),
    ):
        rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
        if len(rows):
            write_csv_for_machines(rows, folder / name, columns)
    return written


def _write_merges(folder: Path, target: Target, plans: Mapping[str, Operations]) -> None:
    """Write what has to be merged, row by row and as the calls of the target; nothing where nothing has to."""
    merges = number_merges(target, plans)
    if not len(merges):
        return
    write_csv_for_machines(merges, folder / "merges.csv", list(MERGES))
    calls = list(merge_files(target, merge_requests(target, plans)))
    if calls:
        (folder / MERGE).mkdir(exist_ok=True)
    for number, call in enumerate(calls, start=1):
        with atomic(folder / MERGE / f"{number:02d}-{call.name}") as unfinished:
            unfinished.write_text(call.content, encoding="utf-8")


def dialect_of(path: LoadPath) -> Dialect:
    """Return how the files of a load path are written."""
    return Dialect(
        line_end="\r\n" if path.line_end == "crlf" else "\n",
        quote_all=path.quote == "all",
        marked=path.encoding == "utf-8-sig",
    )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def read_files(paths: tuple[Path, ...]) -> list[pd.DataFrame]:
    """Return CSV files of a target, every cell text."""
    return [read_exported_csv(path) for path in paths]
