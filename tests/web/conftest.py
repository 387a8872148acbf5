"""One home for all tests of the app; each test works on a copy of its database, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dq.stewardship.house import open_house
from tests.databases import DATABASES, Kept, keep, postgresql_url
from tests.finished import made_once
from tests.web.homes import DATABASE, App, app_over, make_home, settings_of

__all__ = ["postgresql_url"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that tests copy and never change; processes that share the work share it."""
    return made_once(tmp_path_factory, "web-home", make_home)


@pytest.fixture(scope="session")
def kept_home(home: Path, postgresql_url: str) -> Kept:
    """Return the database of that home in PostgreSQL."""
    store = open_house(settings_of(home)).store
    kept = keep(postgresql_url, "dq_web", store)
    store.close()
    return kept


@pytest.fixture(params=DATABASES)
def own_home(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path:
    """Return a home of the test's own, on either database; the files of the run are shared."""
    own = tmp_path / "home"
    for name in ("standards", "expectations"):
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).symlink_to(home / name)
    (own / "sessions.json").symlink_to(home / "sessions.json")
    (own / "var").mkdir()
    (own / "var" / "runs").symlink_to(home / "var" / "runs")
    if request.param == "postgresql":
        kept: Kept = request.getfixturevalue("kept_home")
        kept.restore()
        (own / DATABASE).write_text(kept.url, encoding="utf-8")
        return own
    for path in (home / "var").glob("dq.db*"):
        shutil.copy2(path, own / "var" / path.name)
    return own


@pytest.fixture
def app(own_home: Path) -> Iterator[App]:
    """Return an app over a home of the test's own."""
    made = app_over(own_home)
    yield made
    made.house.store.close()


@pytest.fixture
def nobody(app: App) -> TestClient:
    """Return a browser that nobody is signed in with."""
    return app.open()


@pytest.fixture
def maria(app: App) -> TestClient:
    """Return the browser of a steward of sales."""
    return app.signed_in("maria")


@pytest.fixture
def lee(app: App) -> TestClient:
    """Return the browser of the lead."""
    return app.signed_in("lee")


@pytest.fixture
def ann(app: App) -> TestClient:
    """Return the browser of the administrator."""
    return app.signed_in("ann")


@pytest.fixture
def vic(app: App) -> TestClient:
    """Return the browser of a viewer of sales."""
    return app.signed_in("vic")
