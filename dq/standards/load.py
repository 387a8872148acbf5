"""Reads a standards folder and an expectations folder into one frozen `Standards`, or says everything wrong at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from dq.errors import Problem, StandardsError
from dq.standards.costs import Costs
from dq.standards.dimensions import Dimensions
from dq.standards.ingest import Ingest
from dq.standards.lookups import Lookups
from dq.standards.matching import Matching
from dq.standards.parking import Parking, read_parking
from dq.standards.reader import read_section
from dq.standards.rules import Rule, read_rules
from dq.standards.sources import SourcePolicy, read_sources
from dq.standards.stewardship import Stewardship
from dq.standards.style import Style
from dq.standards.survivorship import Survivorship
from dq.standards.trials import read_trials, settled

NOT_HASHED: Final = "stewardship.yml"
"""Who works on what, how much and when: no run reads it, so that another capacity makes no other result."""


@dataclass(frozen=True)
class Standards:
    """Everything policy says, as one value.

    Attributes:
        folder: Where the files were read; only for `table` and messages.
        expectations: Where the rules were read.
        hash: SHA-256 of every file that results depend on; equal hashes mean equal results of equal data.
        sources: Policy per source name; a source without a file has the default policy.
        rules: Quality rules of all layers, sorted by `rule_id`.
    """

    folder: Path
    expectations: Path
    hash: str
    ingest: Ingest
    style: Style
    lookups: Lookups
    sources: Mapping[str, SourcePolicy]
    rules: tuple[Rule, ...]
    matching: Matching
    survivorship: Survivorship
    dimensions: Dimensions
    stewardship: Stewardship
    costs: Costs
    parking: Parking

    def source(self, name: str) -> SourcePolicy:
        """Return the policy of a source, the default one where no file names it."""
        return self.sources.get(name, SourcePolicy())

    def table(self, name: str) -> pd.DataFrame:
        """Return `reference/<name>.csv`: all columns text, empty cells as the empty string."""
        return _reference(self.folder / "reference" / f"{name}.csv")

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy cannot be pickled; workers get the same values back through `_restore`.
        state = dict(self.__dict__)
        state["sources"] = dict(self.sources)
        return _restore, (state,)


def _restore(state: dict[str, object]) -> Standards:
    sources = state["sources"]
    assert isinstance(sources, dict)
    return Standards(**{**state, "sources": MappingProxyType(sources)})  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _reference(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_filter=False, comment=None)


def load_standards(folder: Path, expectations: Path, matching_file: Path | None = None) -> Standards:
    """Read and check all policy.

    Args:
        folder: The `standards` folder.
        expectations: The `expectations` folder.
        matching_file: A file to read instead of `matching.yml`, such as one that `dq train` wrote.

    Raises:
        StandardsError: With every problem of every file.
    """
    problems: list[Problem] = []
    ingest = read_section(folder / "ingest.yml", Ingest, problems)
    style = read_section(folder / "style.yml", Style, problems)
    lookups = read_section(folder / "lookups.yml", Lookups, problems)
    matching = read_section(matching_file or folder / "matching.yml", Matching, problems)
    survivorship = read_section(folder / "survivorship.yml", Survivorship, problems)
    dimensions = read_section(folder / "dimensions.yml", Dimensions, problems)
    stewardship = _stewardship(folder / "stewardship.yml", problems)
    costs = _costs(folder / "costs.yml", problems)
    parking = read_parking(folder, problems)
    sources = read_sources(folder / "sources", problems)
    rules = settled(read_rules(expectations, problems), read_trials(folder, problems))
    if problems or not (ingest and style and lookups and matching and survivorship and dimensions and stewardship):
        raise StandardsError(problems)
    return Standards(
        folder=folder,
        expectations=expectations,
        hash=_hash_of(folder, expectations, matching_file=matching_file),
        ingest=ingest,
        style=style,
        lookups=lookups,
        sources=MappingProxyType(sources),
        rules=rules,
        matching=matching,
        survivorship=survivorship,
        dimensions=dimensions,
        stewardship=stewardship,
        costs=costs or Costs(),
        parking=parking or Parking(),
    )


def _stewardship(path: Path, problems: list[Problem]) -> Stewardship | None:
    """Read who works on what; a home made before there were stewards has no such file and gets the defaults."""
    return read_section(path, Stewardship, problems) if path.is_file() else Stewardship()


def _costs(path: Path, problems: list[Problem]) -> Costs | None:
    """Read unit costs; a home without the file knows none."""
    return read_section(path, Costs, problems) if path.is_file() else Costs()


def load_survivorship(path: Path) -> Survivorship:
    """Read survivorship rules from a file of their own, to try them.

    Raises:
        StandardsError: With everything that is wrong in it.
    """
    problems: list[Problem] = []
    rules = read_section(path, Survivorship, problems)
    if problems or rules is None:
        raise StandardsError(problems)
    return rules


def _hash_of(*folders: Path, matching_file: Path | None = None) -> str:
    digest = hashlib.sha256(b"" if matching_file is None else matching_file.read_bytes())
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".yml", ".csv"} and path != folder / NOT_HASHED:
                digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
