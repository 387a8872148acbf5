"""The reference library: a folder with one sub-folder per kind of data. Says what is there; loads nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dq.address.reference.dataset import FILE, Dataset, read_dataset

ZIP4: Final = "usps-zip4"
CITY_STATE: Final = "usps-citystate"
FINDINGS: Final = "findings"
"""Folder of what bureaus and providers answered; it is no data set and no part of `datasets`."""


def loading_folder(library: Path, kind: str) -> Path:
    """Return where a load of this kind builds its files; `previous` in it is the old data while they change places."""
    return library / f".{kind}.loading"


@dataclass(frozen=True)
class Library:
    """The library in a folder, which need not exist.

    Attributes:
        folder: `Settings.reference`.
    """

    folder: Path

    def folder_of(self, kind: str) -> Path:
        """Return where the data of a kind lie; a load that was cut short while it swapped leaves the old ones."""
        folder = self.folder / kind
        set_aside = loading_folder(self.folder, kind) / "previous"
        if not (folder / FILE).is_file() and (set_aside / FILE).is_file():
            return set_aside
        return folder

    def dataset(self, kind: str) -> Dataset | None:
        """Return what is loaded of a kind, None for nothing."""
        return read_dataset(self.folder_of(kind))

    def datasets(self) -> tuple[Dataset, ...]:
        """Return everything that is loaded, sorted by kind."""
        if not self.folder.is_dir():
            return ()
        names = {path.name.removeprefix(".").removesuffix(".loading") for path in self.folder.iterdir()}
        found = (self.dataset(name) for name in sorted(names) if name != FINDINGS)
        return tuple(dataset for dataset in found if dataset is not None)

    def ranges(self, zip3s: Iterable[str]) -> dict[str, Path]:
        """Return the file of ZIP+4 ranges per first three digits; those without ranges are left out."""
        folder = self.folder_of(ZIP4) / "ranges"
        paths = {zip3: folder / f"{zip3}.parquet" for zip3 in sorted(set(zip3s)) if zip3.isalnum()}
        return {zip3: path for zip3, path in paths.items() if path.is_file()}

    def cities_path(self) -> Path | None:
        """Return the file of city names per ZIP, None where no City State data are loaded."""
        return self._city_state("cities")

    def aliases_path(self) -> Path | None:
        """Return the file of further names of streets."""
        return self._city_state("aliases")

    def zone_splits_path(self) -> Path | None:
        """Return the file of carrier routes that moved to another ZIP."""
        return self._city_state("zone_splits")

    def size_of(self, kind: str) -> int:
        """Return the bytes on disk of a kind."""
        return sum(path.stat().st_size for path in self.folder_of(kind).rglob("*") if path.is_file())

    def fingerprint(self) -> str:
        """Return a hash of everything loaded, for the key of a run; findings are no part of it."""
        digest = hashlib.sha256()
        for dataset in self.datasets():
            digest.update(f"{dataset.kind}\0{dataset.fingerprint()}\0".encode())
        return digest.hexdigest()

    def _city_state(self, name: str) -> Path | None:
        path = self.folder_of(CITY_STATE) / f"{name}.parquet"
        return path if path.is_file() else None
