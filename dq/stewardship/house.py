"""The house: store, policy and runs of one home, and the frame every action runs in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from dq.engine.querying import RunTables
from dq.errors import NotFoundError, SettingsError
from dq.settings import Settings
from dq.standards.load import Standards, load_standards
from dq.standards.stewardship import Stewardship
from dq.stewardship.actor import Actor
from dq.store import Store, instant, open_store, rows, sqlite_url, upgrade
from dq.store.chain import append
from dq.store.schema import RUNS

REMOVED: Final = "removed"
"""State of a run whose files are gone; only its row and its counts stay."""
NEWEST_FIRST: Final = ("-finished_at", "-run_id")
OPEN_RUNS: Final = 4
"""Runs whose files stay open: the present one, the one before, and two that somebody compares."""


@dataclass
class House:
    """Everything an action needs but who acts and when.

    Attributes:
        store: The database.
        folder: The home.
        standards: Policy.
        key: Secret of the home.
        cut_over: Day on which the customers move into their targets; None where nobody says.
    """

    store: Store
    folder: Path
    standards: Standards
    key: bytes
    cut_over: date | None = None
    _tables: dict[str, RunTables] = field(init=False, repr=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    @property
    def policy(self) -> Stewardship:
        """What `standards/stewardship.yml` says."""
        return self.standards.stewardship

    @property
    def runs_folder(self) -> Path:
        """Where the runs of the home lie."""
        return self.folder / "var" / "runs"

    def today(self, at: datetime) -> date:
        """Return the day it is where the house works."""
        return at.astimezone(ZoneInfo(self.policy.calendar.time_zone)).date()

    def sees(self, actor: Actor) -> frozenset[str] | None:
        """Return the departments somebody sees, None for all."""
        return actor.sees(self.policy)

    def tables(self, run_id: str, moved: str = "moved") -> RunTables:
        """Return the files of a run, kept open; ask only for runs that `run_of` knows.

        Args:
            run_id: The run.
            moved: The file of it that stands for the table `moved`.

        Raises:
            NotFoundError: The run's files are not there any more.
        """
        with self._lock:
            name = run_id if moved == "moved" else f"{run_id}/{moved}"
            found = self._tables.pop(name, None) or RunTables(self.runs_folder / run_id, moved)
            self._tables[name] = found  # the one used last stands last
            while len(self._tables) > OPEN_RUNS:
                # Not closed: another thread may still be reading; it goes when nobody holds it.
                del self._tables[next(iter(self._tables))]
            return found

    def forget(self, run_id: str) -> None:
        """Let go of the files of a run."""
        with self._lock:
            for name in [name for name in self._tables if name.split("/")[0] == run_id]:
                del self._tables[name]

    def close(self) -> None:
        """Close the database and every run."""
        self.store.close()
        while self._tables:
            self._tables.popitem()[1].close()


def open_house(settings: Settings) -> House:
    """Open the house of a home, its database (`settings.database_url`, else `var/dq.db`) brought up to date.

    Raises:
        SettingsError: There is no home here, or the database cannot be used.
        StandardsError: Policy is wrong.
    """
    if settings.home is None:
        raise SettingsError("there is no home here", "make a folder with a dq.toml (`key = …`) and start there")
    store = open_store(settings.database_url or sqlite_url(settings.home / "var" / "dq.db"))
    upgrade(store)
    standards = load_standards(settings.standards, settings.expectations)
    return House(store, settings.home, standards, settings.key, settings.cut_over)


@dataclass
class Act:
    """An action while it runs: its transaction, its moment, and the one row it leaves in the audit.

    Attributes:
        prints: Fingerprints of records that were read at once, for actions on many cases.
    """

    connection: Any
    actor: Actor
    action: str
    moment: datetime
    number: int = 0
    prints: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """The moment as the store keeps it."""
        return instant(self.moment)

    def record(self, subject_kind: str, subject_id: str, **details: Any) -> None:
        """Write the row of the audit: ids, codes and counts, never a personal value."""
        assert not self.number, "one action leaves one row"
        details["via"] = self.actor.via
        self.number = append(
            self.connection,
            at=self.at,
            by=self.actor.name,
            action=self.action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details={name: value for name, value in details.items() if value not in (None, "", [], {})},
        )


@contextmanager
def acting(house: House, actor: Actor, action: str, at: datetime) -> Iterator[Act]:
    """Run one action in one transaction; it must leave exactly one row in the audit."""
    with house.store.write() as connection:
        act = Act(connection, actor, action, at.astimezone(UTC))
        yield act
        assert act.number, f"{action} left no row in the audit"


def run_of(house: House, run_id: str = "") -> dict[str, Any]:
    """Return a run of the home; without an id the published one, else the newest.

    Raises:
        NotFoundError: No such run, or none at all.
    """
    published = house.folder / "var" / "published"
    with house.store.read() as connection:
        if run_id:
            found = rows.find(connection, RUNS, run_id=run_id)
            if found is None or found["state"] == REMOVED:
                raise NotFoundError(f"the home has no run {run_id!r}", "`dq runs` lists those it has")
            return found
        if published.is_file():
            found = rows.find(connection, RUNS, run_id=published.read_text(encoding="utf-8").strip())
            if found is not None and found["state"] != REMOVED:
                return found
        newest = [row for row in rows.find_all(connection, RUNS, order=NEWEST_FIRST) if row["state"] != REMOVED]
    if not newest:
        raise NotFoundError("the home has no run yet", "`dq run … --out DIR`, then `dq runs add DIR`")
    return newest[0]


def prepare(house: House) -> None:
    """Open the files of the present run before anybody asks; a home without a run is left alone."""
    with suppress(NotFoundError):
        house.tables(str(run_of(house)["run_id"])).prepare()
