"""The shipped standards, read once for all tests of rules."""

from pathlib import Path

import pytest

from dq.standards import Standards, load_standards

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def standards() -> Standards:
    return load_standards(ROOT / "standards", ROOT / "expectations")
