"""A home with one run of three sources, each another department's, and people of every role."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from itsdangerous import URLSafeSerializer
from starlette.testclient import TestClient

from dq.engine.querying import RunTables
from dq.operations.jobs import Jobs
from dq.pipeline import RunPlan, run_all
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into
from dq.settings import Settings, load_settings
from dq.standards import Standards, load_standards
from dq.stewardship.actor import HOUSE, Actor, Role
from dq.stewardship.house import House, open_house
from dq.stewardship.importing import add_run
from dq.stewardship.people import add_user, user_named
from dq.stewardship.signing_in import sign_in
from dq.store import open_store
from dq.tables.reading.source import parse_sources
from dq.web import WebSettings, create_app
from tests.pipeline.runs import AS_OF, sample_sources

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning, two days after the day of the data."""
URL = "http://dq.test"
PASSWORD = "three green apples"
SECRET = "s" * 40
DEPARTMENTS = {"billing": "finance", "crm": "sales", "web_signups": "marketing"}
"""Source → department."""
PEOPLE: dict[str, tuple[Role, str, str]] = {
    "ann": ("admin", "*", "Ann Baker"),
    "lee": ("lead", "*", "Lee Chen"),
    "maria": ("steward", "sales", "Maria Lopez"),
    "finn": ("steward", "finance", "Finn O'Neil"),
    "vic": ("viewer", "sales", "Vic Stone"),
}
"""Login → role, department, name."""
DATABASE = "database"
"""File of a home that names its database, where that is not the SQLite file in it."""
_OPEN: dict[Path, dict[str, RunTables]] = {}
"""Files of runs that are open, by their folder."""


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.now

    def forward(self, **parts: float) -> None:
        """Let time pass."""
        self.now += timedelta(**parts)


@dataclass
class App:
    """An app over a home of its own.

    Attributes:
        house: Its store and runs.
        clock: Its clock.
        open: Makes a browser that nobody is signed in with.
    """

    house: House
    clock: Clock
    open: Callable[[], TestClient]

    def signed_in(self, name: str) -> TestClient:
        """Return a browser in which somebody is signed in: a session of the home's making, which saves the password."""
        secret = json.loads((self.house.folder / "sessions.json").read_text(encoding="utf-8"))[name]
        moment = int(self.clock().timestamp())
        cookie = URLSafeSerializer(SECRET, salt="dq session").dumps({"key": secret, "begun": moment, "seen": moment})
        browser = self.open()
        browser.cookies.set("dq", cookie, domain="dq.test")
        return browser

    def actor(self, name: str) -> Actor:
        """Return a person as somebody who acts."""
        return user_named(self.house, name).actor


def settings_of(home: Path) -> Settings:
    """Return settings of a home made by `make_home`."""
    address = home / DATABASE
    return replace(
        load_settings(),
        database_url=address.read_text(encoding="utf-8") if address.is_file() else None,
        home=home,
        standards=home / "standards",
        expectations=home / "expectations",
        key=b"a key of the tests, long enough",
    )


def make_home(home: Path, rows: int = 250) -> Path:
    """Make a home: standards that give each source a department, a run over sample extracts, five people."""
    lay_out(home)
    settings = settings_of(home)
    sources = parse_sources([str(path) for path in sample_sources(home / "extracts", rows)])
    plan = RunPlan(sources, home / "out", settings, AS_OF, conversion=convert_into(["salesforce"]))
    result = run_all(plan, Silence())
    house = open_house(settings)
    add_run(house, HOUSE, result.out, at=NOW - timedelta(days=1))
    sessions = {}
    for name, (role, department, display_name) in PEOPLE.items():
        add_user(
            house,
            HOUSE,
            name,
            role,
            frozenset({department}),
            at=NOW - timedelta(days=1),
            display_name=display_name,
            password=PASSWORD,
        )
        _, sessions[name] = sign_in(house, name, PASSWORD, origin="", at=NOW - timedelta(hours=1))
    (home / "sessions.json").write_text(json.dumps(sessions), encoding="utf-8")
    house.close()
    return home


def lay_out(home: Path) -> None:
    """Write standards that give each source a department and park whom nobody heard of for three years.

    The Salesforce of this home takes no industry but those of its list.
    """
    own = load_settings()
    shutil.copytree(own.standards, home / "standards")
    shutil.copytree(own.expectations, home / "expectations")
    parking = home / "standards" / "parking.yml"
    accepted = "  inactive:\n    accepted: {by: Ana Lim, on: 2026-11-01}\n"
    parking.write_text(parking.read_text(encoding="utf-8").replace("  inactive:\n", accepted, 1), encoding="utf-8")
    target = home / "standards" / "targets" / "salesforce.yml"
    free = "      Industry: {label: Industry, type: picklist, length: 255, picklist: industry"
    target.write_text(
        target.read_text(encoding="utf-8").replace(free, f"{free}, restricted: true", 1), encoding="utf-8"
    )
    for source, department in DEPARTMENTS.items():
        path = home / "standards" / "sources" / f"{source}.yml"
        path.parent.mkdir(exist_ok=True)
        link = f"https://{source}.example.com/customer/{{source_key}}"
        path.write_text(f'department: {department}\nrecord_url: "{link}"\n', encoding="utf-8")


@cache
def usual_app() -> tuple[FastAPI, Clock]:
    """Return the app that most tests share; each puts its own house in."""
    clock = Clock()
    home = Path()  # a house is needed to make the app; which one is decided per test
    return create_app(House(open_store("sqlite://"), home, _standards(), b""), WebSettings(SECRET, URL), clock), clock


def _standards() -> Standards:
    own = load_settings()
    return load_standards(own.standards, own.expectations)


def app_over(home: Path, settings: WebSettings | None = None) -> App:
    """Return the app of a home.

    Args:
        home: The home.
        settings: How it is reached; by default the usual app, which is made once.
    """
    house = open_house(settings_of(home))
    # The files of the run are the same for all tests: opened once, as one app keeps them open for all its requests.
    house._tables = _OPEN.setdefault((home / "var" / "runs").resolve(), house._tables)
    if settings is None:
        app, clock = usual_app()
        clock.now = NOW
        app.state.house = house
        app.state.jobs = Jobs(house, settings_of(home))
    else:
        clock = Clock()
        app = create_app(house, settings, clock, jobs=Jobs(house, settings_of(home)))

    def browser() -> TestClient:
        return TestClient(app, base_url=URL, headers={"origin": URL}, raise_server_exceptions=False)

    return App(house, clock, browser)
