"""Why a score moved since the run before: counted once when a run is taken in, cut as somebody asks.

The failures that came and went are kept in the folder of the run (`moved.parquet`), so that every part leads to its
records.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dq.engine.comparing import RunPair
from dq.errors import NotFoundError
from dq.quality.movement import (
    Changes,
    Movement,
    Scope,
    Weights,
    as_document,
    count_changes,
    counts_within,
    split,
    weights_from,
    weights_of,
)
from dq.quality.movement.changes import Judged
from dq.quality.movement.changes import Moved as Moves
from dq.stewardship.house import House
from dq.store import dump, metrics, rows
from dq.store.schema import MOVEMENTS, RUN_WEIGHTS

FILE: Final = "moved.parquet"
MOVED_IN: Final = """
    SELECT rule_id, coalesce(source, '') AS source, coalesce(department, '') AS department, part,
           CAST(sum(CASE WHEN change = 'went' THEN -units ELSE units END) AS BIGINT) AS failed
    FROM moved WHERE view = 'test' AND record_id IS NOT NULL AND coalesce("{column}", '') = ? GROUP BY ALL ORDER BY ALL
"""
REMEMBERED: Final = 200
"""Movements remembered: one per run and part of the house that somebody looked at."""
COMPARISONS: Final = 20
"""Comparisons remembered of runs that did not follow each other; each is about 100 KB."""
Run = Mapping[str, Any]


@dataclass(frozen=True)
class Moved:
    """Why the numbers of a run differ from those of the run before.

    Attributes:
        before: The run before.
        score: The score; None in a segment of runs of older versions, which counted only its records.
        clean: The share of records with no problem.
        has_file: Whether the records behind each part are kept.
    """

    before: Run
    score: Movement | None
    clean: Movement
    has_file: bool


def run_before(house: House, run: Run) -> dict[str, Any] | None:
    """Return the run that was finished last before another."""
    with house.store.read() as connection:
        found = metrics.runs_until(connection, str(run["finished_at"]), str(run["run_id"]), 2)
    return next((one for one in found if one["run_id"] != run["run_id"]), None)


def weights_of_runs(house: House, run_ids: Iterable[str]) -> dict[str, Weights]:
    """Return how runs weighed their rules; today's weights for those that kept none."""
    return {run_id: weights_from(json.loads(text), NOTHING) for run_id, text in _weights(house, run_ids).items()}


def count_since_before(house: House, run: Run, weights: Mapping[str, Any]) -> tuple[str, Changes] | None:
    """Count what changed since the run before, and keep the records behind it; None where nothing can be compared.

    Args:
        house: The house, which does not know the run yet.
        run: Its `run_id` and `finished_at`; its files lie in the house.
        weights: How it weighed its rules, as its manifest keeps it.
    """
    before = run_before(house, run)
    if before is None:
        return None
    then, now = str(before["run_id"]), str(run["run_id"])
    present = weights_from(weights or None, _today(house))
    try:
        file = house.runs_folder / now / FILE
        return then, _counted(house, then, now, weights_of_runs(house, [then])[then], present, file)
    except NotFoundError:  # one of the two kept too little, or its files are gone
        return None


def keep_changes(connection: Any, run_id: str, weights: Mapping[str, Any], counted: tuple[str, Changes] | None) -> None:
    """Keep how a run weighed its rules, and what was counted since the run before."""
    if weights:
        rows.add(connection, RUN_WEIGHTS, {"run_id": run_id, "weights": dump(weights)})
    if counted is not None:
        before, changes = counted
        kept = {"run_id": run_id, "before_run_id": before, "changes": dump(changes.as_document())}
        rows.add(connection, MOVEMENTS, kept)


def moved(house: House, run: Run, scope: Scope) -> Moved | None:
    """Return why a run differs from the one before, within a part of the house; None where nothing can be compared."""
    before = run_before(house, run)
    if before is None:
        return None
    now = str(run["run_id"])
    found = compared(house, str(before["run_id"]), now, scope)
    return Moved(before, *found, has_file=(house.runs_folder / now / FILE).is_file()) if found else None


def compared(house: House, then: str, now: str, scope: Scope) -> tuple[Movement | None, Movement] | None:
    """Compare any two runs of the house; None where one of them kept too little.

    Returns:
        The score, and the share of records with no problem.
    """
    found = _changes(house, then, now)
    if found is None:
        return None
    texts = _weights(house, [then, now])
    if not scope.segment:
        return _split(found, texts[then], texts[now], scope)
    cut = _within_segment(house, then, now, Changes.from_document(json.loads(found)), scope.segment)
    score, clean = _split(dump(cut.as_document()) if cut else found, texts[then], texts[now], scope)
    return score if cut else None, clean


def moved_since(house: House, then: str, now: str) -> str:
    """Return the name of the file of a run that holds what came and went since another run, counted where it was not.

    Raises:
        NotFoundError: One of the runs kept too little.
    """
    folder = house.runs_folder / now
    before = _kept_before(house, now)
    if before == then and (folder / FILE).is_file():
        return FILE.removesuffix(".parquet")
    name = f"moved-from-{then}"
    if not (folder / f"{name}.parquet").is_file():
        weights = weights_of_runs(house, [then, now])
        _counted(house, then, now, weights[then], weights[now], folder / f"{name}.parquet")
    return name


def _changes(house: House, then: str, now: str) -> str | None:
    """Return what was counted between two runs, as a document."""
    asked = (str(house.runs_folder), then, now)
    with house.store.read() as connection:
        kept = rows.find(connection, MOVEMENTS, run_id=now, before_run_id=then)
    if kept is not None:
        return str(kept["changes"])
    if asked not in _COUNTED:  # not one after the other, or taken in by an older version
        known = weights_of_runs(house, [then, now])
        weights = known[then], known[now]
        try:
            file = house.runs_folder / now / f"moved-from-{then}.parquet"
            changes = _counted(house, then, now, *weights, file)
        except NotFoundError:
            return None
        while len(_COUNTED) >= COMPARISONS:
            _COUNTED.pop(next(iter(_COUNTED)), None)
        _COUNTED[asked] = dump(changes.as_document())
    return _COUNTED[asked]


def _kept_before(house: House, now: str) -> str:
    with house.store.read() as connection:
        kept = rows.find(connection, MOVEMENTS, run_id=now)
    return str(kept["before_run_id"]) if kept else ""


def _within_segment(house: House, then: str, now: str, changes: Changes, segment: str) -> Changes | None:
    """Return the same with what rules judged and what moved of one segment; None where a run did not count that."""
    with house.store.read() as connection:
        judged = {
            run: tuple(Judged(*row) for row in metrics.judged_in(connection, run, segment)) for run in (then, now)
        }
    column, _, value = segment.partition("=")
    name = f"segment.{column}"
    try:
        tables = house.tables(now, moved_since(house, then, now))
    except NotFoundError:  # the files of a run are gone; its counts stay
        return None
    if not all(judged.values()) or name not in tables.columns("moved"):
        return None
    query = MOVED_IN.format(column=name.replace('"', '""'))
    moves = tuple(Moves(*row.values()) for row in tables.sql(query, [value]))  # type: ignore[arg-type]
    return replace(changes, judged_then=judged[then], judged_now=judged[now], moved=moves)


_COUNTED: dict[tuple[str, str, str], str] = {}
"""Runs folder, earlier and later run → what was counted; finished runs do not change."""
NOTHING: Final = Weights({}, {})


@lru_cache(maxsize=REMEMBERED)
def _split(changes: str, then: str, now: str, scope: Scope) -> tuple[Movement, Movement]:
    was, present = (weights_from(json.loads(text), NOTHING) for text in (then, now))
    return split(counts_within(Changes.from_document(json.loads(changes)), was, present, scope))


def _counted(house: House, then: str, now: str, was: Weights, present: Weights, file: Path) -> Changes:
    pair = RunPair(house.runs_folder / then, house.runs_folder / now)
    try:
        return count_changes(pair, was, present, house.policy.segments, file)
    finally:
        pair.close()


def _weights(house: House, run_ids: Iterable[str]) -> dict[str, str]:
    wanted = list(run_ids)
    with house.store.read() as connection:
        found = {row["run_id"]: row["weights"] for row in rows.find_keys(connection, RUN_WEIGHTS, "run_id", wanted)}
    today = dump(as_document(_today(house))) if len(found) < len(set(wanted)) else ""
    return {run_id: found.get(run_id, today) for run_id in wanted}


def _today(house: House) -> Weights:
    return weights_of(house.standards.rules, house.standards.dimensions)


def rule_changes(house: House, then: str, now: str) -> list[tuple[str, str]]:
    """Return what happened to rules between two runs: `new`, `removed`, `rewritten` or `weighed anew`, and the rule."""
    was, present = (weights_of_runs(house, [then, now])[run].rules for run in (then, now))
    found = [("new", rule) for rule in present if rule not in was]
    found += [("removed", rule) for rule in was if rule not in present]
    for rule in sorted(was.keys() & present.keys()):
        if was[rule].definition != present[rule].definition or was[rule].dimension != present[rule].dimension:
            found.append(("rewritten", rule))
        elif was[rule].weight != present[rule].weight:
            found.append(("weighed anew", rule))
    return sorted(found)
