"""A house of two departments on both databases, with runs written by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dq.settings import load_settings
from dq.standards.load import Standards, load_standards
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.house import House
from dq.stewardship.importing import Added, add_run
from dq.stewardship.people import add_user
from dq.store import open_store
from tests.databases import database_url, migrated_postgresql, migrated_sqlite, postgresql_url
from tests.finished import customers_run
from tests.stewardship.runs import Given, write_run

__all__ = ["customers_run", "database_url", "migrated_postgresql", "migrated_sqlite", "postgresql_url"]

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning."""


@pytest.fixture(scope="session")
def standards() -> Standards:
    """Read the policy of the repository once."""
    settings = load_settings(Path(__file__).parent)
    return load_standards(settings.standards, settings.expectations)


@pytest.fixture
def house(database_url: str, tmp_path: Path, standards: Standards) -> Iterator[House]:
    """Give an empty house."""
    opened = House(open_store(database_url), tmp_path / "home", standards, b"a secret of the house")
    opened.runs_folder.mkdir(parents=True)
    yield opened
    opened.close()


@pytest.fixture
def people(house: House) -> dict[str, Actor]:
    """Let four people in: two stewards of different departments, a lead of both, and a viewer."""
    wanted = {
        "ana": ("steward", {"sales"}),
        "bob": ("steward", {"service"}),
        "cleo": ("steward", {"sales", "service"}),
        "lea": ("lead", {"sales", "service"}),
        "vic": ("viewer", {"sales"}),
    }
    return {
        name: add_user(house, HOUSE, name, role, frozenset(departments), at=NOW).actor  # type: ignore[arg-type]
        for name, (role, departments) in wanted.items()
    }


@pytest.fixture
def night(house: House, tmp_path: Path) -> Callable[..., Added]:
    """Give a function that writes a run and takes it into the house."""
    numbers = iter(range(1, 1000))

    def add(given: Given, at: datetime = NOW) -> Added:
        number = next(numbers)
        folder = tmp_path / f"run{number}"
        write_run(folder, replace(given, run_id=f"run{number:03d}", as_of=at.date().isoformat()))
        return add_run(house, HOUSE, folder, at=at)

    return add
