"""City State records into three tables: cities of a ZIP, further names of streets, carrier routes that moved."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from dq.address.reference.cells import TEXT, column, constant, day, number, split, text
from dq.address.reference.layouts import Product
from dq.address.reference.library import CITY_STATE
from dq.address.reference.loading import LoadOrder, LoadReport
from dq.address.reference.products import Counts, Take, count_codes, load_product
from dq.address.reference.records import Chunk
from dq.tables.writing import ROW_GROUP

TABLES: Final = {"D": "cities", "A": "aliases", "Z": "zone_splits"}
"""Code of a record and the table it goes to; the others are counted."""
_LEFT_OUT: Final = ("code", "filler")
_CLEANED: Final = {"low": number, "high": number, "alias_date": day, "split_date": day}


def load_city_state(order: LoadOrder) -> LoadReport:
    """Load the City State product.

    Raises:
        SourceError: Not this product, damaged or cut off.
    """
    return load_product(order, CITY_STATE, _open)


def columns_of(product: Product, code: str) -> list[str]:
    """Return the columns of a table: the fields of its records, then the vintage."""
    return [*(name for name in product.fields[code] if name not in _LEFT_OUT), "vintage"]


def record_table(records: Any, product: Product, code: str, vintage: str | None) -> pa.Table:
    """Return records of one code as text columns named as in `usps_layouts`, null where blank."""
    fields = product.fields[code]
    names = columns_of(product, code)
    blocks = split(records, {name: fields[name] for name in names[:-1]})
    arrays = [column(block, _CLEANED.get(name, text)) for name, block in blocks.items()]
    return pa.table([*arrays, constant(vintage, len(records))], names=names)


def _open(folder: Path, product: Product) -> tuple[Take, Callable[[], None]]:
    writers = {}
    for code, name in TABLES.items():
        schema = pa.schema([(column_name, TEXT) for column_name in columns_of(product, code)])
        writers[code] = pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd")

    def take(chunk: Chunk, vintage: str | None) -> Counts:
        rows = 0
        for code, writer in writers.items():
            records = chunk.records[chunk.codes == ord(code)]
            if len(records):
                writer.write_table(record_table(records, product, code, vintage), row_group_size=ROW_GROUP)
                rows += len(records)
        counts = count_codes(chunk)
        skipped = Counter({code: count for code, count in counts.items() if code not in TABLES})
        return Counts(rows, counts, skipped)

    def close() -> None:
        for writer in writers.values():
            writer.close()

    return take, close
