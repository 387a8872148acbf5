"""Ranges into one Parquet file per first three digits of the ZIP, in ZIP order, whatever order they come in."""

from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dq.tables.writing import ROW_GROUP

Rows: TypeAlias = Any
"""A `pa.Table` of text columns with `zip5`."""
WAITING_ROWS: Final = 500_000
"""Rows kept in memory before files are written: about 0.2 GB; the largest ZIP3 have fewer."""


class Zip3Files:
    """Collects rows and writes a file per ZIP3. Rows of a ZIP3 that comes back later are put with the earlier ones.

    Args:
        folder: Where the files go; must be empty.
        schema: Columns of every file.
    """

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._schema = folder, schema
        self._waiting: dict[str, list[Rows]] = {}
        self._rows_waiting = 0
        self._pieces: dict[str, list[Path]] = {}

    def add(self, rows: Rows) -> None:
        """Take further rows."""
        if not rows.num_rows:
            return
        codes = _zip3(rows)
        if (np.diff(codes) < 0).any():
            order = np.argsort(codes, kind="stable")
            rows, codes = rows.take(order), codes[order]
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
        for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
            zip3 = f"{codes[start]:03d}"
            self._waiting.setdefault(zip3, []).append(rows.slice(start, end - start))
        self._rows_waiting += rows.num_rows
        if self._rows_waiting >= WAITING_ROWS:
            # Files come sorted by ZIP: the ZIP3 of the last row is most likely not complete yet.
            self._write(keep=f"{codes[-1]:03d}")

    def close(self) -> None:
        """Write what is left and join the pieces of each ZIP3."""
        self._write(keep=None)
        for zip3, pieces in sorted(self._pieces.items()):
            path = self._folder / f"{zip3}.parquet"
            if len(pieces) == 1:
                pieces[0].rename(path)
                continue
            self._write_file(pa.concat_tables([pq.read_table(piece, schema=self._schema) for piece in pieces]), path)
            for piece in pieces:
                piece.unlink()

    def _write(self, keep: str | None) -> None:
        kept = self._waiting.pop(keep, []) if keep is not None else []
        if sum(rows.num_rows for rows in kept) >= WAITING_ROWS and keep is not None:
            self._waiting[keep], kept = kept, []
        for zip3, rows in sorted(self._waiting.items()):
            pieces = self._pieces.setdefault(zip3, [])
            piece = self._folder / f"{zip3}.{len(pieces)}.piece"
            self._write_file(pa.concat_tables(rows), piece)
            pieces.append(piece)
        self._waiting = {keep: kept} if keep is not None and kept else {}
        self._rows_waiting = sum(rows.num_rows for rows in kept)

    def _write_file(self, rows: Rows, path: Path) -> None:
        zips = pc.cast(rows.column("zip5"), pa.int32()).to_numpy()
        if (np.diff(zips) < 0).any():
            rows = rows.take(np.argsort(zips, kind="stable"))
        # Snappy and few statistics: a small ZIP3 has 29 tiny columns, whose overhead is most of the work.
        pq.write_table(
            rows, path, row_group_size=ROW_GROUP, compression="snappy", write_statistics=["zip5"], store_schema=False
        )


def _zip3(rows: Rows) -> npt.NDArray[np.int32]:
    codes: npt.NDArray[np.int32] = pc.cast(pc.utf8_slice_codeunits(rows.column("zip5"), 0, 3), pa.int32()).to_numpy()
    return codes
