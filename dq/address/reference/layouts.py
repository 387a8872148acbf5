"""The products of the postal service: record lengths, codes and fields, read from `usps_layouts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dq.address.reference.library import CITY_STATE, ZIP4
from dq.standards import Standards

NAMES: Final = {ZIP4: "ZIP+4", CITY_STATE: "City State"}
HEADER: Final = "C"
"""Code of the copyright record, which stands first in every file."""

Field = tuple[int, int]
"""First byte, counted from 0, and the byte behind the last."""


@dataclass(frozen=True)
class Product:
    """A fixed-width product.

    Attributes:
        kind: `usps-zip4` or `usps-citystate`.
        length: Bytes of every record without its line end.
        fields: Per code of a record, its fields.
    """

    kind: str
    length: int
    fields: Mapping[str, Mapping[str, Field]]

    @property
    def name(self) -> str:
        """Return what people call it."""
        return NAMES[self.kind]


def read_products(standards: Standards) -> dict[str, Product]:
    """Return the products by kind."""
    table = standards.table("usps_layouts")
    products = {}
    for kind, rows in table.groupby("product", sort=False):
        fields: dict[str, dict[str, Field]] = {}
        columns = (rows[name] for name in ("code", "field", "first", "last"))
        for code, name, first, last in zip(*columns, strict=True):
            fields.setdefault(code, {})[name] = (int(first) - 1, int(last))
        length = max(last for record in fields.values() for _, last in record.values())
        products[str(kind)] = Product(str(kind), length, fields)
    return products
