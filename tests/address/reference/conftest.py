"""A desk for loads and one synthetic product for all tests of this room."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from dq.sample.usps import write_usps_sample
from dq.standards import Standards
from tests.address.reference.loads import Desk, standards

RECORDS, ADDRESSES = 4_000, 800


@dataclass(frozen=True)
class Product:
    """A synthetic product on disk: its folder, the files of the ZIP+4 part and of the City State part."""

    folder: Path
    zip4: dict[str, bytes]
    city_state: bytes


@pytest.fixture(scope="session")
def shipped() -> Standards:
    return standards()


@pytest.fixture
def desk(tmp_path: Path, shipped: Standards) -> Desk:
    return Desk(tmp_path / "library", shipped)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, shipped: Standards) -> Product:
    folder = tmp_path_factory.mktemp("product")
    write_usps_sample(RECORDS, ADDRESSES, 7, folder, shipped.table)
    files = {path.name: path.read_bytes() for path in sorted((folder / "zip4").iterdir())}
    return Product(folder, files, (folder / "ctystate/ctystate.txt").read_bytes())


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, product: Product, shipped: Standards) -> Desk:
    """Return a desk whose library holds the product, loaded from its own files."""
    desk = Desk(tmp_path_factory.mktemp("plain") / "library", shipped)
    desk.zip4(product.folder / "zip4")
    desk.city_state(product.folder / "ctystate")
    return desk
