"""How long a load took: the times at which the loader wrote its answers, and those that people say, kept with them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dq.conversion.loading import RESULTS
from dq.errors import NotFoundError, SettingsError
from dq.pipeline.loading.folder import LOAD_FILE, STATE, read_state
from dq.tables.writing import atomic

TIMES: Final = "answer_times.json"
"""In `state/` of a load: object → file → when it was written."""
CLOCK: Final = "clock.json"
"""In `state/` of a load: object → `started`, `ended`, as people said."""


@dataclass(frozen=True)
class Span:
    """When loading began and ended, as somebody says; None: not said."""

    started: datetime | None = None
    ended: datetime | None = None


def span_of(started: str | None, ended: str | None) -> Span:
    """Return the span that was typed; a time without a zone is that of this machine.

    Raises:
        SettingsError: A text is no time, or the end lies before the beginning.
    """
    span = Span(_moment("--started", started), _moment("--ended", ended))
    if span.started and span.ended and span.ended < span.started:
        raise SettingsError("--ended lies before --started", "write both as 2026-12-05T22:00")
    return span


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise SettingsError(f"{option} {text} is no time", "write it as 2026-12-05T22:00") from error


def keep_times(
    folder: Path,
    files: Sequence[Path],
    rows: Sequence[pd.DataFrame],
    sent: Mapping[str, Sequence[str]],
    span: Span = Span(),
) -> None:
    """Keep when each answer was written, and the span said, for the objects it speaks of; what was kept before stays.

    Of several spans of an object the first beginning and the last end count.
    """
    times, clock = _kept(folder, TIMES), _kept(folder, CLOCK)
    known = {thing: set(ids) for thing, ids in sent.items()}
    for path, table in zip(files, rows, strict=True):
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        for thing, ids in known.items():
            if len(table) and table.isin(ids).to_numpy().any():
                times.setdefault(thing, {})[path.name] = at
                clock[thing] = _widened(clock.get(thing, {}), span)
    _put(folder, TIMES, times)
    if any(clock.values()):
        _put(folder, CLOCK, clock)


def _widened(known: Mapping[str, str], span: Span) -> dict[str, str]:
    found = dict(known)
    if span.started is not None:
        found["started"] = min(span.started.isoformat(timespec="seconds"), found.get("started", "9"))
    if span.ended is not None:
        found["ended"] = max(span.ended.isoformat(timespec="seconds"), found.get("ended", ""))
    return found


def _put(folder: Path, name: str, document: Mapping[str, Any]) -> None:
    with atomic(folder / STATE / name) as unfinished:
        unfinished.write_text(json.dumps(document, indent=1, sort_keys=True), encoding="utf-8")


def hours_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what a load took per object: `loaded` rows, `hours`, and whether it took `at_least` so long.

    Hours are those between the beginning and the end that people said. Without a beginning they are those between its
    first and its last answer, which is the least it can have been, since the first batch began before its answer was
    written; null where there is one answer, or all were written at once: nothing is known then.

    Raises:
        NotFoundError: The folder is no load.
    """
    if not (folder / LOAD_FILE).is_file():
        raise NotFoundError(f"{folder} is no load: {LOAD_FILE} is missing", "name a folder that dq load made")
    results = folder / STATE / "results.parquet"
    found = read_state(results) if results.is_file() else pd.DataFrame(columns=list(RESULTS))
    loaded = found.loc[found["loaded"].eq("yes")].groupby("object").size()
    times, clock = _kept(folder, TIMES), _kept(folder, CLOCK)
    return {
        str(thing): {
            "loaded": int(loaded.get(thing, 0)),
            "hours": _hours(times.get(str(thing), {}), clock.get(str(thing), {})),
            "at_least": "started" not in clock.get(str(thing), {}),
        }
        for thing in sorted({*loaded.index, *times})
    }


def _hours(times: Mapping[str, str], clock: Mapping[str, str]) -> float | None:
    moments = sorted(datetime.fromisoformat(at) for at in (*times.values(), *clock.values()))
    if {"started", "ended"} <= clock.keys():
        moments = [datetime.fromisoformat(clock[name]) for name in ("started", "ended")]
    elif "started" in clock:
        moments = [datetime.fromisoformat(clock["started"]), *moments[-1:]]
    seconds = (moments[-1] - moments[0]).total_seconds() if moments else 0
    return round(seconds / 3600, 2) if seconds > 0 else None


def _kept(folder: Path, name: str) -> dict[str, dict[str, str]]:
    path = folder / STATE / name
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
