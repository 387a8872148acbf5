"""One run for all tests in a browser; each module works on a copy of the home."""

from pathlib import Path

import pytest

from tests.web.homes import make_home


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that is copied and never changed."""
    return make_home(tmp_path_factory.mktemp("sample-home") / "home", rows=1500)
