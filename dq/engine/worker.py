"""Runs one function on one part, in this process or in another. The policy is loaded once per process."""

import hashlib
import json
import pickle
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine.parts import read_part, to_arrow, to_frame, write_part
from dq.model import Frames

Function = Callable[[Frames, Any], Frames]


def save_policy(policy: object, folder: Path) -> Path:
    """Keep the policy in the work folder under its hash, so that tasks carry a path instead of a copy."""
    content = pickle.dumps(policy)
    path = folder / f"policy-{hashlib.sha256(content).hexdigest()[:16]}.pickle"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


@lru_cache(maxsize=8)
def _policy(path: Path) -> object:
    # The file was written by this run into its own work folder a moment ago.
    return pickle.loads(path.read_bytes())  # noqa: S301


Shared = tuple[tuple[str, tuple[Path, ...]], ...]
"""Tables that every part needs whole: name and files."""


@lru_cache(maxsize=1)
def _shared(shared: Shared) -> Frames:
    tables = {name: pa.concat_tables([pq.read_table(path) for path in paths]) for name, paths in shared}
    return {name: to_frame(table) for name, table in tables.items()}


def run_part(
    function: Function, part: Mapping[str, Path], policy: Path, folder: Path, index: int, shared: Shared = ()
) -> dict[str, Path]:
    """Apply `function` to one part and keep what it gives; a part that is done already is not computed again."""
    receipt = folder / f"part-{index:05d}.json"
    if receipt.exists():
        return {name: folder / place for name, place in json.loads(receipt.read_text()).items()}
    frames = function(read_part(part) | _shared(shared), _policy(policy))
    done: dict[str, Path] = {}
    for name, rows in frames.items():
        done[name] = folder / name / f"part-{index:05d}.parquet"
        write_part(done[name], to_arrow(rows))
    places = {name: path.relative_to(folder).as_posix() for name, path in done.items()}
    unfinished = receipt.with_suffix(".tmp")
    unfinished.write_text(json.dumps(places))
    unfinished.replace(receipt)
    return done
