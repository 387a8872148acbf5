"""What is known of a loaded data set: vintage, counts, source files, content hash; and when it is too old."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from dq.errors import SourceError

FILE: Final = "dataset.json"
POSTAL: Final = "usps-"
FORMAT: Final = 1
"""Of the files beside `dataset.json`; a library of another format must be loaded again."""
USABLE_MONTHS: Final = 3
"""Months that mail may be coded with data of a month, its own included: October's until 31 December (Domestic Mail
Manual 602 since October 2022; before that 105 days from the 15th of the month)."""


@dataclass(frozen=True)
class Dataset:
    """Content of `dataset.json`.

    Attributes:
        kind: `usps-zip4`, `usps-citystate`, ….
        vintage: Day or month the data are from (`2026-10`), the oldest where files differ; None where no file says it.
        vintages: Every vintage found, oldest first.
        loaded_at: UTC moment of loading; no part of `fingerprint`.
        rows: Rows written.
        records: Records read per type of record, skipped ones included.
        skipped: Records that no table holds, per type.
        sha256: Hash of the records' bytes in the order they were read.
        files: Names of the files they came from.
    """

    kind: str
    vintage: str | None
    vintages: tuple[str, ...]
    loaded_at: str
    rows: int
    records: Mapping[str, int]
    skipped: Mapping[str, int]
    sha256: str
    files: tuple[str, ...]
    format: int = field(default=FORMAT)

    def fingerprint(self) -> str:
        """Return a hash that changes when the content does, and not when equal data are loaded again."""
        content = {name: value for name, value in _document(self).items() if name not in ("loaded_at", "files")}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def days_old(self, as_of: date) -> int | None:
        """Return the days from the vintage to a day, a month counted from its first; None without a vintage."""
        return None if self.vintage is None else (as_of - _first_day(self.vintage)).days

    def expires_on(self) -> date | None:
        """Return the first day on which data of the postal service are too old for coding mail; None for others."""
        if self.vintage is None or not self.kind.startswith(POSTAL):
            return None
        first = _first_day(self.vintage)
        months = first.month - 1 + USABLE_MONTHS
        return date(first.year + months // 12, months % 12 + 1, 1)


def write_dataset(folder: Path, dataset: Dataset) -> None:
    """Write `dataset.json` into a folder."""
    text = json.dumps(_document(dataset), indent=1, sort_keys=True, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_dataset(folder: Path) -> Dataset | None:
    """Return what a folder holds, None where nothing is loaded.

    Raises:
        SourceError: The file is damaged or of another format.
    """
    path = folder / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        dataset = _dataset(content)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is damaged", "load the data again with dq reference load") from error
    if dataset.format != FORMAT:
        raise SourceError(f"{path} was written by another version of dq", "load the data again with dq reference load")
    return dataset


def _document(dataset: Dataset) -> dict[str, Any]:
    return {**asdict(dataset), "records": dict(dataset.records), "skipped": dict(dataset.skipped)}


def _dataset(content: Mapping[str, Any]) -> Dataset:
    return Dataset(
        kind=str(content["kind"]),
        vintage=_vintage(content["vintage"]),
        vintages=tuple(map(str, content["vintages"])),
        loaded_at=str(content["loaded_at"]),
        rows=int(content["rows"]),
        records={str(name): int(count) for name, count in content["records"].items()},
        skipped={str(name): int(count) for name, count in content["skipped"].items()},
        sha256=str(content["sha256"]),
        files=tuple(map(str, content["files"])),
        format=int(content["format"]),
    )


def _vintage(text: str | None) -> str | None:
    if text is not None:
        _first_day(text)
    return text


def _first_day(vintage: str) -> date:
    return date.fromisoformat(vintage if len(vintage) > len("2026-10") else f"{vintage}-01")
