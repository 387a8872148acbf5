"""One home for all tests of the app; each test works on a copy of its database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.homes import App, app_over, make_home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that tests copy and never change."""
    return make_home(tmp_path_factory.mktemp("web") / "home")


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """Return a home of the test's own; the files of the run are shared."""
    own = tmp_path / "home"
    for name in ("standards", "expectations"):
        (own / name).parent.mkdir(exist_ok=True)
        (own / name).symlink_to(home / name)
    (own / "sessions.json").symlink_to(home / "sessions.json")
    (own / "var").mkdir()
    (own / "var" / "runs").symlink_to(home / "var" / "runs")
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
