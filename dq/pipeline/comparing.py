"""Holds two finished runs against each other: why the score moved."""

import json
from pathlib import Path
from typing import Any

from dq.engine.comparing import RunPair
from dq.errors import SourceError
from dq.quality.movement import Movement, count_movement, split, weights_from, weights_of
from dq.standards import Standards


def compare_runs(then: Path, now: Path, standards: Standards) -> tuple[Movement, Movement]:
    """Return why the score moved from one run to another, and why the share of records with no problem did.

    Args:
        then: Folder of the earlier run.
        now: Folder of the later run.
        standards: Policy of today, taken for that of a run whose manifest keeps none.

    Raises:
        NotFoundError: A folder holds no finished run, or one that keeps no counts per rule.
    """
    today = weights_of(standards.rules, standards.dimensions)
    weights = [weights_from(_manifest(folder).get("weights"), today) for folder in (then, now)]
    pair = RunPair(then, now)
    try:
        return split(count_movement(pair, *weights))
    finally:
        pair.close()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{folder.name} holds no finished run", "give the folder that --out named") from error
    if not isinstance(found, dict):
        raise SourceError(f"the manifest of {folder.name} is none", "give the folder that --out named")
    return found
