"""Turns columns into fixed-width records of the USPS layouts. Knows no address."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dq.sample.chance import Indexes
from dq.sample.reference import Table

Bytes: TypeAlias = npt.NDArray[np.bytes_]
"""One cell of ASCII per record, without its padding."""
Grid: TypeAlias = npt.NDArray[np.uint8]
"""Records as bytes, one per row."""

BLANK: Final = 32
ZERO: Final = 48


@dataclass(frozen=True)
class Layout:
    """Where the fields of one kind of record stand; positions count from 0, the end is exclusive."""

    length: int
    fields: Mapping[str, tuple[int, int]]


Layouts: TypeAlias = Mapping[tuple[str, str], Layout]
"""By product and code of the record."""


def read_layouts(table: Table) -> Layouts:
    """Return the layouts of `usps_layouts` by product and code of the record."""
    rows = table("usps_layouts")
    return {
        (str(product), str(code)): Layout(
            int(group["last"].iloc[-1]),
            {
                name: (int(first) - 1, int(last))
                for name, first, last in zip(group["field"], group["first"], group["last"], strict=True)
            },
        )
        for (product, code), group in rows.groupby(["product", "code"], sort=False)
    }


def render(layout: Layout, columns: Mapping[str, Any], count: int) -> Grid:
    """Return records with the given cells and blanks elsewhere.

    Args:
        layout: Length and fields.
        columns: Per field one cell of `Bytes` per record, written from the left, or whole numbers, written with
            leading zeros; or one cell for all.
        count: Number of records.
    """
    records = np.full((count, layout.length), BLANK, dtype=np.uint8)
    for name, cells in columns.items():
        first, last = layout.fields[name]
        values = np.asarray(cells)
        target = records[:, first:last]
        if values.dtype.kind in "iu":
            _paint_numbers(target, np.broadcast_to(values, (count,)).astype(np.int64))
        else:
            _paint_text(target, np.broadcast_to(values, (count,)))
    return records


def number_cells(numbers: Indexes, width: int) -> Bytes:
    """Return numbers as cells of `width` digits with leading zeros."""
    digits = np.empty((len(numbers), width), dtype=np.uint8)
    _paint_numbers(digits, numbers)
    return digits.view(f"S{width}").ravel()


def text_cells(texts: list[str]) -> Bytes:
    """Return texts as cells, upper case; whatever ASCII lacks is left out.

    >>> text_cells(["Doña Ana", "St. Mary's"]).tolist()
    [b'DONA ANA', b'ST MARYS']
    """
    return np.array([_plain(text) for text in texts], dtype=np.bytes_)


def _plain(text: str) -> bytes:
    signs = (sign for sign in unicodedata.normalize("NFKD", text.upper()) if sign not in ".'")
    return "".join(signs).encode("ascii", "ignore")


def _paint_numbers(target: Grid, numbers: Indexes) -> None:
    rest = numbers
    for place in range(target.shape[1] - 1, -1, -1):
        target[:, place] = ZERO + rest % 10
        rest = rest // 10


def _paint_text(target: Grid, cells: Bytes) -> None:
    width = target.shape[1]
    exact = np.ascontiguousarray(cells, dtype=f"S{width}").view(np.uint8).reshape(-1, width)
    target[:] = np.where(exact == 0, BLANK, exact)
