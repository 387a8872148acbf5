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
from dq.sample.usps.cities import alias_records, choose_aliases, city_records, make_neighbours, other_records
from dq.sample.usps.layout import Grid, Layout, read_layouts, render
from dq.sample.usps.places import make_places

ZIP4: Final = "usps-zip4"
CITY_STATE: Final = "usps-citystate"
FEWEST_RECORDS: Final = 500
"""Below this a file has no room for one record of every kind."""
MONTH, YEAR = 10, 26
"""Vintage in the header; fixed, because nothing here reads the clock."""
NOTICE: Final = b"SYNTHETIC RECORDS MADE BY DQ SAMPLE. NOT POSTAL SERVICE DATA."


@dataclass(frozen=True)
class UspsSize:
    """What was written: records per file, relative to the folder, headers left out."""

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
    if addresses:
        raise SettingsError("customer addresses cannot be written yet", "leave --addresses out")
    if out.exists() and not out.is_dir():
        raise SettingsError(f"{out} is a file", "name a folder with --out")
    for earlier in (out / "zip4").glob("zip4mst?.txt"):
        earlier.unlink()
    layouts, reference = read_layouts(table), read_reference(table)
    places = make_places(Chance(seed, STREAM, 0, 0), records, table)
    written: dict[str, int] = {}
    aliases = []
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for number, ranges in enumerate(detail_blocks(seed, places, reference)):
            grid = render_details(ranges, places, layouts[ZIP4, "D"], sum(written.values()))
            for digit in np.unique(grid[:, 1]):
                name = f"zip4/zip4mst{chr(digit)}.txt"
                if name not in files:
                    files[name] = stack.enter_context(_opened(out / name, header(layouts[ZIP4, "C"])))
                rows = grid[grid[:, 1] == digit]
                files[name].write(rows.tobytes())
                written[name] = written.get(name, 0) + len(rows)
            aliases.append(choose_aliases(Chance(seed, STREAM, 2, number), ranges))
    neighbours = make_neighbours(Chance(seed, STREAM, 0, 1), places, table)
    parts = [
        city_records(places, neighbours, layouts[CITY_STATE, "D"]),
        alias_records(Chance(seed, STREAM, 0, 2), np.concatenate(aliases), places, layouts[CITY_STATE, "A"]),
        *other_records(Chance(seed, STREAM, 0, 3), places, layouts[CITY_STATE, "Z"], layouts[CITY_STATE, "S"]),
    ]
    name = "ctystate/ctystate.txt"
    with _opened(out / name, header(layouts[CITY_STATE, "C"])) as file:
        for part in parts:
            file.write(part.tobytes())
    written[name] = sum(len(part) for part in parts)
    return UspsSize(written)


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


def _opened(path: Path, first: Grid) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("wb")
    file.write(first.tobytes())
    return file
