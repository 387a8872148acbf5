"""ZIP+4 records into the range table, one Parquet file per ZIP3."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dq.address.findings import RANGES
from dq.address.reference.cells import TEXT, Column, column, constant, number, split, text
from dq.address.reference.layouts import Product
from dq.address.reference.library import ZIP4
from dq.address.reference.loading import LoadOrder, LoadReport
from dq.address.reference.products import Counts, Take, count_codes, load_product
from dq.address.reference.records import Chunk, Grid
from dq.address.reference.zip3_files import Zip3Files
from dq.errors import SourceError

SOURCE: Final = "usps_zip4"
"""Name among `dq.address.findings.GRADES`."""
DETAIL: Final = "D"
RECORD_TYPES: Final = b"SHFPRG"
DELETED: Final = b"D"
"""Action code of a record that an update takes away."""
NO_DELIVERY: Final = "ND"
"""Segment of a range where nothing is delivered."""
SCHEMA: Final = pa.schema([(name, TEXT) for name in RANGES])

_NUMBERS: Final = frozenset({"low", "high", "unit_low", "unit_high"})


def load_zip4(order: LoadOrder) -> LoadReport:
    """Load the ZIP+4 product.

    Raises:
        SourceError: Not this product, damaged, cut off, or a file of updates.
    """
    return load_product(order, ZIP4, _open)


def _open(folder: Path, product: Product) -> tuple[Take, Callable[[], None]]:
    files = Zip3Files(folder / "ranges", SCHEMA)

    def take(chunk: Chunk, vintage: str | None) -> Counts:
        is_detail = chunk.codes == ord(DETAIL)
        details = chunk.records if is_detail.all() else chunk.records[is_detail]
        types = _bytes_of(details, product, "record_type")
        _refuse_updates(details, product)
        is_known = np.isin(types, np.frombuffer(RECORD_TYPES, dtype=np.uint8))
        known = details if is_known.all() else details[is_known]
        files.add(range_table(known, product, vintage))
        unknown = count_codes(chunk)
        del unknown[DETAIL]
        per_type = Counter(types.tobytes().decode("latin-1"))
        known_types = RECORD_TYPES.decode()
        skipped = unknown + Counter({name: count for name, count in per_type.items() if name not in known_types})
        return Counts(len(known), per_type + unknown, skipped)

    return take, files.close


def range_table(details: Grid, product: Product, vintage: str | None) -> pa.Table:
    """Return detail records as ranges.

    Args:
        details: Detail records of known types.
        product: The ZIP+4 layout.
        vintage: Of their file.

    Returns:
        A table of the columns RANGES, one row per record, in order.
    """
    count = len(details)
    blocks = split(details, {name: place for name, place in product.fields[DETAIL].items() if name in RANGES})
    columns: dict[str, Column] = {
        name: column(block, number if name in _NUMBERS else text) for name, block in blocks.items()
    }
    low, high = columns["plus4_low"], columns["plus4_high"]
    is_closed = pc.fill_null(pc.ends_with(low, NO_DELIVERY), False)
    nothing = pa.scalar(None, TEXT)
    columns["plus4_low"] = pc.if_else(is_closed, nothing, low)
    columns["plus4_high"] = pc.if_else(is_closed, nothing, high)
    columns["no_delivery"] = pc.if_else(is_closed, pa.scalar("Y", TEXT), nothing)
    columns["kind"] = constant("range", count)
    columns["source"] = constant(SOURCE, count)
    columns["vintage"] = constant(vintage, count)
    return pa.table([columns[name] for name in RANGES], schema=SCHEMA)


def _bytes_of(details: Grid, product: Product, field: str) -> Grid:
    return np.ascontiguousarray(details[:, product.fields[DETAIL][field][0]])


def _refuse_updates(details: Grid, product: Product) -> None:
    if (_bytes_of(details, product, "action") == ord(DELETED)).any():
        raise SourceError(
            "the file holds deletions: it updates the ZIP+4 product and is not the product",
            "load the whole product of the month",
        )
