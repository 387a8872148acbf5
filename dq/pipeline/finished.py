"""What later questions read of a finished run: its files, the policy that decided, the features of its records."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq.engine.parts import to_frame
from dq.errors import NotFoundError
from dq.matching import match_features
from dq.settings import Settings, load_settings
from dq.standards import RowPolicy, load_standards

MATCHING_FILE: Final = "matching.yml"
"""The policy of matching in the folder of a run that was given one of its own (`--matching`)."""


def file_of(folder: Path, name: str) -> Path:
    """Return a file of a run.

    Raises:
        NotFoundError: The folder is no finished run.
    """
    path = folder / name
    if not path.is_file():
        raise NotFoundError(f"{folder} is no finished run: {name} is missing", "name the --out folder of dq run")
    return path


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run."""
    manifest: dict[str, Any] = json.loads(file_of(folder, "manifest.json").read_text(encoding="utf-8"))
    return manifest


def matching_file_of(folder: Path, settings: Settings) -> Path:
    """Return the policy of matching that a run was made with, as far as it is still there."""
    own = folder / MATCHING_FILE
    return own if own.is_file() else settings.standards / MATCHING_FILE


def row_policy_of(folder: Path) -> RowPolicy:
    """Return the policy a run was made with, as far as it is still there, on its day."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations, matching_file_of(folder, settings))
    return RowPolicy(standards, date.fromisoformat(manifest_of(folder)["as_of"]))


def features_of(folder: Path, policy: RowPolicy) -> pd.DataFrame:
    """Return the features of all records of a run, sorted by `record_id`."""
    frames = {
        name: to_frame(pq.read_table(file_of(folder, f"{name}.parquet"))) for name in ("records", "contact_points")
    }
    return match_features(frames, policy)["features"].sort_values("record_id", ignore_index=True)
