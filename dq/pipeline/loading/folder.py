"""A load on disk: `load.json` says what it is, `state/` what it was made of, the rest is for loaders and people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.conversion import TargetRows
from dq.conversion.loading import RESULTS, Loaded, Operations, loaded_after, plan_load
from dq.engine.parts import to_frame
from dq.errors import NotFoundError, SettingsError, SourceError
from dq.model import TEXT, Table
from dq.settings import load_settings
from dq.standards.targets import Target, load_target
from dq.tables.writing import atomic, write_parquet

LOAD_FILE: Final = "load.json"
STATE: Final = "state"
CHILDREN_BEFORE: Final = "state/children_before.parquet"
"""Where it is kept whose each child was before the load: `object`, `id`, `external_id`."""
WOULD_LOAD: Final = "would_load"
"""Column of the rows in `state/rows`: yes or no."""


@dataclass(frozen=True)
class LoadFolder:
    """A load as it was made.

    Attributes:
        path: Its folder.
        about: Content of `load.json`.
        target: What it goes into, as the standards say today.
        rows: Everything as it shall be, parked and blocked rows of objects included.
        loading: `row_id` of the rows that would load.
        loaded: What the target held before.
        merged: `row_id` merged away → the one that survives it.
    """

    path: Path
    about: Mapping[str, Any]
    target: Target
    rows: TargetRows
    loading: frozenset[str]
    loaded: Loaded
    merged: Mapping[str, str]

    @property
    def load_path(self) -> str:
        """Return the way in that its files are written for."""
        return str(self.about["path"])

    def plans(self) -> dict[str, Operations]:
        """Return what it has to do, parents first; the same as when it was made."""
        return plan_load(self.target, self.rows, self.loading, self.loaded, self.merged)

    def after(self) -> dict[str, pd.DataFrame]:
        """Return what the target holds of ours, by what it answered so far."""
        return loaded_after(self.target, self.load_path, self.loaded, self.plans(), self.results())

    def results(self) -> pd.DataFrame:
        """Return what the target answered so far, one row per row it spoke of."""
        path = self.path / STATE / "results.parquet"
        return read_state(path) if path.is_file() else pd.DataFrame({name: pd.Series(dtype=TEXT) for name in RESULTS})


def open_load(folder: Path) -> LoadFolder:
    """Return the load in a folder.

    Raises:
        NotFoundError: There is none.
        SourceError: A file of it is damaged or gone.
        SettingsError, StandardsError: Its target is not known any more, or is wrong.
    """
    path = folder / LOAD_FILE
    if not path.is_file():
        raise NotFoundError(f"{folder} is no load: {LOAD_FILE} is missing", "name a folder that dq load made")
    about = _read_about(path)
    state = folder / STATE
    rows = {file.stem: read_state(file) for file in sorted((state / "rows").glob("*.parquet"))}
    loading = {row for frame in rows.values() for row in frame.loc[frame[WOULD_LOAD] == "yes", "row_id"]}
    merged = read_state(state / "merged.parquet")
    # A load that was made before there was parking keeps nobody out.
    parked = state / "parked.parquet"
    return LoadFolder(
        path=folder,
        about=about,
        target=load_target(load_settings().standards, str(about["target"])),
        rows=TargetRows(
            {thing: frame.drop(columns=WOULD_LOAD) for thing, frame in rows.items()},
            read_state(parked) if parked.is_file() else pd.DataFrame(columns=["row_id"]),
            {},
        ),
        loading=frozenset(loading),
        loaded={file.stem: read_state(file) for file in sorted((state / "before").glob("*.parquet"))},
        merged=dict(zip(merged["row_id"], merged["into_row_id"], strict=True)),
    )


def _read_about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(about, dict) or not {"target", "path"} <= about.keys():
        raise _damaged(path)
    return about


def _damaged(path: Path) -> SourceError:
    return SourceError(f"{path} is damaged or gone", "put the load's folder back as it was, or make the load again")


def find_load(named: str, beside: Path, target: str) -> Path:
    """Return the folder of an earlier load, by its path or by its tag among the loads beside another.

    Args:
        named: A folder, or a tag.
        beside: Folder whose siblings are looked through.
        target: Only loads into this one have tags that are meant.

    Raises:
        NotFoundError: No such folder or tag; the hint lists the tags there are.
        SettingsError: Several loads have the tag: which of them is in cannot be guessed.
    """
    folder = Path(named)
    if (folder / LOAD_FILE).is_file():
        return folder
    tags: dict[str, list[Path]] = {}
    for path in sorted([*beside.parent.glob(f"*/{LOAD_FILE}"), *beside.parent.glob(f"*/load/*/{LOAD_FILE}")]):
        about = _read_about(path)
        if about["target"] == target and about.get("tag") and path.parent != beside:
            tags.setdefault(str(about["tag"]), []).append(path.parent)
    if len(tags.get(named, ())) > 1:
        raise SettingsError(
            f"--since {named} means {len(tags[named])} loads: {', '.join(map(str, tags[named]))}", "name the folder"
        )
    if named in tags:
        return tags[named][0]
    there = f"tags here: {', '.join(sorted(tags))}" if tags else f"no load into {target} beside {beside} has a tag"
    raise NotFoundError(f"--since {named} is no load and no tag", there)


def read_state(path: Path) -> pd.DataFrame:
    """Return a table of `state/`, every column text."""
    try:
        return to_frame(pq.read_table(path)).astype(TEXT)
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise _damaged(path) from error


def write_state(folder: Path, name: str, rows: pd.DataFrame) -> None:
    """Write a table of `state/`."""
    path = folder / STATE / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = MappingProxyType({column: pa.large_string() for column in rows.columns})
    write_parquet([rows.astype(TEXT)], path, Table(name, "a table of a load's state", columns, ()))


def write_about(folder: Path, about: Mapping[str, Any]) -> None:
    """Write `load.json`, the last file of a load: a folder without it is none."""
    with atomic(folder / LOAD_FILE) as unfinished:
        unfinished.write_text(json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
