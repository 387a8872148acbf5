"""One signed-in Creme for the tests of this folder; it starts empty."""

from collections.abc import Iterator

import pytest

from tests.crm.creme import Creme
from tests.crm.house import creme_house


@pytest.fixture(scope="session")
def creme() -> Iterator[Creme]:
    """Creme, running on loopback."""
    with creme_house() as url, Creme(url) as visit:
        yield visit
