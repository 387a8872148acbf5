"""Writes a synthetic ZIP+4 product into a folder: a file per first digit, the City State file, the answer key."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from dq.errors import SettingsError
from dq.sample.chance import Chance
from dq.sample.reference import Table, read_reference
from dq.sample.usps.blocks import STREAM, detail_blocks, render_details
from dq.sample.usps.cities import (
    alias_records,
    choose_alias_rows,
    city_records,
    make_neighbours,
    names_of,
    other_records,
)
from dq.sample.usps.customer_cases import CASES
from dq.sample.usps.customer_faults import FAULTS
from dq.sample.usps.customers import ADDRESSES, Around, draw_addresses, read_cases
from dq.sample.usps.layout import Grid, Layout, Layouts, read_layouts, render
from dq.sample.usps.neighbourhoods import look_around
from dq.sample.usps.places import Places, make_places
from dq.sample.usps.ranges import Ranges

ZIP4: Final = "usps-zip4"
CITY_STATE: Final = "usps-citystate"
CITY_STATE_FILE: Final = "ctystate/ctystate.txt"
ADDRESSES_FILE: Final = "addresses.csv"
FEWEST_RECORDS: Final = 500
"""Below this a file has no room for one record of every kind."""
MONTH, YEAR = 10, 26
"""Vintage in the header; fixed, because nothing here reads the clock."""
NOTICE: Final = b"SYNTHETIC RECORDS MADE BY DQ SAMPLE. NOT POSTAL SERVICE DATA."


@dataclass(frozen=True)
class UspsSize:
    """What was written: records or rows per file, relative to the folder, headers left out."""

    records: Mapping[str, int]


def write_usps_sample(records: int, addresses: int, seed: int, out: Path, table: Table) -> UspsSize:
    """Write `records` detail records and what belongs to them; memory holds one block at a time.

    Args:
        records: Detail records of the ZIP+4 file.
        addresses: Customer addresses drawn from it, written with their right answers; 0 for none.
        seed: Equal seeds give equal bytes.
        out: Folder; ZIP+4 files of an earlier sample there are removed.
        table: Gives reference tables by name: `Standards.table`.

    Raises:
        SettingsError: Too few records, or `out` is a file.
    """
    if records < FEWEST_RECORDS:
        hint = f"give --usps a number from {FEWEST_RECORDS} up"
        raise SettingsError(f"{records} records are too few for every kind of record", hint)
    if out.exists() and not out.is_dir():
        raise SettingsError(f"{out} is a file", "name a folder with --out")
    for earlier in (out / "zip4").glob("zip4mst?.txt"):
        earlier.unlink()
    layouts = read_layouts(table)
    places = make_places(Chance(seed, STREAM, 0, 0), records, table)
    neighbours = make_neighbours(Chance(seed, STREAM, 0, 1), places, table)
    aliases = []
    with ExitStack() as stack:
        details = _Details(stack, out / "zip4", layouts)
        customers = _Customers(stack, out / ADDRESSES_FILE, addresses / records, table) if addresses else None
        for number, ranges in enumerate(detail_blocks(seed, places, read_reference(table))):
            rows = choose_alias_rows(Chance(seed, STREAM, 2, number), ranges)
            aliases.append(ranges[rows])
            details.write(ranges, places)
            if customers is not None:
                around = Around(look_around(ranges, places), rows, names_of(ranges[rows]), neighbours.unmailed_names())
                customers.write(Chance(seed, STREAM, 3, number), around)
    written = {f"zip4/{name}": count for name, count in details.written.items()}
    if customers is not None:
        written[ADDRESSES_FILE] = customers.written
    written[CITY_STATE_FILE] = _write_city_state(
        out / CITY_STATE_FILE,
        header(layouts[CITY_STATE, "C"]),
        city_records(places, neighbours, layouts[CITY_STATE, "D"]),
        alias_records(Chance(seed, STREAM, 0, 2), np.concatenate(aliases), places, layouts[CITY_STATE, "A"]),
        *other_records(Chance(seed, STREAM, 0, 3), places, layouts[CITY_STATE, "Z"], layouts[CITY_STATE, "S"]),
    )
    return UspsSize(written)


class _Details:
    """The ZIP+4 files, one per first digit."""

    def __init__(self, stack: ExitStack, folder: Path, layouts: Layouts) -> None:
        self._stack, self._folder, self._layouts = stack, folder, layouts
        self._files: dict[str, BinaryIO] = {}
        self.written: dict[str, int] = {}

    def write(self, ranges: Ranges, places: Places) -> None:
        """Write the records of a block; ZIPs of a block may start with several digits."""
        grid = render_details(ranges, places, self._layouts[ZIP4, "D"], sum(self.written.values()))
        for digit in np.unique(grid[:, 1]):
            name = f"zip4mst{chr(digit)}.txt"
            if name not in self._files:
                first = header(self._layouts[ZIP4, "C"]).tobytes()
                self._files[name] = self._stack.enter_context(_opened(self._folder / name, first))
            rows = grid[grid[:, 1] == digit]
            self._files[name].write(rows.tobytes())
            self.written[name] = self.written.get(name, 0) + len(rows)


class _Customers:
    """The answer key: as many addresses from each block as its share of the records."""

    def __init__(self, stack: ExitStack, path: Path, per_record: float, table: Table) -> None:
        self._cases, self._per_record = read_cases(table), per_record
        self._file = stack.enter_context(_opened(path, (",".join(ADDRESSES) + "\n").encode()))
        self._records = self.written = 0

    def write(self, chance: Chance, around: Around) -> None:
        """Draw the addresses of a block and write them; no cell holds a comma, a quote or a line break."""
        self._records += len(around.block.ranges)
        count = round(self._records * self._per_record) - self.written
        drawn = draw_addresses(chance, around, count, self._cases, CASES | FAULTS)
        ids = [f"A{self.written + number:08d}" for number in range(1, len(drawn) + 1)]
        columns = (drawn[name].tolist() for name in ADDRESSES[1:])
        self._file.write("".join(",".join(cells) + "\n" for cells in zip(ids, *columns, strict=True)).encode())
        self.written += len(drawn)


def _write_city_state(path: Path, *parts: Grid) -> int:
    """Write the parts; return the number of records without the header."""
    with _opened(path, b"") as file:
        for part in parts:
            file.write(part.tobytes())
    return sum(len(part) for part in parts) - 1


def header(layout: Layout) -> Grid:
    """Return the copyright record; where the layout leaves room it says that the file is synthetic."""
    columns = {
        "code": b"C",
        "statement": b"COPYRIGHT(C)",
        "month": MONTH,
        "dash": b"-",
        "year": YEAR,
        "owner": b"USPS",
        "volume": b"001",
        "filler_5": b" " + NOTICE,
    }
    return render(layout, columns, 1)


def _opened(path: Path, first: bytes) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("wb")
    file.write(first)
    return file
