"""Build `census_places.csv` from the Census Bureau's gazetteer; run by hand when new data are wanted, never by dq.

The 2022 gazetteer files of places and county subdivisions are a work of the United States Government in the public
domain. They come as packed in the Debian package `weather-util-data`, which turns them into one text file; only the
names and positions of the gazetteer are taken from it. Fetch and unpack it in any folder, then name the file::

    apt-get download weather-util-data && dpkg-deb -x weather-util-data_*.deb .
    python standards/reference/build/census_places.py usr/share/weather-util/places.gz

GeoNames (`places.csv`, `zips.csv`, which must be built first) lacks New England towns, townships and small places that
people write as their city. What it knows by the same name within `SAME_KM` is left out here. Statistical divisions
(CCD), magisterial districts, precincts, counties and the townships of most states are no city names and are left out.
"""

import argparse
import csv
import gzip
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dq.address.place_names import distance_km, place_key

OUT = Path(__file__).parent.parent
# Centres this near under one name are one town: the Census Bureau gives the middle of the area, GeoNames the square.
SAME_KM = 15.0
# 1e-3 degrees is 110 m, far below the 15 km the check of a township allows.
DIGITS = 3
PLACE_DIGITS, SUBDIVISION_DIGITS = 7, 10  # of the FIPS code: state and place; state, county and subdivision
PLACE_KINDS = re.compile(r" (?:city|town|village|borough|CDP|comunidad|zona urbana|municipality|corporation)$")
SUBDIVISION_KINDS = re.compile(
    r" (?:(?:charter |metro )?township|town|plantation|barrio|borough|city|village|gore|grant|location|purchase)$"
)
# Where a township is a municipality that people name as where they live. Elsewhere it is a square on the map, and its
# name (hundreds of Unions and Jacksons) would vouch for a wrong city.
TOWNSHIP_STATES = frozenset(["CT", "MA", "MI", "ME", "NH", "NJ", "NY", "OH", "PA", "PR", "RI", "VT", "WI"])
NUMBERED = re.compile(r"(?:District|Precinct|Township) \w+\b")
# Hato Rey Central, Norte and Sur are the parts of Hato Rey, which is what people write.
BARRIO_PARTS = re.compile(r" (?:Central|Norte|Sur)$")


class Entry(NamedTuple):
    """One entry of the gazetteer, its name without its kind, and whether it is a place or a township."""

    name: str
    state: str
    kind: str
    latitude: float
    longitude: float


def read_gazetteer(path: Path) -> Iterator[Entry]:
    """Yield the places and county subdivisions that have a name of their own."""
    code, centre = "", (0.0, 0.0)
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("["):
                code = line.strip("[]\n").removeprefix("fips")
            elif line.startswith("centroid = "):
                north, east = line.split("(")[1].rstrip(")\n").split(",")
                centre = math.degrees(float(north)), math.degrees(float(east))
            elif line.startswith("description = "):
                text, _, state = line.removeprefix("description = ").strip().rpartition(", ")
                is_place = len(code) == PLACE_DIGITS
                if not is_place and len(code) != SUBDIVISION_DIGITS:
                    continue
                kinds = PLACE_KINDS if is_place else SUBDIVISION_KINDS
                is_named = kinds.search(text) and not NUMBERED.match(text)
                if not is_named or not (is_place or state in TOWNSHIP_STATES):
                    continue
                name = kinds.sub("", text)
                if text.endswith(" barrio"):
                    name = BARRIO_PARTS.sub("", name)
                yield Entry(name, state, "place" if is_place else "township", *centre)


def new_entries(entries: Iterator[Entry], words: dict[str, str]) -> list[Entry]:
    """Return the entries that neither GeoNames nor an entry before them has within `SAME_KM`, places first."""
    known: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for table, column in (("places.csv", "place"), ("zips.csv", "city")):
        for row in _rows(OUT / table):
            where = row["state"], place_key(row[column], words)
            known.setdefault(where, []).append((float(row["latitude"]), float(row["longitude"])))
    kept = []
    for entry in sorted(entries, key=lambda entry: entry.kind):
        positions = known.setdefault((entry.state, place_key(entry.name, words)), [])
        position = (entry.latitude, entry.longitude)
        if all(distance_km(*position, *other) > SAME_KM for other in positions):
            positions.append(position)
            kept.append(entry)
    return kept


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _degrees(value: float) -> str:
    return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


def main() -> None:
    """Write the table from the file named on the command line and say how large it became."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gazetteer", type=Path, help="places.gz of weather-util-data")
    arguments = parser.parse_args()
    words = {row["spelling"]: row["word"] for row in _rows(OUT / "place_words.csv")}
    kept = new_entries(read_gazetteer(arguments.gazetteer), words)
    path = OUT / "census_places.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("place", "state", "kind", "latitude", "longitude"))
        writer.writerows(
            sorted((name, state, kind, _degrees(north), _degrees(east)) for name, state, kind, north, east in kept)
        )
    print(f"census_places.csv: {len(kept)} rows, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
