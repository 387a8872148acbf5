"""Runs one function on one part, in this process or in another. The policy is loaded once per process."""

import gc
import hashlib
import io
import json
import mmap
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dq.engine.memory import give_back
from dq.engine.parts import Reads, read_part, to_arrow, to_frame, write_part
from dq.model import Frames

Function = Callable[[Frames, Any], Frames]
Kept = TypeVar("Kept")
_ALIGNED = 64
"""Bytes at whose multiples arrays start: Arrow and NumPy read aligned memory fastest."""


_KEPT: dict[int, tuple[object, str]] = {}
"""Large objects that are on disk: by their identity in this process, with their file."""


class _Pickler(pickle.Pickler):
    """Writes of a large object that is on disk already where it is."""

    def persistent_id(self, value: object) -> str | None:
        kept = _KEPT.get(id(value))
        return kept[1] if kept else None


class _Unpickler(pickle.Unpickler):
    """Reads a large object from where it is, once per process."""

    def persistent_load(self, place: str) -> object:
        mine = next((value for value, file in _KEPT.values() if file == place), None)
        return _read(Path(place)) if mine is None else mine


def save_policy(policy: object, folder: Path) -> Path:
    """Keep the policy in the work folder under its hash, so that tasks carry a path instead of a copy.

    Arrays in it are kept beside it as they lie in memory: processes map them and share one copy.
    """
    content, arrays = _pickled(policy)
    digest = hashlib.blake2b(content, digest_size=8)
    for part in arrays:
        digest.update(part)
    path = folder / f"policy-{digest.hexdigest()}.pickle"
    if not path.exists():
        _write(path, content, arrays)
    return path


@contextmanager
def kept_apart(value: Kept, path: Path) -> Iterator[Kept]:
    """Keep a large object of policies in a file of its own, which every policy that holds it names.

    Yields the object as it lies in the file, mapped into memory: its copy in the heap can go.
    """
    _write(path, *_pickled(value))
    mapped: Any = _loaded(path)
    del value
    _KEPT[id(mapped)] = mapped, str(path)
    try:
        yield mapped
    finally:
        del _KEPT[id(mapped)]
        _policy.cache_clear()
        path.unlink()
        path.with_suffix(".arrays").unlink(missing_ok=True)


def _pickled(value: object) -> tuple[bytes, list[memoryview]]:
    """Return an object as bytes, its arrays apart."""
    buffers: list[pickle.PickleBuffer] = []
    content = io.BytesIO()
    _Pickler(content, protocol=5, buffer_callback=buffers.append).dump(value)
    return content.getvalue(), [buffer.raw() for buffer in buffers]


def _write(path: Path, content: bytes, arrays: Sequence[memoryview]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    places = _write_arrays(path.with_suffix(".arrays"), arrays)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_bytes(pickle.dumps((content, places)))
    unfinished.replace(path)


def _write_arrays(path: Path, arrays: Sequence[memoryview]) -> list[tuple[int, int]]:
    """Write arrays one after the other, none where there are none; return start and end of each."""
    places: list[tuple[int, int]] = []
    if arrays:
        with path.open("wb") as file:
            for array in arrays:
                file.write(b"\0" * (-file.tell() % _ALIGNED))
                start = file.tell()
                file.write(array)
                places.append((start, file.tell()))
    return places


@lru_cache(maxsize=2)
def _policy(path: Path) -> object:
    return _loaded(path)


@lru_cache(maxsize=1)
def _read(path: Path) -> object:
    return _loaded(path)


def _loaded(path: Path) -> object:
    # The files were written by this run into its own work folder a moment ago.
    content, places = pickle.loads(path.read_bytes())  # noqa: S301
    if not any(end for _, end in places):
        return _Unpickler(io.BytesIO(content), buffers=[b""] * len(places)).load()
    with path.with_suffix(".arrays").open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return _Unpickler(io.BytesIO(content), buffers=[mapped[start:end] for start, end in places]).load()


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the garbage collector back: it would walk through millions of texts again and again to find no cycle."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


Shared = tuple[tuple[str, tuple[Path, ...]], ...]
"""Tables that every part needs whole: name and files."""


@lru_cache(maxsize=1)
def _shared(shared: Shared) -> Frames:
    tables = {name: pa.concat_tables([pq.read_table(path) for path in paths]) for name, paths in shared}
    return {name: to_frame(table) for name, table in tables.items()}


def run_part(
    function: Function,
    part: Mapping[str, Path],
    policy: Path,
    folder: Path,
    index: int,
    shared: Shared = (),
    reads: Reads | None = None,
    starts: Mapping[str, int] | None = None,
) -> dict[str, Path]:
    """Apply `function` to one part and keep what it gives; a part that is done already is not computed again."""
    receipt = folder / f"part-{index:05d}.json"
    if receipt.exists():
        return {name: folder / place for name, place in json.loads(receipt.read_text()).items()}
    with uncollected():
        given = read_part(part, reads)
        for name, rows in given.items():
            if starts and name in starts:
                rows.index = pd.RangeIndex(starts[name], starts[name] + len(rows))
        frames = function(given | _shared(shared), _policy(policy))
    done: dict[str, Path] = {}
    for name, rows in frames.items():
        done[name] = folder / name / f"part-{index:05d}.parquet"
        write_part(done[name], to_arrow(rows))
    places = {name: path.relative_to(folder).as_posix() for name, path in done.items()}
    unfinished = receipt.with_suffix(".tmp")
    unfinished.write_text(json.dumps(places))
    unfinished.replace(receipt)
    return done


def run_last_part(*given: Any) -> dict[str, Path]:
    """Run a part after which this process rests: it keeps what it has loaded for the next stage and nothing else."""
    done = run_part(*given)
    give_back()
    return done
