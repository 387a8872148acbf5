"""Takes a run into the home: its counts, its cases merged with what people decided before, and its files."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from dq.errors import ConflictError, SourceError
from dq.stewardship.actor import Actor
from dq.stewardship.blocker_waivers import blockers_let_be
from dq.stewardship.bulk_replay import replay
from dq.stewardship.counting import metrics_of
from dq.stewardship.finding import found_cases
from dq.stewardship.house import NEWEST_FIRST, REMOVED, House, acting
from dq.stewardship.merging import Merged, merge_cases
from dq.stewardship.movements import count_since_before, keep_changes
from dq.stewardship.rule_waivers import hold_waived
from dq.store import dump, rows
from dq.store.schema import METRICS, RUNS

SUMMARY: Final = ("tag", "lines", "ledger", "seconds", "rows", "stopped")
"""Entries of the manifest that the home keeps of a run as they are."""


@dataclass(frozen=True)
class Added:
    """What taking in a run did.

    Attributes:
        run_id: The run.
        cases: How many cases are new, came back, go on, went away, and how many stay decided.
        by_rules: How many cases decisions for all of a pattern closed.
    """

    run_id: str
    cases: Merged
    by_rules: int


def add_run(house: House, actor: Actor, folder: Path, *, at: datetime) -> Added:
    """Take a finished run into the home.

    Cases are merged by `case_id`: what was decided stays decided unless a record changed materially since, and then the
    case says which columns changed; what the run no longer finds is closed as gone. Files are linked (copied, where the
    disk does not link) to `var/runs/<run_id>`; the folder given stays as it is.

    Raises:
        SourceError: The folder holds no finished run.
        ConflictError: The home has the run already, or another one of the same tag.
    """
    actor.needs("lead", "take in runs")
    manifest = _manifest(folder)
    run_id = str(manifest["run_id"])
    _refuse_tag(house, str(manifest.get("tag") or ""), run_id)
    _bring(house, folder, run_id)
    row = _row(house, manifest, run_id)
    # Before its tables are opened: this adds one to them.
    weights = manifest.get("weights") or {}
    changes = count_since_before(house, row, weights)
    tables = house.tables(run_id)
    as_of = date.fromisoformat(str(manifest["as_of"]))
    found = found_cases(tables, house.standards, blockers_let_be(house, as_of))
    counts = metrics_of(tables, house.policy.segments)
    with acting(house, actor, "add_run", at) as act:
        if rows.find(act.connection, RUNS, run_id=run_id):
            raise ConflictError(f"the home has run {run_id} already", "`dq runs` lists those it has")
        rows.add(act.connection, RUNS, {**row, "added_at": act.at, "added_by": act.actor.name})
        keep_changes(act.connection, run_id, weights, changes)
        rows.add_all(act.connection, METRICS, [{"run_id": run_id, **count} for count in counts])
        merged = merge_cases(act, house, tables, run_id, found, as_of)
        hold_waived(act, house, as_of)
        by_rules = replay(act, house, run_id)
        act.record("run", run_id, cases=vars(merged), by_rules=by_rules)
    return Added(run_id, merged, by_rules)


def runs(house: House, limit: int = 100) -> list[dict[str, Any]]:
    """Return the runs of the home, newest first."""
    with house.store.read() as connection:
        found = rows.find_all(connection, RUNS, order=NEWEST_FIRST)
    return [row for row in found if row["state"] != REMOVED][:limit]


def tag_of(run: Mapping[str, Any]) -> str:
    """Return the tag of a run of the home, empty where it has none."""
    return str(json.loads(run["summary"] or "{}").get("tag") or "")


def _refuse_tag(house: House, tag: str, run_id: str) -> None:
    other = next((row["run_id"] for row in runs(house) if tag and tag_of(row) == tag and row["run_id"] != run_id), None)
    if other is not None:
        raise ConflictError(
            f"the tag {tag} names the run {other} of the home already",
            "a tag names one run: make this one again under another, or remove that one with dq runs remove",
        )


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and {"run_id", "as_of", "finished_at"} <= set(found):
            return found
    except (OSError, ValueError) as error:
        raise SourceError(f"{folder} holds no finished run", "give the folder that `dq run --out` named") from error
    raise SourceError(f"{path} is no manifest of a run", "give the folder that `dq run --out` named")


def _bring(house: House, folder: Path, run_id: str) -> None:
    """Put the files of a run where the home keeps them; done again it changes nothing."""
    if Path(run_id).name != run_id or run_id.startswith("."):
        raise SourceError(f"{run_id!r} is no name of a run", "the manifest was altered")
    target = house.runs_folder / run_id
    if not target.is_dir():
        half = house.runs_folder / f".{run_id}.coming"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(folder, half, copy_function=_link)
        half.rename(target)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copy2(source, target)


def _row(house: House, manifest: dict[str, Any], run_id: str) -> dict[str, Any]:
    counted = manifest.get("rows", {})
    scorecard = house.runs_folder / run_id / "scorecard.json"
    card = json.loads(scorecard.read_text(encoding="utf-8")) if scorecard.is_file() else {}
    return {
        "run_id": manifest["run_id"],
        "run_key": manifest.get("run_key", ""),
        "folder": manifest["run_id"],
        "started_at": manifest.get("started_at", ""),
        "finished_at": manifest["finished_at"],
        "as_of": manifest["as_of"],
        "standards": manifest.get("standards", ""),
        "version": manifest.get("dq", ""),
        "record_count": counted.get("records", 0),
        "customer_count": counted.get("customers", 0),
        "clean_count": card.get("clean_records", 0),
        "score": card.get("score"),
        "state": "stopped" if manifest.get("stopped") else "complete",
        "summary": dump({name: manifest.get(name) for name in SUMMARY}),
    }
