"""How long a load took: the times at which the loader wrote its answers, kept while answers are taken in."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq.conversion.loading import RESULTS
from dq.errors import NotFoundError
from dq.pipeline.loading.folder import LOAD_FILE, STATE, read_state
from dq.tables.writing import atomic

TIMES: Final = "answer_times.json"
"""In `state/` of a load: object → file → when it was written."""


def keep_times(
    folder: Path, files: Sequence[Path], rows: Sequence[pd.DataFrame], sent: Mapping[str, Sequence[str]]
) -> None:
    """Keep when each answer was written, for the objects it speaks of; what was kept before stays."""
    times = _kept(folder)
    known = {thing: set(ids) for thing, ids in sent.items()}
    for path, table in zip(files, rows, strict=True):
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        for thing, ids in known.items():
            if len(table) and table.isin(ids).to_numpy().any():
                times.setdefault(thing, {})[path.name] = at
    with atomic(folder / STATE / TIMES) as unfinished:
        unfinished.write_text(json.dumps(times, indent=1, sort_keys=True), encoding="utf-8")


def hours_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what a load took per object: `loaded` rows, and `hours` between its first and its last answer.

    Hours are null where there is one answer, or all were written at once: nothing is known then. They are the least it
    can have been, since the first batch began before its answer was written.

    Raises:
        NotFoundError: The folder is no load.
    """
    if not (folder / LOAD_FILE).is_file():
        raise NotFoundError(f"{folder} is no load: {LOAD_FILE} is missing", "name a folder that dq load made")
    results = folder / STATE / "results.parquet"
    found = read_state(results) if results.is_file() else pd.DataFrame(columns=list(RESULTS))
    loaded = found.loc[found["loaded"].eq("yes")].groupby("object").size()
    times = _kept(folder)
    return {
        str(thing): {"loaded": int(loaded.get(thing, 0)), "hours": _hours(times.get(str(thing), {}))}
        for thing in sorted({*loaded.index, *times})
    }


def _hours(times: Mapping[str, str]) -> float | None:
    moments = [datetime.fromisoformat(at) for at in times.values()]
    seconds = (max(moments) - min(moments)).total_seconds() if moments else 0
    return round(seconds / 3600, 2) if seconds else None


def _kept(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / STATE / TIMES
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
