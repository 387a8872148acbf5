"""Loads in tests: an order with everything but the paths, and what stands in the library afterwards."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dq.address.reference import Library, LoadOrder, LoadReport
from dq.address.reference.city_state import load_city_state
from dq.address.reference.zip4 import load_zip4
from dq.settings import load_settings
from dq.standards import Standards, load_standards

LOADED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def standards() -> Standards:
    """Return the standards that ship with the package."""
    settings = load_settings()
    return load_standards(settings.standards, settings.expectations)


@dataclass
class Heard:
    """Listens to a load and keeps what it hears."""

    lines: list[str] = field(default_factory=list)
    total: int = 0
    done: int = 0

    def say(self, line: str) -> None:
        """Keep a sentence."""
        self.lines.append(line)

    def begin(self, step: str, total: int) -> None:
        """Keep the size of a step."""
        self.lines.append(step)
        self.total = total

    def advance(self, count: int) -> None:
        """Count bytes."""
        self.done += count


@dataclass(frozen=True)
class Desk:
    """Where loads are ordered: one library, one set of standards."""

    folder: Path
    standards: Standards

    @property
    def library(self) -> Library:
        """Return the library the loads go to."""
        return Library(self.folder)

    def order(self, *paths: Path, password: bytes | None = None) -> LoadOrder:
        """Return an order."""
        return LoadOrder(paths, self.folder, self.standards, LOADED_AT, password, Heard())

    def zip4(self, *paths: Path, password: bytes | None = None) -> LoadReport:
        """Load the ZIP+4 product."""
        return load_zip4(self.order(*paths, password=password))

    def city_state(self, *paths: Path) -> LoadReport:
        """Load the City State product."""
        return load_city_state(self.order(*paths))

    def narrowed(self, **limits: int) -> "Desk":
        """Return a desk with other limits against hostile files."""
        ingest = self.standards.ingest.model_copy(update=limits)
        return replace(self, standards=replace(self.standards, ingest=ingest))

    def ranges(self) -> pd.DataFrame:
        """Return all ranges of the library, by ZIP3."""
        paths = self.library.ranges(f"{number:03d}" for number in range(1000))
        return pd.concat([pd.read_parquet(path) for path in paths.values()], ignore_index=True)
